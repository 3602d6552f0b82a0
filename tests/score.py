"""``python -m tests.score MIRRORS``: scores leaklint against the labelled code in ../shared/corpus.

MIRRORS holds git directories named owner+name/repo. The figures go into the tables of docs/precision.md, which this
command writes; what was missed and what was reported falsely is printed.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

CHECKOUT = Path(__file__).parent.parent
CORPUS = CHECKOUT.parent / "shared" / "corpus"
PAGE = CHECKOUT / "docs" / "precision.md"
LANGUAGES = {"python": "Python", "typescript": "TypeScript and JavaScript"}
CONFIDENCES = {"high and medium": (), "high": ("--confidence", "high")}


class Census(NamedTuple):
    """The figures of one census: how many leaks were found, how many sites that are none were reported."""

    found: int
    leaks: int
    false: int
    unlabelled: int

    @property
    def row(self) -> str:
        """recall | precision on labelled sites | reports nobody has labelled, as cells of a table."""
        shown = self.found + self.false
        return f"{share(self.found, self.leaks)} | {share(self.found, shown)} | {self.unlabelled}"


class Pairs(NamedTuple):
    """The figures of the fixed bugs: found before the fix, and of those that can be judged, silent after it."""

    found: int
    cases: int
    silent: int
    judged: int

    @property
    def row(self) -> str:
        return f"{share(self.found, self.cases)} | {share(self.silent, self.judged)}"


def share(part: int, whole: int) -> str:
    """``12 of 16 (75 %)``."""
    return f"{part} of {whole} ({part / whole:.0%})".replace("%", " %") if whole else "-"


def census(output: str) -> Census:
    """Reads the closing line of ``score.py census``."""
    figures = re.search(r"recall (\d+)/(\d+) = .*precision on labelled \d+/(\d+) = .*unlabelled reports (\d+)", output)
    if not figures:
        raise ValueError(f"no figures in: {output}")
    found, leaks, labelled, unlabelled = map(int, figures.groups())
    return Census(found, leaks, labelled - found, unlabelled)


def pairs(output: str) -> Pairs:
    """Reads the closing line of ``score.py pairs``."""
    figures = re.search(r"R1-R4 found (\d+)/(\d+) = .*silent after the fix (\d+)/(\d+) =", output)
    if not figures:
        raise ValueError(f"no figures in: {output}")
    return Pairs(*map(int, figures.groups()))


def score(mode: str, language: str, mirrors: Path, *options: str) -> str:
    """What score.py prints, which is also passed on to standard output."""
    command: list[str | Path] = [
        sys.executable,
        CORPUS / "score.py",
        mode,
        CORPUS / f"{mode}-{language}.jsonl",
        mirrors,
        "-v",
        *options,
    ]
    environment = os.environ | {"LEAKLINT": f"{sys.executable} -P -m leaklint"}
    run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    print(run.stdout, flush=True)
    return run.stdout


def tables(mirrors: Path) -> str:
    """The two tables of docs/precision.md."""
    lines = ["| language | confidence | leaks found | reports that are leaks | not labelled |", "|---|---|---|---|---|"]
    for language, title in LANGUAGES.items():
        for confidence, options in CONFIDENCES.items():
            lines.append(f"| {title} | {confidence} | {census(score('census', language, mirrors, *options)).row} |")
    lines += ["", "| language | found before the fix | found, and silent after it |", "|---|---|---|"]
    lines += [f"| {title} | {pairs(score('pairs', language, mirrors)).row} |" for language, title in LANGUAGES.items()]
    return "\n".join(lines)


def placed(text: str, made: str) -> str:
    """``text``, the page, with the tables made anew."""
    part = re.compile(r"(<!-- tables: .*? -->\n).*?(<!-- end of tables -->)", re.DOTALL)
    return part.sub(lambda found: f"{found[1]}{made}\n{found[2]}", text)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.score", description=__doc__)
    parser.add_argument("mirrors", type=Path, metavar="MIRRORS")
    mirrors = parser.parse_args().mirrors.resolve()
    PAGE.write_text(placed(PAGE.read_text(), tables(mirrors)))


if __name__ == "__main__":
    main()
