"""Python source -> the questions of control flow, for tests: ``grow()`` grows, ``release()`` frees, ``safe()`` is safe."""

from __future__ import annotations

from textwrap import dedent

from leaklint import facts
from leaklint.analysis.flow.exits import Exits, released
from leaklint.analysis.flow.guards import Op, operations
from leaklint.analysis.flow.ways import Known
from leaklint.facts import Expr, FunctionFacts
from leaklint.frontend.python.extraction import extract


def function_of(source: str, name: str = "f") -> FunctionFacts:
    """The function ``name`` of a source text."""
    found = extract("program.py", dedent(source).encode())
    assert not found.problems, found.problems
    return next(function for function in found.functions if function.name == name)


def named(expr: Expr | None, *names: str) -> bool:
    return isinstance(expr, facts.Name) and expr.id in names


def calls(op: Op, name: str) -> bool:
    """Whether ``op`` calls ``name``, or ``something.name``."""
    if not (op.kind == "call" and isinstance(op.node, facts.Call)):
        return False
    func = op.node.func
    return func.name == name if isinstance(func, facts.Attr) else named(func, name)


def _present(test: Expr) -> bool:
    return isinstance(test, facts.Operation) and test.op == "in" and named(test.operands[0], "key")


def _type_name(expr: Expr) -> str:
    return expr.name if isinstance(expr, facts.Attr) else expr.id if isinstance(expr, facts.Name) else ""


def known(fresh: bool = True) -> Known:
    """What the names of the test programs mean. ``fresh``: each pass of a loop grows under another key."""
    return Known(
        is_release=lambda op: calls(op, "release"),
        cannot_leave=lambda call: named(call.func, "safe", "tick", "releasing"),
        catches_all=lambda kind: _type_name(kind) == "BaseException",
        catches_errors=lambda kind: _type_name(kind) == "Exception",
        catches_cancel=lambda kind: _type_name(kind) == "CancelledError",
        is_exit_release=lambda item: isinstance(item.value, facts.Call) and named(item.value.func, "releasing"),
        harmless_guard=_present,
        fresh=lambda loop: fresh,
    )


def exits(source: str, fresh: bool = True) -> Exits:
    """The exits of ``f`` in ``source`` that keep what its first ``grow()`` put in."""
    function = function_of(source)
    growth = next(op for op in operations(function) if calls(op, "grow"))
    return released(function, growth, known(fresh))
