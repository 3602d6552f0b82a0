"""Growths that leave their container as large as it was, or fill it once: old keys, indexes that go round, flags."""

from __future__ import annotations

from collections.abc import Iterator

from leaklint.analysis.flow.guards import Op, always_before, conjuncts, guards
from leaklint.analysis.growth.changes import Changes, Growth
from leaklint.analysis.linking.places import FieldOf, Global, Local, Place, Places
from leaklint.analysis.linking.program import Func, Program
from leaklint.facts import Attr, Call, Const, Expr, Index, Name, Operation


class FixedSize:
    """Says why a growth does not add up, or nothing."""

    def __init__(self, program: Program, places: Places, changes: Changes) -> None:
        self._program = program
        self._places = places
        self._changes = changes

    def why(self, growth: Growth) -> str | None:
        """In words, why running the growth again and again does not make the container larger; None if it does."""
        if growth.key is not None and self._was_there(growth):
            return "the key is in the container already"
        if growth.key is not None and self._goes_round(growth.func, growth.key):
            return "its index goes round"
        return self._once(growth)

    # -- keys that are there -----------------------------------------------------------------------------------

    def _was_there(self, growth: Growth) -> bool:
        """Something before the growth would have raised if the key were absent: ``c[k] = c.pop(k)``."""
        row = growth.shape.row if growth.shape is not None else None
        if row is None or row.creates or not self._program.models(growth.func.file).subscripts_raise:
            return False
        asked = (op for op in growth.func.ops if _asked_for(op) == growth.key and always_before(op, growth.op))
        return any(self._places.of(growth.func, _base_of(op)) == growth.place for op in asked)

    # -- indexes -----------------------------------------------------------------------------------------------

    def _goes_round(self, func: Func, key: Expr) -> bool:
        """``i % n``, or a variable that is only ever given such values and constants."""
        if _is_remainder(key):
            return True
        if not isinstance(key, (Name, Attr)):
            return False
        given = [v for v in self._values(func, key) if not isinstance(v, Const)]
        return bool(given) and all(v is not None and _is_remainder(v) for v in given)

    def _values(self, func: Func, variable: Name | Attr) -> list[Expr | None]:
        place = self._places.of(func, variable)
        return [value for _, value in self._given(place)] if place is not None and not place.path else []

    def _given(self, place: Place) -> Iterator[tuple[Func, Expr | None]]:
        """Where a variable or field gets its values; None for one that is computed from the old value."""
        root = place.root
        if isinstance(root, FieldOf):
            for source in self._program.field_sources(root.cls, root.name):
                yield source.scope, source.value if source.op in {"", "%"} else None
        if isinstance(root, (Global, Local)):
            owner = root.file.body if isinstance(root, Global) else root.func
            for scope, binding in owner.file.bindings.get((owner.index, root.name), []):
                yield scope, binding.expr if binding.kind == "value" and not binding.op else None

    # -- filled once -------------------------------------------------------------------------------------------

    def _once(self, growth: Growth) -> str | None:
        for guard in guards(growth.func.facts, growth.op.position):
            for test, taken in conjuncts(guard.test, guard.taken):
                variable, present = _presence(test, taken)
                place = self._places.of(growth.func, variable) if variable is not None else None
                if place is None:
                    continue
                if place == growth.place and not present:
                    return "it is filled only while it is empty"
                if self._is_latch(growth, place, present):
                    return "it is filled once, behind a flag"
        return None

    def _is_latch(self, growth: Growth, flag: Place, present: bool) -> bool:
        """The flag lives as long as the container, is turned by the growing function, and turned back only with a reset."""
        if not self._lives_as_long(flag, growth.place):
            return False
        turned = [(scope, _turns(value, present)) for scope, value in self._given(flag)]
        if not any(scope is growth.func and way == "off" for scope, way in turned):
            return False
        emptied = {id(r.func) for r in self._changes.removals.get(growth.place, []) if r.how in {"all", "reset"}}
        back = [s for s, way in turned if way == "on" and not s.is_constructor and not s.is_module]
        return all(id(s) in emptied for s in back)

    def _lives_as_long(self, flag: Place, container: Place) -> bool:
        if flag.path or flag == container:
            return False
        if isinstance(flag.root, FieldOf) and isinstance(container.root, FieldOf):
            return flag.root.cls in container.root.cls.mro or container.root.cls in flag.root.cls.mro
        return isinstance(flag.root, Global)


def _asked_for(op: Op) -> Expr | None:
    """The key that an operation must find, or else raises."""
    if op.kind in {"load", "delete"} and isinstance(op.node, Index):
        return op.node.key
    if op.kind == "call" and isinstance(op.node, Call) and isinstance(op.node.func, Attr):
        return op.node.args[0].value if op.node.func.name == "pop" and len(op.node.args) == 1 else None
    return None


def _base_of(op: Op) -> Expr:
    node = op.node.func if isinstance(op.node, Call) else op.node
    assert isinstance(node, (Attr, Index))
    return node.base


def _is_remainder(expr: Expr) -> bool:
    return isinstance(expr, Operation) and expr.op == "%" and not isinstance(expr.operands[0], Const)


def _presence(test: Expr, taken: bool) -> tuple[Expr | None, bool]:
    """The variable or container whose truth a test asks for, and whether it is true (or there) on the way taken."""
    if isinstance(test, (Name, Attr)):
        return test, taken
    if isinstance(test, Operation) and len(test.operands) == 2 and isinstance(test.operands[1], Const):
        subject, other = test.operands[0], test.operands[1]
        if other.kind == "none" and test.op in {"is", "=="}:
            return subject, not taken
        if other.kind == "none" and test.op in {"is not", "!="}:
            return subject, taken
        if other.text == "0" and test.op in {"==", ">"}:
            return _measured(subject), taken is (test.op == ">")
    return None, False


def _measured(expr: Expr) -> Expr | None:
    """``c`` of ``len(c)``, ``c.size``, ``c.length``."""
    if isinstance(expr, Call) and len(expr.args) == 1 and isinstance(expr.func, Name):
        return expr.args[0].value
    return expr.base if isinstance(expr, Attr) else None


def _turns(value: Expr | None, present: bool) -> str:
    """What a value does to a flag that lets the growth happen while it is ``present`` (true) or not."""
    if value is None or not isinstance(value, Const):
        return "off" if value is not None and not present and not isinstance(value, (Name, Attr)) else "unknown"
    true = value.kind not in {"none"} and value.text not in {"false", "0", ""}
    return "on" if true is present else "off"
