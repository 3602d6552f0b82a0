"""Declared types: expressions in which strings are types that are not defined yet."""

from __future__ import annotations

import re

import libcst as cst

from leaklint.facts import Attr, Display, Expr, Index, Name
from leaklint.frontend.python.expressions import KEYWORDS, string_parts, subscript_key
from leaklint.frontend.python.literals import string_const, string_value
from leaklint.frontend.python.lowering import ExpressionTable, Lowering

MAX_TYPE = 2000
MAX_BRACKETS = 50
"""A longer or more nested string is no type anyone wrote; the native parser would take it down with the process."""

_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_VALUES = "Literal"
_METADATA = "Annotated"


def annotation(low: Lowering, node: cst.Annotation | None) -> Expr | None:
    """The declared type as an expression, if there is one."""
    return None if node is None else _lower_with(low, node.annotation, low.types)


def _lower_with(low: Lowering, node: cst.CSTNode, table: ExpressionTable) -> Expr:
    low.expressions, outer = table, low.expressions
    lowered = low.expr(node)
    low.expressions = outer
    return lowered


def _string(low: Lowering, node: cst.SimpleString) -> Expr:
    return _parse(low, string_value(node.value))


def _concatenated(low: Lowering, node: cst.ConcatenatedString) -> Expr:
    parts = [string_value(part.value) if isinstance(part, cst.SimpleString) else None for part in string_parts(node)]
    if None in parts:
        return _lower_with(low, node, low.values)
    return _parse(low, "".join(part or "" for part in parts))


def _parse(low: Lowering, text: str | None) -> Expr:
    """The type a string speaks of; the string itself where it is none."""
    if text is None or len(text) > MAX_TYPE or sum(map(text.count, "([{")) > MAX_BRACKETS:
        return string_const(text)
    source = text.strip()
    if _DOTTED.fullmatch(source):
        return _dotted(low, source)
    try:
        node = cst.parse_expression(f"({source})")
    except (cst.ParserSyntaxError, UnicodeError):
        return string_const(text)
    return low.expr(node)


def _dotted(low: Lowering, source: str) -> Expr:
    first, *rest = source.split(".")
    expr: Expr = KEYWORDS.get(first) or low.name(first)
    for name in rest:
        expr = Attr(expr, name)
    return expr


def _subscript(low: Lowering, node: cst.Subscript) -> Expr:
    """``Literal["a"]`` holds values, ``Annotated[T, x]`` a type and values; everything else holds types."""
    base = low.expr(node.value)
    last = base.name if isinstance(base, Attr) else base.id if isinstance(base, Name) else ""
    if last not in (_VALUES, _METADATA):
        return Index(base, subscript_key(low, node.slice))
    first = node.slice[0].slice if last == _METADATA else None
    key = _lower_with(low, node, low.values)
    assert isinstance(key, Index)
    if isinstance(first, cst.Index) and isinstance(key.key, Display):
        return Index(base, Display("tuple", (low.expr(first.value), *key.key.items[1:])))
    return Index(base, key.key)


TYPES: ExpressionTable = {
    cst.ConcatenatedString: _concatenated,
    cst.SimpleString: _string,
    cst.Subscript: _subscript,
}
"""What is lowered otherwise in a declared type."""
