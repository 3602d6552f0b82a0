"""Expressions that are no definitions: names, literals, access, calls, operators, displays, templates, JSX."""

from __future__ import annotations

import re

from tree_sitter import Node

from leaklint.facts import (
    Arg,
    Attr,
    Await,
    Bind,
    Call,
    Const,
    Display,
    Expr,
    Index,
    Lambda,
    Name,
    Operation,
    Span,
    Star,
    Yield,
)
from leaklint.frontend.typescript import classes, definitions  # noqa: F401 (their definitions are expressions too)
from leaklint.frontend.typescript.commonjs import export_from_assignment
from leaklint.frontend.typescript.functions import Kind, lower_function
from leaklint.frontend.typescript.lowering import DEFINITIONS, EXPRESSIONS, OPAQUE, Lowering
from leaklint.frontend.typescript.patterns import assign_pattern, property_key
from leaklint.frontend.typescript.strings import string_value

NONE = Const("none")
ONE = Const("number", "1")
_TRUE, _FALSE, _REGEX = Const("bool", "true"), Const("bool", "false"), Const("regex")
_OPERATORS = {"===": "==", "!==": "!=", "&&": "and", "||": "or", "!": "not"}
_CHAINED = frozenset({"+", "and", "or", "??"})
_SYMBOL_NAME = re.compile(r"k[A-Z]\w*")


def operator(text: str) -> str:
    """An operator as the facts spell it."""
    return _OPERATORS.get(text, text)


@EXPRESSIONS(
    "identifier",
    "this",
    "super",
    "import",
    "private_property_identifier",
    "shorthand_property_identifier",
    "shorthand_property_identifier_pattern",
)
def name(low: Lowering, node: Node) -> Expr:
    return low.name(node)


@EXPRESSIONS("string")
def string(low: Lowering, node: Node) -> Expr:
    word = low.word(node)
    return low.constants.get(word) or low.constants.setdefault(word, Const("str", string_value(word)))


@EXPRESSIONS("number")
def number(low: Lowering, node: Node) -> Expr:
    return Const("number", low.word(node))


@EXPRESSIONS("true", "false", "null", "undefined", "regex")
def literal(low: Lowering, node: Node) -> Expr:
    kind = node.type
    if kind == "regex":
        return _REGEX
    return {"true": _TRUE, "false": _FALSE}.get(kind, NONE)


@EXPRESSIONS("member_expression")
def member(low: Lowering, node: Node) -> Expr:
    children = node.children
    return Attr(low.expr(children[0]), low.word(children[-1]))


@EXPRESSIONS("subscript_expression")
def subscript(low: Lowering, node: Node) -> Expr:
    """``this["x"]`` is ``this.x``; ``this[kSymbol]`` is a member of its own."""
    children = node.children
    base = low.expr(children[0])
    key = low.expr(index) if (index := node.child_by_field_name("index")) else OPAQUE
    if type(base) is Name and base.id == "this":
        if type(key) is Const and key.kind == "str":
            return Attr(base, key.text)
        if type(key) is Name and (_SYMBOL_NAME.fullmatch(key.id) or key.id in low.text.symbols):
            return Attr(base, f"[{key.id}]")
    if type(key) is Attr and key.base == Name("Symbol"):
        return Attr(base, f"[Symbol.{key.name}]")
    return Index(base, key)


@EXPRESSIONS("call_expression")
def call(low: Lowering, node: Node) -> Expr:
    children = node.children
    function = low.expr(children[0])
    if children[0].type == "await_expression" and isinstance(function, Await):
        return _awaited(low, node, function)
    return Call(function, arguments(low, children[-1]), low.span(node))


def _awaited(low: Lowering, node: Node, function: Await) -> Expr:
    """The grammar reads ``await f<T>(x)`` as a call of ``await f``."""
    start, end = low.span(node.children[0].children[-1]), low.span(node)
    span = Span(start.line, start.column, end.end_line, end.end_column)
    return Await(Call(function.value, arguments(low, node.children[-1]), span))


@EXPRESSIONS("new_expression")
def new(low: Lowering, node: Node) -> Expr:
    constructor, args = node.child_by_field_name("constructor"), node.child_by_field_name("arguments")
    function = low.expr(constructor) if constructor else OPAQUE
    return Call(function, arguments(low, args) if args else (), low.span(node), new=True)


def arguments(low: Lowering, node: Node) -> tuple[Arg, ...]:
    """The arguments of a call, spread ones with a star; the pieces of a tagged template."""
    table = low.expressions
    lowered: list[Arg] = []
    if node.kind_id in table:
        return tuple(map(Arg, _pieces(low, node)))
    for child in node.children:
        lower = table.get(child.kind_id)
        if lower:
            value = lower(low, child)
            lowered.append(Arg(value.value, star="*") if type(value) is Star else Arg(value))
    return tuple(lowered)


@EXPRESSIONS("spread_element")
def spread(low: Lowering, node: Node) -> Expr:
    return Star(low.expr(node.children[-1]))


@EXPRESSIONS(
    "parenthesized_expression",
    "non_null_expression",
    "as_expression",
    "satisfies_expression",
    "instantiation_expression",
    "computed_property_name",
    "jsx_expression",
    "template_substitution",
)
def inner(low: Lowering, node: Node) -> Expr:
    return low.only(node)


@EXPRESSIONS("type_assertion")
def type_assertion(low: Lowering, node: Node) -> Expr:
    return low.expr(node.children[-1])


@EXPRESSIONS("binary_expression")
def binary(low: Lowering, node: Node) -> Expr:
    """A chain of one operator is one operation, however long: it is nested to the left in the tree."""
    left, sign, right = _operands(node)
    op = operator(sign)
    operands = [low.expr(right)]
    while op in _CHAINED and left.kind_id == node.kind_id:
        next_left, next_sign, next_right = _operands(left)
        if next_sign != sign:
            break
        left = next_left
        operands.append(low.expr(next_right))
    operands.append(low.expr(left))
    return Operation(op, tuple(reversed(operands)))


def _operands(node: Node) -> tuple[Node, str, Node]:
    children = node.children
    sign = next((child.type for child in children[1:-1] if not child.is_named), "")
    return children[0], sign, children[-1]


@EXPRESSIONS("unary_expression")
def unary(low: Lowering, node: Node) -> Expr:
    children = node.children
    sign, operand = children[0].type, low.expr(children[-1])
    if sign == "void" and type(operand) is Const:
        return NONE
    if sign == "-" and type(operand) is Const:
        return Const("number", f"-{operand.text}")
    return Operation({"!": "not", "-": "neg", "typeof": "typeof"}.get(sign, "other"), (operand,))


@EXPRESSIONS("ternary_expression")
def ternary(low: Lowering, node: Node) -> Expr:
    return Operation("if", tuple(low.exprs(node.children)))


@EXPRESSIONS("sequence_expression")
def sequence(low: Lowering, node: Node) -> Expr:
    """``(0, f)`` is ``f``: what compilers write to call ``f`` without its object."""
    values = [value for value in low.exprs(node.children)]
    if all(type(value) is Const for value in values[:-1]):
        return values[-1] if values else OPAQUE
    return Operation("other", tuple(values))


@EXPRESSIONS("await_expression")
def awaited(low: Lowering, node: Node) -> Expr:
    return Await(low.expr(node.children[-1]))


@EXPRESSIONS("yield_expression")
def yielded(low: Lowering, node: Node) -> Expr:
    values = low.exprs(node.children)
    return Yield(values[0] if values else None, any(child.type == "*" for child in node.children))


@DEFINITIONS("assignment_expression")
def assignment(low: Lowering, node: Node, place: Node | None) -> Expr:
    """``const f = exports.f = function () {}`` names the function by the constant."""
    children = node.children
    target, _ = assign_pattern(low, children[0])
    value = low.value(children[-1], children[0] if children[0].type == "identifier" else place)
    if low.scope.index == 0:
        export_from_assignment(low, target, value)
    return Bind(target, value)


@EXPRESSIONS("augmented_assignment_expression")
def augmented(low: Lowering, node: Node) -> Expr:
    children = node.children
    op = operator(low.word(node.child_by_field_name("operator") or children[1])[:-1])
    return Bind(low.expr(children[0]), low.expr(children[-1]), op)


@EXPRESSIONS("update_expression")
def update(low: Lowering, node: Node) -> Expr:
    op = "+" if any(child.type == "++" for child in node.children) else "-"
    return Bind(low.only(node), ONE, op)


@EXPRESSIONS("template_string")
def template(low: Lowering, node: Node) -> Expr:
    pieces = _pieces(low, node)
    if not pieces:
        return Const("str", "")
    return pieces[0] if len(pieces) == 1 and type(pieces[0]) is Const else Operation("format", tuple(pieces))


def _pieces(low: Lowering, node: Node) -> list[Expr]:
    """The texts and values of a template, in order."""
    return [
        low.only(child) if child.type == "template_substitution" else Const("str", low.text_of(child)[:120])
        for child in node.children
        if child.is_named
    ]


@EXPRESSIONS("array")
def array(low: Lowering, node: Node) -> Expr:
    return Display("list", tuple(low.exprs(node.children)))


@EXPRESSIONS("object")
def object_literal(low: Lowering, node: Node) -> Expr:
    keys: list[Expr | None] = []
    items: list[Expr] = []
    for child in node.named_children:
        kind = child.type
        if kind == "pair":
            parts = child.children
            place = parts[0]
            is_plain = place.type == "property_identifier"
            keys.append(low.constant(place) if is_plain else property_key(low, place))
            items.append(low.value(parts[-1], place if is_plain else None))
        elif kind == "shorthand_property_identifier":
            keys.append(low.constant(child))
            items.append(low.name(child))
        elif kind == "spread_element":
            keys.append(None)
            items.append(low.expr(child))
        elif kind == "method_definition" and (method := _method(low, child)):
            keys.append(method[0])
            items.append(method[1])
    return Display("dict", tuple(items), tuple(keys))


def _method(low: Lowering, node: Node) -> tuple[Expr, Expr] | None:
    place = node.child_by_field_name("name")
    if place is None:
        return None
    words = {child.type for child in node.children[: node.children.index(place)]}
    role = "getter" if "get" in words else "setter" if "set" in words else ""
    index, _ = lower_function(low, node, Kind(low.word(place), place, role=role, is_lambda=True))
    return property_key(low, place), Lambda(index)


@EXPRESSIONS("meta_property")
def meta_property(low: Lowering, node: Node) -> Expr:
    return Attr(Name("import"), "meta") if low.text_of(node).startswith("import") else OPAQUE


@EXPRESSIONS("jsx_element", "jsx_self_closing_element", "jsx_fragment")
def jsx(low: Lowering, node: Node) -> Expr:
    """The expressions embedded in an element and in the elements inside it, as a list."""
    values: list[Expr] = []
    open_nodes = [node]
    while open_nodes:
        current = open_nodes.pop()
        if current.type == "jsx_expression":
            values.extend(low.exprs(current.children))
        else:
            open_nodes.extend(reversed(current.named_children))
    return Display("list", tuple(values))


@EXPRESSIONS(*DEFINITIONS.by_type)
def definition(low: Lowering, node: Node) -> Expr:
    return low.value(node)
