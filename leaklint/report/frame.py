"""Code frames: the lines of one file around some marked places, with the marks and their labels below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from leaklint.facts import Span
from leaklint.report.escape import cell, cells, visible
from leaklint.report.paint import Painter

_CONTEXT = 1
_SMALL_GAP = 2
_LEAD = 20
_CUT = "…"


@dataclass(frozen=True)
class Mark:
    """A place to mark. ``main``: the one the report is about, shown with the lines around it."""

    span: Span
    label: str
    main: bool = False


class Frame:
    """Draws frames. ``gutter`` is the width of the line numbers, ``room`` the columns left for code."""

    def __init__(self, *, gutter: int, room: int, paint: Painter, colour: str) -> None:
        self._gutter = gutter
        self._room = max(room, 2 * _LEAD)
        self._paint = paint
        self._colour = colour

    def draw(self, lines: Sequence[str], marks: Sequence[Mark]) -> Iterator[str]:
        """The rows of a frame. ``marks`` must lie in ``lines``; those of one line stay in the given order."""
        previous = 0
        yield self._row("", "")
        for number in _shown(lines, marks):
            if previous and number > previous + 1:
                yield self._paint("...", fg="blue")
            yield from self._line(number, lines[number - 1], [mark for mark in marks if mark.span.line == number])
            previous = number
        yield self._row("", "")

    def _line(self, number: int, line: str, marks: Sequence[Mark]) -> Iterator[str]:
        focus = min(marks, key=lambda mark: not mark.main, default=None)
        shown = _fit(line, focus.span.column if focus else 1, self._room)
        yield self._row(str(number), self._paint(shown.text))
        for mark in marks:
            yield self._row("", self._underline(mark, shown, line))

    def _underline(self, mark: Mark, shown: _Shown, line: str) -> str:
        last = mark.span.end_column if mark.span.end_line == mark.span.line else len(line.rstrip()) + 1
        start, end = shown.offset(mark.span.column), shown.offset(last)
        sign, colour = ("^", self._colour) if mark.main else ("-", "blue")
        marked = sign * max(end - start, 1)
        return " " * start + self._paint(f"{marked} {visible(mark.label)}".rstrip(), fg=colour, bold=True)

    def _row(self, number: str, text: str) -> str:
        return f"{self._paint(f'{number:>{self._gutter}} |', fg='blue')} {text}".rstrip()


@dataclass(frozen=True)
class _Shown:
    """A line as it is drawn. ``edges[i]`` is where its character ``i`` (from 0) starts, in cells of the uncut line."""

    text: str
    edges: tuple[int, ...]
    first: int = 0
    last: int = 0

    def offset(self, column: int) -> int:
        """Where a source column (from 1) is drawn, in cells from the left edge."""
        edge = self.edges[min(max(column - 1, 0), len(self.edges) - 1)]
        return min(max(edge, self.first), self.last) - self.first


def _fit(line: str, column: int, room: int) -> _Shown:
    """Draw a line in at most ``room`` cells, cut on either side so that ``column`` stays in sight."""
    pieces: list[str] = []
    edges = [0]
    for char in line:
        pieces.append(cell(char, edges[-1]))
        edges.append(edges[-1] + cells(pieces[-1]))
    if edges[-1] <= room:
        return _Shown("".join(pieces), tuple(edges), 0, edges[-1])
    return _cut(pieces, edges, min(column - 1, len(pieces)), room)


def _cut(pieces: Sequence[str], edges: Sequence[int], marked: int, room: int) -> _Shown:
    begin = 0
    while edges[marked] - edges[begin] > room // 2 and edges[-1] - edges[begin] > room - 1:
        begin += 1
    left = _CUT if begin else ""
    limit = edges[begin] + room - len(left) - len(_CUT)
    end = begin
    while end < len(pieces) and edges[end + 1] <= limit:
        end += 1
    right = _CUT if end < len(pieces) else ""
    text = left + "".join(pieces[begin:end]) + right
    return _Shown(text, tuple(edges), edges[begin] - len(left), edges[end])


def _shown(lines: Sequence[str], marks: Sequence[Mark]) -> list[int]:
    """The numbers of the lines to draw: marked ones, those around the main mark, and what fills a small gap."""
    wanted = {mark.span.line for mark in marks}
    for mark in marks:
        if mark.main:
            around = range(mark.span.line - _CONTEXT, mark.span.line + _CONTEXT + 1)
            wanted.update(number for number in around if 1 <= number <= len(lines) and lines[number - 1].strip())
    ordered = sorted(wanted)
    for before, after in pairwise(ordered):
        if after - before <= _SMALL_GAP + 1:
            wanted.update(range(before, after))
    return sorted(wanted)
