"""On which line of a TOML text something stands: the parser of the standard library does not say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

Trail = tuple[str | int, ...]
"""The keys that lead to a value, and numbers (from 0) of what stands in an array."""

_KEY = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_TABLE = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]\]?\s*(?:#.*)?$")
_PAIR = re.compile(rf"\s*({_DOTTED})\s*=")


class _Statement(NamedTuple):
    line: int
    trail: Trail


def line_of(text: str, trail: Trail, word: str = "") -> int:
    """The line (from 1) on which the value at ``trail`` is set in ``text``, or where ``word`` stands in what is set there;
    0 where it is not found."""
    statements = [*_statements(text)]
    reach = [_common(statement.trail, trail) for statement in statements]
    deepest = max(reach, default=0)
    if not deepest:
        return 0
    first = reach.index(deepest)
    start = statements[first].line
    last = next((one.line for one, deep in zip(statements[first:], reach[first:], strict=True) if deep < deepest), 0)
    wanted = word or next((key for key in reversed(trail) if isinstance(key, str)), "")
    lines = text.split("\n")[start - 1 : last - 1 if last else None]
    mark = re.compile(rf"(?<![\w-]){re.escape(wanted)}(?![\w-])")
    return start + next((number for number, line in enumerate(lines) if mark.search(line)), 0)


def _statements(text: str) -> Iterator[_Statement]:
    """The head of every table and every pair of a key and a value, with its full trail."""
    table: Trail = ()
    counts: Counter[Trail] = Counter()
    for number, line in enumerate(text.split("\n"), 1):
        head, pair = _TABLE.match(line), _PAIR.match(line)
        if head:
            table = _within(_keys(head[2]), counts)
            if head[1] == "[[":
                counts[table] += 1
                table = (*table, counts[table] - 1)
            yield _Statement(number, table)
        elif pair:
            yield _Statement(number, (*table, *_keys(pair[1])))


def _within(keys: Trail, counts: Counter[Trail]) -> Trail:
    """``keys`` with the number of the last element after each array of tables that they go through."""
    found: Trail = ()
    for key in keys[:-1]:
        found = (*found, key)
        if counts[found]:
            found = (*found, counts[found] - 1)
    return (*found, *keys[-1:])


def _keys(dotted: str) -> Trail:
    return tuple(key.strip("\"'") for key in re.findall(_KEY, dotted))


def _common(one: Trail, other: Trail) -> int:
    """How many keys two trails share from the start; 0 where the first leads elsewhere."""
    shared = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return shared if shared in (len(one), len(other)) else 0
