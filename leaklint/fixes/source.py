"""One Python file as text, as a tree, and the places of the tree in the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

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

    def nodes(self, kind: type[Node]) -> Iterator[Node]:
        """All nodes of a kind that stand somewhere, in no order that is promised."""
        return (node for node in self._ranges if isinstance(node, kind))

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
        return self.module.code_for_node(node)

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
