"""Registrations of listeners and callbacks, and their removals, as growths and removals of the emitter's list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from leaklint.analysis.calls import CallGraph
from leaklint.analysis.flow import Op
from leaklint.analysis.growths import Changes, Growth, Removal
from leaklint.analysis.places import Library, Local, Place, Places, Result
from leaklint.analysis.program import Cls, Func, Program
from leaklint.analysis.values import Bound, External, Instance, Object, Resolver
from leaklint.analysis.walk import dotted
from leaklint.catalog.schema import Pair
from leaklint.facts import Assign, Attr, Await, Call, Const, Expr, Lambda, Name

LISTENERS = ".<listeners>"
"""The step from an emitter to the list of its listeners."""


class Registration(NamedTuple):
    """A listener growth with the model row that describes it, and the callback."""

    growth: Growth
    pair: Pair
    callback: Expr | None
    emitter: Expr | None


class Listeners:
    """Finds registrations; adds them and their removals to the changes."""

    def __init__(self, program: Program, resolver: Resolver, graph: CallGraph, places: Places) -> None:
        self._program = program
        self._resolver = resolver
        self._graph = graph
        self._places = places

    def collect(self, changes: Changes) -> list[Registration]:
        """Find every registration; their removals go into ``changes.removals``."""
        found = [r for func, op, call in self._calls() for r in self._registered(func, op, call)]
        emitters = {r.growth.place for r in found}
        for func, op, call in self._calls():
            self._removed(func, op, call, changes, emitters)
        for registration in found:
            self._by_result(registration, changes)
        return found

    def _calls(self) -> Iterator[tuple[Func, Op, Call]]:
        for func in self._program.functions:
            if func.file.facts.stub:
                continue
            for op in func.ops:
                if op.kind == "call" and isinstance(op.node, Call):
                    yield func, op, op.node

    def _registered(self, func: Func, op: Op, call: Call) -> list[Registration]:
        models = self._program.models(func.file)
        if not models.pairs.knows(_last(call.func)):
            return []
        pair = next((p for n in self._graph.names_of(func, call.func) for p in models.pairs.all(n)), None)
        if pair is None:
            return []
        if self._graph.callees(call):
            return []  # a function of the program is judged where it grows a container of its own
        emitter = self._emitter(call, pair)
        place = self.place(func, emitter) if emitter is not None else Place(Library(_last_but(dotted(call.func))))
        if place is None:
            return []
        callback = argument(call, pair.callback, pair.keyword)
        written = dotted(emitter) if emitter is not None else dotted(call.func)
        growth = Growth(func, op, "item", place.step(LISTENERS), written, callback, None, place.step(LISTENERS))
        return [Registration(growth, pair, callback, emitter)]

    def _emitter(self, call: Call, pair: Pair) -> Expr | None:
        if pair.emitter == "process":
            return None
        if pair.emitter.startswith("argument"):
            return argument(call, int(pair.emitter.split()[-1]), "")
        return call.func.base if isinstance(call.func, Attr) else None

    def place(self, func: Func, emitter: Expr) -> Place | None:
        """The place of an emitter; one that a library hands out by name is the same wherever it is asked for."""
        place = self._places.of(func, emitter)
        if place is not None and not isinstance(place.root, (Result, Local)):
            return place
        source = self._source(func, emitter)
        if isinstance(source, Call) and all(isinstance(a.value, (Const, Name, Attr)) for a in source.args):
            value = self._resolver.resolve(func, source)
            if isinstance(value, Object) and self._ends(func, value.type) == "nobody":
                return Place(Library(dotted(source)))
        return place

    def _source(self, func: Func, expr: Expr) -> Expr:
        """What a local variable was bound to."""
        if isinstance(expr, Name):
            owner = func.owner_of(expr.id)
            bound = owner.file.bindings.get((owner.index, expr.id), []) if owner else []
            values = [b.expr for _, b in bound if b.kind == "value" and b.expr is not None]
            return values[0] if values else expr
        return expr.value if isinstance(expr, Await) else expr

    def _ends(self, func: Func, name: str) -> str:
        row = self._program.models(func.file).types.first(name)
        return row.ends if row is not None else "owner"

    def ends(self, func: Func, emitter: Expr) -> str:
        """Who ends the emitter, by its library type: ``owner`` if its own lifetime decides."""
        value = self._resolver.resolve(func, emitter)
        if isinstance(value, Object):
            return self._ends(func, value.type)
        if isinstance(value, Instance):
            rows = [self._ends(func, a) for a in value.cls.ancestors]
            return next((r for r in rows if r not in {"owner", "nobody"}), "owner")
        if isinstance(value, External):
            return self._ends(func, value.name)
        return "owner"

    # -- removals ----------------------------------------------------------------------------------------------

    def _removed(self, func: Func, op: Op, call: Call, changes: Changes, emitters: set[Place]) -> None:
        models = self._program.models(func.file)
        if not models.releases.knows(_last(call.func)):
            return
        pair = next((p for n in self._graph.names_of(func, call.func) for p in models.releases.all(n)), None)
        if pair is None:
            return
        emitter = self._emitter(call, pair)
        place = self.place(func, emitter) if emitter is not None else Place(Library(_last_but(dotted(call.func))))
        if place is None:
            return
        listeners = place.step(LISTENERS)
        callback = argument(call, pair.callback, pair.keyword) if pair.match == "callback" else None
        if isinstance(callback, (Lambda, Call)):
            return
        how = "key" if callback is not None else "all"
        written = dotted(emitter) if emitter is not None else dotted(call.func)
        removal = Removal(func, op, how, listeners, written, callback)  # type: ignore[arg-type]
        changes.removals.setdefault(listeners, []).append(removal)

    def _by_result(self, registration: Registration, changes: Changes) -> None:
        """A handle that is called, closed or given back removes the listener."""
        growth, pair = registration.growth, registration.pair
        stmt = growth.op.stmt
        if pair.match != "result" or not isinstance(stmt, Assign):
            return
        for target in stmt.targets:
            where = self._places.of(growth.func, target) if isinstance(target, Attr) else None
            for func in self._program.functions if where is not None else [growth.func]:
                for op in func.ops:
                    if (
                        op.kind == "call"
                        and isinstance(op.node, Call)
                        and self._uses(func, op.node, target, where, pair)
                    ):
                        removal = Removal(func, op, "key", growth.place, dotted(target), growth.key)
                        changes.removals.setdefault(growth.place, []).append(removal)

    def _uses(self, func: Func, call: Call, target: Expr, where: Place | None, pair: Pair) -> bool:
        options: list[Expr] = [call.func, *[a.value for a in call.args]]
        if isinstance(call.func, Attr) and call.func.name in pair.methods:
            options.append(call.func.base)
        for option in options:
            if option == target and where is None:
                return True
            if where is not None and isinstance(option, Attr) and self._places.of(func, option) == where:
                return True
        return False

    # -- callbacks ---------------------------------------------------------------------------------------------

    def is_same_each_time(self, registration: Registration) -> bool:
        """Whether the callback is the same object whenever the line runs: a module-level function, a class, a method."""
        callback = registration.callback
        if callback is None:
            return False
        value = self._resolver.resolve(registration.growth.func, callback)
        if isinstance(value, Func):
            return value.facts.parent == 0 and not value.facts.is_lambda
        return isinstance(value, (Bound, Cls))


def argument(call: Call, index: int, keyword: str) -> Expr | None:
    """The positional argument at ``index`` or the one called ``keyword``."""
    named = next((a.value for a in call.args if a.name and a.name == keyword), None)
    positional = [a.value for a in call.args if not a.name]
    return named if named is not None else positional[index] if -len(positional) <= index < len(positional) else None


def _last(expr: Expr) -> str:
    return expr.name if isinstance(expr, Attr) else expr.id if isinstance(expr, Name) else ""


def _last_but(name: str) -> str:
    return name.rsplit(".", 1)[0] if "." in name else name
