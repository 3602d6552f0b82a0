"""What the rule pages show is what leaklint says: each leak is reported once, by its rule, and no fixed twin is."""

from __future__ import annotations

from pathlib import Path

import pytest

from leaklint.engine import analyze
from tests.catalog.test_pages import EXAMPLES, Example

FILE_NAMES = {"python": "server.py", "typescript": "server.ts"}


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(example, id=f"{example.rule}-{example.language}-{example.kind}-{number}")
        for number, example in enumerate(EXAMPLES)
    ],
)
def test_an_example_is_reported_as_its_page_says(example: Example, tmp_path: Path) -> None:
    (tmp_path / FILE_NAMES[example.language]).write_text(example.source, "utf-8")
    result = analyze([str(tmp_path)])
    assert result.notices == ()
    assert [finding.rule for finding in result.findings] == ([example.rule] if example.kind == "leak" else [])
