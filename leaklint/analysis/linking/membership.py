"""Tests whether something is in a container, however a language writes them."""

from __future__ import annotations

from typing import NamedTuple

from leaklint.analysis.linking.program import Func
from leaklint.catalog.models import Models
from leaklint.facts import Attr, Call, Expr, Lambda, Name, Operation, Return


class Membership(NamedTuple):
    """``item in container``; ``negated``: the test is true where it is not there."""

    item: Expr
    container: Expr
    negated: bool = False


def membership(models: Models, test: Expr) -> Membership | None:
    """What ``test`` asks for, if it is an ``in`` or a call of a method that the models list as a test of membership."""
    if isinstance(test, Operation) and test.op in {"in", "not in"} and len(test.operands) == 2:
        return Membership(test.operands[0], test.operands[1], test.op == "not in")
    if isinstance(test, Call) and isinstance(test.func, Attr) and len(test.args) == 1:
        if models.is_a("membership", f"*.{test.func.name}"):
            return Membership(test.args[0].value, test.func.base)
    return None


def shared_by(models: Models, func: Func, test: Expr) -> Membership | None:
    """What ``test`` looks for in an attribute of the elements: ``items.some((one) => one.name === wanted)``."""
    if not isinstance(test, Call) or not isinstance(test.func, Attr) or len(test.args) != 1:
        return None
    asks = test.args[0].value
    if not isinstance(asks, Lambda) or not models.is_a("membership_by", f"*.{test.func.name}"):
        return None
    facts = func.file.functions[asks.function].facts
    last = facts.body[-1] if facts.body else None
    compared = last.value if isinstance(last, Return) else None
    if not isinstance(compared, Operation) or compared.op != "==" or not facts.params:
        return None
    element = Name(facts.params[0].name)
    wanted = [o for o in compared.operands if not (isinstance(o, Attr) and o.base == element)]
    return Membership(wanted[0], test.func.base) if len(wanted) == 1 else None
