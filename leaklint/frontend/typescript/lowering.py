"""The state of lowering one file, and the tables from node type to the function that lowers it.

A lowering function is registered for its node types in :data:`EXPRESSIONS` (node -> fact), :data:`STATEMENTS` (node ->
facts appended to a list), :data:`EFFECTS` (an expression that stands as a statement), :data:`DEFINITIONS` (a function or
class as a value, with the place of the name it is bound to) or :data:`TYPES`. A node type in no table (a comma, a
comment, a keyword) is skipped. ``Lowering`` binds the tables to the node numbers of one
grammar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Generic, NamedTuple, TypeVar

from tree_sitter import Node

from leaklint.facts import (
    NOWHERE,
    Assign,
    Block,
    ClassFacts,
    Const,
    Define,
    Evaluate,
    Export,
    Expr,
    Field,
    FunctionFacts,
    Name,
    Opaque,
    Problem,
    Span,
    Stmt,
    With,
    WithItem,
)
from leaklint.frontend.typescript.grammar import Grammar
from leaklint.frontend.typescript.text import Text

L = TypeVar("L")


class Table(Generic[L]):
    """Lowering functions by node type."""

    def __init__(self) -> None:
        self.by_type: dict[str, L] = {}

    def __call__(self, *types: str) -> Callable[[L], L]:
        """Decorator: the function lowers nodes of these types."""

        def register(lower: L) -> L:
            self.by_type.update(dict.fromkeys(types, lower))
            return lower

        return register


EXPRESSIONS: Table[Callable[[Lowering, Node], Expr]] = Table()
STATEMENTS: Table[Callable[[Lowering, Node, list[Stmt]], None]] = Table()
EFFECTS: Table[Callable[[Lowering, Node, Span, list[Stmt]], None]] = Table()
DEFINITIONS: Table[Callable[[Lowering, Node, Node | None], Expr]] = Table()
TYPES: Table[Callable[[Lowering, Node], Expr]] = Table()

OPAQUE = Opaque()


class Scope:
    """What is known of the function that is being lowered.

    ``locals``: names bound so far. ``pending``: statements to put behind the one being lowered. ``field_class``: the
    class whose field initialiser is being lowered, or -1; ``field_binds``: what ``this`` is there. ``in_switch``: a
    ``break`` leaves a switch, not a loop.
    """

    __slots__ = ("field_binds", "field_class", "in_switch", "index", "locals", "pending", "qualname")

    def __init__(self, index: int, qualname: str) -> None:
        self.index = index
        self.qualname = qualname
        self.locals: set[str] = set()
        self.pending: list[Stmt] = []
        self.field_class = -1
        self.field_binds = ""
        self.in_switch = False

    def qualify(self, name: str) -> str:
        """The dotted name of a function or class called ``name`` in this function."""
        return f"{self.qualname}.{name}" if self.qualname else name


class Prototype:
    """A class that is being collected from a function and the assignments to its ``prototype``."""

    __slots__ = ("bases", "cls", "fields", "methods", "name", "parent", "span")

    def __init__(self, cls: int, name: str, parent: int, span: Span) -> None:
        self.cls = cls
        self.name = name
        self.parent = parent
        self.span = span
        self.bases: list[Expr] = []
        self.fields: list[Field] = []
        self.methods: list[int] = []


class Tables(NamedTuple):
    """The tables with the numbers of one grammar as keys."""

    expressions: dict[int, Callable[[Lowering, Node], Expr]]
    statements: dict[int, Callable[[Lowering, Node, list[Stmt]], None]]
    effects: dict[int, Callable[[Lowering, Node, Span, list[Stmt]], None]]
    definitions: dict[int, Callable[[Lowering, Node, Node | None], Expr]]
    types: dict[int, Callable[[Lowering, Node], Expr]]


@cache
def _tables(grammar: Grammar) -> Tables:
    return Tables(
        grammar.by_number(EXPRESSIONS.by_type),
        grammar.by_number(STATEMENTS.by_type),
        grammar.by_number(EFFECTS.by_type),
        grammar.by_number(DEFINITIONS.by_type),
        grammar.by_number(TYPES.by_type),
    )


class Lowering:
    """Lowers the syntax tree of one file; collects its functions, classes, exports and problems."""

    def __init__(self, text: Text, grammar: Grammar) -> None:
        self.text = text
        self.grammar = grammar
        tables = _tables(grammar)
        self.expressions = tables.expressions
        self.statements = tables.statements
        self.effects = tables.effects
        self.definitions = tables.definitions
        self.types = tables.types
        self.functions: list[FunctionFacts | None] = []
        self.classes: list[ClassFacts | None] = []
        self.exports: list[Export] = []
        self.problems: list[Problem] = []
        self.scope = Scope(0, "")
        self.span = text.span
        self.mentions_require = b"require" in text.data
        self.assigned_prototypes: frozenset[str] = frozenset()  # by prototypes, before anything is lowered
        self.prototypes: dict[tuple[int, str], Prototype] = {}
        self._names: dict[bytes, Expr] = {b"": OPAQUE}
        self.constants: dict[str, Const] = {}
        self._words: dict[bytes, str] = {}
        self._keys: dict[str, Const] = {}
        self._class_names: list[str] = []

    def add_class(self, name: str) -> int:
        """Make room for a class called ``name``; its number."""
        self.classes.append(None)
        self._class_names.append(self.scope.qualify(name or "<class>"))
        return len(self.classes) - 1

    def class_name(self, cls: int) -> str:
        """The dotted name of the class with this number."""
        return self._class_names[cls]

    def text_of(self, node: Node) -> str:
        """The source text of any node."""
        start, end = node.byte_range
        return self.text.data[start:end].decode()

    def word(self, node: Node) -> str:
        """The source text of a short node."""
        start, end = node.byte_range
        raw = self.text.data[start:end]
        word = self._words.get(raw)
        if word is None:
            word = self._words[raw] = raw.decode()
        return word

    def name(self, node: Node) -> Expr:
        """The name an identifier node stands for."""
        start, end = node.byte_range
        raw = self.text.data[start:end]
        name = self._names.get(raw)
        if name is None:
            name = self._names[raw] = Name(raw.decode())
        return name

    def constant(self, node: Node) -> Const:
        """The text of an identifier as a string: a key of an object."""
        word = self.word(node)
        return self._keys.get(word) or self._keys.setdefault(word, Const("str", word))

    def declare(self, node: Node) -> Expr:
        """The name an identifier node stands for, bound in the function being lowered."""
        name = self.name(node)
        if type(name) is Name:
            self.scope.locals.add(name.id)
        return name

    def expr(self, node: Node) -> Expr:
        """The fact for one expression node."""
        lower = self.expressions.get(node.kind_id)
        return lower(self, node) if lower else OPAQUE

    def value(self, node: Node, place: Node | None = None) -> Expr:
        """The fact for an expression bound to the name at ``place``; a nameless function or class takes that name."""
        kind = node.kind_id
        if kind in self.definitions:
            return self.definitions[kind](self, node, place)
        lower = self.expressions.get(kind)
        return lower(self, node) if lower else OPAQUE

    def exprs(self, nodes: Iterable[Node]) -> list[Expr]:
        """The facts for the expressions among ``nodes``; punctuation and comments are skipped."""
        table = self.expressions
        return [lower(self, node) for node in nodes if (lower := table.get(node.kind_id))]

    def only(self, node: Node) -> Expr:
        """The fact for the first expression among the children of ``node``."""
        for child in node.children:
            lower = self.expressions.get(child.kind_id)
            if lower:
                return lower(self, child)
        return OPAQUE

    def type(self, node: Node | None) -> Expr | None:
        """The fact for a type, or for the type in an annotation (``: T``)."""
        if node is None:
            return None
        lower = self.types.get(node.kind_id)
        return lower(self, node) if lower else OPAQUE

    def effect(self, node: Node, span: Span, out: list[Stmt]) -> None:
        """Append the facts for an expression that stands as a statement."""
        self.effects.get(node.kind_id, _evaluate)(self, node, span, out)

    def body(self, node: Node | None) -> Block:
        """The facts for a statement that is the body of another: a block, or a single statement."""
        if node is None:
            return ()
        return self.block(node.children if node.type == "statement_block" else (node,))

    def block(self, nodes: Sequence[Node]) -> Block:
        """The facts for a list of statements. Function declarations come first, as they do when the block runs."""
        out: list[Stmt] = []
        table, usings, scope = self.statements, self.text.usings, self.scope
        for index, node in enumerate(nodes):
            lower = table.get(node.kind_id)
            if lower is None:
                continue
            if usings and node.start_byte in usings:
                out.append(self._using(node, nodes[index + 1 :]))
                break
            try:
                lower(self, node, out)
            except RecursionError:
                self._give_up(node, scope)
            if scope.pending:
                out.extend(scope.pending)
                scope.pending.clear()
        if Define in map(type, out):
            out.sort(key=lambda stmt: type(stmt) is not Define)
        return tuple(out)

    def finished_functions(self) -> tuple[FunctionFacts, ...]:
        """All functions; one that was nested too deeply to be lowered is empty."""
        return tuple(function or _UNREAD_FUNCTION for function in self.functions)

    def finished_classes(self) -> tuple[ClassFacts, ...]:
        """All classes; one that was nested too deeply to be lowered is empty."""
        return tuple(cls or _UNREAD_CLASS for cls in self.classes)

    def _give_up(self, node: Node, scope: Scope) -> None:
        """Note that the statement at ``node`` in the function of ``scope`` is nested too deeply for the stack."""
        self.scope = scope
        scope.field_class = -1
        if not any(problem.message == TOO_DEEP for problem in self.problems):
            place = self.span(node)
            self.problems.append(Problem(TOO_DEEP, place.line, place.column))

    def _using(self, node: Node, rest: Sequence[Node]) -> Stmt:
        """``using x = f()``: a resource held for the rest of the block."""
        declared: list[Stmt] = []
        self.statements[node.kind_id](self, node, declared)
        items = tuple(
            WithItem(stmt.value, stmt.targets[0])
            for stmt in declared
            if isinstance(stmt, Assign) and stmt.value is not None
        )
        return With(items, self.block(rest), self.span(node), self.text.usings[node.start_byte])


_UNREAD_FUNCTION = FunctionFacts("", "<lambda>", 0, -1, (), (), NOWHERE, (), is_lambda=True)
_UNREAD_CLASS = ClassFacts("", "<class>", 0, (), (), (), NOWHERE)
TOO_DEEP = "nested too deeply; skipped this statement"


def _evaluate(low: Lowering, node: Node, span: Span, out: list[Stmt]) -> None:
    out.append(Evaluate(low.expr(node), span))
