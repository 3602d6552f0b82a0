"""Makes edits in a text."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import accumulate

from leaklint.findings import Edit, Finding

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

_SCRIPT_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def changed(path: str, data: bytes, edits: Iterable[Edit]) -> bytes:
    """``data``, the file at ``path``, with all ``edits`` made, of which no two touch each other."""
    is_python = path.endswith(".py")
    encoding = tokenize.detect_encoding(BytesIO(data).readline)[0] if is_python else "utf-8"
    text = data.decode(encoding)
    mark = "" if is_python else text[: text.startswith("\ufeff")]
    text = text.removeprefix(mark)
    starts = [0, *accumulate(map(len, lines_of(text) if is_python else script_lines(text)))]
    pieces, at = [], 0
    for edit in sorted(edits, key=_begin):
        span = edit.span
        start, end = starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1
        pieces += [text[at:start], edit.text]
        at = end
    return "".join([mark, *pieces, text[at:]]).encode(encoding)


def lines_of(text: str) -> list[str]:
    """The lines of ``text`` with their ends, counted as Python counts them."""
    return _LINE.findall(text)


def script_lines(text: str) -> list[str]:
    """The lines of ``text`` with their ends, counted as the front end for TypeScript counts them."""
    return _SCRIPT_LINE.findall(text)


def compatible(findings: Iterable[Finding]) -> list[Finding]:
    """Those of ``findings``, all of one file, whose mends do not touch that of an earlier one."""
    chosen: list[Finding] = []
    taken: list[Edit] = []
    for finding in findings:
        edits = finding.mend.edits if finding.mend else ()
        if edits and not _touch(edits, taken):
            chosen.append(finding)
            taken += edits
    return chosen


def _touch(edits: Sequence[Edit], others: Sequence[Edit]) -> bool:
    return any(_begin(one) <= _end(other) and _begin(other) <= _end(one) for one in edits for other in others)


def _begin(edit: Edit) -> tuple[int, int]:
    return edit.span.line, edit.span.column


def _end(edit: Edit) -> tuple[int, int]:
    return edit.span.end_line, edit.span.end_column
