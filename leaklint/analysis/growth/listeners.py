"""Registrations of listeners and callbacks, and their removals, as growths and removals of the emitter's list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from leaklint.analysis.flow.guards import Op, enclosing
from leaklint.analysis.growth.callbacks import Functions
from leaklint.analysis.growth.changes import Changes, Growth, How, Removal
from leaklint.analysis.growth.emitters import Emitters
from leaklint.analysis.growth.handles import Fate, Handles
from leaklint.analysis.linking.bindings import Binding
from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.places import Library, Place, Places
from leaklint.analysis.linking.program import Func, Program
from leaklint.analysis.linking.values import Resolver
from leaklint.analysis.linking.walk import dotted, every
from leaklint.catalog.models import Patterns
from leaklint.catalog.schema import Pair
from leaklint.facts import Attr, Call, Const, Define, Display, Expr, Lambda, Name, With

LISTENERS = ".<listeners>"
"""The step from an emitter to the list of its listeners."""

_FAR = 3
"""How many callers a handle that is given back is followed to."""


class Registration(NamedTuple):
    """A listener growth with the model row that describes it, the call, the callback, and what becomes of the handle.

    ``emitter`` is the expression in ``origin``, the function that registers: ``growth`` may stand in one of its callers,
    to which the handle is given back.
    ``guessed``: the row was found by the name of the method alone.
    """

    growth: Growth
    pair: Pair
    call: Call
    callback: Expr | None
    emitter: Expr | None
    origin: Func
    guessed: bool = False
    fate: Fate = ""


class Listeners:
    """Finds registrations; adds them and their removals to the changes."""

    def __init__(self, program: Program, resolver: Resolver, graph: CallGraph, places: Places) -> None:
        self._program = program
        self._graph = graph
        self.emitters = Emitters(program, resolver, graph, places)
        self._places = places
        self._functions = Functions(program, resolver)
        self._handles = Handles(program, graph, places)

    def collect(self, changes: Changes) -> list[Registration]:
        """Find every registration; their removals go into ``changes.removals``."""
        found: list[Registration] = []
        for func in self._program.functions:
            if func.file.facts.stub:
                continue
            for op in func.ops:
                if op.kind == "call" and isinstance(op.node, Call):
                    found += self._registered(func, op, op.node, None)
                    self._removed(func, op, op.node, changes)
                elif op.kind == "define" and isinstance(op.stmt, Define):
                    found += self._decorated(func, op, func.file.functions[op.stmt.function])
        return [f for r in found for f in self._followed(r, 0)]

    # -- registering -------------------------------------------------------------------------------------------

    def _decorated(self, func: Func, op: Op, defined: Func) -> Iterator[Registration]:
        """``@emitter.on("x")`` above a function registers that function."""
        for number, decorator in enumerate(defined.facts.decorators):
            if isinstance(decorator, Call):
                place = Op(op.position, "call", decorator, op.stmt, op.order - len(defined.facts.decorators) + number)
                yield from self._registered(func, place, decorator, Name(defined.name))

    def _registered(self, func: Func, op: Op, call: Call, decorated: Expr | None) -> list[Registration]:
        models = self._program.models(func.file)
        if not models.pairs.knows(_last(call.func)) or self._graph.callees(call):
            return []  # a function of the program is judged where it grows a container of its own
        names = self.emitters.names_of(func, call.func)
        name, pair = next(((n, p) for n in names for p in models.pairs.all(n)), ("", None))
        if pair is None:
            return []
        by_convention = pair.callback == -1
        callback = self._functions.chosen(func, call) if by_convention else argument(call, pair.callback, pair.keyword)
        callback = callback if callback is not None else decorated
        if callback is None and by_convention:
            return []
        emitter = self._emitter(call, pair)
        key = argument(call, pair.key, "") if pair.match == "key" and pair.key is not None else callback
        written = dotted(emitter) if emitter is not None else _last_but(dotted(call.func))
        return [
            Registration(
                Growth(func, op, "item", place, written, key, None, place),
                pair,
                call,
                callback,
                emitter,
                func,
                name.startswith("*."),
            )
            for place in self._lists(func, call, emitter)
        ]

    def _emitter(self, call: Call, pair: Pair) -> Expr | None:
        if pair.emitter == "process":
            return None
        if pair.emitter.startswith("argument"):
            return argument(call, int(pair.emitter.split()[-1]), "")
        return call.func.base if isinstance(call.func, Attr) else None

    def _lists(self, func: Func, call: Call, emitter: Expr | None) -> list[Place]:
        """The lists of listeners that the call speaks of: one for each object the emitter may be."""
        if emitter is None:
            return [Place(Library(_last_but(dotted(call.func)))).step(LISTENERS)]
        place = self.emitters.of(func, emitter)
        return [p.step(LISTENERS) for p in self.emitters.owners(place)] if place is not None else []

    def _followed(self, registration: Registration, depth: int) -> list[Registration]:
        """A handle that is given back makes the callers registering functions."""
        growth, pair = registration.growth, registration.pair
        if not _gives_handle(pair):
            return [registration]
        fate = self._handles.fate(growth.func, growth.op)
        registration = registration._replace(fate=fate)
        if fate != "given-back" or depth >= _FAR:
            return [registration]
        found: list[Registration] = []
        for use in self._graph.uses(growth.func):
            op = next((o for o in use.caller.ops if o.kind == "call" and o.node is use.call), None)
            if use.call is not None and op is not None:
                there = registration._replace(growth=growth._replace(func=use.caller, op=op), fate="")
                found += self._followed(there, depth + 1)
        return found or [registration]

    # -- removals ----------------------------------------------------------------------------------------------

    def own_removals(self, registration: Registration) -> tuple[Removal, ...]:
        """The removals that name the registration itself, by its handle or signal."""
        return (*self._by_handle(registration), *self._by_signal(registration))

    def _removed(self, func: Func, op: Op, call: Call, changes: Changes) -> None:
        models = self._program.models(func.file)
        if not models.releases.knows(_last(call.func)):
            return
        names = self.emitters.names_of(func, call.func)
        pair = next((p for n in names for p in models.releases.all(n)), None)
        if pair is None:
            return
        key = self._removed_key(func, call, pair)
        emitter = self._emitter(call, pair)
        if isinstance(key, (Lambda, Call)):
            return  # a new object equals none that was registered
        how: How = "key" if key is not None and not self._is_each(func, key, emitter) else "all"
        written = dotted(emitter) if emitter is not None else _last_but(dotted(call.func))
        for place in self._lists(func, call, emitter):
            changes.removals.setdefault(place, []).append(
                Removal(func, op, how, place, written, key if how == "key" else None)
            )

    def _removed_key(self, func: Func, call: Call, pair: Pair) -> Expr | None:
        """What the removal names: the callback or the key; None if it removes all."""
        if pair.match == "key" and pair.key is not None:
            return argument(call, pair.key, "")
        if pair.match != "callback":
            return None
        if pair.callback == -1:
            return self._functions.chosen(func, call) or argument(call, -1, "")
        return argument(call, pair.callback, pair.keyword)

    def _is_each(self, func: Func, key: Expr, emitter: Expr | None) -> bool:
        """``for h in list(logger.handlers): logger.removeHandler(h)`` removes them all."""
        owner = func.owner_of(key.id) if isinstance(key, Name) and emitter is not None else None
        if owner is None or not isinstance(key, Name):
            return False
        bound: list[tuple[Func, Binding]] = owner.file.bindings.get((owner.index, key.id), [])
        return any(b.kind == "element" and any(e == emitter for e in every(b.expr)) for _, b in bound)

    def _by_handle(self, registration: Registration) -> Iterator[Removal]:
        """A handle that is called, closed or given to a releasing call removes the listener."""
        growth, pair = registration.growth, registration.pair
        if _gives_handle(pair):
            for handle in self._handles.of(growth.func, growth.op):
                for func, op in self._handles.ended(handle, pair):
                    yield Removal(func, op, "key", growth.place, dotted(handle.written), growth.key)

    def _by_signal(self, registration: Registration) -> Iterator[Removal]:
        """``{ signal: controller.signal }``: one of the methods, called on the controller, removes the listener."""
        growth, pair = registration.growth, registration.pair
        signal = _option(registration.call, pair.signal) if pair.signal else None
        place = self._places.of(registration.origin, signal) if signal is not None else None
        if place is None:
            return
        controllers = [Place(p.root, p.path[:-1]) for p in self.emitters.owners(place) if p.path]
        for func, op, callee in self._program.calls_of_methods(pair.methods):
            if self._places.of(func, callee.base) in controllers:
                yield Removal(func, op, "all", growth.place, dotted(callee.base), None)

    def is_restored(self, registration: Registration) -> bool:
        """Whether a ``with`` around the registration is one of the releases of its row (``warnings.catch_warnings()``)."""
        func, pair = registration.growth.func, registration.pair
        items = [
            item.value
            for stmt, _ in enclosing(func.facts, registration.growth.op.position)
            if isinstance(stmt, With)
            for item in stmt.items
        ]
        return any(isinstance(i, Call) and self._is_release(func, i.func, pair) for i in items)

    def goes_with_its_object(self, registration: Registration) -> bool:
        """Whether the callback is a reference that is weak and removes itself: ``WeakMethod(self.close, atexit.unregister)``."""
        func, callback = registration.origin, registration.callback
        bound = func.own_bindings.get(callback.id, []) if isinstance(callback, Name) else []
        made = [b.expr for b in bound if b.kind == "value"] or [callback]
        return all(isinstance(e, Call) and self._removes_itself(func, e, registration.pair) for e in made)

    def _removes_itself(self, func: Func, made: Call, pair: Pair) -> bool:
        deferred = self._program.models(func.file).deferred
        rows = [r for n in self._graph.names_of(func, made.func) for r in deferred.all(n) if r.when == "object"]
        last = [argument(made, r.argument, "") for r in rows]
        return any(e is not None and self._is_release(func, e, pair) for e in last)

    def _is_release(self, func: Func, callee: Expr, pair: Pair) -> bool:
        names = self._graph.names_of(func, callee)
        return any(Patterns([(p, p)]).first(n) is not None for p in pair.release for n in names)


def argument(call: Call, index: int, keyword: str) -> Expr | None:
    """The positional argument at ``index`` or the one called ``keyword``."""
    named = next((a.value for a in call.args if a.name and a.name == keyword), None)
    positional = [a.value for a in call.args if not a.name]
    return named if named is not None else positional[index] if -len(positional) <= index < len(positional) else None


def _gives_handle(pair: Pair) -> bool:
    return pair.match == "result" or bool(pair.methods and not pair.signal)


def _option(call: Call, name: str) -> Expr | None:
    """The value of a property of an options object among the arguments."""
    for arg in call.args:
        if isinstance(arg.value, Display) and arg.value.kind == "dict":
            for key, value in zip(arg.value.keys, arg.value.items, strict=False):
                if isinstance(key, Const) and key.text == name:
                    return value
    return None


def _last(expr: Expr) -> str:
    return expr.name if isinstance(expr, Attr) else expr.id if isinstance(expr, Name) else ""


def _last_but(name: str) -> str:
    return name.rsplit(".", 1)[0] if "." in name else name
