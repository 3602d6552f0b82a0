"""What the walk carries along: places, the function and class being read, and the tables that lower each node type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from sys import intern
from typing import Any

import libcst as cst

from leaklint.facts import Block, ClassFacts, Expr, FunctionFacts, Name, Span, Stmt
from leaklint.frontend.python.positions import Positions
from leaklint.frontend.python.scopes import ClassBody, Frame

ExpressionTable = Mapping[type[cst.CSTNode], Callable[["Lowering", Any], Expr]]
StatementTable = Mapping[type[cst.CSTNode], Callable[["Lowering", Any, list[Stmt]], None]]


class Lowering:
    """One file on its way to facts.

    ``values``, ``types`` and ``statements`` map a node type to the function that lowers it; a statement function appends
    what becomes of its node to the list it is given. ``types`` lowers the expressions of annotations, ``values`` all
    others; ``expressions`` is the one in use. ``frame`` is the function being read; ``class_body`` is the class when
    the statements stand directly in one. ``typing_only`` holds inside ``if TYPE_CHECKING``.
    """

    def __init__(
        self, positions: Positions, values: ExpressionTable, types: ExpressionTable, statements: StatementTable
    ) -> None:
        self.positions = positions
        self.values = self.expressions = values
        self.types = types
        self.statements = statements
        self.functions: list[FunctionFacts | None] = [None]
        self.classes: list[ClassFacts | None] = []
        self.module = Frame(0, "")
        self.frame = self.module
        self.class_body: ClassBody | None = None
        self.typing_only = False

    def expr(self, node: cst.CSTNode) -> Expr:
        """Lowers an expression."""
        return self.expressions[type(node)](self, node)

    def optional(self, node: cst.CSTNode | None) -> Expr | None:
        """Lowers an expression that may be left out."""
        return None if node is None else self.expressions[type(node)](self, node)

    def exprs(self, nodes: Iterable[cst.CSTNode]) -> tuple[Expr, ...]:
        """Lowers several expressions."""
        table = self.expressions
        return tuple([table[type(node)](self, node) for node in nodes])

    def target(self, node: cst.CSTNode) -> Expr:
        """Lowers something that is assigned to, and binds its names."""
        expr = self.expressions[type(node)](self, node)
        self.frame.bind(expr)
        return expr

    def name(self, text: str) -> Name:
        """A name, with the same text for all of one spelling: most of the memory of facts is names.

        Each is an object of its own: answers about an expression are remembered by its identity.
        """
        return Name(intern(text))

    def span(self, node: cst.CSTNode) -> Span:
        """The place of a node."""
        return self.positions.span(node)

    def block(self, suite: cst.BaseSuite) -> Block:
        """Lowers the body of a compound statement."""
        out: list[Stmt] = []
        self.lower_into(suite.body, out)
        return tuple(out)

    def lower_into(self, nodes: Iterable[cst.CSTNode], out: list[Stmt]) -> None:
        """Lowers statements and appends what becomes of them to ``out``."""
        table = self.statements
        for node in nodes:
            if type(node) is cst.SimpleStatementLine:
                for small in node.body:
                    table[type(small)](self, small, out)
            else:
                table[type(node)](self, node, out)

    @contextmanager
    def inside(self, frame: Frame) -> Iterator[None]:
        """Lowers what follows as part of the function ``frame`` stands for."""
        outer = self.frame, self.class_body, self.expressions
        self.frame, self.class_body, self.expressions = frame, None, self.values
        yield
        self.frame, self.class_body, self.expressions = outer
        self.module.bound |= frame.bound & frame.of_module

    def qualname(self, name: str) -> str:
        """``name`` with the classes and functions it stands in."""
        outer = self.frame.qualname if self.class_body is None else self.class_body.qualname
        return f"{outer}.{name}" if outer else name

    def reserve_function(self) -> int:
        """An index for a function whose facts come later: indexes follow the source order of heads."""
        self.functions.append(None)
        return len(self.functions) - 1

    def reserve_class(self) -> int:
        """An index for a class whose facts come later."""
        self.classes.append(None)
        return len(self.classes) - 1
