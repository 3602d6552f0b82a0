"""Reports at places without a label, each judged by reading the code; ``judged.tsv`` holds the verdicts.

Columns: repository, ``path:line``, container, verdict, the fact that decides. Verdicts: ``leak``; ``intended`` (state that
its owner wants kept, and can remove); ``false``. Lines move between commits, so a verdict is found by repository, path
and container.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.score.corpus import Loose, share

FILE = Path(__file__).with_name("judged.tsv")
VERDICTS = ("leak", "intended", "false")


class Judged(NamedTuple):
    """One row of ``judged.tsv``."""

    repository: str
    place: str
    container: str
    verdict: str
    fact: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.repository, self.place.rpartition(":")[0], self.container


def judged() -> dict[tuple[str, str, str], Judged]:
    """All verdicts.

    Raises:
        ValueError: a row has a verdict that there is not.
    """
    rows = [Judged(*line.split("\t")) for line in FILE.read_text().splitlines()]
    if wrong := [row for row in rows if row.verdict not in VERDICTS]:
        raise ValueError(f"{FILE.name}: no such verdict: {wrong[0]}")
    return {row.key: row for row in rows}


def verdict_of(report: Loose) -> Judged | None:
    return judged().get((report.repository, report.path, report.container))


def summary(reports: Sequence[Loose]) -> str:
    """How the verdicts are spread over ``reports``, as cells: all | leaks | intended | false | not judged yet."""
    counted = Counter(found.verdict if (found := verdict_of(report)) else "" for report in reports)
    cells = (share(counted["leak"], len(reports)), counted["intended"], counted["false"], counted[""])
    return " | ".join(map(str, (len(reports), *cells)))


def table(reports: Sequence[Loose]) -> list[str]:
    """Every one of ``reports`` with its verdict and the fact that decides, as rows of a table."""
    lines = ["| place | container | reported | verdict | because |", "|---|---|---|---|---|"]
    for report in sorted(reports):
        found = verdict_of(report)
        verdict, fact = (found.verdict, found.fact) if found else ("not judged", "")
        place = f"{report.repository} `{report.path}:{report.line}`"
        fact = fact.replace("|", "\\|")
        lines.append(f"| {place} | `{report.container}` | {report.rule} {report.confidence} | {verdict} | {fact} |")
    return lines
