"""Writes suppressions into source files, and changes nothing else in them."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import NamedTuple

from leaklint.facts import Directive, FileFacts, Span
from leaklint.findings import Finding
from leaklint.suppressions.extents import Extents

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_INDENT = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\f]*")
_BOM = b"\xef\xbb\xbf"
_SPEAKS_OF_NEXT_LINE = re.compile(rb"[ \t]*(?:#|//|/\*).*(?:next-line|disable-next|@ts-|biome-ignore|prettier-ignore)")

Extract = Callable[[bytes], FileFacts]


class Written(NamedTuple):
    """The new content of a file, how many comments were added, and the findings that no comment could be written for."""

    content: bytes
    added: int
    left: tuple[Finding, ...]


def write_ignores(content: bytes, findings: Iterable[Finding], reason: str, extract: Extract) -> Written:
    """``content`` with a comment for each of ``findings`` (all with their primary place in this file).

    ``extract`` gives the facts of such content: every comment is read again to see that it is one and speaks of the place.

    Raises:
        UnicodeEncodeError: the encoding of the file does not have the characters of ``reason``.
    """
    facts = extract(content)
    added, left = 0, []
    for line, group in sorted(_by_statement(facts, findings).items(), reverse=True):
        rules = sorted({finding.rule for finding in group})
        comment = _comment(facts, content, rules, reason)
        changed = next(_accepted(content, line, comment, group, extract), None)
        added += changed is not None
        left += group if changed is None else []
        content = content if changed is None else changed
    return Written(content, added, tuple(reversed(left)))


def _by_statement(facts: FileFacts, findings: Iterable[Finding]) -> dict[int, list[Finding]]:
    """The findings by the first line of the statement that holds them."""
    extents = Extents(facts)
    by_line: dict[int, list[Finding]] = {}
    for finding in findings:
        by_line.setdefault(extents.of(finding.primary.span).start, []).append(finding)
    return by_line


def _comment(facts: FileFacts, content: bytes, rules: list[str], reason: str) -> bytes:
    is_python = facts.language == "python"
    encoding = tokenize.detect_encoding(BytesIO(content).readline)[0] if is_python else "utf-8"
    text = f"{'#' if is_python else '//'} leaklint: ignore[{', '.join(rules)}] -- {reason}"
    return text.encode("utf-8" if encoding == "utf-8-sig" else encoding)


def _accepted(content: bytes, line: int, comment: bytes, group: list[Finding], extract: Extract) -> Iterator[bytes]:
    """``content`` with the comment on a line before ``line``, or at the end of it, where it is read as it is meant."""
    before = extract(content)
    for changed, shift in ((_own_line(content, line, comment), 1), (_trailing(content, line, comment), 0)):
        after = extract(changed)
        new = set(after.directives) - {_moved(one, line, shift) for one in before.directives}
        if len(new) != 1 or len(after.problems) != len(before.problems):
            continue
        extents, (directive,) = Extents(after), new
        if all(extents.speaks_of(directive, _shifted(finding.primary.span, shift)) for finding in group):
            yield changed


def _moved(directive: Directive, line: int, shift: int) -> Directive:
    """``directive`` where it stands once ``shift`` lines were added before ``line``."""
    below = directive.span.line >= line
    return Directive(_shifted(directive.span, shift if below else 0), directive.text, directive.own_line)


def _shifted(span: Span, lines: int) -> Span:
    return Span(span.line + lines, span.column, span.end_line + lines, span.end_column)


def _own_line(content: bytes, line: int, comment: bytes) -> bytes:
    lines = _LINE.findall(content)
    text = lines[line - 1]
    found = _INDENT.match(text)
    indent = found[0].removeprefix(_BOM) if found else b""
    at = line - 1
    while at and _SPEAKS_OF_NEXT_LINE.match(lines[at - 1]):
        at -= 1
    mark = _BOM if at == 0 and content.startswith(_BOM) else b""
    rest = b"".join(lines[at:]).removeprefix(mark)
    return b"".join(lines[:at]) + mark + indent + comment + _line_end(lines, line) + rest


def _trailing(content: bytes, line: int, comment: bytes) -> bytes:
    lines = _LINE.findall(content)
    text = lines[line - 1]
    bare = text.rstrip(b"\r\n")
    lines[line - 1] = bare + b"  " + comment + text[len(bare) :]
    return b"".join(lines)


def _line_end(lines: list[bytes], line: int) -> bytes:
    """How the line ends, or where it is the last one without an end, how the file's lines do."""
    for text in (lines[line - 1], lines[0]):
        end = text[len(text.rstrip(b"\r\n")) :]
        if end:
            return end
    return b"\n"
