"""The findings written down for real packages, and a small part of them made anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.real_packages import (
    ALL,
    HERE,
    NPM_REQUIREMENTS,
    SILENT,
    VERDICTS,
    Judged,
    changes,
    committed,
    judged,
    name_of,
    package_of,
    reported,
    unpacked,
)

SMALL = [r for r in ALL if package_of(r) in SILENT or r in ("mcp==1.29.1", "mcp-server-sqlite==2025.4.25")]
SMALL += [r for r in NPM_REQUIREMENTS if r not in SMALL]
CASES = [pytest.param(r, marks=pytest.mark.npm if r in NPM_REQUIREMENTS else ()) for r in SMALL]


@pytest.mark.network
@pytest.mark.parametrize("requirement", CASES)
def test_findings_are_those_written_down(requirement: str, tmp_path: Path) -> None:
    before = committed(name_of(requirement))
    assert changes(before, judged(reported(unpacked(requirement, tmp_path)), before)) == []


def test_every_package_is_written_down_and_nothing_else() -> None:
    assert sorted(path.stem for path in HERE.glob("*.txt")) == sorted(map(name_of, ALL))


@pytest.mark.parametrize("requirement", ALL)
def test_every_line_has_a_verdict_and_a_place(requirement: str) -> None:
    found = committed(name_of(requirement))
    assert {one.verdict for one in found} <= set(VERDICTS)
    assert all(" LEAK" in one.subject for one in found)


def test_clean_packages_are_silent() -> None:
    assert [r for r in ALL if package_of(r) in SILENT and committed(name_of(r))] == []


@pytest.mark.parametrize("version", ["1.29.1", "2.1.1"])
def test_sessions_of_the_sdk_are_reported_where_nothing_bounds_them(version: str) -> None:
    assert any("_server_instances" in one.line for one in committed(f"mcp-{version}"))


def test_a_verdict_stays_when_only_the_words_change() -> None:
    before = [Judged("leak", "a.py:3:5: LEAK002 [high] old words"), Judged("false", "b.py:1:1: LEAK003 [high] gone")]
    lines = ["a.py:3:5: LEAK002 [medium] new words", "a.py:4:5: LEAK002 [high] new"]
    after = judged(lines, before)
    assert [one.verdict for one in after] == ["leak", "unjudged"]
    assert [line[:1] for line in changes(before, after)] == ["-", "-", "+", "+"]
    assert changes(after, after) == []
