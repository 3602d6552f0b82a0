"""How many of the longer programs are judged right: ``python -m tests.score.programs [-v]``.

A program ``<n>_<name>_leak`` holds one marked leak, its twin ``<n>_<name>_fixed`` none.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from tests.fixture_harness import Case, analyse, cases, marks, shown

LEVELS = {
    "programs/LEAK001": 0.9,
    "programs/LEAK004": 0.9,
    "programs/typescript/LEAK001": 0.9,
    "programs/typescript/LEAK004": 0.9,
}
"""Folders below ``fixtures/`` and the share of their leaks that must be found."""


@dataclass(frozen=True)
class Score:
    """One folder: ``leaks`` marked, ``found`` of them; ``missed`` and ``false`` are ``program:line: rule`` for people."""

    programs: int
    leaks: int
    found: int
    missed: tuple[str, ...]
    false: tuple[str, ...]


def score(folder: str) -> Score:
    """Run every program below ``folder`` (relative to ``fixtures/``) and compare what is shown with the marks."""
    programs = cases(folder)
    compared = [_compare(case) for case in programs]
    return Score(
        programs=len(programs),
        leaks=sum(leaks for leaks, _, _ in compared),
        found=sum(leaks - len(missed) for leaks, missed, _ in compared),
        missed=tuple(text for _, missed, _ in compared for text in missed),
        false=tuple(text for _, _, false in compared for text in false),
    )


def _compare(case: Case) -> tuple[int, list[str], list[str]]:
    expected, reported = marks(case).expected, shown(analyse(case))
    missed = [f"{case.name}:{place.line}: missed {place.rule}" for place in sorted(expected - reported)]
    false = [f"{case.name}:{place.line}: false {place.rule}" for place in sorted(reported - expected)]
    return len(expected), missed, false


def main() -> None:
    """Print one line a folder, and with ``-v`` every program that is judged wrong."""
    for folder in LEVELS:
        result = score(folder)
        print(f"{folder}: found {result.found}/{result.leaks}, false {len(result.false)} in {result.programs} programs")
        if "-v" in sys.argv[1:]:
            print("\n".join(f"  {text}" for text in (*result.missed, *result.false)))


if __name__ == "__main__":
    main()
