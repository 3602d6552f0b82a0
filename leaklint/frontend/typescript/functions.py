"""Functions, methods and arrows; parameters."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
from tree_sitter import Node

from leaklint.facts import (
    Assign,
    Attr,
    Block,
    Expr,
    Field,
    FunctionFacts,
    Lambda,
    Name,
    Param,
    Return,
    Span,
    Stmt,
)
from leaklint.frontend.typescript.annotations import member_fields
from leaklint.frontend.typescript.lowering import DEFINITIONS, Lowering, Scope
from leaklint.frontend.typescript.patterns import declare_pattern

THIS = Name("this")
_PARAMETER_WORDS = frozenset({"accessibility_modifier", "readonly", "override_modifier"})
_WITHOUT_VALUE = frozenset({"assignment_expression", "augmented_assignment_expression", "update_expression"})
_WITHOUT_VALUE_OPERATORS = frozenset({"delete", "void"})


class Kind(NamedTuple):
    """What the surroundings of a function say about it. ``place`` is where its name stands, if it has one."""

    name: str = ""
    place: Node | None = None
    cls: int = -1
    receiver: str = "this"
    binds: str = ""
    role: str = ""
    decorators: tuple[Expr, ...] = ()
    is_lambda: bool = False


class Parameters:
    """The parameters of one function: what it lists, what its body starts with, and the fields they declare."""

    def __init__(self, low: Lowering) -> None:
        self._low = low
        self.params: list[Param] = []
        self.prologue: list[Stmt] = []
        self.fields: list[Field] = []

    def add_all(self, node: Node) -> None:
        """Read ``formal_parameters``, or the single name of ``x => ...``."""
        if node.type != "formal_parameters":
            self._add(node, None, None)
            return
        for child in node.named_children:
            if child.type in {"required_parameter", "optional_parameter"}:
                self._add_typed(child)
            elif child.type == "assignment_pattern":
                self._add(child.children[0], None, self._low.expr(child.children[-1]))
            elif child.type != "comment":
                self._add(child, None, None)

    def _add_typed(self, node: Node) -> None:
        low = self._low
        pattern = node.child_by_field_name("pattern")
        if pattern is None or pattern.type == "this":
            return
        annotation = low.type(node.child_by_field_name("type"))
        value = node.child_by_field_name("value")
        self._add(pattern, annotation, low.expr(value) if value else None)
        if pattern.type == "object_pattern":
            self._declare_parts(pattern, node.child_by_field_name("type"))
        if any(child.type in _PARAMETER_WORDS for child in node.children):
            name, span = low.word(pattern), low.span(pattern)
            self.prologue.append(Assign((Attr(THIS, name),), Name(name), span))
            self.fields.append(Field(name, None, annotation, False, span))

    def _declare_parts(self, pattern: Node, annotation: Node | None) -> None:
        """``({ a }: { a: T })`` declares ``a: T``."""
        written = annotation.named_children[0] if annotation and annotation.named_children else None
        if written is None or written.type != "object_type":
            return
        types = {field.name: field.annotation for field in member_fields(self._low, written)}
        declared = [
            Assign((self._low.name(child),), None, self._low.span(child), annotation=types[self._low.word(child)])
            for child in pattern.named_children
            if child.type == "shorthand_property_identifier_pattern" and types.get(self._low.word(child))
        ]
        self.prologue[:0] = declared

    def _add(self, pattern: Node, annotation: Expr | None, default: Expr | None) -> None:
        low, kind = self._low, "positional"
        if pattern.type == "rest_pattern":
            kind, pattern = "star", pattern.children[-1]
        target, defaults = declare_pattern(low, pattern)
        name = target.id if isinstance(target, Name) else ""
        self.params.append(Param(name, kind, annotation, default))
        if not name:
            self.prologue.append(Assign((target,), Name(""), low.span(pattern)))
            self.prologue.extend(defaults)


def lower_function(low: Lowering, node: Node, kind: Kind) -> tuple[int, list[Field]]:
    """Add the function at ``node``; its number, and the fields its parameters declare."""
    outer, index = low.scope, len(low.functions)
    low.functions.append(None)
    scope = low.scope = Scope(index, outer.qualify(kind.name or "<lambda>"))
    if kind.cls >= 0:
        scope.qualname = f"{low.class_name(kind.cls)}.{kind.name}"
    if kind.receiver:
        scope.locals.add(kind.receiver)
    words, parts = _split(node)
    parameters = Parameters(low)
    if "parameters" in parts:
        parameters.add_all(parts["parameters"])
    body = tuple(parameters.prologue) + _body(low, parts["body"]) if "body" in parts else ()
    low.functions[index] = FunctionFacts(
        name=kind.name,
        qualname=scope.qualname,
        parent=outer.index,
        cls=kind.cls,
        params=tuple(parameters.params),
        body=body,
        span=low.span(kind.place) if kind.place else _head(low, node, parts),
        locals=tuple(sorted(scope.locals)),
        receiver=kind.receiver,
        binds=kind.binds,
        role=kind.role,
        decorators=kind.decorators,
        returns=low.type(parts.get("returns")),
        is_async="async" in words,
        is_generator="*" in words,
        is_lambda=kind.is_lambda,
        end_line=node.end_point[0] + 1,
    )
    low.scope = outer
    return index, parameters.fields


def _split(node: Node) -> tuple[set[str], dict[str, Node]]:
    """The words before the parameters (``async``, ``*``, ``get`` ...), and parameters, return type and body."""
    words: set[str] = set()
    parts: dict[str, Node] = {}
    children = node.children
    for child in children[:-1]:
        name = child.type
        if name == "formal_parameters":
            parts["parameters"] = child
        elif name.endswith("_annotation"):
            parts["returns"] = child
        elif name == "identifier" and node.type == "arrow_function":
            parts["parameters"] = child
        else:
            words.add(name)
    if children and children[-1].is_named:
        parts["body"] = children[-1]
    return words, parts


def _head(low: Lowering, node: Node, parts: dict[str, Node]) -> Span:
    span = low.span(node)
    if "parameters" not in parts:
        return span
    end = low.span(parts["parameters"])
    return Span(span.line, span.column, end.end_line, end.end_column)


def _body(low: Lowering, node: Node) -> Block:
    """The body of a function. The value of ``x => (a.b = x)`` is no result anybody wants: it is a statement."""
    if node.type == "statement_block":
        return low.block(node.children)
    inner = node
    while inner.type == "parenthesized_expression" and len(inner.named_children) == 1:
        inner = inner.named_children[0]
    if inner.type not in _WITHOUT_VALUE and not (
        inner.type == "unary_expression" and inner.children[0].type in _WITHOUT_VALUE_OPERATORS
    ):
        return (Return(low.expr(node), low.span(node)),)
    out: list[Stmt] = []
    low.effect(inner, low.span(node), out)
    return tuple(out)


@DEFINITIONS("arrow_function")
def arrow(low: Lowering, node: Node, place: Node | None) -> Expr:
    """An arrow function has the ``this`` of its surroundings; in a field initialiser that is the instance."""
    name, scope = low.word(place) if place else "", low.scope
    if scope.field_class < 0:
        kind = Kind(name, place, receiver="", is_lambda=True)
    else:
        kind = Kind(name, place, scope.field_class, binds=scope.field_binds, is_lambda=True)
    return Lambda(lower_function(low, node, kind)[0])


def give_parent(low: Lowering, functions: range, cls: int, parent: int) -> None:
    """Make ``parent`` the enclosing function of the arrows among ``functions`` that stand in fields of ``cls``."""
    for index in functions:
        function = low.functions[index]
        if function and function.cls == cls and function.is_lambda and function.binds == "instance":
            low.functions[index] = msgspec.structs.replace(function, parent=parent)
