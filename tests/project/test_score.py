"""The figures of docs/precision.md are read rightly from what score.py prints."""

from __future__ import annotations

import pytest

from tests.score.clean import Server, Shown, servers
from tests.score.clean import table as clean_table
from tests.score.corpus import Census, Loose, Pairs, census, loose, pairs
from tests.score.judged import judged, summary, table
from tests.score.tables import CLEAN, GAPS, MAIN, PEERS, UNLABELLED, Part, placed

CENSUS = (
    "unlabelled LEAK002 owner/server:src/app.py:12 jobs | `jobs` gets an entry | and more | high\n"
    "leaks found: R1 1/2, R2 30/50, R3 9/14\n"
    "same rule as the label: 38/40\n"
    "census census-python.jsonl: recall 40/66 = 61%; precision on labelled 40/50 = 80%; "
    "unlabelled reports 1; strict precision 70%; repositories 20, absent []\n"
)
PAIRS = (
    "R1: found 1/2; found and silent after the fix 1/1\n"
    "pairs pairs-python.jsonl: R1-R4 found 9/12 = 75%; found and silent after the fix 6/8 = 75%; absent []\n"
)


def test_a_census_is_read() -> None:
    rules = (("LEAK001", 1, 2), ("LEAK002", 30, 50), ("LEAK003", 9, 14))
    assert census(CENSUS) == Census(40, 66, false=10, unlabelled=1, agreed=38, ruled=40, by_rule=rules)
    assert census(CENSUS).row == "40 of 66 (61 %) | 40 of 50 (80 %) | 1"


def test_pairs_are_read() -> None:
    assert pairs(PAIRS) == Pairs(found=9, cases=12, silent=6, judged=8)
    assert pairs(PAIRS).row == "9 of 12 (75 %) | 6 of 8 (75 %)"


def test_reports_without_a_label_are_read() -> None:
    assert loose(CENSUS) == [Loose("LEAK002", "owner/server", "src/app.py", 12, "jobs", "high")]


def test_a_report_that_nobody_judged_is_counted_so() -> None:
    assert summary(loose(CENSUS)) == "1 | 0 of 1 (0 %) | 0 | 0 | 1"
    assert table(loose(CENSUS))[-1].endswith("| `jobs` | LEAK002 high | not judged |  |")


def test_every_verdict_can_be_read() -> None:
    assert all(row.fact for row in judged().values())


def test_the_clean_servers_are_read() -> None:
    listing = "## others\nan/other\n\n## clean servers: few reports (Python)\nan/owner abc\na/nother def src/a src/b\n\n## speed\nx y\n"
    assert servers(listing) == [Server("an/owner", "abc"), Server("a/nother", "def", ("src/a", "src/b"))]


def test_a_clean_server_has_little_reported() -> None:
    found = Shown(Server("an/owner", "abc", ("src/a",)), high=(), medium=("a.py:3 jobs LEAK002",))
    assert found.holds
    assert not found._replace(high=found.medium, medium=()).holds
    assert not found._replace(medium=found.medium * 2).holds
    assert list(clean_table([found]))[-1] == "| an/owner `src/a` | 0 | 1: `a.py:3 jobs LEAK002` |"


def test_output_without_figures_is_an_error() -> None:
    with pytest.raises(ValueError, match="no figures"):
        census("leaklint exited 2")


@pytest.mark.parametrize("part", [MAIN, CLEAN, GAPS, PEERS, UNLABELLED], ids=lambda part: part.name)
def test_the_pages_have_a_place_for_their_parts(part: Part) -> None:
    assert "made anew" in placed(part.page.read_text(), part.name, "made anew")
