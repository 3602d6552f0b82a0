"""Expressions that stand as statements: assignments, deletions, and conditions that guard a call."""

from __future__ import annotations

from tree_sitter import Node

from leaklint.facts import Assign, Branch, Call, Delete, Evaluate, Expr, Span, Stmt
from leaklint.frontend.typescript.commonjs import export_from_assignment, export_from_call, require_effect
from leaklint.frontend.typescript.expressions import ONE, operator
from leaklint.frontend.typescript.lowering import EFFECTS, Lowering
from leaklint.frontend.typescript.patterns import assign_pattern
from leaklint.frontend.typescript.prototypes import member_assignment, members_given


@EFFECTS("assignment_expression")
def assignment(low: Lowering, node: Node, span: Span, out: list[Stmt]) -> None:
    """``a = b = value`` is one assignment to two targets."""
    if member_assignment(low, node):
        return
    targets: list[Expr] = []
    defaults: list[Stmt] = []
    while True:
        children = node.children
        place, value = children[0], children[-1]
        target, more = assign_pattern(low, place)
        targets.append(target)
        defaults.extend(more)
        if value.kind_id != node.kind_id:
            break
        node = value
    lowered = low.value(value, place if place.type == "identifier" else None)
    out.append(Assign(tuple(targets), lowered, span))
    out.extend(defaults)
    if low.scope.index == 0:
        for target in targets:
            export_from_assignment(low, target, lowered)


@EFFECTS("augmented_assignment_expression")
def augmented(low: Lowering, node: Node, span: Span, out: list[Stmt]) -> None:
    children = node.children
    sign = low.word(node.child_by_field_name("operator") or children[1])
    out.append(Assign((low.expr(children[0]),), low.expr(children[-1]), span, op=operator(sign[:-1])))


@EFFECTS("update_expression")
def update(low: Lowering, node: Node, span: Span, out: list[Stmt]) -> None:
    op = "+" if any(child.type == "++" for child in node.children) else "-"
    out.append(Assign((low.only(node),), ONE, span, op=op))


@EFFECTS("unary_expression")
def unary(low: Lowering, node: Node, span: Span, out: list[Stmt]) -> None:
    children = node.children
    sign = children[0].type
    if sign == "delete":
        out.append(Delete((low.expr(children[-1]),), span))
    elif sign in {"void", "!"}:
        low.effect(children[-1], span, out)
    else:
        out.append(Evaluate(low.expr(node), span))


@EFFECTS("sequence_expression", "parenthesized_expression")
def sequence(low: Lowering, node: Node, span: Span, out: list[Stmt]) -> None:
    for child in node.children:
        if child.kind_id in low.expressions:
            low.effect(child, low.span(child) if node.type == "sequence_expression" else span, out)


@EFFECTS("binary_expression")
def guarded(low: Lowering, node: Node, span: Span, out: list[Stmt]) -> None:
    """``a && b()`` runs ``b`` if ``a``; ``a || b()`` if not."""
    children = node.children
    sign = next((child.type for child in children[1:-1] if not child.is_named), "")
    if sign not in {"&&", "||"}:
        out.append(Evaluate(low.expr(node), span))
        return
    test = low.expr(children[0])
    arm = _arm(low, children[-1], span)
    out.append(Branch(test, arm, (), span) if sign == "&&" else Branch(test, (), arm, span))


@EFFECTS("ternary_expression")
def ternary(low: Lowering, node: Node, span: Span, out: list[Stmt]) -> None:
    parts = [child for child in node.children if child.kind_id in low.expressions]
    if len(parts) != 3:
        out.append(Evaluate(low.expr(node), span))
        return
    test = low.expr(parts[0])
    out.append(Branch(test, _arm(low, parts[1], span), _arm(low, parts[2], span), span))


def _arm(low: Lowering, node: Node, span: Span) -> tuple[Stmt, ...]:
    out: list[Stmt] = []
    low.effect(node, span, out)
    return tuple(out)


@EFFECTS("call_expression")
def call(low: Lowering, node: Node, span: Span, out: list[Stmt]) -> None:
    imported = require_effect(low, node, span) if low.mentions_require else None
    if imported:
        out.append(imported)
        return
    if members_given(low, node):
        return
    value = low.expr(node)
    out.append(Evaluate(value, span))
    if low.scope.index == 0 and type(value) is Call:
        export_from_call(low, value)
