"""What each kind of expression becomes."""

from __future__ import annotations

from collections.abc import Iterable
from sys import intern
from typing import Any

import libcst as cst

from leaklint.facts import (
    Arg,
    Attr,
    Await,
    Bind,
    Call,
    Clause,
    Comprehension,
    Const,
    Display,
    Expr,
    Index,
    Operation,
    Star,
    Yield,
)
from leaklint.frontend.python.literals import piece_value, string_const, string_value
from leaklint.frontend.python.lowering import ExpressionTable, Lowering

NONE = Const("none")
KEYWORDS: dict[str, Const] = {"None": NONE, "True": Const("bool", "true"), "False": Const("bool", "false")}
"""Names that are literals."""

_ELLIPSIS = Const("ellipsis")

BINARY: dict[type[cst.CSTNode], str] = {
    cst.Add: "+",
    cst.Subtract: "-",
    cst.Multiply: "*",
    cst.Divide: "/",
    cst.FloorDivide: "//",
    cst.Modulo: "%",
    cst.Power: "**",
    cst.MatrixMultiply: "@",
    cst.LeftShift: "<<",
    cst.RightShift: ">>",
    cst.BitAnd: "&",
    cst.BitOr: "|",
    cst.BitXor: "^",
}
"""Binary operators as Python spells them."""

_UNARY: dict[type[cst.CSTNode], str] = {cst.Not: "not", cst.Minus: "neg", cst.Plus: "other", cst.BitInvert: "~"}

_COMPARE: dict[type[cst.CSTNode], str] = {
    cst.Equal: "==",
    cst.NotEqual: "!=",
    cst.LessThan: "<",
    cst.LessThanEqual: "<=",
    cst.GreaterThan: ">",
    cst.GreaterThanEqual: ">=",
    cst.In: "in",
    cst.NotIn: "not in",
    cst.Is: "is",
    cst.IsNot: "is not",
}


def _name(low: Lowering, node: cst.Name) -> Expr:
    return KEYWORDS.get(node.value) or low.name(node.value)


def _number(low: Lowering, node: cst.Integer | cst.Float | cst.Imaginary) -> Expr:
    return Const("number", node.value)


def _ellipsis(low: Lowering, node: cst.Ellipsis) -> Expr:
    return _ELLIPSIS


def _string(low: Lowering, node: cst.SimpleString) -> Expr:
    return string_const(string_value(node.value))


def _formatted(low: Lowering, node: cst.FormattedString | cst.TemplatedString) -> Expr:
    return Operation("format", tuple(_pieces(low, node.parts, "r" in node.start.lower())))


def _pieces(low: Lowering, parts: Iterable[cst.CSTNode], raw: bool) -> list[Expr]:
    """Texts, expressions, and the expressions inside format specifications."""
    pieces: list[Expr] = []
    for part in parts:
        if isinstance(part, (cst.FormattedStringText, cst.TemplatedStringText)):
            pieces.append(string_const(piece_value(part.value, raw)))
        elif isinstance(part, (cst.FormattedStringExpression, cst.TemplatedStringExpression)):
            pieces.append(low.expr(part.expression))
            inner = _pieces(low, part.format_spec or (), raw)
            pieces.extend(piece for piece in inner if not isinstance(piece, Const))
    return pieces


def string_parts(node: cst.ConcatenatedString) -> list[cst.CSTNode]:
    """The strings written side by side."""
    parts: list[cst.CSTNode] = [node.left]
    rest: cst.CSTNode = node.right
    while isinstance(rest, cst.ConcatenatedString):
        parts.append(rest.left)
        rest = rest.right
    return [*parts, rest]


def _concatenated(low: Lowering, node: cst.ConcatenatedString) -> Expr:
    parts = string_parts(node)
    simple = [part for part in parts if isinstance(part, cst.SimpleString)]
    if len(simple) == len(parts):
        values = [string_value(part.value) for part in simple]
        return string_const(None if None in values else "".join(value or "" for value in values))
    pieces: list[Expr] = []
    for part in low.exprs(parts):
        pieces.extend(part.operands if isinstance(part, Operation) else (part,))
    return Operation("format", tuple(pieces))


def _attribute(low: Lowering, node: cst.Attribute) -> Expr:
    return Attr(low.expr(node.value), intern(node.attr.value))


def _subscript(low: Lowering, node: cst.Subscript) -> Expr:
    return Index(low.expr(node.value), subscript_key(low, node.slice))


def subscript_key(low: Lowering, elements: Iterable[cst.SubscriptElement]) -> Expr:
    """What stands between the brackets: one key, or a tuple of them when there is a comma."""
    elements = list(elements)
    keys = tuple([_slice(low, element.slice) for element in elements])
    alone = len(keys) == 1 and isinstance(elements[0].comma, cst.MaybeSentinel) and not isinstance(keys[0], Star)
    return keys[0] if alone else Display("tuple", keys)


def _slice(low: Lowering, node: cst.BaseSlice) -> Expr:
    if isinstance(node, cst.Index):
        value = low.expr(node.value)
        return Star(value) if node.star else value
    assert isinstance(node, cst.Slice)
    bounds = (node.lower, node.upper, node.step)
    return Operation("slice", tuple([NONE if bound is None else low.expr(bound) for bound in bounds]))


def call_args(low: Lowering, args: Iterable[cst.Arg]) -> tuple[Arg, ...]:
    """The arguments of a call or of a class head."""
    table = low.expressions
    return tuple(
        [
            Arg(table[type(arg.value)](low, arg.value), "" if arg.keyword is None else arg.keyword.value, arg.star)
            for arg in args
        ]
    )


def _call(low: Lowering, node: cst.Call) -> Expr:
    return Call(low.expr(node.func), call_args(low, node.args), low.span(node))


def _sequence(kind: str) -> Any:
    def lower(low: Lowering, node: cst.Tuple | cst.List | cst.Set) -> Expr:
        return Display(kind, low.exprs(node.elements))

    return lower


def _element(low: Lowering, node: cst.Element) -> Expr:
    return low.expr(node.value)


def _starred(low: Lowering, node: cst.StarredElement | cst.StarredDictElement) -> Expr:
    return Star(low.expr(node.value))


def _dict(low: Lowering, node: cst.Dict) -> Expr:
    keys, items = [], []
    for element in node.elements:
        keys.append(low.expr(element.key) if isinstance(element, cst.DictElement) else None)
        value = low.expr(element.value)
        items.append(value if isinstance(element, cst.DictElement) else Star(value))
    return Display("dict", tuple(items), tuple(keys))


def _unary(low: Lowering, node: cst.UnaryOperation) -> Expr:
    return Operation(_UNARY[type(node.operator)], (low.expr(node.expression),))


def _binary(low: Lowering, node: cst.BinaryOperation) -> Expr:
    return Operation(BINARY[type(node.operator)], (low.expr(node.left), low.expr(node.right)))


def _boolean(low: Lowering, node: cst.BooleanOperation) -> Expr:
    """A chain of the same operator is one operation with all the operands."""
    kind = type(node.operator)
    operands = [node.right]
    left = node.left
    while isinstance(left, cst.BooleanOperation) and type(left.operator) is kind:
        operands.append(left.right)
        left = left.left
    operands.append(left)
    return Operation("and" if kind is cst.And else "or", low.exprs(reversed(operands)))


def _comparison(low: Lowering, node: cst.Comparison) -> Expr:
    left = low.expr(node.left)
    tests: list[Expr] = []
    for target in node.comparisons:
        right = low.expr(target.comparator)
        tests.append(Operation(_COMPARE[type(target.operator)], (left, right)))
        left = right
    return tests[0] if len(tests) == 1 else Operation("and", tuple(tests))


def _conditional(low: Lowering, node: cst.IfExp) -> Expr:
    return Operation("if", low.exprs((node.test, node.body, node.orelse)))


def _await(low: Lowering, node: cst.Await) -> Expr:
    return Await(low.expr(node.expression))


def _yield(low: Lowering, node: cst.Yield) -> Expr:
    low.frame.is_generator = True
    if isinstance(node.value, cst.From):
        return Yield(low.expr(node.value.item), delegate=True)
    return Yield(low.optional(node.value))


def _named(low: Lowering, node: cst.NamedExpr) -> Expr:
    value = low.expr(node.value)
    return Bind(low.target(node.target), value)


def _comprehension(kind: str) -> Any:
    def lower(low: Lowering, node: cst.BaseSimpleComp) -> Expr:
        clauses = _clauses(low, node.for_in)
        return Comprehension(kind, (low.expr(node.elt),), clauses)

    return lower


def _dict_comprehension(low: Lowering, node: cst.DictComp) -> Expr:
    clauses = _clauses(low, node.for_in)
    return Comprehension("dict", (low.expr(node.key), low.expr(node.value)), clauses)


def _merging_comprehension(low: Lowering, node: cst.StarredDictComp) -> Expr:
    clauses = _clauses(low, node.for_in)
    return Comprehension("dict", (Star(low.expr(node.value)),), clauses)


def _clauses(low: Lowering, first: cst.CompFor) -> tuple[Clause, ...]:
    clauses = []
    clause: cst.CompFor | None = first
    while clause is not None:
        over = low.expr(clause.iter)
        target = low.target(clause.target)
        clauses.append(Clause(target, over, low.exprs(condition.test for condition in clause.ifs)))
        clause = clause.inner_for_in
    return tuple(clauses)


EXPRESSIONS: ExpressionTable = {
    cst.Attribute: _attribute,
    cst.Await: _await,
    cst.BinaryOperation: _binary,
    cst.BooleanOperation: _boolean,
    cst.Call: _call,
    cst.Comparison: _comparison,
    cst.ConcatenatedString: _concatenated,
    cst.Dict: _dict,
    cst.DictComp: _dict_comprehension,
    cst.Element: _element,
    cst.Ellipsis: _ellipsis,
    cst.Float: _number,
    cst.FormattedString: _formatted,
    cst.GeneratorExp: _comprehension("generator"),
    cst.IfExp: _conditional,
    cst.Imaginary: _number,
    cst.Integer: _number,
    cst.List: _sequence("list"),
    cst.ListComp: _comprehension("list"),
    cst.Name: _name,
    cst.NamedExpr: _named,
    cst.Set: _sequence("set"),
    cst.SetComp: _comprehension("set"),
    cst.SimpleString: _string,
    cst.StarredDictComp: _merging_comprehension,
    cst.StarredElement: _starred,
    cst.Subscript: _subscript,
    cst.TemplatedString: _formatted,
    cst.Tuple: _sequence("tuple"),
    cst.UnaryOperation: _unary,
    cst.Yield: _yield,
}
"""Every expression but lambda, which ``definitions`` adds."""
