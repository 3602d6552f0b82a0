"""Whether an argument is a function at all."""

from __future__ import annotations

from leaklint.analysis.linking.program import Func, Program
from leaklint.analysis.linking.values import Bound, External, Instance, Object, Resolver, Value
from leaklint.facts import Attr, Call, Expr, Lambda, Name


class Functions:
    """Tells functions from other values."""

    def __init__(self, program: Program, resolver: Resolver) -> None:
        self._program = program
        self._resolver = resolver

    def chosen(self, func: Func, call: Call) -> Expr | None:
        """The last argument of ``call`` that is a function."""
        found = [a.value for n, a in enumerate(call.args) if not a.star and self._is_function(func, a.value, n > 0)]
        return found[-1] if found else None

    def _is_function(self, func: Func, expr: Expr, later: bool) -> bool:
        """Whether ``expr`` is a function. A name of a library is taken for one if it stands behind another argument."""
        if isinstance(expr, Lambda):
            return True
        if isinstance(expr, Call):
            return self._makes_function(func, expr)
        if not isinstance(expr, (Name, Attr)):
            return False
        value = self._resolver.resolve(func, expr)
        if value is None or isinstance(value, Object):
            return self._is_open_parameter(func, expr, value) or self._is_made(func, expr)
        if isinstance(value, External):
            return later and not value.name.rsplit(".", 1)[-1][:1].isupper()
        return isinstance(value, (Func, Bound)) or (
            isinstance(value, Instance) and value.cls.find("__call__") is not None
        )

    def _is_made(self, func: Func, expr: Expr) -> bool:
        """A variable for what a library makes of a function: ``const later = debounce(work)``."""
        owner = func.owner_of(expr.id) if isinstance(expr, Name) else None
        if owner is None or not isinstance(expr, Name):
            return False
        bound = owner.file.bindings.get((owner.index, expr.id), [])
        made = [(scope, b.expr) for scope, b in bound if b.kind == "value" and isinstance(b.expr, Call)]
        return len(made) == len(bound) == 1 and self._is_function(*made[0], False)

    def _makes_function(self, func: Func, call: Call) -> bool:
        """``partial(f, x)``, ``f.bind(this)``, ``make_handler()``."""
        callee = self._resolver.resolve(func, call.func)
        models = self._program.models(func.file)
        if isinstance(callee, External) and models.is_a("partial", callee.name):
            return True
        if isinstance(call.func, Attr) and call.func.name == "bind":
            return True
        return isinstance(self._resolver.resolve(func, call), (Func, Bound))

    def _is_open_parameter(self, func: Func, expr: Expr, value: Value | None) -> bool:
        """A parameter that may be a function: without a type, or of one that no model calls a container or object."""
        owner = func.owner_of(expr.id) if isinstance(expr, Name) else None
        if owner is None or not isinstance(expr, Name):
            return False
        bound = owner.file.bindings.get((owner.index, expr.id), [])
        if {b.kind for _, b in bound} != {"param"}:
            return False
        if not isinstance(value, Object):
            return bound[0][1].annotation is None or value is None
        models = self._program.models(func.file)
        return not (models.containers.first(value.type) or models.types.first(value.type) or value.type in _DATA)


_DATA = frozenset(
    {"str", "number", "bool", "bytes", "int", "float", "list", "dict", "set", "tuple", "string", "boolean"}
)
"""Types of values that nobody calls, in either language."""
