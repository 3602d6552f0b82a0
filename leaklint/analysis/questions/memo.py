"""Whether an entry is a memo: looked up by its key before it is put in, or kept in what the program calls a cache."""

from __future__ import annotations

from collections.abc import Iterator

from leaklint.analysis.flow.guards import Guard, Op, guards
from leaklint.analysis.growth.changes import Growth
from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.membership import membership
from leaklint.analysis.linking.places import Places
from leaklint.analysis.linking.program import Func, Program
from leaklint.analysis.linking.uses import Use
from leaklint.analysis.linking.walk import argument_of, every, statements
from leaklint.analysis.questions.keyspace import container_words, words_of
from leaklint.facts import Assign, Attr, Await, Branch, Call, Expr, Index, Name


class Memos:
    """Answers whether a growth fills a memo."""

    def __init__(self, program: Program, graph: CallGraph, places: Places) -> None:
        self._program = program
        self._graph = graph
        self._places = places

    def holds(self, growth: Growth) -> bool:
        """Whether what is put in was looked for under the same key, here or by a caller, or is put in a cache by name."""
        if growth.key is None or growth.what != "entry":
            return growth.what == "memo"
        return self._looked_up(growth) or self._is_called_cache(growth) or self._looked_up_by_caller(growth)

    def tests_membership(self, growth: Growth, guard: Guard) -> bool:
        """Whether the test asks if the key is in the container."""
        models = self._program.models(growth.func.file)
        for one in every(guard.test):
            asked = membership(models, one)
            if asked is not None and asked.item == growth.key:
                if self._places.of(growth.func, asked.container) in {growth.place, growth.seen}:
                    return True
        return False

    def _looked_up(self, growth: Growth) -> bool:
        """Looked up by the same key in the function that puts it in."""
        for op, base in self._reads_by(growth.func, growth.key):
            if op.stmt is not growth.op.stmt and not _puts_anyway(growth, op):
                if self._places.of(growth.func, base) in {growth.place, growth.seen}:
                    return True
        return any(self.tests_membership(growth, g) for g in guards(growth.func.facts, growth.op.position))

    def _is_called_cache(self, growth: Growth) -> bool:
        """By the last word of its name, which says what it is."""
        words = words_of(container_words(growth.place))
        return bool(words) and words[-1] in self._program.models(growth.func.file).roles.cache

    def _looked_up_by_caller(self, growth: Growth) -> bool:
        """``found = get(k)``, and then ``put(k, made)`` behind a test of it: the caller looks first, by another function."""
        number = _parameter(growth.func, growth.key)
        if number is None:
            return False
        name = growth.func.facts.params[number].name
        for use in self._graph.uses(growth.func):
            key = argument_of(use.passes, number, name) if use.passes is not None else None
            if key is not None and any(self._looks_up(call, key, growth) for call in _tested_before(use)):
                return True
        return False

    def _looks_up(self, call: Call, key: Expr, growth: Growth) -> bool:
        """Whether a function that ``call`` runs reads the container by the parameter for which ``key`` is passed."""
        return any(
            argument_of(call, number, param.name) == key
            and any(
                self._places.of(callee, base) == growth.place for _, base in self._reads_by(callee, Name(param.name))
            )
            for callee in self._graph.callees(call)
            if callee is not growth.func
            for number, param in enumerate(callee.facts.params)
        )

    def _reads_by(self, func: Func, key: Expr | None) -> Iterator[tuple[Op, Expr]]:
        """The operations of ``func`` that read something by ``key``, each with what they read."""
        for op in func.ops:
            read = _read(op.node) if op.kind in {"call", "load"} else None
            if read is not None and read[1] == key:
                yield op, read[0]


def _read(node: Expr | None) -> tuple[Expr, Expr] | None:
    """The container and the key of a look-up."""
    if isinstance(node, Index):
        return node.base, node.key
    if isinstance(node, Call) and isinstance(node.func, Attr) and node.args and node.func.name in {"get", "has"}:
        return node.func.base, node.args[0].value
    return None


def _parameter(func: Func, key: Expr | None) -> int | None:
    """The number of the parameter that the key is."""
    names = [p.name for p in func.facts.params]
    return names.index(key.id) if isinstance(key, Name) and key.id in names else None


def _tested_before(use: Use) -> Iterator[Call]:
    """The calls in the caller whose result a test on the way to the use asks for."""
    func = use.caller
    op = next((o for o in func.ops if o.kind == "call" and o.node is use.call), None)
    tested = [e for g in guards(func.facts, op.position) for e in every(g.test)] if op is not None else []
    for one in tested:
        if isinstance(one, Call):
            yield one
        for binding in func.own_bindings.get(one.id, ()) if isinstance(one, Name) else ():
            made = binding.expr.value if isinstance(binding.expr, Await) else binding.expr
            if isinstance(made, Call):
                yield made


def _puts_anyway(growth: Growth, read: Op) -> bool:
    """What was looked up is changed and put back, whether it was there or not: no cache, whose entries stay as they are."""
    stmt = read.stmt
    if not isinstance(stmt, Assign) or len(stmt.targets) != 1 or not isinstance(stmt.targets[0], Name):
        return False
    made = [e for e in every(stmt.value) if isinstance(e, Call) and not e.new and not _is_of(e, read.node)]
    if made or any(arm.startswith("handler") for _, arm in growth.op.position):
        return False  # what is not there is worked out
    tests = [s.test for s in statements(growth.func.facts.body) if isinstance(s, Branch)]
    return not any(e in (stmt.targets[0], read.node) for t in tests for e in every(t))


def _is_of(call: Call, read: Expr | None) -> bool:
    """Whether the call is a method of the container that is read."""
    base = read.func.base if isinstance(read, Call) and isinstance(read.func, Attr) else None
    return isinstance(call.func, Attr) and call.func.base == base
