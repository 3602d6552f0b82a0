"""Keys whose type has few values: enumerations, classes, flags, listed literals."""

from __future__ import annotations

from leaklint.analysis.linking.program import Cls, Func, Program
from leaklint.analysis.linking.values import External, Instance, Object, Resolver, Value
from leaklint.analysis.questions.keyspace import Keys, KeySpace
from leaklint.facts import Const, Expr, Index, Operation


class KeyTypes:
    """Reads types of keys."""

    def __init__(self, program: Program, resolver: Resolver) -> None:
        self._program = program
        self._resolver = resolver

    def of(self, func: Func, expr: Expr) -> Keys | None:
        """The key space of ``expr`` if its type has few values (an enumeration, a class), else None."""
        return self.of_value(func, self._resolver.resolve(func, expr))

    def of_value(self, func: Func, value: Value | None) -> Keys | None:
        """The key space of a value that ``func`` uses if its type has few values, else None."""
        if isinstance(value, Cls):
            return Keys(KeySpace.FINITE, f"the key is the class {value.name}")
        if isinstance(value, Instance) and self.is_enum(value.cls):
            return Keys(KeySpace.FINITE, f"the key is a member of {value.cls.name}")
        if isinstance(value, Object):
            if self._program.models(func.file).is_a("finite_types", value.type):
                return Keys(KeySpace.FINITE, f"the key is of type {value.type}")
        return None

    def is_enum(self, cls: Cls) -> bool:
        models = self._program.models(cls.file)
        return any(models.is_a("enums", name) for name in cls.ancestors)

    def annotated(self, func: Func, annotation: Expr | None) -> Keys | None:
        if annotation is None:
            return None
        if isinstance(annotation, Index):
            base = self._resolver.resolve(func.parent or func, annotation.base)
            if isinstance(base, External) and self._program.models(func.file).is_a("type_of", base.name):
                return Keys(KeySpace.FINITE, "the key is a class")
            if isinstance(base, External) and self.of_value(func, Object(base.name)) is not None:
                return Keys(KeySpace.FINITE, f"the key is of type {base.name.rsplit('.', 1)[-1]}")
        if isinstance(annotation, Operation) and annotation.op == "|":
            options = [o for o in annotation.operands if not (isinstance(o, Const) and o.kind in {"none", "str"})]
            if not options:
                return Keys(KeySpace.FINITE, "the key is one of the listed values")
            if all(self.annotated(func, o) is not None for o in options):
                return Keys(KeySpace.FINITE, "the key is of types with few values")
        return self.of_value(func, self._resolver.annotated(func, annotation))
