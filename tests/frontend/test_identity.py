"""Every fact is an object of its own, as it is when facts come from the cache.

The analysis remembers answers about an expression by its identity. What stands in two places at once would make answers
depend on whether a file was read just now or found in the cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from leaklint import frontend
from leaklint.facts import Const, Fact, Opaque, Span

FIXTURES = Path(__file__).parents[2] / "fixtures"
_SHARED = (Const, Opaque, Span)
"""They hold no other expression, and nothing is remembered of them."""


@pytest.mark.parametrize("language", ["python", "typescript"])
def test_no_fact_stands_in_two_places(language: str) -> None:
    for path in sorted((FIXTURES / language).rglob("*")):
        if path.suffix in frontend.LANGUAGES:
            twice = list(_twice(frontend.extract(path.name, path.read_bytes())))
            assert not twice, f"{path}: {twice[0]}"


def _twice(root: Fact) -> Iterator[Fact]:
    seen: set[int] = set()
    pending: list[object] = [root]
    while pending:
        one = pending.pop()
        if isinstance(one, tuple):
            pending.extend(one)
        elif isinstance(one, Fact) and not isinstance(one, _SHARED):
            if id(one) in seen:
                yield one
            seen.add(id(one))
            pending.extend(getattr(one, field) for field in one.__struct_fields__)
