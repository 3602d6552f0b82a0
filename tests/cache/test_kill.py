"""Killing leaklint at any moment leaves no broken cache and no half report; `python -m tests.kill` tries it 200 times."""

from __future__ import annotations

from pathlib import Path

import kill
from cache import projects


def test_a_few_kills(tmp_path: Path) -> None:
    assert kill.trial(projects.make(tmp_path / "project"), times=5, seed=1) > 0
