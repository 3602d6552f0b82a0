"""What an expression does to a container, or asks of it: adds, takes out, looks whether it is there, names keys."""

from __future__ import annotations

from leaklint.analysis.flow.guards import Op
from leaklint.analysis.growth.cuts import cut
from leaklint.analysis.linking.walk import dotted, every, expressions
from leaklint.facts import Assign, Attr, Await, Bind, Call, Const, Display, Expr, Index, Name, Operation, Star


def only_if_absent(op: Op, target: Index) -> bool:
    """``x[k] ??= v``: the entry is looked up first."""
    if isinstance(op.stmt, Assign) and any(t is target for t in op.stmt.targets):
        return op.stmt.op in {"??", "or"}
    bound = (e for x in expressions(op.stmt) for e in every(x) if isinstance(e, Bind) and e.target is target)
    return any(b.op in {"??", "or"} for b in bound)


def given(stmt: Assign, target: Expr) -> Expr | None:
    """What an assignment gives this target, also one of several that are unpacked side by side."""
    if target in stmt.targets:
        return stmt.value
    for whole in stmt.targets:
        if isinstance(whole, Display) and isinstance(stmt.value, Display) and len(whole.items) == len(stmt.value.items):
            return next((v for t, v in zip(whole.items, stmt.value.items, strict=True) if t == target), None)
    return None


def _strip(expr: Expr) -> Expr:
    return expr.value if isinstance(expr, (Await, Star)) else expr


def adds_to(value: Expr, target: Expr) -> bool:
    """``x + [...]``, ``[*x, y]``, ``{**x, k: v}``, ``x | {...}``, ``x.concat(...)``."""
    if isinstance(value, Operation) and value.op in {"+", "|"}:
        return any(_strip(o) == target for o in value.operands)
    if isinstance(value, Display):
        spread = [i for i in value.items if isinstance(i, Star) and i.value == target]
        return bool(spread) and len(value.items) > len(spread)
    return (
        isinstance(value, Call)
        and isinstance(value.func, Attr)
        and value.func.name == "concat"
        and value.func.base == target
    )


def takes_from(value: Expr, target: Expr) -> bool:
    """``x[-n:]``, ``[i for i in x if ...]``, ``x.filter(...)``, ``x.slice(...)``, ``x - y`` and calls around these."""
    return any(
        cut(one) == target or (isinstance(one, Operation) and one.op in {"-", "&"} and one.operands[:1] == (target,))
        for one in every(value)
    )


def keys_of_many(call: Call) -> Expr | None:
    """The keys of ``update(alive=True)`` and ``update({key: value})`` as one expression; None if they are not written there."""
    if call.args and all(a.name for a in call.args):
        return Const("str", call.args[0].name)
    first = call.args[0].value if len(call.args) == 1 else None
    if isinstance(first, Display) and first.kind == "dict" and first.keys and None not in first.keys:
        return Display("tuple", tuple(k for k in first.keys if k is not None))
    return None


def asks_for(test: Expr, target: Name | Attr | Index) -> bool:
    """A test whether the container is there at all: ``x is None``, ``not x``, ``hasattr(self, "x")``."""
    name = (
        target.name
        if isinstance(target, Attr)
        else target.id
        if isinstance(target, Name)
        else dotted(target.key).strip('"')
    )
    if isinstance(test, Operation) and test.op == "not":
        return asks_for(test.operands[0], target)
    if isinstance(test, Operation) and test.op in {"is", "==", "or", "in", "not in"}:
        return any(asks_for(o, target) for o in test.operands)
    if isinstance(test, Call):
        return any(isinstance(a.value, Const) and a.value.text == name for a in test.args)
    return test == target or (isinstance(test, Const) and test.text == name and bool(name))


def gives_properties(value: Expr) -> bool:
    """An object literal whose properties are all written down, so that the same ones are given each time."""
    return isinstance(value, Display) and value.kind == "dict" and all(isinstance(k, Const) for k in value.keys)


def names_properties(literal: Display) -> bool:
    """``{host: "::", port: 80}``: two properties or more, all with names that are written down."""
    return literal.kind == "dict" and len(literal.keys) > 1 and all(isinstance(k, Const) for k in literal.keys)


def spread_key(value: Expr) -> Expr | None:
    if isinstance(value, Display) and value.kind == "dict":
        keys = [k for k in value.keys if k is not None]
        return keys[0] if len(keys) == 1 and not isinstance(keys[0], Const) else None
    return None
