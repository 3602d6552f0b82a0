"""Classes, interfaces, enumerations and object types."""

from __future__ import annotations

from tree_sitter import Node

from leaklint.facts import (
    Call,
    ClassFacts,
    ClassValue,
    Const,
    DefineClass,
    Evaluate,
    Expr,
    Field,
    Lambda,
    Name,
    Span,
    Stmt,
)
from leaklint.frontend.typescript.annotations import heritage_types, member_fields
from leaklint.frontend.typescript.functions import Kind, give_parent, lower_function
from leaklint.frontend.typescript.lowering import DEFINITIONS, STATEMENTS, Lowering

_ROLES = {"get": "getter", "set": "setter"}


class ClassBody:
    """Collects the members of one class."""

    def __init__(self, low: Lowering, cls: int) -> None:
        self._low = low
        self._cls = cls
        self._decorators: list[Expr] = []
        self._constructor = -1
        self.fields: list[Field] = []
        self.methods: list[int] = []

    def add_all(self, node: Node) -> None:
        """Read a ``class_body``."""
        first = len(self._low.functions)
        for child in node.named_children:
            kind = child.type
            if kind == "decorator":
                self._decorators.append(self._low.only(child))
                continue
            if kind == "method_definition":
                self._add_method(child)
            elif kind in {"public_field_definition", "field_definition"}:
                self._add_field(child)
            elif kind == "class_static_block":
                self._add_static_block(child)
            if kind != "comment":
                self._decorators.clear()
        if self._constructor >= 0:
            give_parent(self._low, range(first, len(self._low.functions)), self._cls, self._constructor)

    def _take_decorators(self, words: list[Node]) -> tuple[Expr, ...]:
        own = [self._low.only(word) for word in words if word.type == "decorator"]
        return (*self._decorators, *own)

    def _add_method(self, node: Node) -> None:
        low, place = self._low, node.child_by_field_name("name")
        if place is None:
            return
        words = node.children[: node.children.index(place)]
        types = {word.type for word in words}
        name = member_name(low, place)
        is_static = "static" in types
        role = next((role for word, role in _ROLES.items() if word in types), "")
        if name == "constructor" and not is_static:
            role, self._constructor = "constructor", len(low.functions)
        binds = "class" if is_static else "instance"
        kind = Kind(name, place, self._cls, binds=binds, role=role, decorators=self._take_decorators(words))
        index, fields = lower_function(low, node, kind)
        self.methods.append(index)
        self.fields.extend(fields)

    def _add_field(self, node: Node) -> None:
        low = self._low
        place = node.child_by_field_name("name") or node.child_by_field_name("property")
        if place is None:
            return
        is_static = any(child.type == "static" for child in node.children)
        value = node.child_by_field_name("value")
        annotation = low.type(node.child_by_field_name("type")) or asserted_type(low, value)
        scope = low.scope
        outer = scope.field_class, scope.field_binds
        scope.field_class, scope.field_binds = self._cls, "class" if is_static else "instance"
        lowered = low.value(value, place) if value else None
        scope.field_class, scope.field_binds = outer
        self.fields.append(Field(member_name(low, place), lowered, annotation, is_static, low.span(place)))

    def _add_static_block(self, node: Node) -> None:
        """``static { ... }`` runs once where the class stands: a call behind the statement the class is in."""
        kind = Kind("static", None, self._cls, binds="class", is_lambda=True)
        index, _ = lower_function(self._low, node, kind)
        span = self._low.span(node)
        self._low.scope.pending.append(Evaluate(Call(Lambda(index), (), span), span))


def member_name(low: Lowering, place: Node) -> str:
    """The name of a member: ``#x``, the text of a string, ``[Symbol.iterator]`` for a computed name."""
    if place.type in {"string", "computed_property_name"}:
        text = low.word(place)
        return text[1:-1] if place.type == "string" else text
    return low.word(place)


def asserted_type(low: Lowering, value: Node | None) -> Expr | None:
    """The type of ``value as T``, which stands in for a missing annotation."""
    if value is None or value.type not in {"as_expression", "satisfies_expression"}:
        return None
    children = value.children
    return low.type(children[-1]) if children[-1].is_named else None


def lower_class(low: Lowering, node: Node, name: str, place: Node | None, decorators: tuple[Expr, ...] = ()) -> int:
    """Add the class at ``node``; its number."""
    index = low.add_class(name)
    own = [low.only(child) for child in node.children if child.type == "decorator"]
    heritage = next((child for child in node.children if child.type == "class_heritage"), None)
    bases = _bases(low, heritage) if heritage else ()
    body = ClassBody(low, index)
    body_node = node.child_by_field_name("body")
    if body_node:
        body.add_all(body_node)
    low.classes[index] = ClassFacts(
        name=name,
        qualname=low.class_name(index),
        parent=low.scope.index,
        bases=bases,
        fields=tuple(body.fields),
        methods=tuple(body.methods),
        span=low.span(place) if place else _head(low, node),
        decorators=(*decorators, *own),
    )
    return index


def _bases(low: Lowering, heritage: Node) -> tuple[Expr, ...]:
    """``extends`` and ``implements``; the JavaScript grammar has the base right below the heritage."""
    bases: list[Expr] = []
    for child in heritage.named_children:
        if child.type == "extends_clause":
            bases.extend(low.exprs(child.children))
        elif child.type == "implements_clause":
            bases.extend(heritage_types(low, child))
        else:
            bases.append(low.expr(child))
    return tuple(bases)


def _head(low: Lowering, node: Node) -> Span:
    span = low.span(node)
    return Span(span.line, span.column, span.line, span.column + len("class"))


@DEFINITIONS("class")
def class_expression(low: Lowering, node: Node, place: Node | None) -> Expr:
    place = node.child_by_field_name("name") or place
    return ClassValue(lower_class(low, node, low.word(place) if place else "", place))


@STATEMENTS("class_declaration", "abstract_class_declaration")
def class_declaration(low: Lowering, node: Node, out: list[Stmt]) -> None:
    place = node.child_by_field_name("name")
    if place is None:
        return
    low.declare(place)
    out.append(DefineClass(lower_class(low, node, low.word(place), place), low.span(node)))


@STATEMENTS("interface_declaration")
def interface_declaration(low: Lowering, node: Node, out: list[Stmt]) -> None:
    bases = [
        base for child in node.children if child.type == "extends_type_clause" for base in heritage_types(low, child)
    ]
    add_interface(low, node, tuple(bases), node.child_by_field_name("body"), out)


def add_interface(low: Lowering, node: Node, bases: tuple[Expr, ...], body: Node | None, out: list[Stmt]) -> None:
    """Add the interface that ``node`` (with a name) declares, unless its name already stands for a value."""
    place = node.child_by_field_name("name")
    if place is None or low.word(place) in low.scope.locals:
        return
    low.declare(place)
    index = low.add_class(low.word(place))
    low.classes[index] = ClassFacts(
        name=low.word(place),
        qualname=low.class_name(index),
        parent=low.scope.index,
        bases=bases,
        fields=tuple(member_fields(low, body)) if body else (),
        methods=(),
        span=low.span(place),
        kind="interface",
    )
    out.append(DefineClass(index, low.span(node)))


@STATEMENTS("enum_declaration")
def enum_declaration(low: Lowering, node: Node, out: list[Stmt]) -> None:
    place, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if place is None or body is None:
        return
    low.declare(place)
    index = low.add_class(low.word(place))
    low.classes[index] = ClassFacts(
        name=low.word(place),
        qualname=low.class_name(index),
        parent=low.scope.index,
        bases=(Name("Enum"),),
        fields=tuple(_enum_members(low, body)),
        methods=(),
        span=low.span(place),
    )
    out.append(DefineClass(index, low.span(node)))


def _enum_members(low: Lowering, body: Node) -> list[Field]:
    """A member without a value is a number."""
    members: list[Field] = []
    for child in body.named_children:
        if child.type == "enum_assignment":
            place, value = child.children[0], low.expr(child.children[-1])
        elif child.type == "comment":
            continue
        else:
            place, value = child, Const("number")
        members.append(Field(member_name(low, place), value, None, True, low.span(place)))
    return members
