"""A list that only takes in becomes a ``deque`` that keeps the newest items."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from leaklint.findings import Edit, Finding, Mend
from leaklint.fixes.blocks import statement_at
from leaklint.fixes.imports import name_from
from leaklint.fixes.names import Path, is_path, uses
from leaklint.fixes.source import Source

_METHODS = frozenset({"append", "extend", "clear", "pop"})
"""Methods of a list that do the same to a deque from which the oldest items are gone."""

_READERS = frozenset(
    {
        "len",
        "list",
        "tuple",
        "set",
        "sorted",
        "reversed",
        "enumerate",
        "sum",
        "min",
        "max",
        "any",
        "all",
        "iter",
        "bool",
    }
)
"""Functions that take any sequence."""


def ring_buffer(source: Source, finding: Finding, size: int) -> Mend | None:
    """Makes the list of ``finding`` a ``deque`` of at most ``size`` items; None where it is used as only a list can be.

    It is not safe: the older items are gone.
    """
    grown = _grown(source, finding)
    made = [made for use in uses(source, grown) for made in [_made(source, use)] if made] if grown else []
    if grown is None or len(made) != 1 or not all(_is_for_any_sequence(source, use) for use in uses(source, grown)):
        return None
    deque = name_from(source, "collections", "deque")
    if deque is None:
        return None
    edits = (*_edits(source, made[0], deque.written, size), *deque.edits)
    title = f"Keep only the newest {size} items of `{finding.container}`"
    return Mend(title=title, safe=False, edits=edits)


def _grown(source: Source, finding: Finding) -> Path | None:
    """The list that the statement of ``finding`` appends to."""
    line = statement_at(source, finding.primary) if finding.rule in {"LEAK002", "LEAK004"} else None
    match line and line.body[0]:
        case cst.Expr(value=cst.Call(func=cst.Attribute(value=holder, attr=cst.Name(value="append" | "extend")))):
            return holder if isinstance(holder, (cst.Name, cst.Attribute)) and is_path(holder) else None
    return None


def _made(source: Source, use: Path) -> cst.Assign | cst.AnnAssign | None:
    """The assignment of a new, empty list to ``use``."""
    above = source.parent(use)
    statement = source.parent(above) if isinstance(above, cst.AssignTarget) else above
    if isinstance(statement, cst.Assign) and len(statement.targets) == 1 and _is_empty(statement.value):
        return statement
    if isinstance(statement, cst.AnnAssign) and statement.target is use and _is_empty(statement.value):
        return statement if _list_named(statement.annotation.annotation) else None
    return None


def _is_empty(value: cst.BaseExpression | None) -> bool:
    match value:
        case cst.List(elements=[]):
            return True
        case cst.Call(func=cst.Name(value="list"), args=[]):
            return True
    return False


def _list_named(annotation: cst.BaseExpression) -> cst.Name | None:
    match annotation:
        case cst.Name(value="list") | cst.Subscript(value=cst.Name(value="list")):
            return annotation if isinstance(annotation, cst.Name) else annotation.value  # type: ignore[return-value]
    return None


def _edits(source: Source, made: cst.Assign | cst.AnnAssign, deque: str, size: int) -> Iterator[Edit]:
    assert made.value is not None
    yield source.replace(made.value, f"{deque}(maxlen={size})")
    named = _list_named(made.annotation.annotation) if isinstance(made, cst.AnnAssign) else None
    if named is not None:
        yield source.replace(named, deque)


# -- what is done with it --------------------------------------------------------------------------------------


def _is_for_any_sequence(source: Source, use: Path) -> bool:
    """Whether what stands around ``use`` does the same to a deque as to a list."""
    parent = source.parent(use)
    match parent:
        case cst.AssignTarget() | cst.AnnAssign():
            return _made(source, use) is not None
        case cst.For(iter=over, target=target) | cst.CompFor(iter=over, target=target):
            return over is use and not _is_called(source, parent, target)
        case cst.NameItem() | cst.If() | cst.While() | cst.UnaryOperation(operator=cst.Not()):
            return True
        case cst.Attribute(attr=cst.Name(value=method)):
            call = source.parent(parent)
            return isinstance(call, cst.Call) and call.func is parent and _is_shared(method, call)
        case cst.Arg(star=""):
            call = source.parent(parent)
            return isinstance(call, cst.Call) and _takes_any(call)
        case cst.StarredElement():
            return True
        case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=index))]):
            return _is_from_the_end(index)
    return False


def _is_called(source: Source, loop: cst.CSTNode, target: cst.BaseExpression) -> bool:
    """Whether a method of each item is called: then they are things that live, a socket or a task, and no data."""
    whole = source.parent(loop) if isinstance(loop, cst.CompFor) else loop
    return any(
        isinstance(call.func, cst.Attribute) and source.code(call.func.value) == source.code(target)
        for call in source.inside(whole or loop, cst.Call)
    )


def _is_shared(method: str, call: cst.Call) -> bool:
    """``pop(n)`` is of a list alone."""
    return method in _METHODS and (method != "pop" or not call.args)


def _takes_any(call: cst.Call) -> bool:
    match call.func:
        case cst.Name(value=name):
            return name in _READERS
        case cst.Attribute(value=cst.SimpleString(), attr=cst.Name(value="join")):
            return True
    return False


def _is_from_the_end(index: cst.BaseExpression) -> bool:
    """``[-1]``; which item is the first one changes."""
    match index:
        case cst.UnaryOperation(operator=cst.Minus(), expression=cst.Integer()):
            return True
    return False
