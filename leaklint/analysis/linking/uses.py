"""The ways a function comes to run, and those of functions that are handed over as arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from leaklint.analysis.linking.program import Func
from leaklint.catalog.schema import Deferred, Entry, Spawn
from leaklint.facts import Arg, Attr, Call, Const, Expr, Name, Return, Stmt

Kind = Literal["call", "maybe", "construct", "spawn", "deferred", "entry", "mention"]


class Use(NamedTuple):
    """One way a function comes to run.

    ``call``/``stmt``: where in ``caller``. ``maybe``: a call by method name on an unknown receiver. ``mention``: the
    function is handed to something no model describes. ``entry``, ``spawn``, ``deferred``: by that row of a model.
    """

    kind: Kind
    caller: Func
    call: Call | None = None
    stmt: Stmt | None = None
    entry: Entry | None = None
    spawn: Spawn | None = None
    deferred: Deferred | None = None

    @property
    def passes(self) -> Call | None:
        """The call whose arguments are those of the function."""
        return self.call if self.kind in {"call", "maybe", "construct"} else None

    @property
    def is_start(self) -> bool:
        """Whether it runs by itself, whoever registered it."""
        return self.entry is not None or (self.spawn is not None and self.spawn.scope == "tick")


class Slot(NamedTuple):
    """A parameter by its number, or the property ``name`` of what is passed for it."""

    func: Func
    number: int
    name: str = ""

    def named(self, key: Expr | None) -> Slot:
        """The slot of a property of an object literal that is passed."""
        return self._replace(name=key.text if isinstance(key, Const) else "*")


def slot_of(func: Func, expr: Expr) -> Slot | None:
    """The parameter, or the property of one, that ``expr`` reads in ``func``."""
    if isinstance(expr, Attr):
        base = slot_of(func, expr.base) if isinstance(expr.base, Name) else None
        return base._replace(name=expr.name) if base is not None and not base.name else None
    owner = func.owner_of(expr.id) if isinstance(expr, Name) else None
    if owner is None or not isinstance(expr, Name):
        return None
    for scope, binding in owner.file.bindings.get((owner.index, expr.id), []):
        if binding.kind == "param":
            return Slot(owner, binding.number)
        if binding.kind == "value" and isinstance(binding.expr, Attr) and isinstance(binding.expr.base, Name):
            return slot_of(scope, binding.expr) if binding.expr.base != expr else None
    return None


def slots_of(callees: tuple[Func, ...], number: int, arg: Arg) -> tuple[Slot, ...]:
    """The parameters of ``callees`` for which argument ``number`` of a call, ``arg``, is passed."""
    if arg.star:
        return ()
    found: list[Slot] = []
    for func in callees:
        names = [p.name for p in func.facts.params]
        index = names.index(arg.name) if arg.name in names else number
        if index < len(names) and (not arg.name or arg.name in names):
            found.append(Slot(func, index))
    return tuple(found)


class Handed:
    """Functions that our own code is handed as arguments, and what it does with them."""

    def __init__(self) -> None:
        self._given: list[tuple[Func, tuple[Slot, ...], Use]] = []
        self._run: dict[Slot, list[Use]] = {}
        self._forwarded: dict[Slot, list[Slot]] = {}

    def hands(self, target: Func, slots: tuple[Slot, ...], use: Use) -> None:
        """``target`` is handed over in one of ``slots``; ``use`` is what is known where that happens."""
        self._given.append((target, slots, use))

    def runs(self, slot: Slot | None, use: Use) -> None:
        """What is handed over in ``slot`` runs by ``use``."""
        if slot is not None:
            self._run.setdefault(slot, []).append(use)

    def forwards(self, func: Func, call: Call, callees: tuple[Func, ...]) -> None:
        """``call`` hands on what ``func`` was handed."""
        for number, arg in enumerate(call.args):
            slot = slot_of(func, arg.value) if isinstance(arg.value, (Name, Attr)) else None
            if slot is not None:
                self._forwarded.setdefault(slot, []).extend(slots_of(callees, number, arg))

    def settled(self, uses: Callable[[Func], list[Use]]) -> Iterator[tuple[Func, Use]]:
        """The uses of all functions handed over; ``uses`` knows those of the functions they were handed to.

        What a function runs at once runs as part of its caller; what it registers, runs in a handler or in a function that it
        gives back runs by itself.
        """
        handed = {id(target) for target, _, _ in self._given}
        for target, slots, given in self._given:
            found = [(slot.func, use) for slot in self._reached(slots) for use in self._run.get(slot, ())]
            later = [u for func, u in found if u.is_start or _runs_later(u.caller, func, uses, handed)]
            yield from ((target, use) for use in later)
            if len(later) < len(found):
                yield target, given._replace(kind="call")
            elif not found:
                yield target, given

    def _reached(self, slots: tuple[Slot, ...]) -> list[Slot]:
        found = list(slots)
        for slot in found:
            found += [s for s in self._forwarded.get(slot, ()) if s not in found]
        return found


def _runs_later(inner: Func, outer: Func, uses: Callable[[Func], list[Use]], handed: set[int]) -> bool:
    """Whether ``inner``, which stands in ``outer``, belongs to something that ``outer`` registers, starts or gives back."""
    around: list[Func] = []
    for func in inner.chain():
        if func is outer:
            break
        around.append(func)
    return any(use.is_start for func in around for use in uses(func)) or any(
        id(func) not in handed and _is_given_back(uses(func), outer) for func in around
    )


def _is_given_back(uses: list[Use], outer: Func) -> bool:
    """Whether ``outer`` gives back a function defined in it, and runs it nowhere."""
    inside = [use for use in uses if outer in use.caller.chain()]
    return bool(inside) and all(use.kind == "mention" and isinstance(use.stmt, Return) for use in inside)
