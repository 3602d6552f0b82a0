"""Killing leaklint at any moment leaves nothing broken or half; `python -m tests.kill` tries it 200 times."""

from __future__ import annotations

from pathlib import Path

import kill


def test_a_few_kills(tmp_path: Path) -> None:
    project = kill.make(tmp_path / "project")
    assert kill.reports(project, times=5, seed=1) >= 5
    assert kill.repairs(project, times=5, seed=1) >= 5
