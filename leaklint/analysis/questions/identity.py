"""Whether what is registered is the same object each time."""

from __future__ import annotations

from leaklint.analysis.flow.guards import guards
from leaklint.analysis.linking.places import FieldOf, Global, Library, Place, Places
from leaklint.analysis.linking.program import Cls, Func
from leaklint.analysis.linking.values import Bound, Resolver
from leaklint.analysis.linking.walk import every
from leaklint.analysis.questions.lifetimes import Level, Lifetimes
from leaklint.analysis.running.origins import Origins
from leaklint.facts import Attr, Call, Const, Expr, Lambda, Name


class Identity:
    """Tells objects that are made once from those that are new each time."""

    def __init__(self, resolver: Resolver, places: Places, origins: Origins, lifetimes: Lifetimes) -> None:
        self._resolver = resolver
        self._places = places
        self._origins = origins
        self._lifetimes = lifetimes

    def is_lasting(self, func: Func, expr: Expr, emitter: Place) -> bool:
        """Whether ``expr`` is the same object whenever the line runs, as long as the emitter lives."""
        if isinstance(expr, Const):
            return True
        value = self._resolver.resolve(func, expr)
        if isinstance(value, Func):
            return not value.facts.is_lambda and (value.parent is None or not self._origins.repeated(value.parent))
        if isinstance(value, Cls):
            return True
        if isinstance(value, Bound) and isinstance(expr, Attr):
            return self._same_object(func, value, expr.base, emitter)
        place = self._places.of(func, expr)
        return place is not None and self.is_kept(place, emitter)

    def may_be_same(self, one: tuple[Func, Expr], other: tuple[Func, Expr]) -> bool:
        """Whether two expressions, each in its function, may name the same callback: not if they name two functions."""
        if one[1] is other[1] or (one[0] is other[0] and one[1] == other[1]):
            return True
        if isinstance(one[1], (Lambda, Call)):
            return False  # nothing else names what is made on the spot
        named = [self._resolver.resolve(func, expr) for func, expr in (one, other)]
        functions = [v.func if isinstance(v, Bound) else v for v in named]
        return functions[0] is functions[1] or not all(isinstance(f, Func) for f in functions)

    def _same_object(self, func: Func, bound: Bound, base: Expr, emitter: Place) -> bool:
        """A bound method is equal each time if its object is the same one."""
        if bound.func.facts.binds != "instance":
            return True
        if isinstance(base, Name) and any(f.facts.receiver == base.id for f in func.chain()):
            owned = isinstance(emitter.root, FieldOf) and emitter.root.cls in bound.owner.mro
            return owned or self._lifetimes.cls(bound.owner).level is Level.PROCESS
        place = self._places.of(func, base)
        return place is not None and self.is_kept(place, emitter)

    def is_kept(self, place: Place, emitter: Place) -> bool:
        """Whether the place holds one object as long as the emitter lives."""
        root = place.root
        if isinstance(root, Library):
            return True
        if isinstance(root, Global):
            return not place.is_element and not self._renewed(root)
        if isinstance(root, FieldOf) and not place.is_element:
            owned = isinstance(emitter.root, FieldOf) and emitter.root.cls in root.cls.mro
            return owned or self._lifetimes.cls(root.cls).level is Level.PROCESS
        return False

    def _renewed(self, root: Global) -> bool:
        """Whether a function gives the module-level name a new object again and again, without looking at it first."""
        for scope, binding in root.file.bindings.get((0, root.name), []):
            if scope.is_module or binding.kind != "value" or not self._origins.repeated(scope):
                continue
            op = next((o for o in scope.ops if o.kind == "assign" and o.stmt is binding.stmt), None)
            tests = [g.test for g in guards(scope.facts, op.position)] if op is not None else []
            if not any(e == Name(root.name) for t in tests for e in every(t)):
                return True
        return False
