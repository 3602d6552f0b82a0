"""Answers the questions of the record for every growth, and selects what to report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from leaklint.analysis.bounds import BoundAnswer, Bounds, Neighbours
from leaklint.analysis.calls import CallGraph
from leaklint.analysis.containers import Containers
from leaklint.analysis.flow import Guard, guards
from leaklint.analysis.growths import Changes, Growth, collect
from leaklint.analysis.keys import CLOSED, KeyReader, Keys, KeySpace
from leaklint.analysis.lifetimes import Level, Lifetime, Lifetimes
from leaklint.analysis.listeners import Listeners, Registration
from leaklint.analysis.origins import Origin, Origins
from leaklint.analysis.places import FieldOf, Local, Place, Places
from leaklint.analysis.program import Func, Program
from leaklint.analysis.releases import DISCHARGED, Release, Releases
from leaklint.analysis.values import Resolver
from leaklint.analysis.walk import every, expressions, statements
from leaklint.facts import Assign, Attr, Call, Const, Expr, Index, Name, Operation, Return
from leaklint.findings import Confidence

Rule = Literal["LEAK001", "LEAK002", "LEAK003", "LEAK004"]
Kind = Literal["listener", "entry", "item", "memo"]


class Verdict(NamedTuple):
    """The answered record of one growth: one field for each question, the rule, and what the selection says.

    ``confidence`` is None where it is silent; ``reason`` names the row that decided.
    """

    growth: Growth
    what: Kind
    rule: Rule
    holder: Lifetime
    repeats: tuple[Origin, ...]
    keys: Keys
    bound: BoundAnswer
    release: Release
    confidence: Confidence | None
    reason: str


class Judge:
    """Everything needed to answer, made once for a program."""

    def __init__(self, program: Program, resolver: Resolver) -> None:
        self.program = program
        self.resolver = resolver
        self.graph = CallGraph(program, resolver)
        self.places = Places(program, resolver)
        self.containers = Containers(program, resolver, self.graph, self.places)
        self.origins = Origins(program, self.graph)
        self.lifetimes = Lifetimes(program, resolver, self.graph, self.places, self.origins)
        self.keys = KeyReader(program, resolver, self.graph, self.places)
        self.changes: Changes = collect(program, self.graph, self.places, self.containers)
        self.listeners = Listeners(program, resolver, self.graph, self.places)
        self.registrations = self.listeners.collect(self.changes)
        neighbours = Neighbours(self.graph)
        self.bounds = Bounds(program, self.graph, self.places, self.changes, neighbours)
        self.releases = Releases(
            program, self.graph, self.places, self.origins, self.changes, self.bounds, neighbours
        )

    def verdicts(self) -> list[Verdict]:
        """The record of every growth of the program, reported or not."""
        found = [self._container(g) for g in self.changes.growths]
        found += [self._listener(r) for r in self.registrations]
        return found

    # -- containers --------------------------------------------------------------------------------------------

    def _container(self, growth: Growth) -> Verdict:
        holder, repeats = self._scopes(growth)
        what: Kind = "memo" if growth.what == "memo" or self._is_memo(growth) else growth.what
        rule = _rule(what, repeats)
        early = _not_a_candidate(holder, repeats)
        if early:
            return _silent(growth, what, rule, holder, repeats, early)
        keys = self._key_space(growth)
        if keys.space in CLOSED and (growth.what != "item" or growth.key is None):
            return _silent(growth, what, rule, holder, repeats, keys.why, keys)
        bound = self.bounds.read(growth)
        if bound.kind not in {"none", "inner"}:
            return _silent(growth, what, rule, holder, repeats, bound.why, keys, bound)
        release = self.releases.read(growth)
        return _select(Verdict(growth, what, rule, holder, tuple(repeats), keys, bound, release, None, ""))

    def _scopes(self, growth: Growth) -> tuple[Lifetime, list[Origin]]:
        root = growth.place.root
        if isinstance(root, Local) and root.func is growth.func:
            return self._own_frame(growth, root)
        holder = self.lifetimes.of(growth.place)
        cls = root.cls if isinstance(root, FieldOf) else None
        repeats = self.origins.repeated(growth.func, cls)
        scope = self.origins.loop_scope(growth.func, growth.op.stmt)
        if scope and not repeats:
            repeats = [Origin(scope, (growth.func,), "loop")]
        return holder, repeats

    def _own_frame(self, growth: Growth, root: Local) -> tuple[Lifetime, list[Origin]]:
        """A local container matters only in a frame that runs for ever, grown in its endless loop."""
        scope = self.origins.loop_scope(growth.func, growth.op.stmt)
        made_inside = any(
            b.stmt is not None and self.origins.loop_scope(growth.func, b.stmt)
            for b in growth.func.own_bindings.get(root.name, ())
        )
        if scope is None or made_inside or self._used_after(growth, root):
            return self.lifetimes.frame(root.func)._replace(level=Level.CALL), []
        frame = self.lifetimes.frame(root.func)
        starts = self.origins.of(growth.func)
        level = Level.SESSION if any(o.scope in {"call", "session"} for o in starts) else Level.PROCESS
        why = f"a variable of {root.func.qualname}, which runs for ever"
        return Lifetime(level, frame.why if frame.level is Level.PROCESS else why), [Origin(scope, (growth.func,), "loop")]

    def _used_after(self, growth: Growth, root: Local) -> bool:
        """A result that is built up in a loop and used behind it is as long as the work, not as the process."""
        loops = growth.func.loops_around.get(id(growth.op.stmt), ())
        inside = {id(s) for s in statements(loops[0].body)} if loops else set()
        after = [s for s in statements(growth.func.facts.body) if s.span.line > loops[0].span.line and id(s) not in inside]
        if any(isinstance(e, Name) and e.id == root.name for s in after for x in expressions(s) for e in every(x)):
            return True
        leaves = [s for s in statements(loops[0].body) if isinstance(s, Return)]
        return any(isinstance(e, Name) and e.id == root.name for s in leaves for e in every(s.value))

    def _key_space(self, growth: Growth) -> Keys:
        if growth.key is None:
            return self._unique_item(growth) or Keys(KeySpace.NO_KEY, "every item is kept")
        return self.keys.read(growth.func, growth.key, growth.op, growth.place)

    def _unique_item(self, growth: Growth) -> Keys | None:
        """``if x not in items: items.append(x)``: the items are as many as there are different ones."""
        call = growth.op.node
        if not isinstance(call, Call) or len(call.args) != 1:
            return None
        item = call.args[0].value
        if any(self._tests_membership(growth._replace(key=item), g) for g in guards(growth.func.facts, growth.op.position)):
            return self.keys.read(growth.func, item, growth.op, growth.place)
        return None

    def _is_memo(self, growth: Growth) -> bool:
        """Looked up by the same key before it is put in."""
        if growth.key is None or growth.what != "entry":
            return False
        for op in growth.func.ops:
            read = self._read_by(growth.func, op.node) if op.kind in {"call", "load"} else None
            if read is not None and op.stmt is not growth.op.stmt and read[1] == growth.key:
                if self.places.of(growth.func, read[0]) == growth.place:
                    return True
        return any(self._tests_membership(growth, g) for g in guards(growth.func.facts, growth.op.position))

    def _read_by(self, func: Func, node: Expr | None) -> tuple[Expr, Expr] | None:
        if isinstance(node, Index):
            return node.base, node.key
        if isinstance(node, Call) and isinstance(node.func, Attr) and node.args and node.func.name in {"get", "has"}:
            return node.func.base, node.args[0].value
        return None

    def _tests_membership(self, growth: Growth, guard: Guard) -> bool:
        for one in every(guard.test):
            if isinstance(one, Operation) and one.op in {"in", "not in"} and len(one.operands) == 2:
                if one.operands[0] == growth.key and self.places.of(growth.func, one.operands[1]) == growth.place:
                    return True
        return False

    # -- listeners ---------------------------------------------------------------------------------------------

    def _listener(self, registration: Registration) -> Verdict:
        growth, pair = registration.growth, registration.pair
        holder = self._emitter_life(registration)
        cls = growth.place.root.cls if isinstance(growth.place.root, FieldOf) else None
        repeats = self.origins.repeated(growth.func, cls)
        early = _not_a_candidate(holder, repeats)
        keys = Keys(KeySpace.NO_KEY, "each registration is kept")
        if not early and pair.replaces:
            early = "a new registration replaces the old one"
        if not early and pair.deduplicates and self.listeners.is_same_each_time(registration):
            early = "an equal callback is registered only once"
        if not early and pair.sure and _event(registration) in pair.sure:
            early = "the event is sure to come and removes it"
        if early:
            return _silent(growth, "listener", "LEAK001", holder, repeats, early, keys)
        bound = self._idempotent(registration) or BoundAnswer("none", "nothing limits the number of listeners")
        if bound.kind == "once-per-key":
            return _silent(growth, "listener", "LEAK001", holder, repeats, bound.why, keys, bound)
        release = self.releases.read(growth)
        verdict = Verdict(growth, "listener", "LEAK001", holder, tuple(repeats), keys, bound, release, None, "")
        return _select(verdict)

    def _emitter_life(self, registration: Registration) -> Lifetime:
        growth = registration.growth
        if registration.emitter is None:
            return Lifetime(Level.PROCESS, "the process")
        ends = self.listeners.ends(growth.func, registration.emitter)
        if ends in {"request", "stream", "child", "task"}:
            return Lifetime(Level.CALL, f"it ends with the {ends}")
        if ends == "session":
            return Lifetime(Level.SESSION, "it ends with the session")
        if ends == "nobody":
            return Lifetime(Level.PROCESS, "the process")
        place = Place(growth.place.root, growth.place.path[:-1])
        return self.lifetimes.of(place)

    def _idempotent(self, registration: Registration) -> BoundAnswer | None:
        """A test before the registration that looks at the emitter, or at a flag that lives as long."""
        growth = registration.growth
        emitter = Place(growth.place.root, growth.place.path[:-1])
        for guard in guards(growth.func.facts, growth.op.position):
            for one in every(guard.test):
                if not isinstance(one, (Name, Attr)):
                    continue
                place = self.places.of(growth.func, one)
                if place is not None and place != emitter and place.root == emitter.root and place.path[: len(emitter.path)] == emitter.path:
                    return BoundAnswer("once-per-key", "what is registered is looked at first")
                flag = self._flag(growth, one)
                if flag is not None:
                    return flag
        return None

    def _flag(self, growth: Growth, one: Expr) -> BoundAnswer | None:
        place = self.places.of(growth.func, one)
        if place is None or place.path or not self._set_here(growth.func, place):
            return None
        root = place.root
        alone = self.lifetimes.one_per_process(root.cls) if isinstance(root, FieldOf) else True
        if alone and self.lifetimes.of(place).level is Level.PROCESS:
            return BoundAnswer("once-per-key", "a flag that lives as long lets it happen once")
        return BoundAnswer("inner", "the flag that guards it lives shorter than the emitter")

    def _set_here(self, func: Func, place: Place) -> bool:
        return any(
            op.kind == "assign" and op.node is not None and isinstance(op.stmt, Assign) and self.places.of(func, op.node) == place
            for op in func.ops
        )


def _event(registration: Registration) -> str:
    index = registration.pair.key
    call = registration.growth.op.node
    args = getattr(call, "args", ())
    if index is None or index >= len(args):
        return ""
    value = args[index].value
    return value.text if isinstance(value, Const) else ""


def _not_a_candidate(holder: Lifetime, repeats: Sequence[Origin]) -> str:
    """Why the growth cannot leak whatever else holds; empty if it can."""
    if holder.level is Level.CALL:
        return f"it lives only as long as one call ({holder.why})"
    if not repeats:
        return "it happens once for each holder"
    if holder.level is Level.SESSION and all(o.scope == "session" for o in repeats):
        return "it happens once for each session"
    return ""


def _rule(what: Kind, repeats: Sequence[Origin]) -> Rule:
    if what == "listener":
        return "LEAK001"
    if repeats and all(o.scope == "tick" for o in repeats):
        return "LEAK004"
    return "LEAK003" if what == "memo" else "LEAK002"


_NO_KEYS = Keys(KeySpace.UNKNOWN, "not asked", "assumed")
_NO_BOUND = BoundAnswer("none", "not asked")
_NO_RELEASE = Release("never", "not asked")


def _silent(
    growth: Growth,
    what: Kind,
    rule: Rule,
    holder: Lifetime,
    repeats: Sequence[Origin],
    reason: str,
    keys: Keys = _NO_KEYS,
    bound: BoundAnswer = _NO_BOUND,
) -> Verdict:
    return Verdict(growth, what, rule, holder, tuple(repeats), keys, bound, _NO_RELEASE, None, reason)


_WEAKER: dict[str, str] = {
    "reply": "only a reply removes it",
    "other-event": "only another event removes it",
    "client": "only the client removes it",
    "uncalled": "nothing calls what removes it",
    "gap": "it stays if control leaves before the try",
}


def _select(verdict: Verdict) -> Verdict:
    """The selection table: silent, low, medium or high."""
    release = verdict.release
    if release.kind in DISCHARGED:
        return verdict._replace(confidence=None, reason=release.why)
    if release.kind == "narrow-gap":
        return verdict._replace(confidence="low", reason="only a plain call stands between the growth and its try")
    if release.kind == "client" and release.asked and verdict.keys.space is KeySpace.GENERATED:
        return verdict._replace(confidence="low", reason="a tool of the client takes the same key: state it manages")
    if verdict.keys.space in {KeySpace.ROLE_FINITE, KeySpace.ROLE_ENTITY}:
        return verdict._replace(confidence="low", reason=verdict.keys.why)
    if verdict.holder.level is not Level.PROCESS:
        return verdict._replace(confidence="medium", reason="how long its holder lives is not proven")
    if verdict.keys.space is KeySpace.UNKNOWN:
        return verdict._replace(confidence="medium", reason="what the keys are is not known")
    if release.kind in _WEAKER:
        return verdict._replace(confidence="medium", reason=_WEAKER[release.kind])
    if verdict.bound.kind == "inner" and verdict.what == "listener":
        return verdict._replace(confidence="medium", reason=verdict.bound.why)
    return verdict._replace(confidence="high", reason="nothing discharges it")

