"""Function declarations and function expressions; those that are constructors with a prototype make a class."""

from __future__ import annotations

import re

from tree_sitter import Node

from leaklint.facts import Bind, ClassValue, Define, DefineClass, Expr, Lambda, Stmt
from leaklint.frontend.typescript.functions import Kind, lower_function
from leaklint.frontend.typescript.lowering import DEFINITIONS, STATEMENTS, Lowering
from leaklint.frontend.typescript.prototypes import lower_constructor


@DEFINITIONS("function_expression", "generator_function")
def function_expression(low: Lowering, node: Node, place: Node | None) -> Expr:
    """A function expression that speaks of itself by its own name is bound to that name where it stands."""
    cls = lower_constructor(low, node, place)
    if cls is not None:
        return ClassValue(cls)
    own = node.child_by_field_name("name")
    place = own or place
    name = low.word(place) if place else ""
    index, _ = lower_function(low, node, Kind(name, place, is_lambda=True))
    if not own or not re.search(rb"\b%s\b" % re.escape(name.encode()), low.text.data[own.end_byte : node.end_byte]):
        return Lambda(index)
    return Bind(low.declare(own), Lambda(index))


@STATEMENTS("function_declaration", "generator_function_declaration")
def function_declaration(low: Lowering, node: Node, out: list[Stmt]) -> None:
    place = node.child_by_field_name("name")
    if place is None:
        return
    low.declare(place)
    cls = lower_constructor(low, node, place)
    if cls is not None:
        out.append(DefineClass(cls, low.span(node)))
        return
    index, _ = lower_function(low, node, Kind(low.word(place), place))
    out.append(Define(index, low.span(node)))
