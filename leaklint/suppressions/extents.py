"""On which lines a comment speaks of a place: those of the statement that holds it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from leaklint.facts import (
    Block,
    Branch,
    Call,
    ClassFacts,
    Define,
    DefineClass,
    Directive,
    FileFacts,
    FunctionFacts,
    Loop,
    Span,
    Stmt,
    Try,
    With,
)


class Extents:
    """The statements of one file, by their lines."""

    def __init__(self, file: FileFacts) -> None:
        self._file = file
        stmts = [stmt for function in file.functions for stmt in _statements(function.body)]
        self._simple = [stmt.span for stmt in stmts if not _is_compound(stmt)]
        fields = [field.span for cls in file.classes for field in cls.fields]
        self._spans = [(stmt.span, self._lines(stmt)) for stmt in stmts]
        self._spans += [(span, range(span.line, span.end_line + 1)) for span in fields]
        self._starts = sorted({lines.start for _, lines in self._spans})

    def of(self, span: Span) -> range:
        """The lines of the innermost statement that holds ``span``: of a compound one, those of its head."""
        holding = [(_size(outer), lines) for outer, lines in self._spans if _holds(outer, span)]
        lines = min(holding, key=lambda pair: pair[0])[1] if holding else range(span.line, span.line + 1)
        return range(min(lines.start, span.line), max(lines.stop, span.line + 1))

    def speaks_of(self, directive: Directive, span: Span) -> bool:
        """Whether ``directive`` stands in the statement that holds ``span``, or on a line of its own before it."""
        lines = self.of(span)
        if directive.span.line in lines:
            return True
        return directive.own_line and self._next_start(directive.span) == lines.start

    def _next_start(self, place: Span) -> int:
        """The first line of the statement that begins next after ``place`` in the same statement; 0 if none does."""
        index = bisect_right(self._starts, place.end_line)
        start = self._starts[index] if index < len(self._starts) else 0
        ends = [outer.end_line for outer in self._simple if _holds(outer, place)]
        return start if start <= min(ends, default=start) else 0

    def _lines(self, stmt: Stmt) -> range:
        start, inner = stmt.span.line, [block[0].span.line for block in _blocks(stmt) if block]
        if isinstance(stmt, Define):
            function = self._file.functions[stmt.function]
            start = _first_decorator(function, start)
            inner = [other.span.line for other in function.body[:1]]
        if isinstance(stmt, DefineClass):
            cls = self._file.classes[stmt.cls]
            start = _first_decorator(cls, start)
            inner = [field.span.line for field in cls.fields]
            inner += [self._file.functions[method].span.line for method in cls.methods]
        end = min(inner) - 1 if inner else stmt.span.end_line
        return range(start, max(end, stmt.span.line) + 1)


def _first_decorator(defined: FunctionFacts | ClassFacts, line: int) -> int:
    """The line of the first decorator of what is defined on ``line``: each has one of its own at least."""
    places = [one.span.line for one in defined.decorators if isinstance(one, Call)]
    return min([line - len(defined.decorators), *places], default=line)


def _statements(block: Block) -> Iterator[Stmt]:
    pending = list(block)
    while pending:
        stmt = pending.pop()
        yield stmt
        for inner in _blocks(stmt):
            pending.extend(inner)


def _blocks(stmt: Stmt) -> tuple[Block, ...]:
    if isinstance(stmt, (Branch, Loop)):
        return stmt.body, stmt.orelse
    if isinstance(stmt, With):
        return (stmt.body,)
    if isinstance(stmt, Try):
        return stmt.body, *(handler.body for handler in stmt.handlers), stmt.orelse, stmt.final
    return ()


def _is_compound(stmt: Stmt) -> bool:
    return isinstance(stmt, (Define, DefineClass)) or bool(_blocks(stmt))


def _holds(outer: Span, span: Span) -> bool:
    starts = (outer.line, outer.column) <= (span.line, span.column)
    return starts and (span.end_line, span.end_column) <= (outer.end_line, outer.end_column)


def _size(span: Span) -> tuple[int, int]:
    return span.end_line - span.line, span.end_column - span.column if span.end_line == span.line else 0
