"""Whether a growing function, a caller of it or what it starts takes the entry out again, and on which exits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from leaklint.analysis.flow.exits import Exits, Verdict, any_release, released
from leaklint.analysis.flow.guards import Op, conjuncts, guards
from leaklint.analysis.flow.ways import Known
from leaklint.analysis.growth.changes import Changes, Growth, Removal
from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.places import Places
from leaklint.analysis.linking.program import Func, Program
from leaklint.analysis.linking.uses import Use
from leaklint.analysis.linking.walk import every
from leaklint.analysis.questions.presence import Presence
from leaklint.analysis.questions.release import Release, ReleaseKind, worst
from leaklint.facts import Attr, Call, Const, Expr, Index, Name, Operation, WithItem


class ReleaseExits:
    """Answers on which exits of a function an entry is released."""

    def __init__(self, program: Program, graph: CallGraph, places: Places, changes: Changes) -> None:
        self._program = program
        self._graph = graph
        self._places = places
        self._changes = changes
        self._presence = Presence(program, graph, places, changes)

    def by_flow(self, growth: Growth, removals: list[Removal], handed: Sequence[Removal] = ()) -> Release | None:
        """What the growing function does itself; ``handed`` are removals that something else owes, if they do not raise."""
        own = [r for r in removals if r.func is growth.func and r.op is not growth.op]
        exits = self._exits(growth.func, growth.op, removals, growth, handed)
        if exits.verdict is Verdict.EVERY_EXIT:
            return Release("every-exit", "it is removed on every exit")
        if self._is_promised(growth.func, exits.before):
            return Release("every-exit", "its removal is arranged before it is put in")
        if exits.verdict in {Verdict.NONE, Verdict.BEFORE}:
            return None
        removal = next(
            (r for r in own if any(r.op == o for o in exits.releases)),
            own[0] if own else removals[0] if removals else None,
        )
        kind = _kind(exits)
        if exits.releases and all(self._is_promised(growth.func, r) for r in exits.releases):
            kind = _gap_between(growth, exits.releases[0]) or kind
        site = (growth.func.file.path, exits.releases[0].span) if exits.releases else None
        return Release(kind, words_for(exits), removal, site)

    def _exits(
        self, func: Func, op: Op, removals: list[Removal], growth: Growth, handed: Sequence[Removal] = ()
    ) -> Exits:
        known = self._known(func, op, removals, growth)
        if handed:
            known = self._with_handed(func, known, handed, growth)
        return released(func.facts, op, known) if any_release(func.ops, known) else Exits(Verdict.NONE)

    def _known(self, func: Func, op: Op, removals: list[Removal], growth: Growth) -> Known:
        removers = _others(func, removals, growth)
        tests = (*guards(func.facts, op.position), *guards(growth.func.facts, growth.op.position))
        around = [g for g in tests if g.taken and not g.passed]
        held = [(g.test, True) for g in around] + [c for g in around for c in conjuncts(g.test, True)]

        models = self._program.models(func.file)

        def named(field: str, expr: Expr) -> bool:
            return any(models.is_a(field, n) for n in self._graph.names_of(func, expr))

        return Known(
            is_release=self._release_test(func, removals, growth),
            cannot_leave=lambda call: self._cannot_leave(func, call),
            catches_all=lambda e: named("catches_all", e),
            catches_errors=lambda e: named("catches_errors", e),
            catches_cancel=lambda e: named("catches_cancel", e),
            cancellation=models.cancellation,
            subscripts_raise=models.subscripts_raise,
            cannot_enter=lambda e: isinstance(e, (Attr, Name)),  # something kept to be entered again is a lock
            finds=lambda op: self._presence.finds(func, op, growth),
            is_exit_release=lambda item: self._exit_releases(func, item, removers),
            harmless_guard=lambda test: all(
                c in held or self._is_harmless(func, _as_test(*c), growth, removals) for c in conjuncts(test, True)
            ),
        )

    def _is_harmless(self, func: Func, test: Expr, growth: Growth, removals: list[Removal]) -> bool:
        """A test that is true whenever the entry is there, or that only asks for the key by which ``func`` removes."""
        if self._presence.holds(func, test, growth):
            return True
        own = [r.key for r in removals if r.func is func is not growth.func and r.key is not None]
        return any(_is_there(test, key) for key in own)

    def _with_handed(self, func: Func, known: Known, handed: Sequence[Removal], growth: Growth) -> Known:
        """As ``known``, with removals that may fail."""
        hands = self._release_test(func, handed, growth)
        return replace(
            known,
            is_release=lambda op: known.is_release(op) or hands(op),
            may_fail=lambda op: not known.is_release(op) and hands(op),
        )

    def _release_test(self, func: Func, removals: Sequence[Removal], growth: Growth) -> Callable[[Op], bool]:
        """Tells the operations of ``func`` that are one of ``removals`` or call a function that has one."""
        direct = {id(r.op.node) for r in removals if r.func is func and self._same_key(r, growth)}
        removers = _others(func, removals, growth)

        def is_release(op: Op) -> bool:
            if id(op.node) in direct and op.kind != "load":
                return True
            node = op.node
            return op.kind == "call" and isinstance(node, Call) and self._call_releases(func, node, removers, growth)

        return is_release

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

    def by_callers(self, growth: Growth, removals: list[Removal]) -> Release | None:
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
        return worst(verdicts)

    def _at_call(self, use: Use, removals: list[Removal], growth: Growth) -> Release | None:
        caller = use.caller
        op = next((o for o in caller.ops if o.kind == "call" and o.node is use.call), None)
        if op is None:
            return None
        exits = self._exits(caller, op, [r for r in removals if r.func is not growth.func], growth)
        if exits.verdict is Verdict.EVERY_EXIT:
            return Release("caller", f"`{caller.title}` removes it on every exit")
        if exits.verdict in {Verdict.NONE, Verdict.BEFORE}:
            return None
        return Release(_kind(exits), words_for(exits), removals[0], (caller.file.path, exits.releases[0].span))

    def by_started(self, growth: Growth, removal: Removal) -> Release:
        """The started function owes the release on each of its own exits."""
        exits = self._whole_run(removal.func, growth)
        if exits is None or exits.verdict is Verdict.EVERY_EXIT:
            return Release("every-exit", f"`{removal.func.title}`, which it starts, removes it on every exit", removal)
        site = (removal.func.file.path, exits.releases[0].span) if exits.releases else None
        return Release(
            _kind(exits),
            f"`{removal.func.name}`, which is started with it, does not remove it on every exit: {words_for(exits)}",
            removal,
            site,
        )

    def is_removed_after(self, taken: Removal, growth: Growth) -> bool:
        """Whether the function that takes an item from a queue removes the entry then, at least behind a test of the item."""
        removals = [r for r in self._changes.removals_of(growth.place) if r.func is taken.func]
        exits = self._exits(taken.func, taken.op, removals, growth)
        return exits.verdict in {Verdict.EVERY_EXIT, Verdict.GUARDED}

    def _whole_run(self, func: Func, growth: Growth) -> Exits | None:
        """The exits of ``func`` from its first operation on; None if it does nothing else."""
        removals = [r for r in self._changes.removals_of(growth.place) if r.func is func]
        uses = self._graph.uses(func)
        sure = any(_is_sure(u) or self._is_either(u, growth) for u in uses)
        if sure and any(self._is_first(func, r.op) and self._comes_to(r, growth) for r in removals):
            return None  # what a timer, the end of a promise or an event that comes does first is sure to be done
        return self._exits(func, func.ops[0], removals, growth) if func.ops else None

    def _is_first(self, func: Func, op: Op) -> bool:
        """Whether nothing that can leave stands before the operation."""
        if self._program.models(func.file).subscripts_raise:
            return op == func.ops[0]
        return next((o for o in func.ops if o.kind != "load"), None) == op

    def _is_either(self, use: Use, growth: Growth) -> bool:
        """Whether it is one of several functions of which a promise runs one, and each of them removes."""
        if use.spawn is None:
            return False
        handed = [f for f, u in self._graph.outgoing(use.caller) if u.call is use.call and u.spawn is use.spawn]
        removing = {id(r.func) for r in self._changes.removals_of(growth.place)}
        return len(handed) > 1 and all(id(f) in removing for f in handed)

    def _comes_to(self, removal: Removal, growth: Growth) -> bool:
        """Whether only tests stand before the removal that hold whenever the entry is there, or that it has a key at all.

        What comes by time may also spare what another container says is in use.
        """
        tests = [c for g in guards(removal.func.facts, removal.op.position) for c in conjuncts(g.test, g.taken)]
        return all(
            _spares(test, taken, removal.key)
            or (taken and (_is_there(test, removal.key) or self._presence.holds(removal.func, test, growth)))
            for test, taken in tests
        )


def _is_sure(use: Use) -> bool:
    """Whether the function is sure to run: by a timer, at an exit, on an event that always comes."""
    delayed = use.spawn is not None and use.spawn.delayed
    return use.deferred is not None or delayed or (use.entry is not None and use.entry.sure)


def _is_there(test: Expr, key: Expr | None) -> bool:
    """``key`` or ``key is not None``."""
    if isinstance(test, Operation) and test.op in {"is not", "!="}:
        return test.operands[0] == key and isinstance(test.operands[1], Const) and test.operands[1].kind == "none"
    return test == key


def _spares(test: Expr, taken: bool, key: Expr | None) -> bool:
    """``!connected[key]``: whatever has the same key elsewhere is still in use."""
    if isinstance(test, Operation) and test.op == "not":
        return _spares(test.operands[0], not taken, key)
    return not taken and isinstance(test, Index) and test.key == key


def _as_test(test: Expr, taken: bool) -> Expr:
    return test if taken else Operation("not", (test,))


def _others(func: Func, removals: Sequence[Removal], growth: Growth) -> set[int]:
    """Identities of the functions that remove, but for the growing one while it is looked at itself."""
    return {id(r.func) for r in removals if r.func is not growth.func or func is not growth.func}


def _only_calls(exits: Exits, release: Op) -> bool:
    """Whether the entry is kept only where a plain call or a loop before ``release`` raises."""
    left = [path.cause or path.op for path in exits.kept]
    return all(
        op is not None
        and op.kind in {"call", "iterate"}
        and (op.position, op.order) < (release.position, release.order)
        for op in left
    )


def _gap_between(growth: Growth, promise: Op) -> ReleaseKind | None:
    """How wide the gap is up to the ``promise`` of the removal, which stands behind the growth in its block or in one around it."""
    block = promise.position[:-1]
    start, end = (growth.op.position, growth.op.order), (promise.position, promise.order)
    if growth.op.position[: len(block)] != block or start > end:
        return None
    kinds = {op.kind for op in growth.func.ops if start < (op.position, op.order) < end}
    return "gap" if kinds & {"await", "yield", "return", "raise"} else "narrow-gap"


def _kind(exits: Exits) -> ReleaseKind:
    if exits.verdict is Verdict.GAP:
        return "narrow-gap" if exits.gap == "call" else "gap"
    if exits.verdict is Verdict.GUARDED:
        return "guarded"
    return "narrow-gap" if _fails_beside(exits) else "some-exits"


def _fails_beside(exits: Exits) -> bool:
    """Whether the entry is kept only where a plain call in the same ``finally`` raises before the release."""
    left = [path.cause or path.op for path in exits.kept]
    return all(
        op is not None and op.kind == "call" and any(_before_in_final(op, r) for r in exits.releases) for op in left
    )


def _before_in_final(op: Op, release: Op) -> bool:
    depth = max((d for d, (_, arm) in enumerate(release.position) if arm == "final"), default=-1)
    beside = depth >= 0 and op.position[: depth + 1] == release.position[: depth + 1]
    return beside and (op.position, op.order) < (release.position, release.order)


def words_for(exits: Exits) -> str:
    """Which exits keep the entry, in words."""
    found = exits.which
    if len(found) > 2:
        return f"it stays {found[0]}, {found[1]} and in {len(found) - 2} more case{'s' * (len(found) > 3)}"
    return "it stays " + " and ".join(found) if found else "it stays on some exits"
