"""One Python file as text, as a tree, and the places of the tree in the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TypeVar, cast

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, ParentNodeProvider, PositionProvider

from leaklint.facts import Span
from leaklint.findings import Edit
from leaklint.fixes.apply import lines_of

Node = TypeVar("Node", bound=cst.CSTNode)


class NotReproduced(Exception):
    """LibCST does not give the file back byte for byte."""


class Source:
    """The tree of a file and where its nodes stand. ``lines`` keep their ends.

    Raises:
        NotReproduced: the tree does not give ``data`` back byte for byte.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self.module = cst.parse_module(data)
            is_same = self.module.bytes == data
        except (cst.ParserSyntaxError, UnicodeError, LookupError, SyntaxError, RecursionError):
            is_same = False
        if not is_same:
            raise NotReproduced
        self.lines = lines_of(self.module.code)
        wrapper = MetadataWrapper(self.module, unsafe_skip_copy=True)
        self._ranges = wrapper.resolve(PositionProvider)
        self._parents = wrapper.resolve(ParentNodeProvider)
        self._codes: dict[cst.CSTNode, str] = {}

    def nodes(self, kind: type[Node]) -> Sequence[Node]:
        """All nodes of just this kind that stand somewhere, in no order that is promised."""
        return cast("Sequence[Node]", self._by_kind.get(kind, ()))

    @cached_property
    def _by_kind(self) -> dict[type[cst.CSTNode], list[cst.CSTNode]]:
        found: dict[type[cst.CSTNode], list[cst.CSTNode]] = defaultdict(list)
        for node in self._ranges:
            found[type(node)].append(node)
        return found

    def named(self, name: str) -> Sequence[cst.Name]:
        """All places where ``name`` stands."""
        return self._by_name.get(name, ())

    @cached_property
    def _by_name(self) -> dict[str, list[cst.Name]]:
        found: dict[str, list[cst.Name]] = defaultdict(list)
        for node in self.nodes(cst.Name):
            found[node.value].append(node)
        return found

    def on_line(self, number: int, kind: type[Node]) -> list[Node]:
        """The nodes of just this kind that begin on a line, in no order that is promised."""
        return [node for node in self._by_line.get(number, ()) if type(node) is kind]

    @cached_property
    def _by_line(self) -> dict[int, list[cst.CSTNode]]:
        found: dict[int, list[cst.CSTNode]] = defaultdict(list)
        for node, place in self._ranges.items():
            if isinstance(place, CodeRange):
                found[place.start.line].append(node)
        return found

    def statement_on(self, number: int) -> cst.SimpleStatementLine | None:
        """The line of simple statements that the line of a number belongs to; no two share one."""
        return self._statements.get(number)

    @cached_property
    def _statements(self) -> dict[int, cst.SimpleStatementLine]:
        found: dict[int, cst.SimpleStatementLine] = {}
        for line in self.nodes(cst.SimpleStatementLine):
            span = self.span(line)
            found |= dict.fromkeys(range(span.line, span.end_line + 1), line)
        return found

    @cached_property
    def inside_strings(self) -> frozenset[int]:
        """The numbers of the lines that begin inside a string: white space there is part of it."""
        texts = (*self.nodes(cst.SimpleString), *self.nodes(cst.FormattedString))
        spans = map(self.span, texts)
        return frozenset(n for span in spans for n in range(span.line + 1, span.end_line + 1))

    def inside(self, node: cst.CSTNode, kind: type[Node]) -> Iterator[Node]:
        """``node`` and all below it that are of a kind."""
        if isinstance(node, kind):
            yield node
        for child in node.children:
            yield from self.inside(child, kind)

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node that holds ``node``; None for the module."""
        return self._parents.get(node)

    def code(self, node: cst.CSTNode) -> str:
        """The text of ``node``."""
        if node not in self._codes:
            self._codes[node] = self.module.code_for_node(node)
        return self._codes[node]

    def span(self, node: cst.CSTNode) -> Span:
        """The place of ``node``, without white space and decorators around it."""
        place = self._ranges[node]
        assert isinstance(place, CodeRange)
        return Span(place.start.line, place.start.column + 1, place.end.line, place.end.column + 1)

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """What holds ``node``, from the nearest to the module."""
        above = self.parent(node)
        while above is not None:
            yield above
            above = self.parent(above)

    def function_of(self, node: cst.CSTNode) -> cst.FunctionDef | None:
        """The function whose body holds ``node``; None in the module body, a class body or a lambda."""
        kinds = (cst.FunctionDef, cst.ClassDef, cst.Lambda)
        found = next((one for one in self.ancestors(node) if isinstance(one, kinds)), None)
        return found if isinstance(found, cst.FunctionDef) else None

    def replace(self, node: cst.CSTNode, text: str) -> Edit:
        """``text`` in the place of ``node``."""
        return Edit(span=self.span(node), text=text)

    def insert_before(self, node: cst.CSTNode, text: str) -> Edit:
        """``text`` right before ``node``."""
        span = self.span(node)
        return Edit(span=Span(span.line, span.column, span.line, span.column), text=text)

    def insert_behind(self, node: cst.CSTNode, text: str) -> Edit:
        """``text`` right behind ``node``."""
        span = self.span(node)
        return Edit(span=Span(span.end_line, span.end_column, span.end_line, span.end_column), text=text)
