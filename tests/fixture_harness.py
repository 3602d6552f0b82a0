"""Annotated sources: which there are, what their marks promise, what the analysis says, and where the two differ.

A mark is a comment on the line it speaks of (``#`` or ``//``):

* ``expect: LEAK002`` a finding of that rule is shown by default, with this line as its primary place;
* ``expect-low: LEAK002`` the finding exists, but only at low confidence;
* ``missed: LEAK002 reason`` a known gap: a leak that is not shown yet;
* ``false: LEAK002 reason`` a known gap: shown, though it is no leak.

Nothing else may be shown in these files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from leaklint.findings import Finding

FIXTURES = Path(__file__).parent.parent / "fixtures"
PROGRAMS = FIXTURES / "programs"
SUFFIXES = frozenset({".py", ".pyi", ".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx"})

_MARK = re.compile(r"(?:#|//) (?P<kind>expect|expect-low|missed|false): (?P<rule>LEAK\d{3})")


@dataclass(frozen=True, order=True)
class Place:
    """A rule at a line of a file; ``path`` is relative to the root of its case, ``line`` counts from 1."""

    path: str
    line: int
    rule: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Case:
    """Files that are analysed together as one project. ``name`` is their place below ``fixtures/``."""

    name: str
    root: Path
    files: tuple[Path, ...]


@dataclass(frozen=True)
class Marks:
    """What the comments of one case promise, by kind."""

    expected: frozenset[Place]
    low: frozenset[Place]
    missed: frozenset[Place]
    false: frozenset[Place]


def cases(*folders: str) -> tuple[Case, ...]:
    """Each source file below the folders of ``fixtures/`` as a project of its own, in the order of their names."""
    files = (file for folder in folders for file in _sources(FIXTURES / folder))
    return tuple(Case(str(file.relative_to(FIXTURES)), file.parent, (file,)) for file in files)


def projects() -> tuple[Case, ...]:
    """Each directory straight below ``fixtures/projects`` as one project with the files that a run would read."""
    roots = sorted(path for path in (FIXTURES / "projects").iterdir() if path.is_dir())
    return tuple(Case(str(root.relative_to(FIXTURES)), root, _discovered(root)) for root in roots)


def _discovered(root: Path) -> tuple[Path, ...]:
    from leaklint.discovery import discover
    from leaklint.frontend import LANGUAGES

    return tuple(Path(path) for path in discover([str(root)], LANGUAGES).files)


def marks(case: Case) -> Marks:
    """The marks in the files of ``case``."""
    found: dict[str, set[Place]] = {"expect": set(), "expect-low": set(), "missed": set(), "false": set()}
    for file in case.files:
        path = file.relative_to(case.root).as_posix()
        for number, line in enumerate(file.read_text().splitlines(), 1):
            for mark in _MARK.finditer(line):
                found[mark["kind"]].add(Place(path, number, mark["rule"]))
    return Marks(*(frozenset(found[kind]) for kind in ("expect", "expect-low", "missed", "false")))


def analyse(case: Case) -> tuple[Finding, ...]:
    """Every finding of ``case``, low ones included. A file that cannot be parsed is an error of the fixture."""
    from leaklint.analysis import analyze
    from leaklint.frontend import extract

    facts = [extract(file.relative_to(case.root).as_posix(), file.read_bytes()) for file in case.files]
    problems = [f"{one.path}:{problem.line}: {problem.message}" for one in facts for problem in one.problems]
    if problems:
        raise ValueError("fixture does not parse: " + "; ".join(problems))
    return tuple(analyze(facts).findings)


def shown(findings: Iterable[Finding]) -> frozenset[Place]:
    """The places of the findings that are shown by default."""
    return frozenset(_place(finding) for finding in findings if finding.confidence != "low")


def disagreements(case: Case) -> list[str]:
    """One line for every mark that the analysis does not keep and every finding that no mark foresees."""
    promised, findings = marks(case), analyse(case)
    visible = shown(findings)
    low = frozenset(_place(finding) for finding in findings) - visible
    return [
        *_absent(promised, visible, low),
        *(
            f"{place}: known gap closed: {place.rule} is reported now, make it `expect`"
            for place in _both(promised.missed, visible)
        ),
        *(f"{place}: known false report is gone, remove the mark" for place in sorted(promised.false - visible)),
        *_unforeseen(promised, findings),
    ]


def _absent(promised: Marks, visible: frozenset[Place], low: frozenset[Place]) -> Iterator[str]:
    for place in sorted(promised.expected - visible):
        here = sorted(other.rule for other in visible if str(other) == str(place))
        got = ", ".join(here) or (f"{place.rule} at low confidence only" if place in low else "nothing")
        yield f"{place}: expected {place.rule}, got {got}"
    for place in sorted(promised.low - low):
        got = f"{place.rule} by default" if place in visible else "nothing"
        yield f"{place}: expected {place.rule} at low confidence, got {got}"


def _unforeseen(promised: Marks, findings: Iterable[Finding]) -> Iterator[str]:
    foreseen = promised.expected | promised.low | promised.missed | promised.false
    for finding in findings:
        place = _place(finding)
        if finding.confidence != "low" and place not in foreseen:
            yield f"{place}: expected nothing, got {place.rule} [{finding.confidence}] {finding.message}"


def _both(left: frozenset[Place], right: frozenset[Place]) -> list[Place]:
    return sorted(left & right)


def _place(finding: Finding) -> Place:
    return Place(finding.primary.path, finding.primary.span.line, finding.rule)


def _sources(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix in SUFFIXES)
