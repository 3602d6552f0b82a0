"""What kind of container stands at a place, and what its constructor bounds."""

from __future__ import annotations

from typing import Literal, NamedTuple

from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.places import FieldOf, Global, Local, Parameter, Place, Places
from leaklint.analysis.linking.program import Cls, Func, Program
from leaklint.analysis.linking.values import External, Instance, Object, Resolver
from leaklint.analysis.linking.walk import argument_of
from leaklint.catalog.schema import Container
from leaklint.facts import Call, Comprehension, Const, Display, Expr, Lambda, Name, Operation, Span

Bound = Literal["none", "sized", "weak"]


class Shape(NamedTuple):
    """A container: its model row, what bounds it, and how its elements are made.

    ``declared`` is the place (file path, span) where it is made. ``cls`` is the class of the program it is an object of; ``parts`` are the containers under constant keys.
    """

    row: Container | None
    bound: Bound = "none"
    inner: Shape | None = None
    declared: tuple[str, Span] | None = None
    cls: Cls | None = None
    parts: tuple[tuple[str, Shape], ...] = ()


class Source(NamedTuple):
    """An expression that gives a place its value, with the annotation beside it."""

    scope: Func
    value: Expr | None
    annotation: Expr | None
    span: Span | None


class Containers:
    """Describes places; remembers them."""

    def __init__(self, program: Program, resolver: Resolver, graph: CallGraph, places: Places) -> None:
        self._program = program
        self._resolver = resolver
        self._graph = graph
        self._places = places
        self._memo: dict[Place, Shape | None] = {}

    def shape(self, place: Place) -> Shape | None:
        """The container at ``place``; None if nothing says that one is there."""
        if place not in self._memo:
            self._memo[place] = None
            self._memo[place] = self._shape(place)
        return self._memo[place]

    def _shape(self, place: Place) -> Shape | None:
        if place.path:
            return self._inner(place)
        best: Shape | None = None
        for source in self.sources(place):
            found = self._of_source(source)
            if found is not None and (best is None or _rank(found) > _rank(best)):
                best = found
        return self._bounded_by_callers(place.root) or best if isinstance(place.root, Parameter) else best

    def _bounded_by_callers(self, root: Parameter) -> Shape | None:
        """What is passed for a parameter, where every caller is seen and passes a container that its constructor bounds."""
        if root.number >= len(root.func.facts.params):
            return None
        name, found = root.func.facts.params[root.number].name, []
        for use in self._graph.uses(root.func):
            given = argument_of(use.passes, root.number, name) if use.passes is not None else None
            shape = self.made(use.caller, given) or self._at(use.caller, given) if given is not None else None
            if shape is None or shape.bound == "none":
                return None
            found.append(shape)
        return found[0] if found else None

    def _at(self, func: Func, expr: Expr) -> Shape | None:
        place = self._places.of(func, expr)
        return self.shape(place) if place is not None else None

    def _inner(self, place: Place) -> Shape | None:
        outer = self.shape(Place(place.root, place.path[:-1]))
        if outer is not None:
            if outer.cls is not None and place.path[-1].startswith("."):
                return self.shape(Place(FieldOf(outer.cls, place.path[-1][1:])))
            return dict(outer.parts).get(_part(place.path[-1])) or outer.inner
        return None

    # -- where a place gets its value --------------------------------------------------------------------------

    def sources(self, place: Place) -> list[Source]:
        """Every expression and annotation that gives the place a value."""
        root = place.root
        if isinstance(root, FieldOf):
            return [
                Source(s.scope, s.value, s.annotation, s.span) for s in self._program.field_sources(root.cls, root.name)
            ]
        if isinstance(root, (Global, Local)):
            owner = root.file.body if isinstance(root, Global) else root.func
            return [
                Source(scope, b.expr, b.annotation, b.stmt.span if b.stmt is not None else None)
                for scope, b in owner.file.bindings.get((owner.index, root.name), [])
                if b.kind == "value" and not b.op
            ]
        if isinstance(root, Parameter):
            return self._arguments(root)
        return []

    def _arguments(self, root: Parameter) -> list[Source]:
        params = root.func.facts.params
        if root.number >= len(params):
            return []
        param = params[root.number]
        return [Source(root.func, None, param.annotation, root.func.facts.span)]

    def declared(self, place: Place) -> tuple[str, Span] | None:
        """Where the container at ``place`` (or the one it is an element of) is made: path and span."""
        whole = Place(place.root)
        best = [s for s in self.sources(whole) if s.span is not None and self._of_source(s) is not None]
        rest = best or [s for s in self.sources(whole) if s.span is not None]
        return (rest[0].scope.file.path, rest[0].span) if rest and rest[0].span else None

    # -- what an expression makes ------------------------------------------------------------------------------

    def _of_source(self, source: Source) -> Shape | None:
        annotated = self._of_annotation(source.scope, source.annotation)
        made = self.made(source.scope, source.value) if source.value is not None else None
        shape = made or annotated
        if shape is None:
            return None
        if shape.inner is None and annotated is not None:
            shape = shape._replace(inner=annotated.inner)
        return shape._replace(declared=(source.scope.file.path, source.span)) if source.span else shape

    def made(self, func: Func, expr: Expr) -> Shape | None:
        """The container that evaluating ``expr`` makes; None if it makes none."""
        models = self._program.models(func.file)
        if isinstance(expr, (Display, Comprehension)):
            row = models.containers.first(expr.kind)
            return Shape(row, inner=self._display_inner(func, expr), parts=self._parts(func, expr)) if row else None
        if isinstance(expr, Call):
            return self._constructed(func, expr)
        if isinstance(expr, Operation) and expr.op in {"or", "??", "if"}:
            options = expr.operands[1:] if expr.op == "if" else expr.operands
            return next((s for s in (self.made(func, o) for o in options) if s is not None), None)
        if isinstance(expr, Name):
            return self._at(func, expr)
        return None

    def _parts(self, func: Func, expr: Display | Comprehension) -> tuple[tuple[str, Shape], ...]:
        """The containers that stand under constant keys of a dict display."""
        if not isinstance(expr, Display) or expr.kind != "dict":
            return ()
        pairs = zip(expr.keys, expr.items, strict=False)
        made = [(k.text, self.made(func, item)) for k, item in pairs if isinstance(k, Const) and k.kind == "str"]
        return tuple((text, shape) for text, shape in made if shape is not None)

    def _display_inner(self, func: Func, expr: Display | Comprehension) -> Shape | None:
        if isinstance(expr, Display) and expr.items and expr.kind == "dict":
            return self.made(func, expr.items[0])
        if isinstance(expr, Comprehension) and expr.kind == "dict":
            return self.made(func, expr.elements[-1])
        return None

    def _constructed(self, func: Func, call: Call) -> Shape | None:
        factory = next((a.value for a in call.args if a.name == "default_factory"), None)
        if factory is not None:
            return self.factory(func, factory)
        models = self._program.models(func.file)
        for name in self._graph.names_of(func, call.func):
            row = models.containers.first(name)
            if row is not None:
                return Shape(row, bound_of(row, call), self._made_by(func, row, call))
        value = self._resolver.resolve(func, call)
        if isinstance(value, Instance):
            return self._own_class(value.cls)
        return None

    def _own_class(self, cls: Cls) -> Shape | None:
        """An object of a class of the program; a container if it derives from one."""
        models = self._program.models(cls.file)
        row = next((r for n in cls.ancestors for r in [models.containers.first(n)] if r is not None), None)
        return Shape(row, cls=cls)

    def _made_by(self, func: Func, row: Container, call: Call) -> Shape | None:
        """The inner containers that a factory argument makes."""
        if row.factory is None or len(call.args) <= row.factory:
            return None
        return self.factory(func, call.args[row.factory].value)

    def factory(self, func: Func, expr: Expr) -> Shape | None:
        """The container that calling ``expr`` without arguments makes."""
        if isinstance(expr, Lambda):
            made = func.file.functions[expr.function]
            for op in made.ops:
                if op.kind == "return" and op.node is not None:
                    return self.made(made, op.node)
            return None
        models = self._program.models(func.file)
        value = self._resolver.resolve(func, expr)
        if isinstance(value, External):
            row = models.containers.first(value.name)
            return Shape(row, "sized" if row.bounded else "weak" if row.weak else "none") if row else None
        if isinstance(value, Cls):
            return self._own_class(value)
        if isinstance(expr, Call):
            return next((self.factory(func, a.value) for a in expr.args[:1]), None)
        return None

    def _of_annotation(self, func: Func, annotation: Expr | None) -> Shape | None:
        if annotation is None:
            return None
        if isinstance(annotation, Operation) and annotation.op == "|":
            return next((s for s in (self._of_annotation(func, o) for o in annotation.operands) if s), None)
        value = self._resolver.annotated(func, annotation)
        if isinstance(value, Instance):
            return self._own_class(value.cls)
        if not isinstance(value, Object):
            return None
        row = self._program.models(func.file).containers.first(value.type)
        if row is None:
            return None
        inner = self._of_annotation(value.scope or func, value.args[-1]) if value.args else None
        return Shape(row, "weak" if row.weak else "sized" if row.bounded else "none", inner)


def _part(step: str) -> str:
    """The key that a step of a place asks for: ``.name`` or ``['name']``."""
    return step[1:] if step.startswith(".") else step[2:-2]


def bound_of(row: Container, call: Call) -> Bound:
    """What the arguments of a constructor call bound."""
    if row.weak:
        return "weak"
    if row.bounded:
        return "sized"
    given = next((a.value for a in call.args if a.name in row.bound_keyword), None)
    positional = [a.value for a in call.args if not a.name]
    if given is None and row.bound_argument is not None and row.bound_argument < len(positional):
        given = positional[row.bound_argument]
    if given is None and positional and isinstance(positional[0], Display) and positional[0].kind == "dict":
        options = dict(zip((getattr(k, "text", "") for k in positional[0].keys), positional[0].items, strict=False))
        given = next((options[k] for k in row.bound_keyword if k in options), None)
    return "sized" if given is not None and not is_unbounded(given, row.unbounded) else "none"


def is_unbounded(given: Expr, spellings: tuple[str, ...]) -> bool:
    """Whether a size argument means that there is none."""
    if isinstance(given, Const):
        return (given.text or given.kind) in spellings or given.kind in spellings
    return any(
        isinstance(e, (Const, Name)) and (getattr(e, "text", "") or getattr(e, "id", "")) in spellings
        for e in _leaves(given)
    )


def _leaves(expr: Expr) -> list[Expr]:
    from leaklint.analysis.linking.walk import every

    found: list[Expr] = []
    for one in every(expr):
        found.append(one)
        if hasattr(one, "name"):
            found.append(Name(one.name))
    return found


def _rank(shape: Shape) -> int:
    """A description by construction beats one by annotation; one that bounds beats one that does not."""
    return (shape.row is not None) * 4 + (shape.bound != "none") * 2 + (shape.inner is not None)


def is_slice(key: Expr) -> bool:
    """Whether a subscript is a slice."""
    return isinstance(key, Operation) and key.op == "slice"
