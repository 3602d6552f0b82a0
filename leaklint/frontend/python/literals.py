"""The values of string literals, without the interpreter's own evaluation (which warns, and refuses lone surrogates)."""

from __future__ import annotations

import re
import unicodedata

from leaklint.facts import Const

MAX_TEXT = 120
"""Characters kept of a string value."""

_LITERAL = re.compile(r"([A-Za-z]*)('''|\"\"\"|'|\")")
_ESCAPE = re.compile(r"\\(\r\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|.)", re.DOTALL)
_SIMPLE = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "\n": "",
    "\r": "",
    "\r\n": "",
}
_REPLACEMENT = "\ufffd"
_BYTES = Const("bytes")


def string_value(literal: str) -> str | None:
    """The whole value of a string literal as written in the source; ``None`` for bytes."""
    head = _LITERAL.match(literal)
    if head is None:
        return literal
    prefix, quote = head[1].lower(), head[2]
    if "b" in prefix:
        return None
    value = literal[head.end() : -len(quote)]
    return value if "r" in prefix or "\\" not in value else unescape(value)


def piece_value(text: str, raw: bool) -> str:
    """The value of the text between the expressions of an f-string."""
    value = text.replace("{{", "{").replace("}}", "}")
    return value if raw or "\\" not in value else unescape(value)


def string_const(value: str | None) -> Const:
    """The literal with this value, shortened; ``None`` stands for bytes."""
    return _BYTES if value is None else Const("str", value[:MAX_TEXT])


def unescape(text: str) -> str:
    """Replaces backslash escapes as Python does; what Python would refuse becomes U+FFFD."""
    return _ESCAPE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = match[1]
    if code in _SIMPLE:
        return _SIMPLE[code]
    if code[0] in "01234567":
        return chr(int(code, 8))
    if len(code) > 1 and code[0] in "xuU":
        return _character(int(code[1:], 16))
    if code.startswith("N{"):
        return _named(code[2:-1])
    return match[0]


def _character(point: int) -> str:
    """A lone surrogate cannot be written out as UTF-8, so it is replaced too."""
    return _REPLACEMENT if 0xD800 <= point <= 0xDFFF or point > 0x10FFFF else chr(point)


def _named(name: str) -> str:
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return _REPLACEMENT
