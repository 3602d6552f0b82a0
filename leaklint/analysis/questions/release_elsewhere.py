"""What a removal in another function is worth to a growth: who triggers it decides."""

from __future__ import annotations

from functools import cached_property
from itertools import product, takewhile

from leaklint.analysis.flow.guards import Op, guards
from leaklint.analysis.growth.changes import Changes, Growth, Removal
from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.places import FieldOf, Place, Places
from leaklint.analysis.linking.program import Cls, Func, Program
from leaklint.analysis.linking.uses import Use
from leaklint.analysis.linking.walk import every
from leaklint.analysis.questions.bounds import Bounds
from leaklint.analysis.questions.ended import Ended
from leaklint.analysis.questions.memo import Memos
from leaklint.analysis.questions.own_end import OwnEnd
from leaklint.analysis.questions.release import Release
from leaklint.analysis.questions.release_exits import ReleaseExits
from leaklint.analysis.running.origins import Origin, Origins
from leaklint.analysis.running.started import Started
from leaklint.facts import Assign, Attr, Call, Const, Expr, Index, Name, Operation, Return

_ASKED = frozenset({"tool", "tool handler"})
"""Labels of entry points by which a client manages what the server keeps."""

_DISPATCHING = frozenset({"request handler"})
"""Labels of entry points that serve several tools."""


class ReleaseElsewhere:
    """Answers who triggers a removal."""

    def __init__(
        self,
        program: Program,
        graph: CallGraph,
        places: Places,
        origins: Origins,
        changes: Changes,
        bounds: Bounds,
        exits: ReleaseExits,
        started: Started,
    ) -> None:
        self._program = program
        self._graph = graph
        self._places = places
        self._origins = origins
        self._changes = changes
        self._bounds = bounds
        self._exits = exits
        self._started = started
        self._memos = Memos(program, graph, places)
        self._ended = Ended(program, origins, bounds, started)
        self._own_end = OwnEnd(program, graph)

    def read(self, growth: Growth, removal: Removal) -> Release:
        """A removal in another function, by who triggers it."""
        kin = self._kin_left_out(growth.func, removal)
        if kin is not None:
            return Release("never", f"`{removal.func.title}` does not run for `{kin.name}`", removal)
        whole = removal.how in {"all", "reset", "one"} or self._bounds.is_sweep(removal)
        pace = self._origins.loop_scope(removal.func, removal.op.stmt)
        if (pace == "tick" or (pace and whole)) and self._runs(growth, removal.func):
            return Release("swept", f"`{removal.func.title}` runs all the time", removal)
        if removal.func is growth.func:
            return self._same_function(growth, removal)
        if self._started_by(removal.func, growth.func):
            return self._exits.by_started(growth, removal)
        origins = self._origins.of(removal.func)
        if whole and self._ends_context(removal):
            return Release("teardown", f"`{removal.func.title}` empties it only when its context ends", removal)
        if whole:
            return self._whole(growth, removal, origins)
        return self._keyed(growth, removal, origins)

    def _kin_left_out(self, growing: Func, removal: Removal) -> Cls | None:
        """A class that the program makes and that grows by ``growing``, where a subclass beside it empties only itself."""
        base, cls, root = growing.method_of, removal.func.method_of, removal.place.root
        if base is None or cls is None or cls is base or base not in cls.mro or not isinstance(root, FieldOf):
            return None
        if removal.written != f"{removal.func.facts.receiver}.{root.name}":
            return None
        grows = (c for c in base.family if cls not in c.mro and c.find(growing.name) is growing)
        return next((c for c in grows if self._graph.sites(c)), None)

    def _runs(self, growth: Growth, func: Func) -> bool:
        """Whether something starts ``func``; where only code we do not see makes things grow, that starts it too."""
        if self._started.comes_to_run(func) or self._is_public(growth):
            return True
        return not self._started.is_seen_to_run(growth.func)

    def _started_by(self, func: Func, starter: Func) -> bool:
        """Whether ``starter`` starts ``func`` as a task or thread: by a model, or a coroutine function of its own handed on."""
        return any(
            use.caller is starter and (_is_started(use) or (use.kind == "mention" and func.facts.is_async))
            for use in self._graph.uses(func)
        )

    def _same_function(self, growth: Growth, removal: Removal) -> Release:
        if removal.how in {"all", "reset"} and not self._takes_over(removal):
            return Release("swept", "it is emptied when the work starts anew", removal)
        if removal.how in {"key", "item"} and _dominating(removal.op, growth.op):
            return Release("never", "only an earlier entry of the same key is taken out", removal)
        if _other_branch(removal.op, growth.op):
            if growth.what == "memo":
                return Release("same-key-read", "only the next look-up of the same key takes it out", removal)
            return Release("partner", "the other message of the pair removes it", removal)
        return Release("some-exits", "the removal stands on another way through the function", removal)

    def _takes_over(self, removal: Removal) -> bool:
        """Whether what something else kept takes its place: ``self.steps = saved.get("steps", [])`` empties nothing."""
        value = removal.op.stmt.value if isinstance(removal.op.stmt, Assign) else None
        if isinstance(value, Call) and isinstance(value.func, Attr):
            return bool(value.args) and self._program.models(removal.func.file).reads_element(value.func.name)
        return isinstance(value, (Attr, Index))

    def _ends_context(self, removal: Removal) -> bool:
        """The removal stands behind the ``yield`` of a context manager: it runs when the context is left."""
        func = removal.func
        contexts, outer = self._program.models(func.file).contexts, func.parent or func
        callees = [d.func if isinstance(d, Call) else d for d in func.facts.decorators]
        if not any(contexts.first(n) is not None for c in callees for n in self._graph.names_of(outer, c)):
            return False
        return any(op.kind == "yield" and op.span.line < removal.op.span.line for op in func.ops)

    def _whole(self, growth: Growth, removal: Removal, origins: tuple[Origin, ...]) -> Release:
        name = f"`{removal.func.title}`"
        if not self._runs(growth, removal.func):
            return self._not_started(removal, origins)
        if growth.is_queue and (removal.how == "one" or growth.place.is_element):
            return Release("swept", f"{name} takes what was put in", removal)
        if any(o.scope == "tick" for o in origins):
            return Release("swept", f"{name} runs again and again", removal)
        if self._same_start(growth, removal, origins):
            return Release("swept", f"{name} runs with the growth", removal)
        if any(o.scope in {"call", "session"} and o.entry is None for o in origins):
            return Release("swept", f"{name} takes what was put in", removal)
        if self._cleans_first(removal, origins):
            return Release("swept", f"{name} takes old entries out before it looks one up", removal)
        if any(o.scope in {"call", "session"} for o in origins):
            return Release("client", f"{name} runs only when a client asks for it", removal)
        if any(o.label == "handed on" for o in origins):
            return Release("other-event", f"{name} runs on another event", removal)
        if any(o.scope == "teardown" for o in origins):
            return Release("teardown", f"{name} runs only at the end", removal)
        called = any(len(o.path) > 1 and o.label == "called from elsewhere" for o in origins)
        if called and self._is_public(growth) and not growth.func.is_constructor:  # one object does not end them all
            return self._counterpart(growth, removal)
        return Release("uncalled", f"nothing calls {name}", removal)

    def _cleans_first(self, removal: Removal, origins: tuple[Origin, ...]) -> bool:
        """Whether each look-up sweeps the container first: use of the entries frees the old ones, whichever is asked for.

        What a tool looks up does not count: a client need not call it.
        """
        if not self._bounds.is_sweep(removal) or {o.label for o in origins} & (_ASKED | _DISPATCHING):
            return False
        reads = (op for op in removal.func.ops if _key_read(op) is not None and op.position > removal.op.position)
        return any(self._read_container(removal.func, op) == removal.place for op in reads)

    def _read_container(self, func: Func, op: Op) -> Place | None:
        return self._places.of(func, op.node.base if isinstance(op.node, Index) else op.node.func.base)  # type: ignore[union-attr]

    def _not_started(self, removal: Removal, origins: tuple[Origin, ...]) -> Release:
        name = f"`{removal.func.title}`"
        if any(o.scope == "teardown" for o in origins):
            return Release("teardown", f"{name} runs only at the end", removal)
        if any(o.scope in {"tick", "call", "session"} for o in origins):
            return Release("uncalled", f"nothing starts {name} by default", removal)
        return Release("uncalled", f"nothing calls {name}", removal)

    def _is_public(self, growth: Growth) -> bool:
        """Whether only code that we do not see makes the growth happen."""
        return not any(o.scope in {"call", "session", "tick"} for o in self._origins.of(growth.func))

    def _same_start(self, growth: Growth, removal: Removal, origins: tuple[Origin, ...]) -> bool:
        """Some entry point (or unknown caller) leads to both the growth and the removal."""
        starts = {id(o.start) for o in self._origins.of(growth.func) if o.scope in {"call", "session", "unproven"}}
        return any(id(o.start) in starts for o in origins if o.scope in {"call", "session", "unproven"})

    def _keyed(self, growth: Growth, removal: Removal, origins: tuple[Origin, ...]) -> Release:
        name = f"`{removal.func.title}`"
        if self._reads_same_key(removal):
            return Release("same-key-read", f"{name} removes it only when the same key is read again", removal)
        if any(self._works_off(growth, o) for o in origins):
            return Release("swept", f"{name} runs again and again", removal)
        ender = self._ended.by(growth.place)
        if ender is not None and any(o.label == "handed on" or (o.entry and o.scope == "session") for o in origins):
            return Release("swept", f"`{ender.title}` ends what is idle, and {name} removes it then", removal)
        other = self._other_frame(growth, removal)
        if other is not None:
            return Release("never", f"{name} removes only what `{other.title}` puts in", removal)
        if any(o.scope == "teardown" or (o.entry is not None and o.entry.sure) for o in origins):
            if self._depends(removal):
                return Release("other-event", f"{name} removes it only if something else allows it", removal)
            return Release("partner", f"{name} runs when the session ends", removal)
        if any(o.scope == "call" and o.entry is None for o in origins):
            return Release("other-event", f"{name} runs only when a message says so", removal)
        if any(o.scope in {"call", "session"} for o in origins):
            if self._is_counterpart(growth, removal, origins):
                return Release("partner", f"{name} is its counterpart", removal)
            if self._own_end.is_told(growth, origins):
                return Release("partner", f"{name} runs when what was put in ends", removal)
            return self._by_request(growth, removal, origins)
        if any(o.label == "handed on" for o in origins):
            if self._is_told(removal) and not self._is_public(growth):
                return Release("other-event", f"{name} removes it only when a message names it", removal)
            return Release("partner", f"{name} is its counterpart", removal)
        if any(o.scope == "unproven" for o in origins):
            return self._public(growth, removal)
        return Release("uncalled", f"nothing calls {name}", removal)

    def _depends(self, removal: Removal) -> bool:
        """Whether the removal stands behind a question to something other than the container: ``if (stream.isDead())``."""
        func = removal.func
        tests = [g.test for g in guards(func.facts, removal.op.position) if g.taken and not g.passed]
        asked = [
            call.func.base
            for test in tests
            if removal.key is None or removal.key not in every(test)
            for call in every(test)
            if isinstance(call, Call) and isinstance(call.func, Attr)
        ]
        return any(self._places.of(func, base) != removal.place for base in asked)

    def _is_counterpart(self, growth: Growth, removal: Removal, origins: tuple[Origin, ...]) -> bool:
        """Two methods of one class for code that we do not see: one begins, the other ends, also by itself on some event."""
        one, other = growth.func, removal.func
        if one.method_of is None or one.method_of is not other.method_of or not self._is_public(growth):
            return False
        told = all(o.label == "listener" or o.scope == "unproven" for o in origins)
        return told and not one.facts.is_lambda and not other.facts.is_lambda and not other.name.startswith(("_", "#"))

    def _is_told(self, removal: Removal) -> bool:
        """Whether a callback is told by its own argument what to remove."""
        read = removal.key.base if isinstance(removal.key, Attr) else None
        return isinstance(read, Name) and removal.func.facts.is_lambda and _is_passed(removal.func, read.id)

    def _other_frame(self, growth: Growth, removal: Removal) -> Func | None:
        """The function around the removal that puts in what it removes, where the growth happens without that function.

        A closure that removes under what the function around it made frees what that run of it put in.
        """
        names = [e.id for e in every(removal.key) if isinstance(e, Name)]
        owners = [(removal.func.owner_of(name), name) for name in names]
        frames = [f for f, name in owners if f is not None and not f.is_module and not _is_passed(f, name)]
        if not frames or removal.func in frames or self._belongs(growth.func, frames[0]):
            return None
        alike = (g.func for g in self._changes.growths if g.place == growth.place)
        return frames[0] if any(self._belongs(func, frames[0]) for func in alike) else None

    def _belongs(self, func: Func, frame: Func) -> bool:
        """Whether ``func`` is ``frame``, stands in it, or is run by it."""
        return frame in func.chain() or id(func) in self._origins.runs(frame)

    def _works_off(self, growth: Growth, origin: Origin) -> bool:
        """A started loop that runs by time, or that takes its work from a container of the program."""
        if origin.entry is not None or not self._runs(growth, origin.start):
            return False
        return origin.scope == "tick" or (origin.scope == "call" and id(origin.start) in self._takers)

    @cached_property
    def _takers(self) -> set[int]:
        """Identities of the functions that take one item after the other from some container."""
        return {id(r.func) for found in self._changes.removals.values() for r in found if r.how == "one"}

    def _by_request(self, growth: Growth, removal: Removal, origins: tuple[Origin, ...]) -> Release:
        name = f"`{removal.func.title}`"
        asked = any(o.label in _ASKED for o in origins)
        if self._same_start(growth, removal, origins):
            if not self._dispatched_apart(growth, origins):
                return Release("reply", f"{name} removes it on some ways only", removal)
            asked = asked or any(o.label in _DISPATCHING for o in origins)
        return Release("client", f"{name} runs only when the client asks for it", removal, asked=asked)

    def _dispatched_apart(self, growth: Growth, origins: tuple[Origin, ...]) -> bool:
        """Whether the one entry point of both chooses between the growth and the removal by what the client asks for."""
        pairs = [
            (one, other)
            for grown in self._origins.of(growth.func)
            for freed in origins
            if grown.start is freed.start
            for one, other in self._partings(grown, freed)
        ]
        return bool(pairs) and all(_excludes(one, other) or _excludes(other, one) for one, other in pairs)

    def _partings(self, one: Origin, other: Origin) -> list[tuple[Op, Op]]:
        """The calls by which two ways part, in the last function that they share."""
        shared = sum(1 for _ in takewhile(lambda both: both[0] is both[1], zip(one.path, other.path, strict=False)))
        if shared >= min(len(one.path), len(other.path)):
            return []
        parting = one.path[shared - 1]
        return list(product(self._calls(parting, one.path[shared]), self._calls(parting, other.path[shared])))

    def _calls(self, func: Func, target: Func) -> list[Op]:
        return [op for op in func.ops if isinstance(op.node, Call) and target in self._graph.callees(op.node)]

    def _public(self, growth: Growth, removal: Removal) -> Release:
        """A removal that only code we do not see may call: the counterpart of a growth that is as public."""
        if not self._is_public(growth):
            return Release("uncalled", f"nothing calls `{removal.func.title}`", removal)
        return self._counterpart(growth, removal)

    def _counterpart(self, growth: Growth, removal: Removal) -> Release:
        """Who puts something in takes it out; who looks something up owes nothing, though it may be made for that."""
        name = f"`{removal.func.title}`"
        if self._memos.holds(growth):
            return Release("client", f"{name} runs only when somebody asks for it", removal)
        return Release("partner", f"{name} is its counterpart", removal)

    def _reads_same_key(self, removal: Removal) -> bool:
        """The function looks the key up and removes the entry only if it finds it stale."""
        if removal.key is None or any(arm == "final" for _, arm in removal.op.position):
            return False
        if not any(op.kind == "return" and op.node is not None for op in removal.func.ops):
            return False
        if all(_asks_presence(g.test) for g in guards(removal.func.facts, removal.op.position)):
            return False
        for op in removal.func.ops:
            if _key_read(op) == removal.key:
                if self._read_container(removal.func, op) == removal.place:
                    return True
        return False


def _is_started(use: Use) -> bool:
    return use.spawn is not None and not use.spawn.on_error


def _is_passed(func: Func, name: str) -> bool:
    return any(p.name == name for p in func.facts.params)


def _asks_presence(test: Expr) -> bool:
    """Whether a test only asks if something is there: a name, ``not x``, ``x is None``."""
    if isinstance(test, Operation) and test.op == "not":
        return _asks_presence(test.operands[0])
    if isinstance(test, Operation) and test.op in {"is", "is not", "==", "!="}:
        return any(isinstance(o, Const) and o.kind == "none" for o in test.operands)
    return isinstance(test, Name)


def _key_read(op: Op) -> Expr | None:
    """The key by which the operation reads a container: ``c[key]``, ``c.get(key)``."""
    node = op.node
    if op.kind == "load" and isinstance(node, Index):
        return node.key
    if op.kind == "call" and isinstance(node, Call) and isinstance(node.func, Attr):
        return node.args[0].value if node.func.name == "get" and node.args else None
    return None


def _other_branch(removal: Op, growth: Op) -> bool:
    """The two stand in different arms of one branch: what is put in on one message goes out on another."""
    for (index, arm), (other, other_arm) in zip(removal.position, growth.position, strict=False):
        if index != other:
            return False
        if arm != other_arm:
            return {arm, other_arm} == {"body", "orelse"}
    return False


def _excludes(one: Op, other: Op) -> bool:
    """Whether ``other`` does not run where ``one`` did: it stands in another arm, or behind the return that ``one`` is in."""
    return _other_branch(one, other) or (isinstance(one.stmt, Return) and one.position < other.position)


def _dominating(one: Op, other: Op) -> bool:
    return one.position <= other.position
