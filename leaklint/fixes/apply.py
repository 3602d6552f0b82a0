"""Makes edits in a text."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import accumulate

from leaklint.findings import Edit, Finding

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def changed(data: bytes, edits: Iterable[Edit]) -> bytes:
    """``data``, a Python file, with all ``edits`` made, of which no two touch each other."""
    encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
    text = data.decode(encoding)
    starts = [0, *accumulate(map(len, lines_of(text)))]
    pieces, at = [], 0
    for edit in sorted(edits, key=_begin):
        span = edit.span
        start, end = starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1
        pieces += [text[at:start], edit.text]
        at = end
    return "".join([*pieces, text[at:]]).encode(encoding)


def lines_of(text: str) -> list[str]:
    """The lines of ``text`` with their ends, counted as Python counts them."""
    return _LINE.findall(text)


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
