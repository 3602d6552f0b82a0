"""Which object a listener is registered on, whose it really is, and who ends it."""

from __future__ import annotations

from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.places import FieldOf, Global, Library, Local, Parameter, Place, Places, Result
from leaklint.analysis.linking.program import Cls, Func, Program
from leaklint.analysis.linking.values import External, Instance, Object, Resolver, Value
from leaklint.analysis.linking.walk import argument_of, dotted
from leaklint.facts import Attr, Await, Call, Const, Display, Expr, Name

_FAR = 3
"""How many times an emitter is followed to where it was handed in; real chains are shorter."""


_WITH_THEIR_PARTS = frozenset({"request", "stream", "child", "task", "session"})
"""Ends of objects that take with them what is reached through them."""


class Emitters:
    """Finds emitters."""

    def __init__(self, program: Program, resolver: Resolver, graph: CallGraph, places: Places) -> None:
        self._program = program
        self._resolver = resolver
        self._graph = graph
        self._places = places

    def of(self, func: Func, emitter: Expr) -> Place | None:
        """The place of an emitter; one that a library hands out by name is the same wherever it is asked for."""
        place = self._places.of(func, emitter) or self._receiver(func, emitter)
        if place is not None and not isinstance(place.root, (Result, Local)):
            return place
        source = self._source(func, emitter)
        if isinstance(source, Call) and all(isinstance(a.value, (Const, Name, Attr)) for a in source.args):
            value = self._resolver.resolve(func, source)
            if isinstance(value, Object) and self._row_ends(func, value.type) == "nobody":
                return Place(Library(dotted(source)))
        return place

    def _receiver(self, func: Func, emitter: Expr) -> Place | None:
        """An object that registers on itself (``self.on(...)`` in a class derived from an emitter)."""
        value = self._resolver.resolve(func, emitter) if isinstance(emitter, Name) else None
        return Place(FieldOf(value.cls, "")) if isinstance(value, Instance) else None

    def _source(self, func: Func, expr: Expr) -> Expr:
        """What a local variable was bound to."""
        if isinstance(expr, Name):
            owner = func.owner_of(expr.id)
            bound = owner.file.bindings.get((owner.index, expr.id), []) if owner else []
            values = [b.expr for _, b in bound if b.kind == "value" and b.expr is not None]
            return values[0] if values else expr
        return expr.value if isinstance(expr, Await) else expr

    # -- handed in ---------------------------------------------------------------------------------------------

    def owners(self, place: Place) -> list[Place]:
        """The places of the same object where it was made, for one that a caller or a constructor's caller hands in."""
        return list(dict.fromkeys(self._owners(place, 0)))

    def _owners(self, place: Place, depth: int) -> list[Place]:
        root = place.root
        if depth > _FAR:
            return [place]
        if isinstance(root, Parameter):
            found = self._passed(root, place.path)
        elif isinstance(root, FieldOf):
            found = [Place(p.root, (*p.path, *place.path)) for p in self._assigned(root)]
        else:
            return [place]
        return [o for f in found for o in self._owners(f, depth + 1)] or [place]

    def _passed(self, root: Parameter, path: tuple[str, ...]) -> list[Place]:
        """What the callers pass for the parameter, at ``path`` below it."""
        found: list[Place] = []
        name = root.func.facts.params[root.number].name
        for use in self._graph.uses(root.func):
            arg = argument_of(use.passes, root.number, name) if use.passes is not None else None
            place = self._below(use.caller, arg, path) if arg is not None else None
            if place is not None and not isinstance(place.root, Result):
                found.append(place)
        return found

    def _below(self, func: Func, arg: Expr, path: tuple[str, ...]) -> Place | None:
        if isinstance(arg, Display):
            return self._places.below(func, arg, path)
        place = self.of(func, arg)
        return Place(place.root, (*place.path, *path)) if place is not None else None

    def _assigned(self, root: FieldOf) -> list[Place]:
        """The other names of what the field holds; none if some assignment makes a new object."""
        found: list[Place] = []
        for source in self._program.field_sources(root.cls, root.name):
            if source.value is None or (isinstance(source.value, Const) and source.value.kind == "none"):
                continue
            place = self.of(source.scope, source.value) if isinstance(source.value, (Name, Attr)) else None
            if place is None or isinstance(place.root, (Result, Local)) or place.root == root:
                return []
            found.append(place)
        return found

    def made_in(self, root: Global | FieldOf | Local) -> list[Func]:
        """The functions that give a variable or field its object."""
        if isinstance(root, FieldOf):
            sources = [(s.scope, s.value) for s in self._program.field_sources(root.cls, root.name)]
        else:
            owner = root.file.body if isinstance(root, Global) else root.func
            bound = owner.file.bindings.get((owner.index, root.name), [])
            sources = [(scope, b.expr) for scope, b in bound]
        return [f for f, v in sources if v is not None and not (isinstance(v, Const) and v.kind == "none")]

    # -- how it ends -------------------------------------------------------------------------------------------

    def ends(self, func: Func, emitter: Expr, otherwise: str = "") -> str:
        """Who ends the emitter, by its library type, else by that of what it is a part of, else by the type ``otherwise``.

        See ``Ends``; ``owner`` where nothing is known.
        """
        own = self._ends_by_type(func, emitter)
        if own is not None:
            return own
        part: Expr = emitter
        while isinstance(part, Attr):
            part = part.base
            ends = self._ends_by_type(func, part)
            if ends in _WITH_THEIR_PARTS:
                return ends
        return self._row_ends(func, otherwise) if otherwise else "owner"

    def ends_where(self, place: Place) -> str:
        """Who ends what a caller passes, by the type it has there, step by step from the parameter; empty if nothing tells."""
        root = place.root
        if not isinstance(root, Parameter):
            return ""
        value = self._resolver.name(root.func, root.func.facts.params[root.number].name)
        for step in place.path:
            value = self._resolver.attribute(root.func, value, step.removeprefix(".")) if step[:1] == "." else None
        return self._ends_of(root.func, value) or ""

    def is_default_of_process(self, place: Place) -> bool:
        """Whether the parameter is, unless a caller passes something else, an object that nobody ends (``out = stdout``)."""
        root = place.root
        if not isinstance(root, Parameter) or place.path:
            return False
        default = root.func.facts.params[root.number].default
        return default is not None and self._ends_by_type(root.func, default) == "nobody"

    def _ends_by_type(self, func: Func, emitter: Expr) -> str | None:
        return self._ends_of(func, self._resolver.resolve(func, emitter))

    def _ends_of(self, func: Func, value: Value | None) -> str | None:
        if isinstance(value, Instance):
            rows = [self._row_ends(func, a) for a in value.cls.ancestors]
            return next((r for r in rows if r not in {"owner", "nobody"}), "owner")
        name = value.type if isinstance(value, Object) else value.name if isinstance(value, External) else ""
        return self._row_ends(func, name) if name and self._has_row(func, name) else None

    def is_handed_in(self, place: Place) -> bool:
        """Whether a caller passes the object: by itself, or as a part of another one that no library makes here."""
        root = place.root
        if isinstance(root, Local) and place.path:
            value = self._resolver.name(root.func, root.name)
            return not (isinstance(value, Object) and self._has_row(root.func, value.type))
        return isinstance(root, Parameter) and not self._is_for_a_call(root)

    def _is_for_a_call(self, root: Parameter) -> bool:
        """Whether the parameter holds what belongs to one request, by its type or its name."""
        name = root.func.facts.params[root.number].name
        value = self._resolver.name(root.func, name)
        if isinstance(value, Object) and self._row_ends(root.func, value.type) in _WITH_THEIR_PARTS:
            return True
        return self._program.models(root.func.file).is_a("passed_for_a_call", name)

    def _has_row(self, func: Func, name: str) -> bool:
        return self._program.models(func.file).types.first(name) is not None

    def _row_ends(self, func: Func, name: str) -> str:
        row = self._program.models(func.file).types.first(name)
        return row.ends if row is not None else "owner"

    def names_of(self, func: Func, callee: Expr) -> tuple[str, ...]:
        """Names under which models may know the callee, also those of the library classes that its class derives from."""
        names = self._graph.names_of(func, callee)
        if not isinstance(callee, Attr):
            return names
        base = self._resolver.resolve(func, callee.base)
        cls = base.cls if isinstance(base, Instance) else base if isinstance(base, Cls) else None
        return (*names, *[f"{n}.{callee.name}" for n in self._library_bases(cls)]) if cls is not None else names

    def _library_bases(self, cls: Cls) -> list[str]:
        models = self._program.models(cls.file)
        found = list(cls.ancestors)
        for name in found:
            row = models.types.first(name)
            found += [b for b in (row.bases if row is not None else ()) if b not in found]
        return found
