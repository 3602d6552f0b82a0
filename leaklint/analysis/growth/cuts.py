"""What a value is a shorter version of: a slice or a selection, taken here or in a function that is called for it."""

from __future__ import annotations

from collections.abc import Iterator

from leaklint.analysis.growth.containers import is_slice
from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.program import Func
from leaklint.analysis.linking.walk import argument_of, every
from leaklint.facts import Attr, Await, Call, Comprehension, Expr, Index, Name

_DEEP = 3
"""How many variables and calls lie between a cut and its use."""


class Cuts:
    """Finds what is cut."""

    def __init__(self, graph: CallGraph) -> None:
        self._graph = graph

    def of(self, func: Func, value: Expr, depth: int = 0) -> Iterator[Expr]:
        """The expressions of ``func`` of which ``value`` is a part: ``x`` of ``x[-9:]``, and of ``last(x)`` that cuts it."""
        if isinstance(value, Await):
            value = value.value
        if depth > _DEEP:
            return
        if isinstance(value, Name):
            bound = func.own_bindings.get(value.id, ())
            for binding in bound:
                if binding.kind == "value" and not binding.op and binding.expr is not None:
                    yield from self.of(func, binding.expr, depth + 1)
        if isinstance(value, Call):
            yield from self._by_call(func, value, depth)
        yield from (found for one in every(value) if (found := cut(one)) is not None)

    def _by_call(self, func: Func, call: Call, depth: int) -> Iterator[Expr]:
        for callee in self._graph.callees(call):
            given = [op.node for op in callee.ops if op.kind == "return" and op.node is not None]
            cut = {e.id for value in given for e in self.of(callee, value, depth + 1) if isinstance(e, Name)}
            for number, param in enumerate(callee.facts.params):
                passed = argument_of(call, number, param.name) if param.name in cut else None
                if passed is not None:
                    yield passed


def cut(expr: Expr) -> Expr | None:
    """What a slice, a selection, or a call that makes one is taken from."""
    if isinstance(expr, Index) and is_slice(expr.key):
        return expr.base
    if isinstance(expr, Comprehension):
        return next((_over(c.over) for c in expr.clauses if c.conditions), None)
    if isinstance(expr, Call) and isinstance(expr.func, Attr) and expr.func.name in {"filter", "slice"}:
        return expr.func.base
    return None


def _over(expr: Expr) -> Expr:
    """What is iterated, under ``.items()``, ``list(...)`` and the like."""
    while isinstance(expr, Call):
        if isinstance(expr.func, Attr) and not expr.args:
            expr = expr.func.base
        elif expr.args:
            expr = expr.args[0].value
        else:
            break
    return expr
