"""A small share of the fuzzing, and what it found before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.__main__ import fuzz
from tests.fuzz.targets import TARGETS

SHARE = 60
FOUND = sorted(path for path in Path(__file__).with_name("inputs").rglob("*") if path.is_file())


@pytest.mark.parametrize("name", TARGETS)
def test_a_share_of_the_inputs(name: str) -> None:
    assert fuzz(name, SHARE) >= SHARE / 2


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found_before(path: Path) -> None:
    TARGETS[path.parent.name].run(path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_are_handled(name: str) -> None:
    for seed in TARGETS[name].seeds:
        TARGETS[name].run(seed)
