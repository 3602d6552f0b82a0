"""The value of a string literal."""

from __future__ import annotations

import re

_LONGEST = 120
_ESCAPE = re.compile(r"\\(u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|\r\n|.)", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}


def string_value(literal: str) -> str:
    """The value of a string literal in quotes, cut at 120 characters."""
    body = literal[1:-1]
    if "\\" in body:
        body = _ESCAPE.sub(_unescape, body[: _LONGEST * 10])
    return body[:_LONGEST]


def _unescape(escape: re.Match[str]) -> str:
    code = escape[2] or escape[3] or escape[4]
    if not code:
        return _PLAIN.get(escape[1], escape[1])
    number = int(code, 16)
    is_character = number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if is_character else "\ufffd"
