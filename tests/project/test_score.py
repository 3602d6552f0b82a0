"""The figures of docs/precision.md are read rightly from what score.py prints."""

from __future__ import annotations

import pytest

from tests.score import PAGE, Census, Pairs, census, pairs, placed

CENSUS = (
    "census census-python.jsonl: recall 40/66 = 61%; precision on labelled 40/50 = 80%; "
    "unlabelled reports 7; strict precision 70%; repositories 20, absent []\n"
)
PAIRS = (
    "R1: found 1/2; found and silent after the fix 1/1\n"
    "pairs pairs-python.jsonl: R1-R4 found 9/12 = 75%; found and silent after the fix 6/8 = 75%; absent []\n"
)


def test_a_census_is_read() -> None:
    assert census(CENSUS) == Census(found=40, leaks=66, false=10, unlabelled=7)
    assert census(CENSUS).row == "40 of 66 (61 %) | 40 of 50 (80 %) | 7"


def test_pairs_are_read() -> None:
    assert pairs(PAIRS) == Pairs(found=9, cases=12, silent=6, judged=8)
    assert pairs(PAIRS).row == "9 of 12 (75 %) | 6 of 8 (75 %)"


def test_output_without_figures_is_an_error() -> None:
    with pytest.raises(ValueError, match="no figures"):
        census("leaklint exited 2")


def test_the_page_has_a_place_for_the_tables() -> None:
    assert "made anew" in placed(PAGE.read_text(), "made anew")
