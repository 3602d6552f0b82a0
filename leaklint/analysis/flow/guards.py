"""Control flow read off places: which tests and loops enclose a place, and what always runs before it.

There is no graph. A :data:`Position` is the way to a statement through the blocks of a function; two positions tell by
their common beginning what encloses both. What happens *after* a growth on every way out is ``exits.released``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from leaklint import facts
from leaklint.analysis.flow.operations import Op, Position, arms, operations
from leaklint.facts import Block, Expr, FunctionFacts, Stmt

__all__ = [
    "Guard",
    "Op",
    "Position",
    "always_before",
    "always_leaves",
    "block_after",
    "conjuncts",
    "dominates",
    "enclosing",
    "guards",
    "loops",
    "operations",
    "statement_at",
]


class Guard(NamedTuple):
    """A test that decided on the way to a place.

    ``taken``: the test was true. ``passed``: the test does not enclose the place; its other outcome leaves the block
    (``if test: return`` before it gives ``taken`` false), or it is an assertion.
    """

    test: Expr
    taken: bool
    passed: bool = False


class Step(NamedTuple):
    """One level on the way to a place: the block, the place of the statement in it, and the arm that is entered."""

    block: Block
    at: int
    arm: str

    @property
    def stmt(self) -> Stmt:
        return self.block[self.at]


def steps(function: FunctionFacts, position: Position) -> list[Step]:
    """The levels from the function's body (first) to the statement at ``position`` (last)."""
    block, found = function.body, []
    for index, arm in position:
        found.append(Step(block, index, arm))
        block = dict(arms(block[index])).get(arm, ())
    return found


def statement_at(function: FunctionFacts, position: Position) -> Stmt:
    """The statement at ``position``."""
    return steps(function, position)[-1].stmt


def block_after(function: FunctionFacts, position: Position) -> Block:
    """The statements that follow the one at ``position`` in the same block."""
    last = steps(function, position)[-1]
    return last.block[last.at + 1 :]


def enclosing(function: FunctionFacts, position: Position) -> list[tuple[Stmt, str]]:
    """The compound statements around ``position``, outermost first, each with the arm that holds it."""
    return [(step.stmt, step.arm) for step in steps(function, position)[:-1]]


def loops(function: FunctionFacts, position: Position) -> list[facts.Loop]:
    """The loops whose body holds ``position``, outermost first."""
    around = enclosing(function, position)
    return [stmt for stmt, arm in around if isinstance(stmt, facts.Loop) and arm == "body"]


def guards(function: FunctionFacts, position: Position) -> list[Guard]:
    """The tests that decided on the way to ``position``, in the order in which they are made."""
    found: list[Guard] = []
    for step in steps(function, position):
        found.extend(_passed(step.block[: step.at]))
        found.extend(_entered(step))
    return found


def conjuncts(test: Expr, taken: bool) -> list[tuple[Expr, bool]]:
    """The single tests that have one outcome each when ``test`` came out as ``taken``."""
    if isinstance(test, facts.Operation) and test.op == "not":
        return conjuncts(test.operands[0], not taken)
    if isinstance(test, facts.Operation) and test.op == ("and" if taken else "or"):
        return [c for o in test.operands for c in conjuncts(o, taken)]
    return [(test, taken)]


def _entered(step: Step) -> list[Guard]:
    """The test of the statement whose arm is entered."""
    stmt = step.stmt
    if isinstance(stmt, facts.Branch) and step.arm:
        return [Guard(stmt.test, step.arm == "body")]
    if isinstance(stmt, facts.Loop) and stmt.kind == "while" and step.arm == "body":
        return [Guard(stmt.over, True)]
    return []


def _passed(block: Block) -> Iterator[Guard]:
    """The tests whose outcome is known where ``block`` was run to its end."""
    for stmt in block:
        if isinstance(stmt, facts.Assert):
            yield Guard(stmt.test, True, passed=True)
        elif isinstance(stmt, facts.With):
            yield from _passed(stmt.body)
        elif isinstance(stmt, facts.Branch):
            yield from _passed_branch(stmt)


def _passed_branch(stmt: facts.Branch) -> Iterator[Guard]:
    if always_leaves(stmt.body):
        yield Guard(stmt.test, False, passed=True)
        yield from _passed(stmt.orelse)
    elif always_leaves(stmt.orelse):
        yield Guard(stmt.test, True, passed=True)
        yield from _passed(stmt.body)


def always_leaves(block: Block) -> bool:
    """Whether control never reaches the end of ``block``, as far as its last statement tells."""
    if not block:
        return False
    last = block[-1]
    if isinstance(last, facts.Branch):
        return always_leaves(last.body) and always_leaves(last.orelse)
    if isinstance(last, facts.With):
        return always_leaves(last.body)
    return isinstance(last, (facts.Return, facts.Raise, facts.Jump))


def dominates(first: Position, later: Position) -> bool:
    """Whether the statement at ``first`` always runs before the one at ``later`` does.

    It stands earlier in the same block or in an enclosing one (perhaps in a With or a ``finally`` there), or its own inner blocks
    hold ``later``. A position does not dominate itself.
    """
    for depth, (index, arm) in enumerate(first):
        if depth >= len(later):
            return False
        if index != later[depth][0]:
            return index < later[depth][0] and all(inner in ("", "with", "final") for _, inner in first[depth:])
        if arm != later[depth][1]:
            return arm == ""
    return False


def always_before(first: Op, later: Op) -> bool:
    """Whether ``first`` always runs before ``later`` does: :func:`dominates`, down to one statement."""
    if first.conditional:
        return False
    if first.position == later.position:
        return first.order < later.order
    return dominates(first.position, later.position)
