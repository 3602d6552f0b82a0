"""The text of a file: bytes as the parser wants them, and places in code points as the facts want them."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from tree_sitter import Node

from leaklint.facts import Span
from leaklint.frontend.typescript.respelling import readable

_SYMBOL = re.compile(rb"\bconst\s+([A-Za-z_$][\w$]*)\s*(?::[^=;\n]+)?=\s*Symbol\b")


class Text(NamedTuple):
    """``data`` is the file as UTF-8 without a byte order mark.

    ``parsed`` is what the parser sees, see ``respelling``. ``usings`` maps the byte offset of each ``using`` declaration
    (which reads ``const`` there) to whether it awaits.
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
    parsed, usings = readable(data)
    wide = {} if data.isascii() else {n: line for n, line in enumerate(data.split(b"\n")) if not line.isascii()}
    symbols = frozenset(name.decode() for name in _SYMBOL.findall(data)) if b"Symbol" in data else frozenset()
    return Text(data, parsed, usings, symbols, wide)


def _as_utf8(source: bytes) -> bytes:
    if source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return source.decode("utf-16", errors="replace").encode(errors="replace")
    data = source.removeprefix(codecs.BOM_UTF8)
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode(errors="replace").encode()
    return data
