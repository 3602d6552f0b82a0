"""``switch`` as a chain of branches, and its ``break`` as the ordinary end of an arm."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
from tree_sitter import Node

from leaklint.facts import Block, Branch, Expr, Jump, Operation, Raise, Return, Span, Stmt, Try, With
from leaklint.frontend.typescript.lowering import OPAQUE, STATEMENTS, Lowering

LEAVE = "leave switch"
"""The kind of jump that leaves a switch. It stands in no finished facts: :func:`without_leaves` takes it out."""


class Arm(NamedTuple):
    """The tests that lead to one list of statements; ``otherwise``: so does everything that no test takes."""

    tests: tuple[Expr, ...]
    otherwise: bool
    body: Block
    span: Span


@STATEMENTS("switch_statement")
def switch_statement(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """Cases without statements share the arm of the next one; a fall out of other arms is not followed."""
    value, body = node.child_by_field_name("value"), node.child_by_field_name("body")
    subject = low.expr(value) if value else OPAQUE
    outer, low.scope.in_switch = low.scope.in_switch, True
    arms = _arms(low, subject, body.named_children if body else [])
    low.scope.in_switch = outer
    chain: Block = next((arm.body for arm in arms if arm.otherwise), ())
    for arm in reversed(arms):
        if not arm.otherwise:
            test = arm.tests[0] if len(arm.tests) == 1 else Operation("or", arm.tests)
            chain = (Branch(test, arm.body, chain, arm.span),)
    out.extend(chain)


def _arms(low: Lowering, subject: Expr, cases: list[Node]) -> list[Arm]:
    arms: list[Arm] = []
    tests: list[Expr] = []
    otherwise = False
    for case in cases:
        if case.type == "switch_default":
            otherwise = True
        elif case.type == "switch_case":
            value = case.child_by_field_name("value")
            tests.append(Operation("==", (subject, low.expr(value) if value else OPAQUE)))
        statements = case.children_by_field_name("body")
        if statements:
            arms.append(Arm(tuple(tests), otherwise, without_leaves(low.block(statements)), low.span(case)))
            tests, otherwise = [], False
    return arms


def without_leaves(block: Block) -> Block:
    """``block`` without jumps out of the switch: what such a jump skips moves to the other arm of its branch."""
    for index, stmt in enumerate(block):
        if isinstance(stmt, Jump) and stmt.kind == LEAVE:
            return block[:index]
        if isinstance(stmt, Branch) and (_ends(stmt.body) or _ends(stmt.orelse)) and _leaves(stmt):
            return (*block[:index], _with_rest(stmt, block[index + 1 :]))
        if isinstance(stmt, Branch | Try | With) and _leaves(stmt):
            block = (*block[:index], _inside(stmt), *block[index + 1 :])
    return block


def _with_rest(branch: Branch, rest: Block) -> Branch:
    """``if a { leave } rest`` is ``if a {} else { rest }``."""
    body = branch.body if _ends(branch.body) else branch.body + rest
    orelse = branch.orelse if _ends(branch.orelse) else branch.orelse + rest
    return msgspec.structs.replace(branch, body=without_leaves(body), orelse=without_leaves(orelse))


def _inside(stmt: Branch | Try | With) -> Stmt:
    if isinstance(stmt, Branch):
        return msgspec.structs.replace(stmt, body=without_leaves(stmt.body), orelse=without_leaves(stmt.orelse))
    if isinstance(stmt, With):
        return msgspec.structs.replace(stmt, body=without_leaves(stmt.body))
    handlers = tuple(msgspec.structs.replace(h, body=without_leaves(h.body)) for h in stmt.handlers)
    body, final = without_leaves(stmt.body), without_leaves(stmt.final)
    return msgspec.structs.replace(stmt, body=body, handlers=handlers, final=final)


def _ends(block: Block) -> bool:
    return bool(block) and isinstance(block[-1], Jump | Return | Raise)


def _leaves(stmt: Stmt) -> bool:
    """Whether a jump out of the switch stands anywhere in ``stmt``."""
    if isinstance(stmt, Jump):
        return stmt.kind == LEAVE
    if isinstance(stmt, Branch):
        inner: Block = stmt.body + stmt.orelse
    elif isinstance(stmt, Try):
        inner = stmt.body + stmt.final + tuple(s for handler in stmt.handlers for s in handler.body)
    elif isinstance(stmt, With):
        inner = stmt.body
    else:
        return False
    return any(map(_leaves, inner))
