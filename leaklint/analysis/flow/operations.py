"""What a function does, one operation after the other: calls, stores, awaits, returns and the like, with their places.

Nested functions, lambdas and class bodies are other functions and are not entered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from leaklint import facts
from leaklint.facts import Expr, FunctionFacts, Span, Stmt

Position = tuple[tuple[int, str], ...]
"""Where a statement stands: (index in its block, arm) from the outermost block inwards.

The arm says into which part of a compound statement the next pair leads: ``body``, ``orelse``, ``final``, ``handler0`` ...,
or ``with`` for the body of a With. The last pair has the arm ``""``: the statement itself.
"""


_SHORT_CIRCUIT = frozenset({"and", "or", "??", "if"})
"""Operators that always evaluate their first operand and not always the others."""


class Op(msgspec.Struct, frozen=True, gc=False, eq=False):
    """One operation of a function.

    ``kind`` is call, assign, delete, await, yield, return, raise, jump, assert, enter (a with item), iterate (a step of
    a loop, comprehension or unpacking), load (of a subscript) or define. ``node`` is the expression: the Call, the
    target, the context, what is iterated; None where there is none. ``order`` counts from 0 in the statement's own
    operations. ``conditional``: may be skipped though its statement runs (``a and f()``, a comprehension's element).
    Operations are equal if they are the same one of one function.
    """

    position: Position
    kind: str
    node: Expr | None
    stmt: Stmt
    order: int
    conditional: bool = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Op) and self.order == other.order and self.position == other.position

    def __hash__(self) -> int:
        return hash((self.position, self.order))

    @property
    def span(self) -> Span:
        """The place of the call (also of an awaited one), else of the whole statement."""
        node = self.node.value if isinstance(self.node, facts.Await) else self.node
        return node.span if isinstance(node, facts.Call) else self.stmt.span


def operations(function: FunctionFacts) -> tuple[Op, ...]:
    """All operations of ``function`` in the order in which its text evaluates them."""
    walk = _Walk()
    walk.block(function.body, ())
    return tuple(walk.found)


def own_operations(stmt: Stmt, position: Position) -> list[Op]:
    """The operations of one statement without its inner blocks (of a loop or branch: the test)."""
    walk = _Walk()
    walk.head(stmt, position)
    return walk.found


def arms(stmt: Stmt) -> tuple[tuple[str, facts.Block], ...]:
    """The inner blocks of a statement, by arm, in the order of the text."""
    kind = type(stmt)
    if kind is facts.Branch or kind is facts.Loop:
        return (("body", stmt.body), ("orelse", stmt.orelse))  # type: ignore[union-attr]
    if kind is facts.With:
        return (("with", stmt.body),)  # type: ignore[union-attr]
    if kind is facts.Try:
        return _try_arms(stmt)  # type: ignore[arg-type]
    return ()


def _try_arms(stmt: facts.Try) -> tuple[tuple[str, facts.Block], ...]:
    handlers = [(f"handler{number}", handler.body) for number, handler in enumerate(stmt.handlers)]
    return (("body", stmt.body), *handlers, ("orelse", stmt.orelse), ("final", stmt.final))


class _Walk:
    """Collects operations. ``found`` grows; the rest describes the statement under way."""

    def __init__(self) -> None:
        self.found: list[Op] = []
        self.position: Position = ()
        self.stmt: Stmt = facts.Evaluate(facts.Opaque(), facts.NOWHERE)
        self.first = 0
        self.conditional = False

    def block(self, block: facts.Block, outer: Position) -> None:
        for index, stmt in enumerate(block):
            self.head(stmt, (*outer, (index, "")))
            for arm, inner in arms(stmt):
                if inner:
                    self.block(inner, (*outer, (index, arm)))

    def head(self, stmt: Stmt, position: Position) -> None:
        lower = _HEADS.get(type(stmt))
        if lower:
            self.position, self.stmt, self.first = position, stmt, len(self.found)
            lower(self, stmt)

    def emit(self, kind: str, node: Expr | None) -> None:
        found = self.found
        found.append(Op(self.position, kind, node, self.stmt, len(found) - self.first, self.conditional))

    def expr(self, expr: Expr | None) -> None:
        lower = _EXPRS.get(type(expr))
        if lower:
            lower(self, expr)

    def maybe(self, *exprs: Expr | None) -> None:
        """Expressions that may be skipped."""
        outer, self.conditional = self.conditional, True
        for expr in exprs:
            self.expr(expr)
        self.conditional = outer

    def store(self, target: Expr, kind: str = "assign") -> None:
        """The operations of storing to (or deleting) a target; one store for each leaf of an unpacking."""
        if isinstance(target, facts.Display):
            for item in target.items:
                self.store(item, kind)
        elif isinstance(target, facts.Star):
            self.store(target.value, kind)
        else:
            self.place(target)
            self.emit(kind, target)

    def place(self, target: Expr) -> None:
        """What is evaluated to find the place of a target."""
        if isinstance(target, facts.Attr):
            self.expr(target.base)
        elif isinstance(target, facts.Index):
            self.expr(target.base)
            self.expr(target.key)


# --------------------------------------------------------------------------------------------------------------
# Statements


def _assign(walk: _Walk, stmt: facts.Assign) -> None:
    if stmt.op:
        _augment(walk, stmt)
    elif stmt.value is not None:
        walk.expr(stmt.value)
        for target in stmt.targets:
            if isinstance(target, facts.Display) and not isinstance(stmt.value, facts.Display):
                walk.emit("iterate", stmt.value)
            walk.store(target)


def _augment(walk: _Walk, stmt: facts.Assign | facts.Bind) -> None:
    """``target op= value``: the target is read, and with a short-circuit operator perhaps not written."""
    targets = stmt.targets if isinstance(stmt, facts.Assign) else (stmt.target,)
    for target in targets:
        walk.expr(target)
    outer = walk.conditional
    walk.conditional = outer or stmt.op in _SHORT_CIRCUIT
    walk.expr(stmt.value)
    for target in targets:
        walk.emit("assign", target)
    walk.conditional = outer


def _evaluate(walk: _Walk, stmt: facts.Evaluate) -> None:
    walk.expr(stmt.value)


def _delete(walk: _Walk, stmt: facts.Delete) -> None:
    for target in stmt.targets:
        walk.store(target, "delete")


def _return(walk: _Walk, stmt: facts.Return) -> None:
    walk.expr(stmt.value)
    walk.emit("return", stmt.value)


def _raise(walk: _Walk, stmt: facts.Raise) -> None:
    walk.expr(stmt.value)
    walk.emit("raise", stmt.value)


def _assert(walk: _Walk, stmt: facts.Assert) -> None:
    walk.expr(stmt.test)
    walk.emit("assert", stmt.test)


def _jump(walk: _Walk, stmt: facts.Jump) -> None:
    walk.emit("jump", None)


def _branch(walk: _Walk, stmt: facts.Branch) -> None:
    walk.expr(stmt.test)


def _loop(walk: _Walk, stmt: facts.Loop) -> None:
    walk.expr(stmt.over)
    if stmt.kind == "for":
        walk.emit("iterate", stmt.over)
    if stmt.target is not None:
        walk.conditional = True
        walk.store(stmt.target)
        walk.conditional = False


def _with(walk: _Walk, stmt: facts.With) -> None:
    for item in stmt.items:
        walk.expr(item.value)
        walk.emit("enter", item.value)
        if item.target is not None:
            walk.store(item.target)


def _define(walk: _Walk, stmt: facts.Define | facts.DefineClass) -> None:
    walk.emit("define", None)


# --------------------------------------------------------------------------------------------------------------
# Expressions (names, constants, lambdas and the like do nothing and stand in no table)


def _attr(walk: _Walk, expr: facts.Attr) -> None:
    walk.expr(expr.base)


def _index(walk: _Walk, expr: facts.Index) -> None:
    walk.expr(expr.base)
    walk.expr(expr.key)
    walk.emit("load", expr)


def _call(walk: _Walk, expr: facts.Call) -> None:
    walk.expr(expr.func)
    for arg in expr.args:
        walk.expr(arg.value)
    walk.emit("call", expr)


def _display(walk: _Walk, expr: facts.Display) -> None:
    for number, item in enumerate(expr.items):
        if expr.keys:
            walk.expr(expr.keys[number])
        walk.expr(item)


def _operation(walk: _Walk, expr: facts.Operation) -> None:
    spine = [expr]  # ``a + b + c ...`` nests to the left as deep as it is long: no recursion there
    while spine[-1].operands and isinstance(spine[-1].operands[0], facts.Operation):
        spine.append(spine[-1].operands[0])
    walk.expr(spine[-1].operands[0] if spine[-1].operands else None)
    for part in reversed(spine):
        if part.op in _SHORT_CIRCUIT:
            walk.maybe(*part.operands[1:])
        elif part.op != "match":  # a pattern is no expression: what looks like a call in it is none
            for operand in part.operands[1:]:
                walk.expr(operand)


def _await(walk: _Walk, expr: facts.Await) -> None:
    walk.expr(expr.value)
    walk.emit("await", expr)


def _yield(walk: _Walk, expr: facts.Yield) -> None:
    walk.expr(expr.value)
    walk.emit("yield", expr)


def _star(walk: _Walk, expr: facts.Star) -> None:
    walk.expr(expr.value)
    walk.emit("iterate", expr.value)


def _comprehension(walk: _Walk, expr: facts.Comprehension) -> None:
    outer = walk.conditional
    for clause in expr.clauses:
        walk.expr(clause.over)
        walk.emit("iterate", clause.over)
        walk.conditional = True
        walk.store(clause.target)
        for condition in clause.conditions:
            walk.expr(condition)
    walk.maybe(*expr.elements)
    walk.conditional = outer


def _bind(walk: _Walk, expr: facts.Bind) -> None:
    if expr.op:
        _augment(walk, expr)
    else:
        walk.expr(expr.value)
        walk.store(expr.target)


_HEADS: dict[type, Callable[[_Walk, Any], None]] = {
    facts.Assign: _assign,
    facts.Evaluate: _evaluate,
    facts.Delete: _delete,
    facts.Return: _return,
    facts.Raise: _raise,
    facts.Assert: _assert,
    facts.Jump: _jump,
    facts.Branch: _branch,
    facts.Loop: _loop,
    facts.With: _with,
    facts.Define: _define,
    facts.DefineClass: _define,
}

_EXPRS: dict[type, Callable[[_Walk, Any], None]] = {
    facts.Attr: _attr,
    facts.Index: _index,
    facts.Call: _call,
    facts.Display: _display,
    facts.Operation: _operation,
    facts.Await: _await,
    facts.Yield: _yield,
    facts.Star: _star,
    facts.Comprehension: _comprehension,
    facts.Bind: _bind,
}
