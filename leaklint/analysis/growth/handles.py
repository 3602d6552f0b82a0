"""What becomes of the handle that a registration gives: called, closed, kept for later, or given back to the caller."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from leaklint.analysis.flow.guards import Op
from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.places import ELEMENT, Place, Places
from leaklint.analysis.linking.program import Func, Program
from leaklint.catalog.schema import Pair
from leaklint.facts import Assign, Attr, Await, Call, Display, Expr, Index, Name, Return, With

Fate = Literal["", "managed", "given-back"]
"""``managed``: a ``with`` ends it; ``given-back``: it is returned, and whoever called must end it."""


class Handle(NamedTuple):
    """A handle by the names it has: a variable of ``owner``, or the place of a field or of an element of a container."""

    owner: Func | None
    name: str
    place: Place | None
    written: Expr


class Handles:
    """Follows handles."""

    def __init__(self, program: Program, graph: CallGraph, places: Places) -> None:
        self._program = program
        self._graph = graph
        self._places = places

    def fate(self, func: Func, op: Op) -> Fate:
        """What the statement, or a later one, does with the handle as a whole."""
        stmt, call = op.stmt, op.node
        if isinstance(stmt, With) and any(_bare(item.value) is call for item in stmt.items):
            return "managed"
        if isinstance(stmt, Return) and stmt.value is not None and _bare(stmt.value) is call:
            return "given-back"
        names = [h for h in self.of(func, op) if h.owner is not None]
        for other in func.ops:
            if any(self._is(func, other.node, h) for h in names):
                if other.kind == "return":
                    return "given-back"
                if other.kind == "enter":
                    return "managed"
        return ""

    def of(self, func: Func, op: Op) -> list[Handle]:
        """The names of the handle that the call ``op`` of ``func`` gives."""
        stmt, call = op.stmt, op.node
        found: list[Handle] = []
        if isinstance(stmt, Assign) and stmt.value is not None:
            inside = isinstance(stmt.value, Display) and any(_bare(i) is call for i in stmt.value.items)
            if inside or _bare(stmt.value) is call:
                found += [h for t in stmt.targets for h in self._named(func, t, inside)]
        found += self._collected(func, call)
        for handle in list(found):
            if handle.owner is not None:
                found += self._collected(func, handle.written)
        return found

    def _named(self, func: Func, target: Expr, inside: bool) -> Iterator[Handle]:
        place = self._places.of(func, target)
        if inside or isinstance(target, Index):
            if place is not None:
                yield Handle(None, "", place.step(ELEMENT) if inside else place, target)
        elif isinstance(target, Name):
            owner = func.owner_of(target.id)
            yield Handle(owner, target.id, place if owner is not None and owner.is_module else None, target)
        elif isinstance(target, Attr) and place is not None:
            yield Handle(None, "", place, target)

    def _collected(self, func: Func, value: Expr | None) -> Iterator[Handle]:
        """``handles.append(handle)``, ``self._handles[key] = handle``, ``self._handle = handle``."""
        models = self._program.models(func.file)
        for op in func.ops:
            call, stmt = op.node, op.stmt
            if op.kind == "call" and isinstance(call, Call) and isinstance(call.func, Attr):
                if models.is_container_method(call.func.name) and any(_same(a.value, value) for a in call.args):
                    place = self._places.of(func, call.func.base)
                    if place is not None:
                        yield Handle(None, "", place.step(ELEMENT), call.func.base)
            elif op.kind == "assign" and isinstance(stmt, Assign) and isinstance(value, Name) and stmt.value == value:
                place = self._places.of(func, op.node) if isinstance(op.node, (Index, Attr)) else None
                if place is not None and op.node is not None:
                    yield Handle(None, "", place, op.node)

    # -- uses --------------------------------------------------------------------------------------------------

    def ended(self, handle: Handle, pair: Pair) -> Iterator[tuple[Func, Op]]:
        """The calls that end the registration by its handle."""
        functions = (
            self._program.functions if handle.place is not None else handle.owner.file.functions if handle.owner else []
        )
        for func in functions:
            for op in func.ops:
                if op.kind == "call" and isinstance(op.node, Call) and self._ends(func, op.node, handle, pair):
                    yield func, op

    def _ends(self, func: Func, call: Call, handle: Handle, pair: Pair) -> bool:
        if self._is(func, call.func, handle):
            return True
        if isinstance(call.func, Attr) and call.func.name in pair.methods and self._is(func, call.func.base, handle):
            return True
        models = self._program.models(func.file)
        names = self._graph.names_of(func, call.func) if call.args else ()
        if not any(pair in models.releases.all(n) or models.deferred.first(n) is not None for n in names):
            return False
        args = [a.value for a in call.args]
        promised = [a.base for a in args if isinstance(a, Attr) and a.name in pair.methods]
        return any(self._is(func, a, handle) for a in (*args, *promised))

    def _is(self, func: Func, expr: Expr | None, handle: Handle) -> bool:
        if isinstance(expr, Name) and expr.id == handle.name and func.owner_of(expr.id) is handle.owner:
            return True
        return (
            handle.place is not None
            and isinstance(expr, (Name, Attr, Index))
            and self._places.of(func, expr) == handle.place
        )


def _bare(expr: Expr) -> Expr:
    return expr.value if isinstance(expr, Await) else expr


def _same(one: Expr, other: Expr | None) -> bool:
    return _bare(one) is other or (isinstance(one, Name) and one == other)
