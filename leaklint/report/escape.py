"""Makes text of scanned files harmless: what a terminal, a log or a browser could act upon is spelled out."""

from __future__ import annotations

import unicodedata

_TAB_STOP = 4


def visible(text: str) -> str:
    r"""``text`` on one line with every character that does not print written as an escape.

    Control characters, line separators, invisible and direction-changing characters become ``\x1b``, ``\u202e`` ...;
    bytes of a file name that are no text (surrogates) become ``\xff``.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _spelled(char) for char in text)


def cell(char: str, column: int) -> str:
    """What stands for one character of a source line. ``column``: the cells before it; tabs reach to the next stop."""
    if char == "\t":
        return " " * (_TAB_STOP - column % _TAB_STOP)
    return visible(char)


def cells(text: str) -> int:
    """How many columns of a terminal visible ``text`` takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(_char_cells(char) for char in text)


def _char_cells(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def _spelled(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return char.encode("unicode_escape").decode("ascii")
