"""Tests whether something is in a container, however a language writes them."""

from __future__ import annotations

from typing import NamedTuple

from leaklint.catalog.models import Models
from leaklint.facts import Attr, Call, Expr, Operation


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
