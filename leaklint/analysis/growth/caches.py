"""Functions behind a caching decorator, as growths of the cache that the decorator keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from leaklint.analysis.flow.guards import Op
from leaklint.analysis.growth.changes import Changes, Growth, Removal
from leaklint.analysis.growth.containers import Containers, is_unbounded
from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.places import FieldOf, Global, Local, Place, Places
from leaklint.analysis.linking.program import Func, Program
from leaklint.analysis.linking.values import Bound, Resolver
from leaklint.analysis.linking.walk import dotted
from leaklint.catalog.schema import Cache
from leaklint.facts import Assign, Attr, Call, Const, Define, Display, Expr, Lambda, Name

DEFINE = "define"
"""The kind of the operation that stands for a cached function: its results are kept wherever it is called."""


class Cached(NamedTuple):
    """A cached function.

    ``wrapped`` is the function whose parameters are the keys (None for one of a library); ``calls`` are the calls of a
    variable that holds the cached function, each with its function. ``limit`` says in words what bounds the cache;
    empty if nothing does. ``given``: the program hands the decorator its container, at ``growth.place``.
    """

    growth: Growth
    wrapped: Func | None
    calls: tuple[tuple[Func, Op, Call], ...] = ()
    limit: str = ""
    given: bool = False


class Caches:
    """Finds cached functions and what empties their caches."""

    def __init__(
        self, program: Program, resolver: Resolver, graph: CallGraph, places: Places, containers: Containers
    ) -> None:
        self._program = program
        self._resolver = resolver
        self._graph = graph
        self._places = places
        self._containers = containers

    def collect(self, changes: Changes) -> list[Cached]:
        """Find every cached function; the calls that empty their caches go into ``changes.removals``."""
        found: list[Cached] = []
        for func in self._program.functions:
            if not func.file.facts.stub:
                found += [*self._decorated(func), *self._applied(func)]
        clearing = self._clearing() if found else []
        for cached in found:
            self._cleared(cached, clearing, changes)
        return found

    # -- where a function is cached ----------------------------------------------------------------------------

    def _decorated(self, func: Func) -> Iterator[Cached]:
        outer = func.parent or func
        for decorator in func.facts.decorators:
            options = decorator if isinstance(decorator, Call) else None
            row = self._row(outer, options.func if options is not None else decorator)
            if row is None or not func.facts.body:
                continue
            place = self._kept_in(func, row, options)
            held = place or _own_place(func)
            growth = Growth(func, at_return(func), "memo", held, func.name, None, None, held)
            yield Cached(growth, func, (), self._limit(func, outer, row, options), place is not None)
            return

    def _applied(self, func: Func) -> Iterator[Cached]:
        """``f = cache(g)`` and ``f = lru_cache(maxsize=None)(g)``."""
        for op in func.ops:
            if op.kind != "assign" or op.node is None or not isinstance(op.stmt, Assign):
                continue
            value, place = op.stmt.value, None
            decorator = self._decorator_of(func, value) if isinstance(value, Call) and len(value.args) == 1 else None
            if decorator is not None:
                place = self._places.of(func, op.node)
            if decorator is None or place is None or not isinstance(value, Call):
                continue
            row, options = decorator
            growth = Growth(
                func,
                Op(op.position, DEFINE, None, op.stmt, op.order),
                "memo",
                place,
                dotted(op.node),
                None,
                None,
                place,
            )
            wrapped = self._graph.callables(func, value.args[0].value)
            yield Cached(
                growth,
                wrapped[0] if wrapped else None,
                self._calls(place, op.node),
                self._limit(func, func, row, options),
            )

    def _decorator_of(self, func: Func, value: Call) -> tuple[Cache, Call | None] | None:
        """The row and the options of the decorator that ``value`` applies to its argument."""
        if isinstance(value.func, Call):
            row = self._row(func, value.func.func)
            return (row, value.func) if row is not None else None
        row = self._row(func, value.func)
        takes_options = row is not None and (row.bound_argument is not None or row.cache_argument is not None)
        return None if row is None or takes_options else (row, None)

    def _row(self, func: Func, decorator: Expr) -> Cache | None:
        models = self._program.models(func.file)
        last = decorator.name if isinstance(decorator, Attr) else decorator.id if isinstance(decorator, Name) else ""
        if not models.caches.knows(last) and not isinstance(decorator, Name):
            return None
        return next((row for n in self._graph.names_of(func, decorator) for row in models.caches.all(n)), None)

    def _calls(self, place: Place, target: Expr) -> tuple[tuple[Func, Op, Call], ...]:
        """The calls of the variable or field at ``place``."""
        name = target.name if isinstance(target, Attr) else target.id if isinstance(target, Name) else ""
        return tuple(
            (func, op, op.node)
            for func in self._program.functions
            for op in func.ops
            if isinstance(op.node, Call)
            and op.kind == "call"
            and name in {getattr(op.node.func, "name", ""), getattr(op.node.func, "id", "")}
            and self._places.of(func, op.node.func) == place
        )

    # -- what bounds it ----------------------------------------------------------------------------------------

    def _limit(self, func: Func, outer: Func, row: Cache, options: Call | None) -> str:
        """What bounds the cache, in words; empty if nothing does."""
        if options is None:
            return "it keeps only so many results by default" if row.default_bounded else ""
        container = _option(options, row.cache_argument, row.cache_keyword)
        if container is not None:
            return self._limit_of(func, outer, container)
        sizes = [a.value for a in options.args if a.name in row.bound_keyword]
        if row.bound_argument is not None:
            positional = [a.value for a in options.args if not a.name]
            sizes += positional[row.bound_argument : row.bound_argument + 1]
        if any(not is_unbounded(size, row.unbounded) for size in sizes):
            return f"`{dotted(options.func)}` is given a limit"
        return "it keeps only so many results by default" if row.default_bounded and not sizes else ""

    def _limit_of(self, func: Func, outer: Func, container: Expr) -> str:
        """What bounds the container that the program hands to the decorator."""
        if isinstance(container, Const):
            return "nothing is kept"
        field = self._field(func, container)
        shape = self._containers.shape(field) if field is not None else self._containers.made(outer, container)
        place = self._places.of(outer, container) if shape is None else None
        if place is not None:
            shape = self._containers.shape(place)
        if shape is None or shape.row is None:
            return f"nothing tells what `{dotted(container)}` keeps"
        return "" if shape.bound == "none" else f"`{dotted(container)}` is bounded"

    def _kept_in(self, func: Func, row: Cache, options: Call | None) -> Place | None:
        """The place of the container that the program hands to the decorator."""
        container = _option(options, row.cache_argument, row.cache_keyword) if options is not None else None
        if container is None:
            return None
        if isinstance(container, (Name, Attr)):
            return self._places.of(func.parent or func, container)
        return self._field(func, container)

    def _field(self, func: Func, container: Expr) -> Place | None:
        """``lambda self: self.cache`` and ``attrgetter("cache")``: a field of each object."""
        if func.cls is None:
            return None
        name = ""
        if isinstance(container, Lambda):
            returned = [op.node for op in func.file.functions[container.function].ops if op.kind == "return"]
            name = returned[0].name if returned and isinstance(returned[0], Attr) else ""
        elif isinstance(container, Call) and len(container.args) == 1 and isinstance(container.args[0].value, Const):
            name = container.args[0].value.text
        return Place(FieldOf(self._program.field_owner(func.cls, name), name)) if name else None

    # -- what empties it ---------------------------------------------------------------------------------------

    def _clearing(self) -> list[tuple[Func, Op, Expr]]:
        """Every call of a method that empties caches, with the expression it is called on."""
        clears = {f.path: self._program.models(f).clears_cache for f in self._program.files}
        calls = self._program.calls_of_methods(name for known in clears.values() for name in known)
        return [(func, op, callee.base) for func, op, callee in calls if callee.name in clears[func.file.path]]

    def _cleared(self, cached: Cached, clearing: list[tuple[Func, Op, Expr]], changes: Changes) -> None:
        place = cached.growth.place
        for func, op, base in clearing:
            if self._names(func, base, cached):
                removal = Removal(func, op, "all", place, dotted(base), None)
                changes.removals.setdefault(place, []).append(removal)

    def _names(self, func: Func, expr: Expr, cached: Cached) -> bool:
        """Whether ``expr`` is the cached function."""
        value = self._resolver.resolve(func, expr)
        if isinstance(value, (Func, Bound)) and not cached.calls:
            return (value.func if isinstance(value, Bound) else value) is cached.wrapped
        return self._places.of(func, expr) == cached.growth.place


def key_of(cached: Cached) -> Expr | None:
    """The parameters of the cached function as one key; None if there are none or they are not known."""
    if cached.wrapped is None:
        return None
    names: tuple[Expr, ...] = tuple(Name(p.name) for p in cached.wrapped.facts.params if p.name)
    return names[0] if len(names) == 1 else Display("tuple", names) if names else None


def _own_place(func: Func) -> Place:
    """The place that stands for the decorator's own cache: that of the function's name."""
    if func.cls is not None:
        return Place(FieldOf(func.cls, func.name))
    parent = func.parent
    return (
        Place(Local(parent, func.name))
        if parent is not None and not parent.is_module
        else Place(Global(func.file, func.name))
    )


def at_return(func: Func) -> Op:
    """The result is kept where the function returns it; people look for it at the name of the function."""
    last = next((op for op in reversed(func.ops) if op.kind == "return"), None)
    end = ((len(func.facts.body) - 1, ""),) if func.facts.body else ()
    position = last.position if last is not None else end
    return Op(position, DEFINE, None, Define(func.index, func.facts.span), -1)


def _option(options: Call, index: int | None, keywords: tuple[str, ...]) -> Expr | None:
    named = next((a.value for a in options.args if a.name in keywords), None)
    positional = [a.value for a in options.args if not a.name]
    if named is None and index is not None and index < len(positional):
        return positional[index]
    return named
