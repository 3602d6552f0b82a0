"""The text of a file: bytes as the parser wants them, and places in code points as the facts want them."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from tree_sitter import Node

from leaklint.facts import Span

_USING = re.compile(rb"using(?<![\w$#]using)(?![\w$])([ \t]+[A-Za-z_$][\w$]*\s*(?:=(?![=>])|:|of\b))?")
_AWAIT = re.compile(rb"(?<![\w$.#])await[ \t]+\Z")
_LONGEST_AWAIT = 20
_SYMBOL = re.compile(rb"\bconst\s+([A-Za-z_$][\w$]*)\s*(?::[^=;\n]+)?=\s*Symbol\b")


class Text(NamedTuple):
    """``data`` is the file as UTF-8 without a byte order mark.

    ``parsed`` is what the parser sees: ``using x = f()`` reads ``const x = f()`` at the same places, because only one of
    the grammars knows such declarations. ``usings`` maps the byte offset of each such ``using`` to whether it awaits.
    ``symbols`` are the constants that hold a symbol. ``wide`` holds the lines (by number from 0) that are not plain
    ASCII.
    """

    data: bytes
    parsed: bytes
    usings: dict[int, bool]
    symbols: frozenset[str]
    wide: dict[int, bytes]

    def span(self, node: Node) -> Span:
        """The place of ``node``: lines and columns from 1, in code points."""
        row, column = node.start_point
        end_row, end_column = node.end_point
        if self.wide:
            column, end_column = self._code_points(row, column), self._code_points(end_row, end_column)
        return Span(row + 1, column + 1, end_row + 1, end_column + 1)

    def _code_points(self, row: int, column: int) -> int:
        line = self.wide.get(row)
        return column if line is None else len(line[:column].decode(errors="replace"))


def read_text(source: bytes) -> Text:
    """The text of a file. UTF-8, or UTF-16 with a byte order mark; what cannot be decoded is replaced."""
    data = _as_utf8(source)
    parsed, usings = _readable(data) if b"using" in data else (data, {})
    wide = {} if data.isascii() else {n: line for n, line in enumerate(data.split(b"\n")) if not line.isascii()}
    symbols = frozenset(name.decode() for name in _SYMBOL.findall(data)) if b"Symbol" in data else frozenset()
    return Text(data, parsed, usings, symbols, wide)


def _readable(data: bytes) -> tuple[bytes, dict[int, bool]]:
    """``data`` as the grammars can read it, and the places of ``using`` declarations.

    Where ``using`` is an ordinary name it is respelled: the grammars take it for the keyword.
    """
    usings: dict[int, bool] = {}
    readable = bytearray(data)
    for found in _USING.finditer(data):
        start = found.start()
        if found[1] is None or data[start - 1 : start] == b".":
            readable[start : start + 5] = b"usinG"
            continue
        before = max(0, start - _LONGEST_AWAIT)
        awaits = _AWAIT.search(data[before:start])
        usings[start] = awaits is not None
        blank = start - before - awaits.start() if awaits else 0
        readable[start - blank : start + 5] = b" " * blank + b"const"
    return bytes(readable), usings


def _as_utf8(source: bytes) -> bytes:
    if source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return source.decode("utf-16", errors="replace").encode(errors="replace")
    data = source.removeprefix(codecs.BOM_UTF8)
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode(errors="replace").encode()
    return data
