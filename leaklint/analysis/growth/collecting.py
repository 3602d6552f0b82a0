"""Every place where the program makes a container grow or shrink."""

from __future__ import annotations

from leaklint.analysis.flow.guards import Op, guards
from leaklint.analysis.growth.changes import Changes, Growth, How, Removal, What
from leaklint.analysis.growth.containers import Containers, is_slice
from leaklint.analysis.growth.cuts import Cuts
from leaklint.analysis.growth.effects import (
    adds_to,
    asks_for,
    given,
    gives_properties,
    keys_of_many,
    names_properties,
    only_if_absent,
    spread_key,
    takes_from,
)
from leaklint.analysis.growth.passed import lifted, passed_for
from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.places import FieldOf, Library, Local, Parameter, Place, Places, Result
from leaklint.analysis.linking.program import Func, Program
from leaklint.analysis.linking.values import Instance
from leaklint.analysis.linking.walk import dotted, every
from leaklint.facts import Assign, Attr, Call, Comprehension, Const, Display, Expr, Index, Name, Operation, Star

_ZERO = Const("number", "0")
_CHANGES_IN_PLACE = frozenset({"+", "|", "-", "&"})
"""Augmented assignments that add items to a container or take some out."""
_ARITHMETIC = frozenset({"+", "-", "*", "/", "//", "%", "**", "&", "^", "<<", ">>", "@"})
"""Augmented assignments that read the old value first."""


def collect(program: Program, graph: CallGraph, places: Places, containers: Containers) -> Changes:
    """Find every growth and removal of the program."""
    finder = _Finder(program, graph, places, containers)
    for func in program.functions:
        if not func.file.facts.stub:
            for op in func.ops:
                finder.visit(func, op)
    return lifted(Changes(finder.growths, finder.removals), graph, places, containers)


class _Finder:
    def __init__(self, program: Program, graph: CallGraph, places: Places, containers: Containers) -> None:
        self._program = program
        self._graph = graph
        self._places = places
        self._containers = containers
        self._cuts = Cuts(graph)
        self.growths: list[Growth] = []
        self.removals: dict[Place, list[Removal]] = {}

    def visit(self, func: Func, op: Op) -> None:
        if op.kind == "call":
            self._call(func, op)
        elif op.kind == "assign":
            self._assign(func, op)
        elif op.kind == "delete" and isinstance(op.node, Index):
            how: How = "trim" if is_slice(op.node.key) else "key"
            self._removes(func, op, how, op.node.base, op.node.key)
        elif op.kind == "load" and isinstance(op.node, Index):
            self._load(func, op, op.node)

    # -- growing -----------------------------------------------------------------------------------------------

    def _grows(self, func: Func, op: Op, what: What, base: Expr, key: Expr | None) -> None:
        place = self._places.of(func, base)
        if isinstance(base, Name) and place is not None and self._made_before(func, op, base):
            place = Place(Local(func, base.id))
        if place is None or isinstance(place.root, Result):
            return
        shape = self._containers.shape(place)
        if shape is None and isinstance(place.root, (Local, Library)) and not place.path:
            return
        owner = self._places.of(func, base.base) if isinstance(base, Attr) else None
        self.growths.append(Growth(func, op, what, place, dotted(base), key, shape, place, owner))

    def _made_before(self, func: Func, op: Op, name: Name) -> bool:
        """Whether the variable, which elsewhere names another container, was last given a new one on the way to ``op``."""
        if func.is_module or func.owner_of(name.id) is not func:
            return False
        given = [o for o in func.ops if o.kind == "assign" and o.node == name]
        last = max((o for o in given if o.span.line < op.span.line), key=lambda o: o.span.line, default=None)
        if last is None or not isinstance(last.stmt, Assign) or last.stmt.op or not _stands_before(last, op):
            return False
        again = _loops_of(func, op) - _loops_of(func, last)
        if any(o.span.line > op.span.line and again & _loops_of(func, o) for o in given):
            return False  # the next round may come with another one
        return isinstance(last.stmt.value, (Display, Comprehension))

    def _assign(self, func: Func, op: Op) -> None:
        target = op.node
        stmt = op.stmt
        if isinstance(target, Index):
            self._store(func, op, target)
        elif isinstance(stmt, Assign) and isinstance(target, Attr) and self._is_size(func, target.name):
            self._removes(func, op, "all" if stmt.value == _ZERO else "trim", target.base, None)
        elif isinstance(stmt, Assign) and isinstance(target, (Name, Attr)):
            self._rebind(func, op, target, stmt)

    def _is_size(self, func: Func, attribute: str) -> bool:
        """``items.length = 0``: an attribute that tells a size and sets it."""
        return self._program.models(func.file).is_a("sizes", f"*.{attribute}")

    def _store(self, func: Func, op: Op, target: Index) -> None:
        if is_slice(target.key):
            self._store_slice(func, op, target)
            return
        if isinstance(op.stmt, Assign) and op.stmt.op in _ARITHMETIC and self._container_at(func, target.base):
            return  # changes an entry that must be there
        place = self._places.of(func, target.base)
        shape = self._containers.shape(place) if place is not None else None
        if shape is not None and shape.row is not None and not shape.row.subscript:
            return
        if (
            isinstance(target.key, Const)
            and isinstance(op.stmt, Assign)
            and op.stmt.value is not None
            and not op.stmt.op
        ):
            self._replaced(func, op, target, op.stmt.value)
        self._grows(func, op, "memo" if only_if_absent(op, target) else "entry", target.base, target.key)
        if isinstance(op.stmt, Assign) and not op.stmt.op and op.stmt.value is not None and place is not None:
            self._element_replaced(func, op, target, op.stmt.value)

    def _store_slice(self, func: Func, op: Op, target: Index) -> None:
        """``x[len(x):] = items`` appends; any other slice replaces."""
        lower = target.key.operands[0] if isinstance(target.key, Operation) and target.key.operands else None
        if isinstance(lower, Call) and any(a.value == target.base for a in lower.args):
            self._grows(func, op, "item", target.base, None)
        else:
            self._removes(func, op, "trim", target.base, None)

    def _container_at(self, func: Func, expr: Expr) -> bool:
        place = self._places.of(func, expr)
        return place is not None and self._containers.shape(place) is not None

    def _element_replaced(self, func: Func, op: Op, target: Index, value: Expr) -> None:
        """``c[k] = [x for x in c[k] if ...]`` empties the inner container; ``c[k] = held[-9:]`` cuts it, if that is ``held``."""
        if takes_from(value, target):
            self._removes(func, op, "filter", target, None)
        elif any(self._may_be(func, e, self._places.of(func, target)) for e in self._cuts.of(func, value)):
            self._removes(func, op, "trim", target, None)

    def _may_be(self, func: Func, expr: Expr, wanted: Place | None) -> bool:
        """Whether the expression names the place, or a parameter for which a caller passes it."""
        place = self._places.of(func, expr)
        if place is None or not isinstance(place.root, Parameter):
            return place is not None and place == wanted
        return wanted in passed_for(place, place.root, self._graph, self._places)

    def _rebind(self, func: Func, op: Op, target: Name | Attr, stmt: Assign) -> None:
        if stmt.op in _CHANGES_IN_PLACE:
            if self._container_at(func, target):
                change = self._grows if stmt.op in {"+", "|"} else self._removes
                change(func, op, "item", target, None)
            return
        value = given(stmt, target) if not stmt.op and stmt.value is not None else None
        if value is None:
            return
        keeps = any(e == target for e in every(value))  # most assignments do neither: no need to know the container
        if (keeps or not self._first_value(func, op, target)) and self._container_at(func, target):
            self._replaced(func, op, target, value)

    def _replaced(self, func: Func, op: Op, target: Name | Attr | Index, value: Expr) -> None:
        if adds_to(value, target):
            if not self._is_record(func, target, value):
                self._grows(func, op, "item", target, spread_key(value))
        elif takes_from(value, target):
            how: How = "filter" if any(isinstance(e, Comprehension) for e in every(value)) else "trim"
            self._removes(func, op, how, target, None)
        elif not any(e == target for e in every(value)) and not self._first_value(func, op, target):
            self._removes(func, op, "reset", target, None)

    def _is_record(self, func: Func, target: Expr, value: Expr) -> bool:
        """Whether an object gets new values for properties that its literal or its type names, none under a computed name."""
        if not isinstance(value, Display) or value.kind != "dict" or spread_key(value) is not None:
            return False
        typed = self._places.type_of(func, target)
        if isinstance(typed, Instance) and typed.cls.facts.kind == "interface":
            return True
        others = [i for i in value.items if isinstance(i, Star) and i.value != target]
        place = self._places.of(func, target)
        made = [s.value for s in self._containers.sources(place)] if place is not None and not place.path else []
        return not others or any(isinstance(m, Display) and names_properties(m) for m in made)

    def _first_value(self, func: Func, op: Op, target: Name | Attr | Index) -> bool:
        """What gives a container its first value takes nothing away: a constructor, the module body, ``if x is None: x = {}``."""
        own = func.is_module or func.owner_of(target.id) is func if isinstance(target, Name) else func.is_constructor
        return own or any(asks_for(g.test, target) for g in guards(func.facts, op.position))

    def _load(self, func: Func, op: Op, node: Index) -> None:
        place = self._places.of(func, node.base)
        shape = self._containers.shape(place) if place is not None else None
        if shape is not None and shape.row is not None and shape.row.creates and not is_slice(node.key):
            self._grows(func, op, "memo", node.base, node.key)

    # -- calls -------------------------------------------------------------------------------------------------

    def _call(self, func: Func, op: Op) -> None:
        call = op.node
        assert isinstance(call, Call)
        models = self._program.models(func.file)
        if isinstance(call.func, Attr) and models.is_container_method(call.func.name):
            self._method(func, op, call, call.func)
        last = call.func.name if isinstance(call.func, Attr) else getattr(call.func, "id", "")
        if models.routines.knows(last):
            self._routine(func, op, call)

    def _method(self, func: Func, op: Op, call: Call, callee: Attr) -> None:
        place = self._places.of(func, callee.base)
        if place is None or self._graph.callees(call):
            return
        shape = self._containers.shape(place)
        row = shape.row if shape is not None else None
        key = call.args[0].value if call.args else None
        if row is not None:
            grows, shrinks = row.grow.get(callee.name), row.shrink.get(callee.name)
            is_set = row.kind == "set"
        else:
            models = self._program.models(func.file)
            reads = models.reads_element(callee.name) and bool(call.args) and not call.args[0].name
            grows, shrinks = models.plain_growth(callee.name), None if reads else models.plain_removal(callee.name)
            grows = None if grows == "item" and len(call.args) > 1 else grows  # a store that is told key and value
            is_set = False
        if grows is not None:
            what: What = {"key": "entry", "memo": "memo"}.get(grows, "item")  # type: ignore[assignment]
            many = keys_of_many(call) if grows == "items" and row is not None and row.kind == "mapping" else None
            if many is not None:
                self._grows(func, op, "entry", callee.base, many)
                return
            self._grows(func, op, what, callee.base, key if grows in {"key", "memo"} or is_set else None)
        if shrinks == "splice":
            self._splice(func, op, call, callee)
            return
        if shrinks == "one" and row is None and key is not None and not isinstance(key, Const):
            shrinks = "key"
        if shrinks is not None:
            self._removes(func, op, shrinks, callee.base, key if shrinks in {"key", "item"} else None)

    def _splice(self, func: Func, op: Op, call: Call, callee: Attr) -> None:
        """``splice(start, count, ...more)`` takes a part out and puts more in its place."""
        args = [a.value for a in call.args]
        if len(args) > 2 and args[1] == _ZERO:
            self._grows(func, op, "item", callee.base, None)
            return
        whole = len(args) == 1 or (len(args) > 1 and isinstance(args[1], Attr) and args[1].base == callee.base)
        how: How = "one" if not args or args[0] != _ZERO else "all" if whole else "trim"
        self._removes(func, op, how, callee.base, None)

    def _routine(self, func: Func, op: Op, call: Call) -> None:
        models = self._program.models(func.file)
        for name in self._graph.names_of(func, call.func):
            row = models.routines.first(name)
            if row is not None and row.argument < len(call.args):
                target, given = call.args[row.argument].value, call.args[row.argument + 1 :]
                if row.effect != "grow":
                    self._removes(func, op, "one" if row.effect == "shrink" else "all", target, None)
                elif row.key is not None:
                    key = call.args[row.key].value if row.key < len(call.args) else None
                    self._grows(func, op, "entry", target, key)
                elif not all(self._gives_properties(func, a.value) for a in given):
                    self._grows(func, op, "item", target, None)
                return

    def _gives_properties(self, func: Func, value: Expr) -> bool:
        """Whether an argument is an object literal, written there or bound to a variable before, with all keys written down."""
        place = self._places.of(func, value) if isinstance(value, Name) else None
        if place is None or place.path or not isinstance(place.root, Local):
            return gives_properties(value)
        made = [s.value for s in self._containers.sources(place)]
        return bool(made) and all(m is not None and gives_properties(m) for m in made)

    # -- shrinking ---------------------------------------------------------------------------------------------

    def _removes(self, func: Func, op: Op, how: How, base: Expr, key: Expr | None) -> None:
        place = self._places.of(func, base)
        if place is not None and not isinstance(place.root, Result):
            self.removals.setdefault(place, []).append(Removal(func, op, how, place, dotted(base), key))
        meant = self._meant(func, base, place)
        if meant is not None:
            self.removals.setdefault(meant, []).append(Removal(func, op, how, meant, dotted(base), key))

    def _meant(self, func: Func, base: Expr, place: Place | None) -> Place | None:
        """The container ``x.name`` where nothing tells what ``x`` is: one class of the program has a container of that name."""
        if not isinstance(base, Attr) or (place is not None and not place.path):
            return None
        owner = self._program.only_owner(base.name)
        if owner is None or self._places.type_of(func, base.base) is not None:
            return None
        meant = Place(FieldOf(owner, base.name))
        return meant if self._containers.shape(meant) is not None else None


def _loops_of(func: Func, op: Op) -> set[int]:
    """Identities of the loops around the operation."""
    return {id(loop) for loop in func.loops_around.get(id(op.stmt), ())}


def _stands_before(one: Op, other: Op) -> bool:
    """Whether every way to ``other`` leads past ``one``: it stands earlier in the same block or in one around it."""
    at, to = one.position, other.position
    return len(at) <= len(to) and at[:-1] == to[: len(at) - 1] and at[-1][0] < to[len(at) - 1][0]
