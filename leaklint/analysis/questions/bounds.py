"""What keeps a container from growing without end: its constructor, a size check, a trim, a refill.

A bound counts only for the container that grows: a check of an element's length says nothing of the keys outside it.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from leaklint.analysis.flow.guards import Op, always_leaves, guards, loops
from leaklint.analysis.growth.changes import Changes, Growth, Removal
from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.places import Library, Parameter, Place, Places
from leaklint.analysis.linking.program import Func, Program
from leaklint.analysis.linking.walk import dotted, every, expressions, statements
from leaklint.analysis.questions.fixed_size import FixedSize
from leaklint.facts import Attr, Block, Branch, Call, Comprehension, Const, Expr, Loop, Name, Operation, Span

BoundKind = Literal[
    "none", "weak", "sized", "size-check", "trimmed", "drained", "once-per-key", "slot", "inner", "outer"
]

_ORDER = frozenset({"<", "<=", ">", ">=", "==", "!="})


class BoundAnswer(NamedTuple):
    """The bound of a growth, in words why, and the place (path, span) that decided."""

    kind: BoundKind
    why: str
    place: tuple[str, Span] | None = None


class SizeTest(NamedTuple):
    """A branch or loop whose test asks for the size of a container."""

    func: Func
    stmt: Branch | Loop
    test: Expr
    place: Place


class Neighbours:
    """Functions that run beside another one: what it calls, what calls it, and what those call."""

    def __init__(self, graph: CallGraph) -> None:
        self._graph = graph
        self._below: dict[tuple[int, int], set[int]] = {}
        self._beside: dict[int, set[int]] = {}

    def below(self, func: Func, depth: int = 3) -> set[int]:
        """Identities of ``func`` and of the functions it calls, ``depth`` calls down."""
        key = (id(func), depth)
        if key not in self._below:
            found, edge = {id(func)}, [func]
            for _ in range(depth):
                edge = [
                    t for f in edge for t, u in self._graph.outgoing(f) if u.kind != "mention" and id(t) not in found
                ]
                found |= {id(t) for t in edge}
            self._below[key] = found
        return self._below[key]

    def beside(self, func: Func) -> set[int]:
        """Identities of the functions below ``func`` and below its callers (two calls down)."""
        if id(func) not in self._beside:
            found = set(self.below(func))
            for use in self._graph.uses(func):
                if use.call is not None and use.kind in {"call", "maybe", "construct"} and not use.caller.is_module:
                    found |= self.below(use.caller, 2)
            self._beside[id(func)] = found
        return self._beside[id(func)]


class Bounds:
    """Answers what bounds a growth."""

    def __init__(
        self, program: Program, graph: CallGraph, places: Places, changes: Changes, neighbours: Neighbours
    ) -> None:
        self._program = program
        self._graph = graph
        self._places = places
        self._changes = changes
        self._neighbours = neighbours
        self._tests: dict[Place, list[SizeTest]] | None = None
        self._every_test: list[SizeTest] | None = None
        self._by_func: dict[int, list[Removal]] | None = None
        self._fixed_size = FixedSize(program, places, changes)

    def read(self, growth: Growth) -> BoundAnswer:
        """What bounds ``growth``; kind ``none``, ``inner`` or ``outer`` if nothing does."""
        for answer in (self._constructed, self._fixed, self._size_checked, self._trimmed, self._reset_first):
            found = answer(growth)
            if found is not None:
                return found
        shape = growth.shape
        if shape is not None and shape.inner is not None and shape.inner.bound != "none":
            return BoundAnswer("inner", "only the inner containers are bounded, not the keys")
        return self._goes_with_table(growth) or BoundAnswer("none", "nothing limits its size")

    def _goes_with_table(self, growth: Growth) -> BoundAnswer | None:
        """A list that is kept under a key, where a size check beside takes whole keys out of its table."""
        if not growth.place.is_element:
            return None
        table, beside = growth.place.container, self._neighbours.beside(growth.func)
        for test in self._tests_of(table):
            if id(test.func) in beside and self._evicts(test, table):
                where = (test.func.file.path, test.stmt.span)
                return BoundAnswer("outer", "it goes when a size check evicts its key", where)
        return None

    def _constructed(self, growth: Growth) -> BoundAnswer | None:
        shape = growth.shape
        if shape is None or shape.bound == "none":
            return None
        kind: BoundKind = "weak" if shape.bound == "weak" else "sized"
        return BoundAnswer(kind, "its constructor bounds it", shape.declared)

    def _fixed(self, growth: Growth) -> BoundAnswer | None:
        why = self._fixed_size.why(growth)
        return BoundAnswer("slot", why) if why else None

    # -- size checks -------------------------------------------------------------------------------------------

    def size_tests(self, place: Place) -> list[SizeTest]:
        """Branches and loops anywhere in the program that compare the size of the container at ``place``."""
        if self._tests is None:
            self._tests = {}
            for func in self._program.functions:
                self._find_tests(func, self._tests)
        return self._tests.get(place, [])

    def _find_tests(self, func: Func, tests: dict[Place, list[SizeTest]]) -> None:
        for stmt in statements(func.facts.body):
            if isinstance(stmt, Branch):
                test = stmt.test
            elif isinstance(stmt, Loop) and stmt.kind == "while":
                test = stmt.over
            else:
                continue
            for one in every(test):
                if isinstance(one, Operation) and one.op in _ORDER:
                    for sized in self._sized(func, one):
                        tests.setdefault(sized, []).append(SizeTest(func, stmt, test, sized))

    def _sized(self, func: Func, comparison: Operation) -> list[Place]:
        """Containers whose size the comparison asks for; a comparison with nothing is no bound."""
        if any(isinstance(o, Const) and o.text == "0" for o in comparison.operands):
            return []
        found = []
        for operand in comparison.operands:
            for one in (*every(operand), *self._variable(func, operand)):
                place = self._size_of(func, one)
                if place is not None:
                    found.append(place)
        return found

    def _variable(self, func: Func, operand: Expr) -> list[Expr]:
        """``count = len(c)`` and then ``if count > MAX``."""
        if not isinstance(operand, Name):
            return []
        owner = func.owner_of(operand.id)
        bound = owner.file.bindings.get((owner.index, operand.id), []) if owner is not None else []
        return [e for _, b in bound if b.kind == "value" and b.expr is not None for e in every(b.expr)]

    def _size_of(self, func: Func, expr: Expr) -> Place | None:
        models = self._program.models(func.file)
        if isinstance(expr, Call) and len(expr.args) == 1 and isinstance(expr.func, (Name, Attr)):
            if any(models.is_a("sizes", n) for n in self._graph.names_of(func, expr.func)):
                return self.measured(func, expr.args[0].value)
        if isinstance(expr, Call) and not expr.args and isinstance(expr.func, Attr):
            if models.is_a("sizes", expr.func.name):
                return self.measured(func, expr.func.base)
        if isinstance(expr, Attr) and models.is_a("sizes", f"*.{expr.name}"):
            return self.measured(func, expr.base)
        return None

    def measured(self, func: Func, expr: Expr) -> Place | None:
        """The container that is measured, under ``list(...)`` and ``.keys()``."""
        whole = _under(expr)
        return self._places.of(func, whole) if whole is not None else None

    def _size_checked(self, growth: Growth) -> BoundAnswer | None:
        beside = self._neighbours.beside(growth.func)
        for test in [
            *self._tests_of(growth.place),
            *(self.size_tests(growth.seen) if growth.seen != growth.place else []),
        ]:
            if id(test.func) not in beside:
                continue
            if self._refuses(test, growth) or self._evicts(test, growth.place):
                return BoundAnswer("size-check", "its size is checked", (test.func.file.path, test.stmt.span))
        for test in self._all_tests():
            if id(test.func) in beside and not test.place.is_element and self._evicts_both(test, growth.place):
                return BoundAnswer(
                    "size-check", "it is evicted with its neighbour", (test.func.file.path, test.stmt.span)
                )
        return self._evicted_by_count(growth, beside)

    def _evicts_both(self, test: SizeTest, place: Place) -> bool:
        """What is called when another container is full takes from both."""
        return test.place != place and self._evicts(test, place) and self._evicts(test, test.place)

    def _tests_of(self, place: Place) -> list[SizeTest]:
        """Tests of this container, and of parallel ones that are evicted together with it."""
        removals = self._changes.removals.get(place, [])
        partners = {
            test.place
            for removal in removals
            for test in self._tests_in(removal.func)
            if not (test.place.is_element and not place.is_element)
            and any(s is removal.op.stmt for s in statements((*test.stmt.body, *test.stmt.orelse)))
        }
        return [t for p in {place, *partners} for t in self.size_tests(p)]

    def _tests_in(self, func: Func) -> list[SizeTest]:
        return [t for t in self._all_tests() if t.func is func]

    def _all_tests(self) -> list[SizeTest]:
        if self._every_test is None:
            self.size_tests(Place(Library("")))
            assert self._tests is not None
            self._every_test = [t for tests in self._tests.values() for t in tests]
        return self._every_test

    def _refuses(self, test: SizeTest, growth: Growth) -> bool:
        """The growth is reached only while the container is small."""
        if test.func is not growth.func or test.place not in {growth.place, growth.seen}:
            return False
        if isinstance(test.stmt, Branch) and always_leaves(test.stmt.body):
            return any(g.passed and g.test is test.test for g in guards(growth.func.facts, growth.op.position))
        around = [g for g in guards(growth.func.facts, growth.op.position) if not g.passed and g.test is test.test]
        return any(_says_small(g.test) is g.taken for g in around)

    def _evicts(self, test: SizeTest, place: Place) -> bool:
        body = (*test.stmt.body, *test.stmt.orelse)
        return self._removes_in(test.func, body, place)

    def _removes_in(self, func: Func, block: Block, place: Place) -> bool:
        """Whether something in the block takes from the container, directly or in a function called there."""
        inside = list(statements(block))
        if any(r.func is func and any(s is r.op.stmt for s in inside) for r in self._changes.removals.get(place, [])):
            return True
        removers = {id(r.func) for r in self._changes.removals.get(place, [])}
        for op in func.ops:
            if op.kind == "call" and isinstance(op.node, Call) and any(s is op.stmt for s in inside):
                for callee in self._graph.callees(op.node):
                    if removers & self._neighbours.below(callee, 2):
                        return True
        return False

    def _evicted_by_count(self, growth: Growth, beside: set[int]) -> BoundAnswer | None:
        """``while self._bytes > limit: c.popleft()``: a comparison that decides over taking the oldest."""
        for removal in self._changes.removals.get(growth.place, []):
            if id(removal.func) in beside and (removal.how == "one" or _takes_first(removal)):
                tests = [g.test for g in guards(removal.func.facts, removal.op.position) if not g.passed and g.taken]
                if any(_compares(t) for t in tests):
                    return BoundAnswer("size-check", "the oldest entries are evicted", _where(removal))
            if removal.func is not growth.func and self._evicts_too(removal, beside):
                return BoundAnswer(
                    "size-check", f"{removal.func.title} is called when the oldest is evicted", _where(removal)
                )
        return None

    def _evicts_too(self, removal: Removal, beside: set[int]) -> bool:
        """The removing function is called beside, where a comparison decides to take something out of another container."""
        for use in self._graph.uses(removal.func):
            if use.call is None or id(use.caller) not in beside:
                continue
            op = next((o for o in use.caller.ops if o.node is use.call), None)
            around = [g for g in guards(use.caller.facts, op.position) if not g.passed and g.taken] if op else []
            if any(_compares(g.test) and self._takes_one(use.caller, g.test) for g in around):
                return True
        return False

    def _takes_one(self, func: Func, test: Expr) -> bool:
        blocks = [
            s.body
            for s in statements(func.facts.body)
            if isinstance(s, (Branch, Loop)) and test in (getattr(s, "test", None), getattr(s, "over", None))
        ]
        inside = {id(s) for b in blocks for s in statements(b)}
        return any(r.how == "one" and id(r.op.stmt) in inside for r in self._removals_of(func))

    # -- trims and refills -------------------------------------------------------------------------------------

    def _trimmed(self, growth: Growth) -> BoundAnswer | None:
        beside = self._neighbours.beside(growth.func)
        for removal in self._changes.removals.get(growth.place, []):
            if removal.how == "trim" and id(removal.func) in beside:
                return BoundAnswer("trimmed", "it is cut to a length", _where(removal))
            if removal.how == "filter" and id(removal.func) in beside and removal.op.stmt.span != growth.op.stmt.span:
                return BoundAnswer("trimmed", "old items are filtered out", _where(removal))
            if id(removal.func) in beside and (self.is_sweep(removal) or self._swept_with(removal)):
                return BoundAnswer("trimmed", "old entries are swept when one is added", _where(removal))
        return None

    def _removals_of(self, func: Func) -> list[Removal]:
        if self._by_func is None:
            self._by_func = {}
            for found in self._changes.removals.values():
                for removal in found:
                    self._by_func.setdefault(id(removal.func), []).append(removal)
        return self._by_func.get(id(func), [])

    def _swept_with(self, removal: Removal) -> bool:
        """Taken out in the loop that sweeps a container beside it."""
        if removal.how != "key" or not loops(removal.func.facts, removal.op.position):
            return False
        around = removal.func.loops_around.get(id(removal.op.stmt), ())
        return any(
            r.place != removal.place
            and self.is_sweep(r)
            and removal.func.loops_around.get(id(r.op.stmt), ())[:1] == around[:1]
            for r in self._removals_of(removal.func)
        )

    def is_sweep(self, removal: Removal) -> bool:
        """Whether the removal goes over the container as a whole and takes what is old."""
        if removal.how in {"filter", "trim"}:
            return True
        around = loops(removal.func.facts, removal.op.position)
        if removal.how in {"all", "reset"} or not around:
            return False
        if any(loop.kind == "while" and self._asks_for(removal, loop.over) for loop in around):
            return True
        return self._goes_over(removal) and not _chosen_by_parameter(removal.func)

    def _goes_over(self, removal: Removal) -> bool:
        """Whether the function iterates over the container, by its place or, where a caller passes it, by its name."""
        iterated = _iterated(removal.func)
        if any(self.measured(removal.func, e) == removal.place for e in iterated):
            return True
        wholes = [w for w in map(_under, iterated) if w is not None]
        return any(dotted(w) == removal.written and self._is_passed(removal.func, w) for w in wholes)

    def _is_passed(self, func: Func, expr: Expr) -> bool:
        place = self._places.of(func, expr)
        return place is not None and isinstance(place.root, Parameter)

    def _asks_for(self, removal: Removal, test: Expr) -> bool:
        """``while c: c.pop()``, ``while c and c[0].time < limit: c.popleft()``: the container itself says when to stop."""
        if any(isinstance(e, Operation) and e.op in {"in", "not in"} for e in every(test)):
            return False
        return any(
            isinstance(e, (Name, Attr)) and self._places.of(removal.func, e) == removal.place for e in every(test)
        )

    def _reset_first(self, growth: Growth) -> BoundAnswer | None:
        """Emptied on the same path before it is filled."""
        for removal in self._changes.removals.get(growth.place, []):
            if removal.how not in {"all", "reset"}:
                continue
            if removal.func is growth.func and _earlier(removal.op, growth.op):
                return BoundAnswer("drained", "it is emptied before it is filled", _where(removal))
            if removal.func is not growth.func and self._called_beside(growth, removal):
                return BoundAnswer("drained", "it is emptied by a function called beside", _where(removal))
        return None

    def _called_beside(self, growth: Growth, removal: Removal) -> bool:
        """The growing function (or its caller, at the same level) always calls the function that empties."""
        for op in growth.func.ops:
            if op.kind == "call" and isinstance(op.node, Call) and not op.conditional:
                if removal.func in self._graph.callees(op.node) and len(op.position) == 1:
                    return True
        return False


def _under(expr: Expr) -> Expr | None:
    """The container under ``list(...)`` and ``.keys()``."""
    while isinstance(expr, Call):
        if isinstance(expr.func, Attr) and not expr.args:
            expr = expr.func.base
        elif expr.args:
            expr = expr.args[0].value
        else:
            return None
    return expr


def _earlier(removal: Op, growth: Op) -> bool:
    """The emptying stands on the way to the growth: in an enclosing block before it."""
    one, other = removal.position, growth.position
    if len(one) > len(other):
        return False
    return one[:-1] == other[: len(one) - 1] and one[-1][0] < other[len(one) - 1][0]


def _iterated(func: Func) -> list[Expr]:
    found: list[Expr] = []
    for stmt in statements(func.facts.body):
        if isinstance(stmt, Loop) and stmt.kind == "for":
            found.append(stmt.over)
        for expr in expressions(stmt):
            found += [c.over for e in every(expr) if isinstance(e, Comprehension) for c in e.clauses]
    return found


def _chosen_by_parameter(func: Func) -> bool:
    """A loop that takes what matches a parameter (``if k.startswith(user)``) is a removal by key, no sweep."""
    params = {p.name for p in func.facts.params}
    tests = [s.test for s in statements(func.facts.body) if isinstance(s, Branch) and s.span.line in _loop_lines(func)]
    for stmt in statements(func.facts.body):
        for expr in expressions(stmt):
            tests += [t for e in every(expr) if isinstance(e, Comprehension) for c in e.clauses for t in c.conditions]
    return any(isinstance(e, Name) and e.id in params and not _orders(t) for t in tests for e in every(t))


def _loop_lines(func: Func) -> set[int]:
    return {
        s.span.line for loop in statements(func.facts.body) if isinstance(loop, Loop) for s in statements(loop.body)
    }


def _compares(test: Expr) -> bool:
    return any(isinstance(e, Operation) and e.op in {"<", "<=", ">", ">="} and not _about_time(e) for e in every(test))


def _orders(test: Expr) -> bool:
    """Whether something is asked to be greater or less: by its age, its size, its number."""
    return any(isinstance(e, Operation) and e.op in {"<", "<=", ">", ">="} for e in every(test))


def _about_time(comparison: Operation) -> bool:
    return any(isinstance(e, Operation) and e.op == "-" for o in comparison.operands for e in every(o))


def _takes_first(removal: Removal) -> bool:
    """``del c[next(iter(c))]``: the key is the first of the container itself."""
    return removal.key is not None and "iter(" in dotted(removal.key)


def _says_small(test: Expr) -> bool:
    """``len(c) < MAX`` is true while the container is small."""
    return isinstance(test, Operation) and test.op in {"<", "<="}


def _where(removal: Removal) -> tuple[str, Span]:
    return removal.func.file.path, removal.op.span
