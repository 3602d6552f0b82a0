"""How a function comes to run, and how often: the way back from it to entry points, module bodies and unknown callers."""

from __future__ import annotations

from functools import cached_property
from typing import Literal, NamedTuple

from leaklint.analysis.linking.callees import last_segment
from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.program import Cls, Func, Program
from leaklint.analysis.linking.uses import Use
from leaklint.analysis.running.loops import Loops
from leaklint.analysis.running.makers import Makers, made_when_absent
from leaklint.catalog.schema import Entry
from leaklint.facts import Call, Loop, Name, Return, Stmt

Scope = Literal["once", "teardown", "session", "call", "tick", "unproven"]

REPEATED: frozenset[Scope] = frozenset({"session", "call", "tick", "unproven"})

_RUNS = frozenset({"call", "maybe", "construct", "spawn"})
_NEAR = 3
"""How many calls down a timer may be set again by the function it runs."""

_FAR = 200
"""How many functions one way back may visit before the rest is taken as unproven."""


class Origin(NamedTuple):
    """Where a way back ends. ``path`` runs from the function there (first) to the one asked about (last)."""

    scope: Scope
    path: tuple[Func, ...]
    label: str = ""
    entry: Entry | None = None

    @property
    def start(self) -> Func:
        return self.path[0]


class Origins:
    """Finds and remembers the origins of functions."""

    def __init__(self, program: Program, graph: CallGraph) -> None:
        self._program = program
        self._graph = graph
        self._memo: dict[tuple[int, frozenset[int]], tuple[Origin, ...]] = {}
        self._run: dict[int, frozenset[int]] = {}
        self._makers = Makers(program, graph)
        self.loops = Loops(program, graph)

    def of(self, func: Func, holder: Cls | Func | None = None) -> tuple[Origin, ...]:
        """Every distinct way ``func`` comes to run, one for each scope and entry point, shortest first.

        With ``holder``, ways that pass through a constructor of that class (or of one derived from it), or through a function
        that makes such an object, count as once: they run once for each object of it. With a function as ``holder`` (it
        holds a local variable) ways that pass through it count as once.
        """
        stop = self._stops(holder)
        key = (id(func), stop)
        if key not in self._memo:
            self._memo[key] = tuple(_Search(self, stop).run(func))
        return self._memo[key]

    def by(self, func: Func, use: Use, holder: Cls | Func | None = None) -> tuple[Origin, ...]:
        """As ``of``, of the ways alone that lead to ``func`` by ``use``."""
        stop = self._stops(holder)
        key = (id(use), stop)
        if key not in self._memo:
            self._memo[key] = tuple(_Search(self, stop).run(func, use))
        return self._memo[key]

    def _stops(self, holder: Cls | Func | None) -> frozenset[int]:
        """What makes a way count as once where it passes through it."""
        if isinstance(holder, Cls):
            return frozenset(id(c) for c in [*holder.family, *holder.mro]) | self._makers.of(holder)
        return frozenset() if holder is None else frozenset({id(holder)})

    def repeated(self, func: Func, holder: Cls | Func | None = None) -> list[Origin]:
        """The origins of ``func`` that run it again and again."""
        return [o for o in self.of(func, holder) if o.scope in REPEATED]

    def entries(self, func: Func) -> list[Entry]:
        """The model rows that make ``func`` itself an entry point."""
        return [u.entry for u in self._graph.uses(func) if u.kind == "entry" and u.entry is not None]

    def runs(self, func: Func) -> frozenset[int]:
        """Identities of ``func`` and of the functions it runs, three calls down; not those an entry point may run later."""
        if id(func) not in self._run:
            found, edge = {id(func)}, [func]
            for _ in range(_NEAR):
                edge = [t for f in edge for t, u in self._graph.outgoing(f) if u.kind in _RUNS and id(t) not in found]
                found |= {id(t) for t in edge}
            self._run[id(func)] = frozenset(found)
        return self._run[id(func)]

    def runs_program(self, func: Func) -> bool:
        """Whether a function of a module that needs to be told nothing runs the work of the program until it ends.

        Nobody in the program calls it: an installed command does.
        """
        plain = func.facts.parent == 0 and not func.facts.decorators
        if not plain or any(p.default is None for p in func.facts.params):
            return False
        return bool(self._runners & self.runs(func))

    @cached_property
    def _runners(self) -> set[int]:
        """Identities of the functions that themselves call what runs a program."""
        found = set()
        for func in self._program.functions:
            models = self._program.models(func.file)
            calls = (op.node for op in func.ops if op.kind == "call" and isinstance(op.node, Call))
            named = (c for c in calls if models.names["runs_program"].knows(last_segment(c.func)))
            if any(models.is_a("runs_program", n) for c in named for n in self._graph.names_of(func, c.func)):
                found.add(id(func))
        return found

    def loop_scope(self, func: Func, stmt: Stmt | None) -> Scope | None:
        """``tick`` if ``stmt`` stands in a loop of ``func`` that waits and never ends, ``call`` if that loop takes messages."""
        return self.loops.around(func, stmt)

    def never_ends(self, func: Func, stmt: Stmt) -> Scope | None:
        """As ``loop_scope``, for loops alone that nothing but an error or the end of their owner leaves."""
        return self.loops.for_ever(func, stmt)

    def endless(self, func: Func, loop: Loop) -> Scope | None:
        """Whether a loop runs as long as its owner lives: ``tick`` by time, ``call`` by messages, else None."""
        return self.loops.pace(func, loop)


class _Search:
    """One breadth-first way back."""

    def __init__(self, origins: Origins, stop: frozenset[int]) -> None:
        self._origins = origins
        self._graph = origins._graph
        self._program = origins._program
        self._stop = stop
        self._seen: set[int] = set()
        self._found: dict[tuple[str, int], Origin] = {}

    def run(self, func: Func, use: Use | None = None) -> list[Origin]:
        self._seen.add(id(func))
        steps = self._back((func,)) if use is None else self._through(use, (func,))
        queue = self._new(steps, (func,))
        while queue:
            path = queue.pop(0)
            queue += self._new(self._back(path), path)
        if not self._found:
            self._end("unproven", (func,), "called from elsewhere")  # only from itself, as far as can be seen
        return sorted(self._found.values(), key=lambda o: (o.scope == "unproven", len(o.path)))

    def _new(self, callers: list[Func], path: tuple[Func, ...]) -> list[tuple[Func, ...]]:
        """Longer ways, to those of the callers that no way has come to yet."""
        found = []
        for caller in callers:
            if id(caller) not in self._seen and len(self._seen) < _FAR:
                self._seen.add(id(caller))
                found.append((caller, *path))
        return found

    def _end(self, scope: Scope, path: tuple[Func, ...], label: str = "", entry: Entry | None = None) -> None:
        self._found.setdefault((scope, id(path[0])), Origin(scope, path, label, entry))

    def _back(self, path: tuple[Func, ...]) -> list[Func]:
        """Ends the way at ``path[0]`` where it ends; returns the functions from which it goes on."""
        func = path[0]
        if func.is_module:
            self._end("once", path, "import")
            return []
        if func.is_constructor and func.cls is not None and id(func.cls) in self._stop:
            self._end("once", path, "constructor")
            return []
        if func.facts.parent == 0 and func.facts.cls < 0 and self._program.models(func.file).is_a("main", func.name):
            self._end("once", path, "main")
            return []
        if self._keeps_its_result(func):
            self._end("once", path, "its result is kept")
            return []
        if self._is_decorator(func):
            self._end("once", path, "decorator")
            return []
        if id(func) in self._stop:
            self._end("once", path, "the function that makes the object")
            return []
        uses = self._graph.uses(func)
        entries = [u for u in uses if u.entry is not None]
        for use in entries:
            assert use.entry is not None
            self._end(use.entry.scope, path, use.entry.label, use.entry)
        if func.is_constructor and func.cls is not None:
            return self._instantiated(func.cls, path)
        rest = [u for u in uses if u.entry is None]
        if any(u.kind != "maybe" for u in uses):
            rest = [u for u in rest if u.kind != "maybe"]
        if len(rest) > 1 and any(u.kind != "mention" for u in rest):
            rest = [u for u in rest if u.kind != "mention" or not isinstance(u.stmt, Return)]
        if not rest and not entries:
            self._unused(path)
        return [c for u in rest for c in self._through(u, path)]

    def _keeps_its_result(self, func: Func) -> bool:
        """A cached function without parameters runs once."""
        if func.facts.params or func.facts.binds == "instance" or not func.facts.decorators:
            return False
        models = self._program.models(func.file)
        callees = [d.func if isinstance(d, Call) else d for d in func.facts.decorators]
        return any(models.caches.first(n) for c in callees for n in self._graph.names_of(func.parent or func, c))

    def _instantiated(self, cls: Cls, path: tuple[Func, ...]) -> list[Func]:
        sites = [s for c in cls.family for s in self._graph.sites(c)]
        mentions = [m for c in cls.family for m in self._graph.mentions(c)]
        if not sites and not mentions:
            self._end("unproven", path, "instantiated elsewhere")
        found = []
        for site in sites:
            if made_when_absent(site):
                self._end("once", (site.func, *path), "made when it is first asked for")
                continue
            scope = self._origins.loop_scope(site.func, site.stmt)
            if scope:
                self._end(scope, (site.func, *path), "loop")
            found.append(site.func)
        return found

    def _unused(self, path: tuple[Func, ...]) -> None:
        func = path[0]
        models = self._program.models(func.file)
        if func.facts.cls < 0 and (models.is_a("main", func.name) or self._origins.runs_program(func)):
            self._end("once", path, "main")
        else:
            self._end("unproven", path, "called from elsewhere")

    def _is_decorator(self, func: Func) -> bool:
        """A nested function that gives back the function it is handed runs when something is decorated."""
        params = {p.name for p in func.facts.params}
        if func.facts.parent <= 0 or len(params) != 1:
            return False
        return any(op.kind == "return" and isinstance(op.node, Name) and op.node.id in params for op in func.ops)

    def _through(self, use: Use, path: tuple[Func, ...]) -> list[Func]:
        if use.kind == "mention":
            self._end("unproven", path, "handed on")
            return []
        if use.spawn is not None and (use.spawn.scope == "tick" or (use.spawn.delayed and self._rearms(use, path))):
            self._end("tick", path, "timer")
            return []
        if use.deferred is not None and use.deferred.when != "done":
            self._end("teardown", path, "at exit")
            return []
        scope = self._origins.loop_scope(use.caller, use.stmt)
        if scope:
            lasting = use.stmt is not None and self._origins.never_ends(use.caller, use.stmt)
            self._end(scope, (use.caller, *path), "endless loop" if lasting else "loop")
            return []
        return [use.caller]

    def _rearms(self, use: Use, path: tuple[Func, ...]) -> bool:
        """A one-shot timer is periodic when the function it runs sets it again, itself or in what it calls."""
        run = self._origins.runs(path[0])
        around: Func | None = use.caller
        while around is not None and not around.is_module:
            if id(around) in run:
                return True
            if self._origins.entries(around):
                return False
            around = around.parent
        return False
