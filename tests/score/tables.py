"""The tables of docs/precision.md and docs/unlabelled-reports.md: what is measured, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.fixture_harness import cases, marks, projects
from tests.score import clean, judged
from tests.score.adapter import PEERS as LINTERS
from tests.score.corpus import CHECKOUT, LEAKLINT, Census, census, loose, pairs, score, shapes, share
from tests.score.programs import LEVELS
from tests.score.programs import score as programs

PAGE = CHECKOUT / "docs" / "precision.md"
REPORTS = CHECKOUT / "docs" / "unlabelled-reports.md"
LANGUAGES = {"python": "Python", "typescript": "TypeScript and JavaScript"}
CONFIDENCES: dict[str, tuple[str, ...]] = {"high and medium": (), "high": ("--confidence", "high")}


class Part(NamedTuple):
    """A part of a page, by the ``name`` in the comments around it, and what makes its text."""

    page: Path
    name: str
    made: Callable[[Path], Iterator[str]]


def write(part: Part, mirrors: Path) -> None:
    """Make the part anew and put it in its page."""
    text = "\n".join(part.made(mirrors))
    part.page.write_text(placed(part.page.read_text(), part.name, text))


def placed(page: str, name: str, made: str) -> str:
    """``page`` with the part called ``name`` replaced by ``made``."""
    part = re.compile(rf"(<!-- {name}: .*? -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    return part.sub(lambda found: f"{found[1]}{made}\n{found[2]}", page)


@cache
def _census(language: str, mirrors: Path, *options: str) -> str:
    return score("census", language, mirrors, LEAKLINT, *options)


def _main(mirrors: Path) -> Iterator[str]:
    yield from (
        "| language | confidence | leaks found | reports that are leaks | not labelled |",
        "|---|---|---|---|---|",
    )
    for language, title in LANGUAGES.items():
        for confidence, options in CONFIDENCES.items():
            yield f"| {title} | {confidence} | {census(_census(language, mirrors, *options)).row} |"
    yield from ("", "| language | found before the fix | found, and silent after it |", "|---|---|---|")
    for language, title in LANGUAGES.items():
        yield f"| {title} | {pairs(score('pairs', language, mirrors)).row} |"
    yield from ("", "| language | rule | leaks found |", "|---|---|---|")
    for language, title in LANGUAGES.items():
        figures = census(_census(language, mirrors))
        for rule, found, whole in figures.by_rule:
            yield f"| {title} | {rule} | {share(found, whole)} |"
        yield f"| {title} | the rule is that of the label | {share(figures.agreed, figures.ruled)} |"
    yield from ("", "| language | shape of the leak | found |", "|---|---|---|")
    for language, title in LANGUAGES.items():
        for shape, found, whole in shapes(_census(language, mirrors), language):
            yield f"| {title} | {shape} | {found} of {whole} |"


def _unlabelled(mirrors: Path) -> Iterator[str]:
    yield from ("| language | reports | leaks | intended | false | not judged |", "|---|---|---|---|---|---|")
    found = {language: loose(_census(language, mirrors)) for language in LANGUAGES}
    for language, title in LANGUAGES.items():
        yield f"| {title} | {judged.summary(found[language])} |"
    for language, title in LANGUAGES.items():
        yield from ("", f"## {title}", "", *judged.table(found[language]))


def _clean(mirrors: Path) -> Iterator[str]:
    yield from clean.table(clean.check(mirrors))


def _gaps(_mirrors: Path) -> Iterator[str]:
    yield from ("| programs | leaks found | false reports | programs in all |", "|---|---|---|---|")
    for folder in LEVELS:
        result = programs(folder)
        yield f"| `fixtures/{folder}` | {share(result.found, result.leaks)} | {len(result.false)} | {result.programs} |"
    known = [marks(case) for case in (*cases("python", "typescript"), *projects())]
    missed, false = sum(len(one.missed) for one in known), sum(len(one.false) for one in known)
    yield from ("", f"Known gaps in `fixtures/`: {missed} leaks are missed, {false} reports are false.")


def _peers(mirrors: Path) -> Iterator[str]:
    yield from ("| linter | language | leaks found | reports that are leaks | not labelled |", "|---|---|---|---|---|")
    for language, title in LANGUAGES.items():
        yield f"| leaklint | {title} | {census(_census(language, mirrors)).row} |"
        for name, linter in LINTERS.items():
            if language in linter.languages:
                yield f"| {linter.title} | {title} | {_peer(name, language, mirrors).row} |"


def _peer(name: str, language: str, mirrors: Path) -> Census:
    return census(score("census", language, mirrors, ("-m", "tests.score.adapter", name)))


MAIN = Part(PAGE, "tables", _main)
CLEAN = Part(PAGE, "clean servers", _clean)
GAPS = Part(PAGE, "programs", _gaps)
PEERS = Part(PAGE, "linters", _peers)
UNLABELLED = Part(REPORTS, "reports", _unlabelled)
