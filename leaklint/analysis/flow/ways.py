"""At which operations can control leave a block, on which ways, and which handler stops it?

Control can leave at a call, an await, a yield, a raise, a return, a break or continue, an assertion, the entry of a
``with``, the load or deletion of a subscript, and a step of an iteration. It cannot at names, constants, attributes, and
calls that are known not to raise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from leaklint import facts
from leaklint.analysis.flow.operations import Op
from leaklint.facts import Expr


def _never(_: object) -> bool:
    return False


def _always(_: object) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the caller knows of names; this module knows only syntax.

    ``is_release``: the operation frees the entry. ``may_fail``: it does not, if it raises. ``cannot_leave``: the call does not raise.
    ``catches_all`` / ``catches_errors`` / ``catches_cancel``: the type in a handler catches every exception, every one
    but cancellation, every cancellation. ``is_exit_release``: leaving the ``with`` over this item frees the entry.
    ``harmless_guard``: the test is true whenever the entry is there (``key in container``). ``finds``: the operation
    looks for the entry, and does not raise because it is there.
    ``fresh``: each pass of this loop around the growth grows under another key, so that a later release frees only the
    last one. ``cannot_enter``: entering the ``with`` over this expression does not raise (a lock). ``subscripts_raise``: the load of an absent subscript raises (false in JavaScript). ``cancellation``: what is
    under way may be ended by an exception (false in JavaScript: no await is cancelled, and no handler sees the end of a
    generator).
    """

    is_release: Callable[[Op], bool]
    may_fail: Callable[[Op], bool] = _never
    cannot_leave: Callable[[facts.Call], bool] = _never
    catches_all: Callable[[Expr], bool] = _never
    catches_errors: Callable[[Expr], bool] = _never
    catches_cancel: Callable[[Expr], bool] = _never
    is_exit_release: Callable[[facts.WithItem], bool] = _never
    harmless_guard: Callable[[Expr], bool] = _never
    finds: Callable[[Op], bool] = _never
    fresh: Callable[[facts.Loop], bool] = _always
    subscripts_raise: bool = True
    cannot_enter: Callable[[Expr], bool] = _never
    cancellation: bool = True


class Way(Enum):
    """How control leaves a block.

    ERROR is an ordinary exception, CANCEL the cancellation of an await, CLOSE the end of a generator at its yield; NEXT
    runs on behind the block. PASS is the next pass of a loop that grows anew, END the end of the function.
    """

    NEXT = "next"
    RETURN = "return"
    ERROR = "error"
    CANCEL = "cancel"
    CLOSE = "close"
    BREAK = "break"
    CONTINUE = "continue"
    PASS = "pass"
    END = "end"

    __hash__ = object.__hash__  # a key of many small dicts: the one of Enum is slow


class Path(NamedTuple):
    """A way out on which the entry is held.

    ``op`` is where control leaves (None where it runs on). ``cause`` is the operation whose exception was caught before.
    ``narrowed``: handlers have caught some types of the exception.
    """

    way: Way
    op: Op | None = None
    cause: Op | None = None
    narrowed: bool = False


Paths = tuple[Path, ...]
Outcome = dict[Way, Paths]
"""The paths on which something is left with the entry held, by way. A way that is missing is not taken."""

EXCEPTIONS = (Way.ERROR, Way.CANCEL, Way.CLOSE)


def raises(op: Op, known: Known) -> tuple[Way, ...]:
    """The exceptions with which control may leave at ``op`` (no return, raise or jump)."""
    if op.kind == "enter" and op.node is not None and known.cannot_enter(op.node):
        return ()
    if op.kind in ("call", "load") and known.finds(op):
        return ()
    if op.kind == "call" and isinstance(op.node, facts.Call):
        return () if known.cannot_leave(op.node) else (Way.ERROR,)
    if op.kind == "await" or (op.kind in ("iterate", "enter") and getattr(op.stmt, "is_async", False)):
        return (Way.ERROR, Way.CANCEL) if known.cancellation else (Way.ERROR,)
    if op.kind == "yield":
        return EXCEPTIONS if known.cancellation else (Way.ERROR, Way.CLOSE)
    if op.kind == "load" or (op.kind == "delete" and isinstance(op.node, facts.Index)):
        return (Way.ERROR,) if known.subscripts_raise else ()
    if op.kind == "iterate":
        return () if isinstance(op.node, facts.Display) else (Way.ERROR,)
    return (Way.ERROR,) if op.kind in ("assert", "enter") else ()


def raised_by(value: Expr, known: Known) -> Way:
    """The way of ``raise value``, where that is a type or makes an exception of one."""
    kind = value.func if isinstance(value, facts.Call) else value
    return Way.CANCEL if known.catches_all(kind) or known.catches_cancel(kind) else Way.ERROR


def catches(handler: facts.Handler, known: Known) -> tuple[set[Way], set[Way]]:
    """What a handler catches for sure, and what perhaps."""
    everything = EXCEPTIONS if known.cancellation else (Way.ERROR,)
    sure: set[Way] = set() if handler.types else set(everything)
    possible = set(sure)
    for kind in handler.types:
        ways = _caught_by(kind, known)
        sure.update(ways)
        possible.update(ways or everything)
    return sure, possible


def _caught_by(kind: Expr, known: Known) -> tuple[Way, ...]:
    if known.catches_all(kind):
        return EXCEPTIONS
    if known.catches_errors(kind):
        return (Way.ERROR,)
    return (Way.CANCEL,) if known.catches_cancel(kind) else ()


def without(raised: Outcome, sure: set[Way], possible: set[Way]) -> Outcome:
    """What is left of the exceptions behind a handler that catches ``sure`` and perhaps ``possible``."""
    left = {way: paths for way, paths in raised.items() if way not in sure}
    return {
        way: tuple(path._replace(narrowed=True) for path in paths) if way in possible else paths
        for way, paths in left.items()
    }
