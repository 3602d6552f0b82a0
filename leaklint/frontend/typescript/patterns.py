"""Destructuring: patterns as assignment targets, their defaults as assignments that follow."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from leaklint.facts import Assign, Display, Expr, Star, Stmt
from leaklint.frontend.typescript.lowering import OPAQUE, Lowering

Leaf = Callable[[Node], Expr]


class Pattern:
    """Lowers one pattern.

    ``leaf`` lowers what is assigned to: :meth:`Lowering.declare` in a declaration, :meth:`Lowering.expr` elsewhere.
    ``defaults`` collects ``{ a = 1 }`` as ``a ??= 1``, to stand behind the assignment of the pattern.
    """

    def __init__(self, low: Lowering, leaf: Leaf) -> None:
        self._low = low
        self._leaf = leaf
        self.defaults: list[Stmt] = []

    def lower(self, node: Node) -> Expr:
        """The target ``node`` stands for; patterns become ``list`` and ``dict`` displays."""
        kind = node.type
        if kind in {"object_pattern", "object"}:
            return self._object(node)
        if kind in {"array_pattern", "array"}:
            return self._array(node)
        if kind in {"assignment_pattern", "object_assignment_pattern", "assignment_expression"}:
            return self._with_default(node)
        if kind in {"rest_pattern", "spread_element"}:
            return Star(self.lower(node.children[-1]))
        return self._leaf(node)

    def _with_default(self, node: Node) -> Expr:
        children = node.children
        target = self.lower(children[0])
        value = self._low.expr(children[-1])
        self.defaults.append(Assign((target,), value, self._low.span(node), op="??"))
        return target

    def _array(self, node: Node) -> Expr:
        items: list[Expr] = []
        hole = True
        for child in node.children[1:-1]:
            if child.is_named:
                if child.type != "comment":
                    items.append(self.lower(child))
                    hole = False
                continue
            if hole:
                items.append(OPAQUE)
            hole = True
        return Display("list", tuple(items))

    def _object(self, node: Node) -> Expr:
        keys: list[Expr | None] = []
        items: list[Expr] = []
        for child in node.named_children:
            kind = child.type
            if kind in {"pair_pattern", "pair"}:
                keys.append(property_key(self._low, child.children[0]))
                items.append(self.lower(child.children[-1]))
            elif kind in {"rest_pattern", "spread_element"}:
                keys.append(None)
                items.append(self.lower(child))
            elif kind != "comment":
                name = child.children[0] if child.child_count else child
                keys.append(self._low.constant(name))
                items.append(self.lower(child))
        return Display("dict", tuple(items), tuple(keys))


def property_key(low: Lowering, node: Node) -> Expr:
    """The key of a property: a constant for a plain name, the expression of a computed one."""
    if node.type in {"property_identifier", "private_property_identifier"}:
        return low.constant(node)
    if node.type == "computed_property_name":
        return low.only(node)
    return low.expr(node)


def declare_pattern(low: Lowering, node: Node) -> tuple[Expr, list[Stmt]]:
    """The target for a declared name or pattern, and the assignments of its defaults."""
    if not node.child_count:
        return low.declare(node), []
    pattern = Pattern(low, low.declare)
    target = pattern.lower(node)
    return target, pattern.defaults


def assign_pattern(low: Lowering, node: Node) -> tuple[Expr, list[Stmt]]:
    """The target for the left side of an assignment, and the assignments of its defaults."""
    pattern = Pattern(low, low.expr)
    target = pattern.lower(node)
    return target, pattern.defaults
