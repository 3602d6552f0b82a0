"""Which loops run as long as their owner lives: by time (they wait in every round) or by messages (they take what comes)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.program import Func, Program
from leaklint.analysis.linking.walk import blocks, every, expressions, statements
from leaklint.facts import (
    Assign,
    Attr,
    Await,
    Block,
    Branch,
    Call,
    Const,
    Expr,
    Jump,
    Lambda,
    Loop,
    Name,
    Operation,
    Return,
    Stmt,
    Try,
    With,
)

Pace = Literal["tick", "call"]
"""What makes the next round come: time, or a message."""

_DEEP = 2
"""How many calls down a helper may hide the wait of a loop."""


class Loops:
    """Finds and remembers the pace of loops."""

    def __init__(self, program: Program, graph: CallGraph) -> None:
        self._program = program
        self._graph = graph
        self._paces: dict[int, Pace | None] = {}
        self._pausing: dict[tuple[int, int], bool] = {}

    def around(self, func: Func, stmt: Stmt | None) -> Pace | None:
        """The pace of the outermost loop around ``stmt`` that never ends by itself; None if there is none."""
        if stmt is None:
            return None
        paces = (self.pace(func, loop) for loop in func.loops_around.get(id(stmt), ()))
        return next((p for p in paces if p), None)

    def for_ever(self, func: Func, stmt: Stmt) -> Pace | None:
        """As ``around``, for ``while`` loops alone that nothing but an error or the end of their owner leaves."""
        for loop in func.loops_around.get(id(stmt), ()):
            pace = self.pace(func, loop) if loop.kind == "while" else None
            if pace == "tick" or (pace and not list(_leaving(loop.body, loop.over, outer=True))):
                return pace
        return None

    def pace(self, func: Func, loop: Loop) -> Pace | None:
        """Whether a loop runs as long as its owner lives, and by what; None for one that comes to its end."""
        key = id(loop)
        if key not in self._paces:
            self._paces[key] = None
            self._paces[key] = self._for(func, loop) if loop.kind == "for" else self._while(func, loop)
        return self._paces[key]

    def _for(self, func: Func, loop: Loop) -> Pace | None:
        """A ``for`` is bounded, unless what it goes over has no end: a timer, a counter, a generator that ticks."""
        waits = self._rounds_wait(func, loop)
        for call in _calls(loop.over):
            if loop.is_async and self._waits(func, call):
                return "tick"
            if waits and self._named("endless", func, call):
                return "tick"
            if any(self._ticks(f) for f in self._graph.callees(call) if f.facts.is_generator):
                return "tick"
        return "call" if loop.is_async else None

    def _ticks(self, generator: Func) -> bool:
        """Whether a generator gives its values by time."""
        loops = (s for s in statements(generator.facts.body) if isinstance(s, Loop))
        return any(self.pace(generator, loop) == "tick" for loop in loops)

    def _while(self, func: Func, loop: Loop) -> Pace | None:
        if any(self._pauses(func, call) for call in _calls(loop.over)):
            return "tick"
        if not _is_flag(loop.over) or _asks_the_last_answer(loop):
            return None
        if self._rounds_wait(func, loop) and not self._comes_to_its_end(func, loop):
            return "tick"
        takes = any(isinstance(e, Await) for s in statements(loop.body) for x in expressions(s) for e in every(x))
        return "call" if takes or _always(loop.over) or self._waits_somewhere(func, loop) else None

    def _rounds_wait(self, func: Func, loop: Loop) -> bool:
        """A wait in an exception handler is for the next attempt or message, no pace of the loop."""
        return any(self._pauses(func, call) for stmt in _working(loop.body) for call in _calls_of(stmt))

    def _waits_somewhere(self, func: Func, loop: Loop) -> bool:
        return any(self._waits(func, call) for stmt in statements(loop.body) for call in _calls_of(stmt))

    def _comes_to_its_end(self, func: Func, loop: Loop) -> bool:
        """The loop asks again and again until something is there: it leaves for another reason than a flag."""
        return any(not self._is_stop(func, test) for test in _leaving(loop.body, loop.over, outer=True))

    def _is_stop(self, func: Func, test: Expr) -> bool:
        return _is_flag(test) or any(self._waits(func, call) for call in _calls(test))

    # -- waits -------------------------------------------------------------------------------------------------

    def _pauses(self, func: Func, call: Call, depth: int = _DEEP) -> bool:
        """Whether the call waits: itself, or in every run of the function of the program that it calls."""
        if self._waits(func, call):
            return True
        return depth > 0 and any(self._always_pauses(f, depth) for f in self._graph.callees(call))

    def _always_pauses(self, func: Func, depth: int) -> bool:
        """A function that gives a value back is called for that, and waits for it to come."""
        key = (id(func), depth)
        if key not in self._pausing:
            self._pausing[key] = False
            self._pausing[key] = not func.facts.is_generator and any(
                self._pauses(func, call, depth - 1) for stmt in _straight(func.facts.body) for call in _calls_of(stmt)
            )
            if any(isinstance(s, Return) and self._gives(func, s.value) for s in statements(func.facts.body)):
                self._pausing[key] = False
        return self._pausing[key]

    def _gives(self, func: Func, value: Expr | None) -> bool:
        if value is None or (isinstance(value, Const) and value.kind == "none"):
            return False
        return not any(self._pauses(func, call, 1) for call in _calls(value))

    def _waits(self, func: Func, call: Call) -> bool:
        """Whether the call itself is a wait: a sleep, the wait of an event, a promise that only a timer settles."""
        return self._named("waits", func, call) or self._is_timer_promise(func, call)

    def _named(self, field: str, func: Func, call: Call) -> bool:
        models = self._program.models(func.file)
        if isinstance(call.func, Attr) and not models.names[field].knows(call.func.name):
            return False
        names = self._graph.names_of(func, call.func)
        if any(models.is_a(field, n) for n in names if not n.startswith("*.")):
            return True
        return len(names) == 1 and bool(call.args) and models.is_a(field, names[0])

    def _is_timer_promise(self, func: Func, call: Call) -> bool:
        """``new Promise((resolve) => setTimeout(resolve, ms))``."""
        if not call.new or len(call.args) != 1 or not isinstance(call.args[0].value, Lambda):
            return False
        executor = func.file.functions[call.args[0].value.function]
        if not executor.facts.params:
            return False
        resolve = executor.facts.params[0].name
        return any(
            self._delays(executor, inner) and any(_settles(executor, a.value, resolve) for a in inner.args)
            for stmt in _straight(executor.facts.body)
            for inner in _calls_of(stmt)
        )

    def _delays(self, func: Func, call: Call) -> bool:
        spawns = self._program.models(func.file).spawns
        return any(row.delayed for name in self._graph.names_of(func, call.func) for row in spawns.all(name))


def _settles(executor: Func, callback: Expr, resolve: str) -> bool:
    if isinstance(callback, Lambda):
        inner = executor.file.functions[callback.function]
        calls = (c for s in _straight(inner.facts.body) for c in _calls_of(s))
        return any(isinstance(c.func, Name) and c.func.id == resolve for c in calls)
    return isinstance(callback, Name) and callback.id == resolve


def _calls(expr: Expr | None) -> list[Call]:
    return [e for e in every(expr) if isinstance(e, Call)]


def _calls_of(stmt: Stmt) -> list[Call]:
    return [call for expr in expressions(stmt) for call in _calls(expr)]


def _working(block: Block) -> Iterator[Stmt]:
    """The statements of a block and the blocks in it, but for those of exception handlers."""
    for stmt in block:
        yield stmt
        inner = (stmt.body, stmt.orelse, stmt.final) if isinstance(stmt, Try) else blocks(stmt)
        for one in inner:
            yield from _working(one)


def _straight(block: Block) -> Iterator[Stmt]:
    """The statements that every run of the block reaches, as long as nothing raises."""
    for stmt in block:
        yield stmt
        if isinstance(stmt, With):
            yield from _straight(stmt.body)
        elif isinstance(stmt, Try):
            yield from _straight((*stmt.body, *stmt.orelse, *stmt.final))


def _leaving(block: Block, test: Expr, outer: bool) -> Iterator[Expr]:
    """The nearest test before each way out of a loop, but for those in exception handlers; ``outer``: breaks leave it."""
    for stmt in block:
        if isinstance(stmt, Return) or (isinstance(stmt, Jump) and stmt.kind == "break" and outer):
            yield test
        elif isinstance(stmt, Branch):
            yield from _leaving(stmt.body, stmt.test, outer)
            yield from _leaving(stmt.orelse, stmt.test, outer)
        elif isinstance(stmt, Try):
            yield from _leaving((*stmt.body, *stmt.orelse, *stmt.final), test, outer)
        else:
            for inner in blocks(stmt):
                yield from _leaving(inner, test, outer and not isinstance(stmt, Loop))


def _asks_the_last_answer(loop: Loop) -> bool:
    """``while answer.calls: ... answer = ask()``: each round makes what the test asks; the work says when it ends."""
    asked = loop.over.base if isinstance(loop.over, Attr) else None
    made = (s for s in statements(loop.body) if isinstance(s, Assign) and isinstance(s.value, (Await, Call)))
    return isinstance(asked, Name) and any(asked in s.targets for s in made)


def _always(test: object) -> bool:
    return isinstance(test, Const) and test.text not in {"false", "0", ""}


def _is_flag(test: object) -> bool:
    """A test that somebody else decides: a constant, a flag, ``not stopped``, ``event.is_set()``, several of these."""
    if isinstance(test, Operation) and test.op in {"not", "and", "or"}:
        return all(_is_flag(o) for o in test.operands)
    if isinstance(test, Call):
        return not test.args
    return isinstance(test, (Attr, Name)) or _always(test)
