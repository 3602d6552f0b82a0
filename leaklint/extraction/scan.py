"""A cheap look at Python source before its parser sees it: some inputs kill that parser, or keep it busy for minutes.

The parser recurses per bracket and per operator of a chain, and needs time that is quadratic in both. What nests beyond
what people write is refused; what is merely unusual is parsed where it can be stopped. Two measures that cost little
and never miss decide for almost every file; only where one of them is high the lines are counted exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from leaklint.facts import Problem

MAX_NESTING = 200
"""Brackets within brackets; CPython refuses more, too."""
MAX_CHAIN = 3_000
"""Operators, calls, subscripts and attributes of one expression; branches of one ``if`` or ``match``."""
UNUSUAL_CHAIN = 200
UNUSUAL_PUNCTUATION = 120_000
"""Commas, semicolons and brackets in one file: each is an object of hundreds of bytes to the parser."""

_TEXT = re.compile(
    rb"#[^\n]*"
    rb'|"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:"""|\Z)'
    rb"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*(?:'''|\Z)"
    rb'|"[^"\\\n]*(?:\\.[^"\\\n]*)*(?:"|(?=\n)|\Z)'
    rb"|'[^'\\\n]*(?:\\.[^'\\\n]*)*(?:'|(?=\n)|\Z)",
    re.DOTALL,
)
_WORDS = rb"or|and|not|lambda|if|else|for|await|async|in|is"
_LINK = re.compile(rb"[-+*/%@&|^~<>.(\[]|\b(?:" + _WORDS + rb")\b")
_APART = re.compile(
    rb"[,;]|\n(?<=[\w)\]}]\n)"
    + b"".join(rb"(?<!\b%s\n)" % word for word in _WORDS.split(b"|"))
    + rb"\s*(?=[A-Za-z_])(?!(?:%s)\b)" % _WORDS
)
"""Where one expression surely ends: a comma, a semicolon, or a line end with an operand on both sides."""
_FRESH = re.compile(rb"\s*(?:def|class|import|return|raise|try|while|pass|break|continue)\b")
_BRANCH = re.compile(rb"([ \t]*)(?:elif|case)\b")

_ALL = bytes(range(256))
_NOT_OPEN = _ALL.translate(None, b"([{")
_NOT_CLOSE = _ALL.translate(None, b")]}")
_NOT_BRACKET = _ALL.translate(None, b"()[]{}")
_NOT_PUNCTUATION = _ALL.translate(None, b",;([{")
_PASSES = 50


class Scan(NamedTuple):
    """``refused`` says why the file must not be parsed; ``unusual``: it may take long, or worse."""

    refused: Problem | None = None
    unusual: bool = False


class _Line(NamedTuple):
    """A line without strings and comments: its number from 1, the bracket depth before it, whether its statement goes on."""

    number: int
    depth: int
    code: bytes
    goes_on: bool


def scan(source: bytes) -> Scan:
    """What the bytes of a Python file say about parsing it."""
    code = _without_text(source)
    chain = max(_longest_chain(code), code.count(b"elif") + code.count(b"case"))
    if chain > MAX_CHAIN or _may_nest_too_deep(code):
        refused = _refusal(list(_lines(code)))
        if refused:
            return Scan(refused)
    crowded = len(source.translate(None, _NOT_PUNCTUATION)) > UNUSUAL_PUNCTUATION
    return Scan(unusual=crowded or chain > UNUSUAL_CHAIN)


def _without_text(source: bytes) -> bytes:
    """``source`` with LF line ends, without comments and the content of strings; lines keep their numbers."""
    if b"\r" in source:
        source = source.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return _TEXT.sub(_quiet, source)


def _quiet(match: re.Match[bytes]) -> bytes:
    text = match[0]
    if text.startswith(b"#"):
        return b""
    if len(text) > MAX_NESTING and _is_formatted(match):
        return text.replace(b'"', b" ").replace(b"'", b" ")  # its replacement fields are code
    return b'""' + b"\n" * text.count(b"\n")


def _is_formatted(match: re.Match[bytes]) -> bool:
    prefix = match.string[max(match.start() - 2, 0) : match.start()].lower()
    return b"f" in prefix or b"t" in prefix


def _longest_chain(code: bytes) -> int:
    """At least the number of links of the longest expression; several short statements may count as one."""
    pieces = (piece for piece in _APART.split(code) if len(piece) > UNUSUAL_CHAIN)
    return max((len(_LINK.findall(piece)) for piece in pieces), default=0)


def _may_nest_too_deep(code: bytes) -> bool:
    """Whether removing innermost pairs of brackets again and again leaves too many of them."""
    brackets = code.translate(None, _NOT_BRACKET)
    for _ in range(_PASSES):
        before = len(brackets)
        brackets = brackets.replace(b"()", b"").replace(b"[]", b"").replace(b"{}", b"")
        if len(brackets) == before:
            break
    return len(brackets) > MAX_NESTING - 3 * _PASSES


def _refusal(lines: list[_Line]) -> Problem | None:
    for line in lines:
        if line.depth + len(line.code.translate(None, _NOT_OPEN)) > MAX_NESTING and _deepest(line) > MAX_NESTING:
            return Problem(f"nested deeper than {MAX_NESTING} brackets: not analysed", line.number)
    for number, statement in _statements(lines):
        if _longest_chain(statement) > MAX_CHAIN:
            return Problem(f"an expression of more than {MAX_CHAIN:,} operators: not analysed", number)
    number = _overlong_branching(lines)
    return Problem(f"more than {MAX_CHAIN:,} branches in a row: not analysed", number) if number else None


def _lines(code: bytes) -> Iterator[_Line]:
    depth = 0
    for number, line in enumerate(code.split(b"\n"), 1):
        if depth and _FRESH.match(line):  # an unclosed bracket above, or one this scan misread
            depth = 0
        after = max(depth + len(line.translate(None, _NOT_OPEN)) - len(line.translate(None, _NOT_CLOSE)), 0)
        yield _Line(number, depth, line, after > 0 or line.endswith(b"\\"))
        depth = after


def _deepest(line: _Line) -> int:
    depth = deepest = line.depth
    for byte in line.code:
        depth += (byte in b"([{") - (byte in b")]}")
        deepest = max(deepest, depth)
    return deepest


def _statements(lines: list[_Line]) -> Iterator[tuple[int, bytes]]:
    """The statements, each with the number of its first line."""
    parts: list[bytes] = []
    for line in lines:
        parts.append(line.code)
        if not line.goes_on or line is lines[-1]:
            yield line.number - len(parts) + 1, b" ".join(parts)
            parts = []


def _overlong_branching(lines: list[_Line]) -> int:
    """The number of the line where one ``if`` or ``match`` has too many branches; 0 if none has."""
    indent, run = b"", 0
    for line in lines:
        branch = _BRANCH.match(line.code)
        if branch:
            run = run + 1 if branch[1] == indent else 1
            indent = branch[1]
            if run > MAX_CHAIN:
                return line.number
    return 0
