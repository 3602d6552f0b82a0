"""Where the nodes that facts speak of stand: one code generation that notes token numbers.

LibCST's nodes carry no place, and its position providers cost more than the parse. This generates the code once, keeps
for each wanted node the numbers of its first and last token, and computes lines and columns only when asked. It uses
the private ``Module._codegen``; the tests hold it against ``PositionProvider``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from types import TracebackType
from typing import Any

import libcst as cst
from libcst._nodes.internal import CodegenState

from leaklint.facts import NOWHERE, Span

WANTED: frozenset[type[cst.CSTNode]] = frozenset(
    {
        cst.AnnAssign,
        cst.Assert,
        cst.Assign,
        cst.AugAssign,
        cst.Break,
        cst.Call,
        cst.ClassDef,
        cst.Continue,
        cst.Del,
        cst.ExceptHandler,
        cst.ExceptStarHandler,
        cst.Expr,
        cst.For,
        cst.FunctionDef,
        cst.Global,
        cst.If,
        cst.Import,
        cst.ImportFrom,
        cst.Lambda,
        cst.LazyImport,
        cst.LazyImportFrom,
        cst.Match,
        cst.MatchCase,
        cst.Nonlocal,
        cst.Pass,
        cst.Raise,
        cst.Return,
        cst.Try,
        cst.TryStar,
        cst.TypeAlias,
        cst.While,
        cst.With,
    }
)
"""Node types that have a place; also the names in the heads of functions and classes."""

_DEFINITIONS = (cst.FunctionDef, cst.ClassDef)
_NEWLINE = re.compile(r"\r\n?|\n")


class _Unrecorded:
    """The context of a node nobody asks about."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass


_UNRECORDED = _Unrecorded()


class _Recorder(CodegenState):
    """Generates code and is itself the context of the innermost open wanted node."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(default_indent=module.default_indent, default_newline=module.default_newline)
        self.ranges: dict[cst.CSTNode, tuple[int, int]] = {}
        self.comments: list[tuple[cst.Comment, int]] = []
        self._open: list[tuple[cst.CSTNode, int, cst.CSTNode | None]] = []
        self._names: set[cst.CSTNode] = set()
        # Called for every token: the list's own method spares a Python call each time.
        self.add_token = self.tokens.append  # type: ignore[assignment, method-assign]

    def record_syntactic_position(
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> Any:
        if type(node) in WANTED:
            if isinstance(node, _DEFINITIONS):
                self._names.add(node.name)
        elif node not in self._names:
            return _UNRECORDED
        self._open.append((node, len(self.tokens), end_node))
        return self

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        node, start, end_node = self._open.pop()
        if kind is None:
            self.ranges[node] = (start, len(self.tokens) if end_node is None else self._end_of(end_node))

    def _end_of(self, node: cst.CSTNode) -> int:
        """The end of a last child: without the line end and the comment that a suite owns."""
        while node not in self.ranges:
            body = getattr(node, "body", None)
            if body is None:
                return len(self.tokens)
            node = body if isinstance(body, cst.CSTNode) else body[-1]
        return self.ranges[node][1]


class _CommentRecorder(_Recorder):
    """Also notes comments; a class of its own because the hook is called for every node."""

    def before_codegen(self, node: cst.CSTNode) -> None:
        if type(node) is cst.Comment:
            self.comments.append((node, len(self.tokens)))


class Positions:
    """Places of the wanted nodes of one module. ``text`` is its source (without a byte order mark)."""

    def __init__(self, module: cst.Module, with_comments: bool = False) -> None:
        recorder = (_CommentRecorder if with_comments else _Recorder)(module)
        module._codegen(recorder)
        self.text = "".join(recorder.tokens)
        self._ranges = recorder.ranges
        self._comments = recorder.comments
        self._offsets = list(accumulate(map(len, recorder.tokens), initial=0))
        self._starts = [0, *(match.end() for match in _NEWLINE.finditer(self.text))]
        self._latest = NOWHERE

    def span(self, node: cst.CSTNode) -> Span:
        """The place of a node of a wanted type, without surrounding parentheses, decorators and white space.

        A node that is not of the module (the expression inside a string annotation) stands where the last one stood.
        """
        tokens = self._ranges.get(node)
        if tokens is not None:
            self._latest = self._between(self._offsets[tokens[0]], self._offsets[tokens[1]])
        return self._latest

    def comments(self) -> list[tuple[Span, str, bool]]:
        """Place, text from the sign on, and whether it is alone on its line, of every comment (if they were asked for)."""
        found = []
        for node, token in self._comments:
            start = self._offsets[token]
            before = self.text[self._starts[bisect_right(self._starts, start) - 1] : start]
            found.append((self._between(start, start + len(node.value)), node.value, not before.strip()))
        return found

    def _between(self, start: int, end: int) -> Span:
        line, end_line = bisect_right(self._starts, start), bisect_right(self._starts, end)
        return Span(line, start - self._starts[line - 1] + 1, end_line, end - self._starts[end_line - 1] + 1)
