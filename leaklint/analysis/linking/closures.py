"""Functions that give back functions defined in them: what those use lives on after the call, as the fields of an object do."""

from __future__ import annotations

from leaklint.analysis.linking.program import Func
from leaklint.facts import Bind, Call, ClassValue, Display, Expr, Lambda, Name, Operation, Star

_FAR = 4
"""How many variables the way from a returned value to a function may lead through."""


def gives_closures(func: Func) -> bool:
    """Whether a value that ``func`` returns is, or holds, a function or class defined in it."""
    return any(op.kind == "return" and _holds(func, op.node, 0) for op in func.ops)


def _holds(func: Func, expr: Expr | None, depth: int) -> bool:
    if expr is None or depth > _FAR:
        return False
    if isinstance(expr, (Lambda, ClassValue)):
        return True
    if isinstance(expr, Name):
        return _is_bound_to_one(func, expr.id, depth)
    if isinstance(expr, Display):
        return any(_holds(func, item, depth + 1) for item in expr.items)
    if isinstance(expr, (Bind, Star)):
        return _holds(func, expr.value, depth)
    if isinstance(expr, Operation):
        return expr.op in {"or", "and", "??", "if"} and any(_holds(func, o, depth) for o in expr.operands)
    if isinstance(expr, Call) and expr.new:
        given = [a.value for a in expr.args]
        return any(isinstance(g, Display) and _holds(func, g, depth + 1) for g in given)
    return False


def _is_bound_to_one(func: Func, name: str, depth: int) -> bool:
    if func.owner_of(name) is not func:
        return False
    for scope, binding in func.file.bindings.get((func.index, name), []):
        if binding.kind in {"define", "class"}:
            return True
        if scope is func and binding.kind == "value" and _holds(func, binding.expr, depth + 1):
            return True
    return False
