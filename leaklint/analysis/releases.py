"""Who takes a grown entry out again, and on which exits: the growing function, its callers, a sweep, a partner, nobody."""

from __future__ import annotations

from functools import cached_property
from typing import Literal, NamedTuple

from leaklint.analysis.bounds import Bounds, Neighbours
from leaklint.analysis.calls import CallGraph, Use
from leaklint.analysis.flow import Op, guards
from leaklint.analysis.flow_exits import Exits, Verdict, any_release, released
from leaklint.analysis.flow_ways import Known
from leaklint.analysis.growths import Changes, Growth, Removal
from leaklint.analysis.membership import membership
from leaklint.analysis.origins import Origin, Origins
from leaklint.analysis.places import Place, Places
from leaklint.analysis.program import Func, Program
from leaklint.analysis.started import Started
from leaklint.analysis.walk import every
from leaklint.facts import Attr, Call, Const, Expr, Index, Name, Operation, Span, WithItem

ReleaseKind = Literal[
    "every-exit", "end-event", "partner", "caller", "swept",
    "some-exits", "gap", "narrow-gap", "guarded", "reply", "other-event", "client", "same-key-read", "uncalled", "teardown", "never",
]  # fmt: skip

DISCHARGED: frozenset[ReleaseKind] = frozenset({"every-exit", "end-event", "partner", "caller", "swept"})


class Release(NamedTuple):
    """The answer: what kind of release there is, in words which exit keeps the entry, and the removal it speaks of.

    ``site`` is the place of the removal where it is not the removal's own. ``asked``: a tool or route of the client
    removes one entry by its key.
    """

    kind: ReleaseKind
    why: str
    removal: Removal | None = None
    site: tuple[str, Span] | None = None
    asked: bool = False


_ASKED = frozenset({"tool", "tool handler"})
"""Labels of entry points by which a client manages what the server keeps."""

_NEVER = Release("never", "nothing removes it")
_BEST: list[ReleaseKind] = [
    "every-exit", "caller", "swept", "end-event", "partner",
    "narrow-gap", "guarded", "gap", "some-exits", "same-key-read", "reply", "other-event", "client", "uncalled", "teardown", "never",
]  # fmt: skip


class Releases:
    """Answers what releases a growth."""

    def __init__(
        self,
        program: Program,
        graph: CallGraph,
        places: Places,
        origins: Origins,
        changes: Changes,
        bounds: Bounds,
        neighbours: Neighbours,
    ) -> None:
        self._program = program
        self._graph = graph
        self._places = places
        self._origins = origins
        self._changes = changes
        self._bounds = bounds
        self._neighbours = neighbours
        self._started = Started(program, graph, places)

    def read(self, growth: Growth, removals: list[Removal] | None = None) -> Release:
        """What releases ``growth``; of all removals from its container, or of those given."""
        if _is_queue(growth) and growth.place.is_element:
            return Release("swept", "each subscriber takes what is put into its queue")
        removals = self._of(growth.place) if removals is None else removals
        own = self._by_flow(growth, removals)
        if own is not None and own.kind in DISCHARGED:
            return own
        if not removals:
            return own or _NEVER
        lifted = self._by_callers(growth, removals)
        found = [r for r in (own, lifted) if r is not None]
        whole_life = lifted is not None and growth.func.is_constructor  # who makes the object owes its end
        found += [self._elsewhere(growth, r) for r in removals if r.how not in {"key", "item"} or not whole_life]
        return min(found, key=lambda r: _BEST.index(r.kind), default=_NEVER)

    def _of(self, place: Place) -> list[Removal]:
        """Removals from the container and, for an inner one, of the whole element from the outer."""
        found = list(self._changes.removals.get(place, []))
        while place.is_element:
            place = place.container
            found += self._changes.removals.get(place, [])
        return found

    # -- in the growing function -------------------------------------------------------------------------------

    def _by_flow(self, growth: Growth, removals: list[Removal]) -> Release | None:
        own = [r for r in removals if r.func is growth.func and r.op is not growth.op]
        exits = self._exits(growth.func, growth.op, removals, growth)
        if exits.verdict is Verdict.EVERY_EXIT:
            return Release("every-exit", "it is removed on every exit")
        if exits.verdict is Verdict.BEFORE and self._is_promised(growth.func, exits.before):
            return Release("every-exit", "its removal is arranged before it is put in")
        if exits.verdict in {Verdict.NONE, Verdict.BEFORE}:
            return None
        removal = next(
            (r for r in own if any(r.op == o for o in exits.releases)),
            own[0] if own else removals[0] if removals else None,
        )
        kind = _kind(exits)
        if (
            exits.releases
            and self._is_promised(growth.func, exits.releases[0])
            and _only_calls(exits, exits.releases[0])
        ):
            kind = "narrow-gap"
        site = (growth.func.file.path, exits.releases[0].span) if exits.releases else None
        return Release(kind, words_for(exits), removal, site)

    def _exits(self, func: Func, op: Op, removals: list[Removal], growth: Growth) -> Exits:
        known = self._known(func, op, removals, growth)
        return released(func.facts, op, known) if any_release(func.ops, known) else Exits(Verdict.NONE)

    def _known(self, func: Func, op: Op, removals: list[Removal], growth: Growth) -> Known:
        direct = {id(r.op.node) for r in removals if r.func is func and self._same_key(r, growth)}
        removers = {id(r.func) for r in removals if r.func is not growth.func or func is not growth.func}
        held = [g.test for g in guards(func.facts, op.position) if g.taken and not g.passed]

        def is_release(op: Op) -> bool:
            if id(op.node) in direct and op.kind != "load":
                return True
            return (
                op.kind == "call" and isinstance(op.node, Call) and self._call_releases(func, op.node, removers, growth)
            )

        models = self._program.models(func.file)

        def named(field: str, expr: Expr) -> bool:
            return any(models.is_a(field, n) for n in self._graph.names_of(func, expr))

        return Known(
            is_release=is_release,
            cannot_leave=lambda call: self._cannot_leave(func, call),
            catches_all=lambda e: named("catches_all", e),
            catches_errors=lambda e: named("catches_errors", e),
            catches_cancel=lambda e: named("catches_cancel", e),
            cancellation=models.cancellation,
            subscripts_raise=models.subscripts_raise,
            cannot_enter=lambda e: isinstance(e, (Attr, Name)),  # something kept to be entered again is a lock
            is_exit_release=lambda item: self._exit_releases(func, item, removers),
            harmless_guard=lambda test: test in held or self._harmless(func, test, growth),
        )

    def _same_key(self, removal: Removal, growth: Growth) -> bool:
        if removal.key is None or growth.key is None or removal.how not in {"key", "item"}:
            return True
        return (
            removal.key == growth.key
            or removal.func is not growth.func
            or self._aliases(growth.func, removal.key, growth.key)
        )

    def _aliases(self, func: Func, one: Expr, other: Expr) -> bool:
        """Whether two key expressions may be the same: unless both are different constants or plain names that differ."""
        names = {e.id for e in every(one) if isinstance(e, Name)} & {e.id for e in every(other) if isinstance(e, Name)}
        return bool(names)

    def _cannot_leave(self, func: Func, call: Call) -> bool:
        models = self._program.models(func.file)
        names = self._graph.names_of(func, call.func)
        if any(models.is_a("cannot_raise", n) for n in names):
            return True
        return len(call.args) > 1 and any(models.is_a("cannot_raise_defaulted", n) for n in names)

    def _call_releases(self, func: Func, call: Call, removers: set[int], growth: Growth) -> bool:
        """The call runs a removing function, starts one, or promises the removal for later."""
        for callee in self._graph.callees(call):
            if id(callee) in removers or self._always_reaches(callee, removers):
                return True
        if self._graph.callees(call) and any(self._is_remover(func, a.value, removers, growth) for a in call.args):
            return True
        if any(self._keeps_promise(f, removers, growth) for f in self._promised(func, call)):
            return True
        models = self._program.models(func.file)
        last = call.func.name if isinstance(call.func, Attr) else getattr(call.func, "id", "")
        if not (models.deferred.knows(last) or models.spawns.knows(last)):
            return False
        names = self._graph.names_of(func, call.func)
        if any(models.deferred.first(n) or models.spawns.first(n) for n in names):
            return any(self._promises(func, a.value, removers, growth) for a in call.args)
        return False

    def _promised(self, func: Func, call: Call) -> list[Func]:
        """The functions that ``call`` makes run for sure, now or later: by a timer, at an exit, on an event that always comes."""
        uses = [(target, use) for target, use in self._graph.outgoing(func) if use.call is call]
        return [t for t, use in uses if use.spawn or use.deferred or (use.entry is not None and use.entry.sure)]

    def _is_promised(self, func: Func, op: Op | None) -> bool:
        return op is not None and isinstance(op.node, Call) and bool(self._promised(func, op.node))

    def _is_remover(self, func: Func, arg: Expr, removers: set[int], growth: Growth) -> bool:
        """A removing function handed to a function of the program that starts it."""
        if not isinstance(arg, (Attr, Name, Call)):
            return False
        found = [f for f in self._graph.callables(func, arg) if id(f) in removers]
        return any(self._keeps_promise(f, removers, growth) for f in found)

    def _promises(self, func: Func, arg: Expr, removers: set[int], growth: Growth) -> bool:
        """``tasks.discard`` as a value, or a function whose removal covers every exit."""
        if isinstance(arg, Attr) and self._program.models(func.file).plain_removal(arg.name):
            return self._places.of(func, arg.base) in {growth.place, growth.seen}
        return any(self._keeps_promise(f, removers, growth) for f in self._graph.callables(func, arg))

    def _keeps_promise(self, func: Func, removers: set[int], growth: Growth) -> bool:
        """A function that runs later releases if it does so on each of its exits, itself or in what it calls."""
        if id(func) not in removers:
            return self._always_reaches(func, removers)
        exits = self._whole_run(func, growth)
        if exits is None or exits.verdict is Verdict.EVERY_EXIT:
            return True
        return not func.facts.is_async and bool(exits.releases) and _only_calls(exits, exits.releases[0])

    def _always_reaches(self, func: Func, removers: set[int], depth: int = 2) -> bool:
        if id(func) in removers:
            return True
        return depth > 0 and any(
            self._always_reaches(t, removers, depth - 1) for t, u in self._graph.outgoing(func) if u.kind == "call"
        )

    def _exit_releases(self, func: Func, item: WithItem, removers: set[int]) -> bool:
        """The context manager of a ``with`` removes the entry when it is left."""
        if not isinstance(item.value, Call):
            return False
        return any(id(f) in removers for f in self._graph.callees(item.value))

    def _harmless(self, func: Func, test: Expr, growth: Growth) -> bool:
        """A guard that holds whenever the entry is there: membership, identity with what was put in, the key itself."""
        asked = membership(self._program.models(func.file), test)
        if asked is not None:
            return not asked.negated and self._places.of(func, asked.container) == growth.place
        if isinstance(test, Operation) and test.op in {"is", "=="}:
            return any(self._places.of(func, _base(o)) == growth.place for o in test.operands)
        return growth.key is not None and test == growth.key

    # -- in its callers ----------------------------------------------------------------------------------------

    def _by_callers(self, growth: Growth, removals: list[Removal]) -> Release | None:
        """The obligation lifted to the callers that also call a removing function."""
        edge: list[tuple[Func, int]] = [(growth.func, 0)]
        seen = {id(growth.func)}
        verdicts: list[Release] = []
        while edge:
            func, depth = edge.pop(0)
            for use in self._graph.uses(func):
                caller = use.caller
                if (
                    use.call is None
                    or use.kind not in {"call", "maybe", "construct", "spawn"}
                    or id(caller) in seen
                    or depth > 2
                ):
                    continue
                seen.add(id(caller))
                verdict = self._at_call(use, removals, growth)
                if verdict is None:
                    edge.append((caller, depth + 1))
                else:
                    verdicts.append(verdict)
        if not verdicts:
            return None
        return max(verdicts, key=lambda r: _BEST.index(r.kind))

    def _at_call(self, use: Use, removals: list[Removal], growth: Growth) -> Release | None:
        caller = use.caller
        op = next((o for o in caller.ops if o.kind == "call" and o.node is use.call), None)
        if op is None:
            return None
        exits = self._exits(caller, op, [r for r in removals if r.func is not growth.func], growth)
        if exits.verdict is Verdict.EVERY_EXIT:
            return Release("caller", f"{caller.qualname} removes it on every exit")
        if exits.verdict in {Verdict.NONE, Verdict.BEFORE}:
            return None
        return Release(_kind(exits), words_for(exits), removals[0], (caller.file.path, exits.releases[0].span))

    # -- somewhere else ----------------------------------------------------------------------------------------

    def _elsewhere(self, growth: Growth, removal: Removal) -> Release:
        """A removal in another function, by who triggers it."""
        whole = removal.how in {"all", "reset", "one"} or self._bounds.is_sweep(removal)
        pace = self._origins.loop_scope(removal.func, removal.op.stmt)
        if (pace == "tick" or (pace and whole)) and self._runs(growth, removal.func):
            return Release("swept", f"{removal.func.qualname} runs all the time", removal)
        if removal.func is growth.func:
            return self._same_function(growth, removal)
        if self._started_by(removal.func, growth.func):
            return self._by_started(growth, removal)
        origins = self._origins.of(removal.func)
        if whole and self._ends_context(removal):
            return Release("teardown", f"{removal.func.qualname} empties it only when its context ends", removal)
        if whole:
            return self._whole(growth, removal, origins)
        return self._keyed(growth, removal, origins)

    def _runs(self, growth: Growth, func: Func) -> bool:
        """Whether something starts ``func``; where only code we do not see makes things grow, that starts it too."""
        if self._started.comes_to_run(func) or self._is_public(growth):
            return True
        return not self._started.is_seen_to_run(growth.func)

    def _started_by(self, func: Func, starter: Func) -> bool:
        """Whether ``starter`` starts ``func`` as a task or thread: by a model, or a coroutine function of its own handed on."""
        return any(
            use.caller is starter and (use.kind == "spawn" or (use.kind == "mention" and func.facts.is_async))
            for use in self._graph.uses(func)
        )

    def _by_started(self, growth: Growth, removal: Removal) -> Release:
        """The started function owes the release on each of its own exits."""
        exits = self._whole_run(removal.func, growth)
        if exits is None or exits.verdict is Verdict.EVERY_EXIT:
            return Release("every-exit", f"{removal.func.qualname}, which it starts, removes it on every exit", removal)
        site = (removal.func.file.path, exits.releases[0].span) if exits.releases else None
        return Release(
            _kind(exits),
            f"`{removal.func.name}`, which is started with it, does not remove it on every exit: {words_for(exits)}",
            removal,
            site,
        )

    def _whole_run(self, func: Func, growth: Growth) -> Exits | None:
        """The exits of ``func`` from its first operation on; None if it does nothing else."""
        removals = [r for r in self._of(growth.place) if r.func is func]
        timer = any(u.spawn is not None and u.spawn.delayed for u in self._graph.uses(func))
        if timer and any(r.op == func.ops[0] for r in removals):
            return None  # what a timer does first is sure to be done
        return self._exits(func, func.ops[0], removals, growth) if func.ops else None

    def _same_function(self, growth: Growth, removal: Removal) -> Release:
        if removal.how in {"all", "reset"}:
            return Release("swept", "it is emptied when the work starts anew", removal)
        if removal.how in {"key", "item"} and _dominating(removal.op, growth.op):
            return Release("never", "only the old entry of the same key is replaced", removal)
        if _other_branch(removal.op, growth.op):
            return Release("partner", "the other message of the pair removes it", removal)
        return Release("some-exits", "the removal stands on another way through the function", removal)

    def _ends_context(self, removal: Removal) -> bool:
        """The removal stands behind the ``yield`` of a context manager: it runs when the context is left."""
        func = removal.func
        contexts, outer = self._program.models(func.file).contexts, func.parent or func
        callees = [d.func if isinstance(d, Call) else d for d in func.facts.decorators]
        if not any(contexts.first(n) is not None for c in callees for n in self._graph.names_of(outer, c)):
            return False
        return any(op.kind == "yield" and op.span.line < removal.op.span.line for op in func.ops)

    def _whole(self, growth: Growth, removal: Removal, origins: tuple[Origin, ...]) -> Release:
        name = removal.func.qualname
        if not self._runs(growth, removal.func):
            return self._not_started(removal, origins)
        if _is_queue(growth) and (removal.how == "one" or growth.place.is_element):
            return Release("swept", f"{name} takes what was put in", removal)
        if any(o.scope == "tick" for o in origins):
            return Release("swept", f"{name} runs again and again", removal)
        if self._same_start(growth, removal, origins):
            return Release("swept", f"{name} runs with the growth", removal)
        if any(o.scope in {"call", "session"} and o.entry is None for o in origins):
            return Release("swept", f"{name} takes what was put in", removal)
        if any(o.scope in {"call", "session"} for o in origins):
            return Release("client", f"{name} runs only when a client asks for it", removal)
        if any(o.label == "handed on" for o in origins):
            return Release("other-event", f"{name} runs on another event", removal)
        if any(o.scope == "teardown" for o in origins):
            return Release("teardown", f"{name} runs only at the end", removal)
        if any(len(o.path) > 1 and o.label == "called from elsewhere" for o in origins) and self._is_public(growth):
            return Release("partner", f"{name} is its counterpart", removal)
        return Release("uncalled", f"nothing calls {name}", removal)

    def _not_started(self, removal: Removal, origins: tuple[Origin, ...]) -> Release:
        name = removal.func.qualname
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
        name = removal.func.qualname
        if self._reads_same_key(removal):
            return Release("same-key-read", f"{name} removes it only when the same key is read again", removal)
        if any(self._works_off(growth, o) for o in origins):
            return Release("swept", f"{name} runs again and again", removal)
        if any(o.scope == "teardown" or (o.entry is not None and o.entry.sure) for o in origins):
            return Release("partner", f"{name} runs when the session ends", removal)
        if any(o.scope == "call" and o.entry is None for o in origins):
            return Release("other-event", f"{name} runs only when a message says so", removal)
        if any(o.scope in {"call", "session"} for o in origins):
            return self._by_request(growth, removal, origins)
        if any(o.label == "handed on" for o in origins):
            return Release("partner", f"{name} is its counterpart", removal)
        if any(o.scope == "unproven" for o in origins):
            return self._public(growth, removal)
        return Release("uncalled", f"nothing calls {name}", removal)

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
        name = removal.func.qualname
        if self._same_start(growth, removal, origins):
            return Release("reply", f"{name} removes it on some ways only", removal)
        asked = any(o.label in _ASKED for o in origins)
        return Release("client", f"{name} runs only when the client asks for it", removal, asked=asked)

    def _public(self, growth: Growth, removal: Removal) -> Release:
        """A removal that only code we do not see may call: the counterpart of a growth that is as public."""
        if not self._is_public(growth):
            return Release("uncalled", f"nothing calls {removal.func.qualname}", removal)
        return Release("partner", f"{removal.func.qualname} is its counterpart", removal)

    def _reads_same_key(self, removal: Removal) -> bool:
        """The function looks the key up and removes the entry only if it finds it stale."""
        if removal.key is None or any(arm == "final" for _, arm in removal.op.position):
            return False
        if not any(op.kind == "return" and op.node is not None for op in removal.func.ops):
            return False
        if all(_asks_presence(g.test) for g in guards(removal.func.facts, removal.op.position)):
            return False
        for op in removal.func.ops:
            if _looks_up(op, removal):
                base = op.node.base if isinstance(op.node, Index) else op.node.func.base  # type: ignore[union-attr]
                if self._places.of(removal.func, base) == removal.place:
                    return True
        return False


def _asks_presence(test: Expr) -> bool:
    """Whether a test only asks if something is there: a name, ``not x``, ``x is None``."""
    if isinstance(test, Operation) and test.op == "not":
        return _asks_presence(test.operands[0])
    if isinstance(test, Operation) and test.op in {"is", "is not", "==", "!="}:
        return any(isinstance(o, Const) and o.kind == "none" for o in test.operands)
    return isinstance(test, Name)


def _only_calls(exits: Exits, release: Op) -> bool:
    """Whether the entry is kept only where a plain call before ``release`` raises."""
    left = [path.cause or path.op for path in exits.kept]
    return all(
        op is not None and op.kind == "call" and (op.position, op.order) < (release.position, release.order)
        for op in left
    )


def _is_queue(growth: Growth) -> bool:
    return growth.shape is not None and growth.shape.row is not None and growth.shape.row.kind == "queue"


def _kind(exits: Exits) -> ReleaseKind:
    if exits.verdict is Verdict.GAP:
        return "narrow-gap" if exits.gap == "call" else "gap"
    return "guarded" if exits.verdict is Verdict.GUARDED else "some-exits"


def _looks_up(op: Op, removal: Removal) -> bool:
    if op.kind == "load" and isinstance(op.node, Index):
        return op.node.key == removal.key
    if op.kind == "call" and isinstance(op.node, Call) and isinstance(op.node.func, Attr):
        return op.node.func.name == "get" and bool(op.node.args) and op.node.args[0].value == removal.key
    return False


def _base(expr: Expr) -> Expr:
    if isinstance(expr, Index):
        return expr.base
    if isinstance(expr, Call) and isinstance(expr.func, Attr):
        return expr.func.base
    return expr


def _other_branch(removal: Op, growth: Op) -> bool:
    """The two stand in different arms of one branch: what is put in on one message goes out on another."""
    for (index, arm), (other, other_arm) in zip(removal.position, growth.position, strict=False):
        if index != other:
            return False
        if arm != other_arm:
            return {arm, other_arm} == {"body", "orelse"}
    return False


def _dominating(one: Op, other: Op) -> bool:
    return one.position <= other.position


def words_for(exits: Exits) -> str:
    """Which exits keep the entry, in words."""
    found = exits.which
    more = f" and on {len(found) - 2} more way{'s' * (len(found) > 3)}" if len(found) > 2 else ""
    return "it stays " + " and ".join(found[:2]) + more if found else "it stays on some exits"
