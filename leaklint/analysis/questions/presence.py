"""What holds, and what cannot fail, as long as a grown entry is there: tests that ask for it, look-ups that find it."""

from __future__ import annotations

from leaklint.analysis.flow.guards import Op
from leaklint.analysis.growth.changes import Changes, Growth
from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.membership import membership
from leaklint.analysis.linking.places import ELEMENT, Places
from leaklint.analysis.linking.program import Func, Program
from leaklint.facts import Attr, Call, Const, Expr, Index, Name, Operation

_NOTHING = {"==": "0", "<": "1", "<=": "0"}
"""What the size of an empty container is compared with."""


class Presence:
    """Answers what a held entry makes sure of."""

    def __init__(self, program: Program, graph: CallGraph, places: Places, changes: Changes) -> None:
        self._program = program
        self._graph = graph
        self._places = places
        self._changes = changes

    def holds(self, func: Func, test: Expr, growth: Growth) -> bool:
        """A test that is true whenever the entry may go: membership, identity with what was put in, the key itself.

        Also that nothing is left in it, where the entry is a container whose items are taken out one by one.
        """
        asked = membership(self._program.models(func.file), test)
        if asked is not None:
            return not asked.negated and self._places.of(func, asked.container) == growth.place
        if self._says_empty(func, test, growth) or self._is_found(func, test, growth):
            return True
        if isinstance(test, Index):
            return self._places.of(func, test.base) == growth.place
        if isinstance(test, Operation) and test.op in {"is", "=="}:
            return any(self._places.of(func, _base(o)) == growth.place for o in test.operands)
        return growth.key is not None and test == growth.key

    def finds(self, func: Func, op: Op, growth: Growth) -> bool:
        """Whether a look-up, or taking an item out of the entry, cannot fail because the entry is there."""
        node = op.node
        if op.kind == "load" and isinstance(node, Index):
            if self._places.of(func, node) == growth.place:
                return True  # the container of the entry itself
            return node.key == growth.key and self._places.of(func, node.base) == growth.place
        if op.kind != "call" or not isinstance(node, Call) or not isinstance(node.func, Attr):
            return False
        if self._program.models(func.file).reads_element(node.func.name):
            return self._places.of(func, node.func.base) == growth.place
        return any(r.op.node is node for r in self._changes.removals.get(growth.place.step(ELEMENT), ()))

    def _is_found(self, func: Func, test: Expr, growth: Growth) -> bool:
        """A look-up of the key, or of the container of an item, that found something: ``held`` after ``held = c.get(key)``."""
        if isinstance(test, Operation) and test.op in {"is not", "!="} and _is_none(test.operands[-1]):
            test = test.operands[0]
        if not isinstance(test, Name):
            return False
        if growth.key is None:
            return growth.place.is_element and self._places.of(func, test) == growth.place
        owner = func.owner_of(test.id)
        bound = owner.file.bindings.get((owner.index, test.id), []) if owner is not None else []
        keys = {key for _, b in bound if b.expr is not None and (key := _key_of(b.expr)) is not None}
        same = func is not growth.func or growth.key in keys
        return bool(keys) and same and self._places.of(func, test) == growth.place.step(ELEMENT)

    def _says_empty(self, func: Func, test: Expr, growth: Growth) -> bool:
        """``not c[key]`` and ``len(c[key]) == 0``, where something takes items out of the elements of ``c``."""
        inner = growth.place.step(ELEMENT)
        if not isinstance(test, Operation) or inner not in self._changes.removals:
            return False
        looked_at = test.operands[0]
        if test.op != "not":
            if not _is_nothing(test):
                return False
            looked_at = self._measured(func, looked_at)
        return self._places.of(func, looked_at) == inner

    def _measured(self, func: Func, expr: Expr) -> Expr:
        """What ``len`` and the like are asked for."""
        models = self._program.models(func.file)
        if isinstance(expr, Call) and len(expr.args) == 1:
            named = any(models.is_a("sizes", n) for n in self._graph.names_of(func, expr.func))
            return expr.args[0].value if named else expr
        if isinstance(expr, Attr) and models.is_a("sizes", f"*.{expr.name}"):
            return expr.base
        return expr


def _is_nothing(test: Operation) -> bool:
    """Whether the comparison is with the size of an empty container."""
    other = test.operands[-1]
    return len(test.operands) == 2 and isinstance(other, Const) and other.text == _NOTHING.get(test.op)


def _is_none(expr: Expr) -> bool:
    return isinstance(expr, Const) and expr.kind == "none"


def _key_of(expr: Expr) -> Expr | None:
    """The key by which an expression looks something up."""
    if isinstance(expr, Index):
        return expr.key
    return expr.args[0].value if isinstance(expr, Call) and isinstance(expr.func, Attr) and expr.args else None


def _base(expr: Expr) -> Expr:
    if isinstance(expr, Index):
        return expr.base
    if isinstance(expr, Call) and isinstance(expr.func, Attr):
        return expr.func.base
    return expr
