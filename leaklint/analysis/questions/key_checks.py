"""Checks of a key before it is put in: that it is one of a known set, or is in the container already."""

from __future__ import annotations

from collections.abc import Callable

from leaklint.analysis.flow.guards import Guard, Op, conjuncts, guards
from leaklint.analysis.linking.membership import membership
from leaklint.analysis.linking.places import Global, Place, Places
from leaklint.analysis.linking.program import Func, Program
from leaklint.analysis.linking.walk import dotted, every
from leaklint.analysis.questions.keyspace import Keys, KeySpace
from leaklint.facts import Attr, Call, Const, Display, Expr, Name, Operation

_PARTS = frozenset({"items", "keys", "values", "entries"})
"""Methods that give what a container holds, all of it."""


class KeyChecks:
    """Reads the tests that lead to an operation. ``space`` says how open another expression is that a key is equal to."""

    def __init__(self, program: Program, places: Places, space: Callable[[Func, Expr, int], Keys]) -> None:
        self._program = program
        self._places = places
        self._of = space

    def read(self, func: Func, key: Expr, op: Op, place: Place) -> Keys | None:
        """A dominating test that the key is one of a known set, or is in the container already, as what it is asked for."""
        if isinstance(key, Name) and self._comes_from(func, key.id, place):
            return Keys(KeySpace.CONSTANT, "the key is in the container already")
        for guard in guards(func.facts, op.position):
            found = self._by_guard(func, key, guard, place)
            if found is not None:
                return found
        return None

    def _comes_from(self, func: Func, name: str, place: Place) -> bool:
        """Whether the name stands for what going over the container at ``place`` gives, or for a position in it."""
        owner = func.owner_of(name)
        bound = owner.file.bindings.get((owner.index, name), []) if owner is not None else []
        return bool(bound) and all(
            b.kind == "element" and b.number < 1 and b.expr is not None and self._gone_over(scope, b.expr) == place
            for scope, b in bound
        )

    def _gone_over(self, func: Func, over: Expr) -> Place | None:
        """The container under ``c.items()``, ``list(c)``, ``enumerate(c)``, ``range(len(c))``."""
        while isinstance(over, Call):
            if isinstance(over.func, Attr) and not over.args and over.func.name in _PARTS:
                over = over.func.base
            elif isinstance(over.func, Name) and func.owner_of(over.func.id) is None and len(over.args) == 1:
                over = over.args[0].value
            else:
                return None
        return self._places.of(func, over)

    def _by_guard(self, func: Func, key: Expr, guard: Guard, place: Place) -> Keys | None:
        for test, taken in conjuncts(guard.test, guard.taken):
            asked = membership(self._program.models(func.file), test)
            if asked is not None:
                if asked.negated is taken or not _same(asked.item, key):
                    continue
                return self._member(func, asked.container, place)
            if isinstance(test, Operation) and test.op in {"==", "is"} and taken and _same(test.operands[0], key):
                equal = self._of(func, test.operands[1], 1)
                if equal.space is not KeySpace.UNKNOWN:
                    return equal
            if isinstance(test, (Name, Operation)):
                looked = self._looked_up(func, key, test, taken, place)
                if looked is not None:
                    return looked
        return None

    def _member(self, func: Func, table: Expr, place: Place) -> Keys | None:
        where = self._places.of(
            func, table.func.base if isinstance(table, Call) and isinstance(table.func, Attr) else table
        )
        if where is not None and where == place:
            return Keys(KeySpace.CONSTANT, "the key is in the container already")
        if isinstance(table, Display) or (where is not None and self.is_table(where)):
            return Keys(KeySpace.FINITE, f"the key is checked to be one of {dotted(table)}")
        return Keys(KeySpace.ROLE_ENTITY, f"the key is checked to be one of {dotted(table)}", "assumed")

    def _looked_up(self, func: Func, key: Expr, test: Expr, taken: bool, place: Place) -> Keys | None:
        """``tool = TOOLS.get(name)`` and then ``if tool is None: raise``: the name is one of the table."""
        name, present = _presence(test, taken)
        if name is None or not present:
            return None
        owner = func.owner_of(name)
        if owner is None:
            return None
        for scope, binding in owner.file.bindings.get((owner.index, name), []):
            call = binding.expr
            if isinstance(call, Call) and isinstance(call.func, Attr) and call.func.name == "get" and call.args:
                if _same(call.args[0].value, key) and self._places.of(scope, call.func.base) != place:
                    return self._member(scope, call.func.base, place)
        return None

    def is_table(self, place: Place) -> bool:
        """A module-level container written down in the source, constant by its elements."""
        root = place.root
        if not isinstance(root, Global):
            return False
        values = [b.expr for _, b in root.file.bindings.get((0, root.name), []) if b.kind == "value"]
        tables = [v.args[0].value if isinstance(v, Call) and v.args else v for v in values]
        return bool(tables) and all(isinstance(v, Display) and v.items for v in tables)


def _same(one: Expr, other: Expr) -> bool:
    return one == other or any(e == other for e in every(one) if isinstance(one, Display))


def _presence(test: Expr, taken: bool) -> tuple[str | None, bool]:
    """The variable a test asks about, and whether it is there on the way taken."""
    if isinstance(test, Name):
        return test.id, taken
    if isinstance(test, Operation) and len(test.operands) == 2 and isinstance(test.operands[0], Name):
        none = isinstance(test.operands[1], Const) and test.operands[1].kind == "none"
        if none and test.op in {"is", "=="}:
            return test.operands[0].id, not taken
        if none and test.op in {"is not", "!="}:
            return test.operands[0].id, taken
    return None, False
