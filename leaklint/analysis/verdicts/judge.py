"""Answers the questions of the record for every growth, and selects what to report."""

from __future__ import annotations

from collections.abc import Sequence

from leaklint.analysis.flow.guards import guards
from leaklint.analysis.growth.caches import Caches
from leaklint.analysis.growth.changes import Changes, Growth
from leaklint.analysis.growth.collecting import collect
from leaklint.analysis.growth.containers import Containers
from leaklint.analysis.growth.listeners import Listeners
from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.membership import shared_by
from leaklint.analysis.linking.places import FieldOf, Global, Local, Place, Places, Root
from leaklint.analysis.linking.program import Cls, Func, Program
from leaklint.analysis.linking.values import Resolver
from leaklint.analysis.linking.walk import every, expressions, statements
from leaklint.analysis.questions.bounds import Bounds, Neighbours
from leaklint.analysis.questions.handed_in import HandedIn
from leaklint.analysis.questions.idempotence import Idempotence
from leaklint.analysis.questions.identity import Identity
from leaklint.analysis.questions.keys import KeyReader
from leaklint.analysis.questions.keyspace import CLOSED, Keys, KeySpace
from leaklint.analysis.questions.lifetimes import Level, Lifetime, Lifetimes
from leaklint.analysis.questions.memo import Memos
from leaklint.analysis.questions.releases import Releases
from leaklint.analysis.running.origins import REPEATED, Origin, Origins
from leaklint.analysis.running.pages import Pages
from leaklint.analysis.running.scripts import Scripts
from leaklint.analysis.verdicts.caches import CacheJudge
from leaklint.analysis.verdicts.listeners import ListenerJudge
from leaklint.analysis.verdicts.selection import Doubt, Kind, Verdict, not_a_candidate, rule_of, select, silent
from leaklint.facts import (
    Attr,
    Call,
    Const,
    Display,
    Expr,
    Index,
    Lambda,
    Loop,
    Name,
    Operation,
    Return,
    Star,
)


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
        self.cached = Caches(program, resolver, self.graph, self.places, self.containers).collect(self.changes)
        self.bounds = Bounds(program, self.graph, self.places, self.changes, Neighbours(self.graph))
        self.releases = Releases(program, self.graph, self.places, self.origins, self.changes, self.bounds)
        identity = Identity(resolver, self.places, self.origins, self.lifetimes)
        idempotence = Idempotence(
            program,
            self.graph,
            self.places,
            self.lifetimes,
            self.changes,
            self.listeners.emitters,
            identity,
            self.origins,
        )
        self.registered = ListenerJudge(
            self.listeners,
            self.keys,
            self.origins,
            self.lifetimes,
            self.changes,
            self.releases,
            identity,
            idempotence,
            HandedIn(program, self.graph, self.origins),
        )
        self.memos = Memos(program, self.graph, self.places)
        self.pages = Pages(program)
        self.scripts = Scripts(program, self.graph)
        self._by_function: dict[int, list[Growth]] | None = None
        self.caches = CacheJudge(self.keys, self.origins, self.lifetimes, self.releases)

    def verdicts(self) -> list[Verdict]:
        """The record of every growth of the program, reported or not."""
        found = [self._container(g) for g in self.changes.growths]
        found += self.registered.all(self.registrations)
        found += [self.caches.read(c) for c in self.cached]
        return [self._where(v) for v in found]

    def _where(self, verdict: Verdict) -> Verdict:
        """What grows in a page, or in a program that serves nobody, is no leak of a server."""
        if verdict.confidence in {None, "low"}:
            return verdict
        if self.pages.is_page(verdict.growth.func.file):
            return verdict._replace(confidence="low", reason="it runs in a browser, not in the server")
        if verdict.rule != "LEAK004" and self.scripts.is_script(verdict.growth.func.file):
            return verdict._replace(confidence="low", reason="it belongs to a program that serves nobody")
        return verdict

    # -- containers --------------------------------------------------------------------------------------------

    def _container(self, growth: Growth) -> Verdict:
        holder, repeats = self._scopes(growth)
        what: Kind = "memo" if self.memos.holds(growth) else growth.what
        rule = rule_of(what, repeats)
        early = not_a_candidate(holder, repeats)
        if early:
            return silent(growth, what, rule, holder, repeats, early)
        keys = self._key_space(growth)
        if what == "memo" and growth.what == "entry" and keys.space is KeySpace.GENERATED:
            what, rule = "entry", rule_of("entry", repeats)  # a key that is made here was not there before
        if keys.space in CLOSED:
            return silent(growth, what, rule, holder, repeats, keys.why, keys)
        bound = self.bounds.read(growth)
        if bound.kind not in {"none", "inner", "outer"}:
            return silent(growth, what, rule, holder, repeats, bound.why, keys, bound)
        release = self.releases.read(growth._replace(what="memo") if what == "memo" else growth)
        doubt = self._doubt(growth, holder, repeats)
        return select(Verdict(growth, what, rule, holder, tuple(repeats), keys, bound, release, None, "", doubt))

    def _doubt(self, growth: Growth, holder: Lifetime, repeats: Sequence[Origin]) -> Doubt:
        unproven = all(o.scope == "unproven" for o in repeats)
        if unproven and self.graph.has_entries and self._is_unused(growth, holder, repeats):
            return "unused"
        if all(o.scope == "unproven" for o in repeats) and self.graph.is_script(growth.func.file):
            return "script"
        root = growth.place.root
        held_by = root.cls.file if isinstance(root, FieldOf) else growth.func.file
        if all(o.scope == "unproven" for o in repeats) and self.graph.is_script(held_by):
            return "script"
        if growth.what == "item" and self._behind_memo(growth):
            return "memo-miss"
        return "data" if growth.key is not None and _is_data(root) else ""

    def _is_unused(self, growth: Growth, holder: Lifetime, repeats: Sequence[Origin]) -> bool:
        """Nothing makes the holder; or no entry point leads to what is appended to a field of an object.

        What objects of a library append to one of many lists, as a part of other work, is no registry that users fill.
        """
        root = growth.place.root
        if not isinstance(root, FieldOf):
            return holder.level is Level.UNKNOWN
        if self.lifetimes.is_shared(root):
            return False
        made = any(self.graph.sites(c) or self.graph.mentions(c) for c in root.cls.family)
        by_the_way = growth.place.is_element and holder.level is Level.UNKNOWN and all(len(o.path) > 1 for o in repeats)
        return (growth.key is None and not by_the_way) or not (made or self.releases.started.comes_to_run(growth.func))

    def _behind_memo(self, growth: Growth) -> bool:
        """The item is added only where another container, filled in the same function, does not have the key yet."""
        filled = {g.place for g in self._growths_in(growth.func) if g.key is not None and g.place != growth.place}
        return bool(filled) and any(
            isinstance(one, Operation)
            and one.op in {"in", "not in"}
            and self.places.of(growth.func, one.operands[-1]) in filled
            for guard in guards(growth.func.facts, growth.op.position)
            for one in every(guard.test)
        )

    def _growths_in(self, func: Func) -> list[Growth]:
        if self._by_function is None:
            self._by_function = {}
            for growth in self.changes.growths:
                self._by_function.setdefault(id(growth.func), []).append(growth)
        return self._by_function.get(id(func), [])

    def _scopes(self, growth: Growth) -> tuple[Lifetime, list[Origin]]:
        root = growth.place.root
        if isinstance(root, Local) and root.func is growth.func:
            return self._own_frame(growth, root)
        holder = self.lifetimes.of(growth.func, growth.place, growth.owner)
        owner = root.cls if isinstance(root, FieldOf) else root.func if isinstance(root, Local) else None
        if isinstance(root, FieldOf) and (self.lifetimes.is_shared(root) or _is_global(growth.owner)):
            owner = None
        repeats = self._repeats(growth, owner)
        scope = self.origins.loop_scope(growth.func, growth.op.stmt)
        if scope and not repeats:
            repeats = [Origin(scope, (growth.func,), "loop")]
        if isinstance(root, Local) and growth.place.path and holder.frame:
            heard = [o for o in repeats if o.scope == "call" and self._hears(root.func, o)]
            kept = self.lifetimes.kept_beyond(root) if heard else None
            if kept is not None:
                return kept, heard
        if isinstance(root, Local) and all(o.label in _ON_THE_WAY for o in repeats) and _reads(root):
            return holder, []
        return holder, [self._seen_to_run(o) for o in repeats]

    def _hears(self, func: Func, origin: Origin) -> bool:
        """Whether a listener defined in ``func`` hears something other than a request, which comes to its end."""
        calls = [(u.caller, u.call.func) for u in self.graph.uses(origin.start) if u.call is not None]
        ends = [self.listeners.emitters.ends(f, c.base) for f, c in calls if isinstance(c, Attr)]
        return func in origin.start.chain() and "request" not in ends

    def _repeats(self, growth: Growth, owner: Cls | Func | None) -> list[Origin]:
        """How the growth runs again; where the container is passed, on the ways alone by which this one is."""
        if not growth.passed:
            return self.origins.repeated(growth.func, owner)
        found = [o for func, use in growth.passed for o in self.origins.by(func, use, owner) if o.scope in REPEATED]
        return sorted(found, key=lambda o: (o.scope == "unproven", len(o.path)))

    def _seen_to_run(self, origin: Origin) -> Origin:
        """A loop that never ends, of a function that something starts, says so by its label."""
        started = origin.label == "endless loop" and self.releases.started.comes_to_run(origin.start)
        return origin._replace(label="started loop") if started else origin

    def _own_frame(self, growth: Growth, root: Local) -> tuple[Lifetime, list[Origin]]:
        """A local container matters only in a frame that runs for ever, grown in its endless loop."""
        scope = self.origins.never_ends(growth.func, growth.op.stmt)
        made_inside = any(
            b.stmt is not None and self.origins.loop_scope(growth.func, b.stmt)
            for b in growth.func.own_bindings.get(root.name, ())
        )
        if scope is None or made_inside or self._used_after(growth, root):
            return self.lifetimes.frame(root.func)._replace(level=Level.CALL), []
        frame = self.lifetimes.frame(root.func)
        starts = self.origins.of(growth.func)
        level = Level.SESSION if any(o.scope in {"call", "session"} for o in starts) else Level.PROCESS
        why = f"a variable of {root.func.title}, which runs for ever"
        return Lifetime(level, frame.why if frame.level is Level.PROCESS else why), [
            Origin(scope, (growth.func,), "loop")
        ]

    def _used_after(self, growth: Growth, root: Local) -> bool:
        """A result that is built up in a loop and used behind it is as long as the work, not as the process."""
        loops = growth.func.loops_around.get(id(growth.op.stmt), ())
        inside = {id(s) for s in statements(loops[0].body)} if loops else set()
        after = [
            s for s in statements(growth.func.facts.body) if s.span.line > loops[0].span.line and id(s) not in inside
        ]
        if any(isinstance(e, Name) and e.id == root.name for s in after for x in expressions(s) for e in every(x)):
            return True
        leaves = [s for s in statements(loops[0].body) if isinstance(s, Return)]
        return any(isinstance(e, Name) and e.id == root.name for s in leaves for e in every(s.value))

    def _key_space(self, growth: Growth) -> Keys:
        if growth.key is None:
            return self._unique_item(growth) or Keys(KeySpace.NO_KEY, "every item is kept")
        return self.keys.read(growth.func, growth.key, growth.op, growth.seen)

    def _unique_item(self, growth: Growth) -> Keys | None:
        """``if x not in items: items.append(x)``: the items are as many as there are different ones, or different names."""
        call = growth.op.node
        if not isinstance(call, Call) or len(call.args) != 1:
            return None
        item = call.args[0].value
        if any(
            self.memos.tests_membership(growth._replace(key=item), g)
            for g in guards(growth.func.facts, growth.op.position)
        ):
            return self.keys.read(growth.func, item, growth.op, growth.place)
        named = self._told_apart_by(growth)
        return self.keys.read(growth.func, named, growth.op, growth.place) if named is not None else None

    def _told_apart_by(self, growth: Growth) -> Expr | None:
        """What no two items have in common: ``if (items.some((one) => one.name === x.name)) throw ...``."""
        models = self.program.models(growth.func.file)
        for guard in guards(growth.func.facts, growth.op.position):
            for one in every(guard.test):
                asked = shared_by(models, growth.func, one)
                if asked is not None and self.places.of(growth.func, asked.container) in {growth.place, growth.seen}:
                    return asked.item
        return None


def _is_global(owner: Place | None) -> bool:
    return owner is not None and isinstance(owner.root, Global) and not owner.is_element


def _is_data(root: Root) -> bool:
    """Whether a table is written down with entries of plain values: what it holds is served, not kept on the way."""
    if not isinstance(root, (Global, Local)):
        return False
    owner = root.file.body if isinstance(root, Global) else root.func
    bound = [b.expr for _, b in owner.file.bindings.get((owner.index, root.name), [])]
    return bool(bound) and all(isinstance(e, Display) and e.kind == "dict" and e.items and _is_plain(e) for e in bound)


def _is_plain(expr: Expr | None) -> bool:
    if isinstance(expr, Display):
        return all(_is_plain(e) for e in (*expr.keys, *expr.items))
    return isinstance(expr, Const)


_ON_THE_WAY = frozenset({"handed on", "listener", "callback", "progress"})
"""How a nested function comes to run that collects something for the function around it."""


def _reads(root: Local) -> bool:
    """Whether the function that makes the container uses its content itself: gives it back, compares it, goes over it."""
    for stmt in statements(root.func.facts.body):
        used = [e.base for x in expressions(stmt) for e in every(x) if isinstance(e, (Attr, Index))]
        used += _given_back(stmt) if isinstance(stmt, Return) else []
        used += [stmt.over] if isinstance(stmt, Loop) else []
        used += [e.value for x in expressions(stmt) for e in every(x) if isinstance(e, Star)]
        used += [o for x in expressions(stmt) for e in every(x) if isinstance(e, Operation) for o in e.operands]
        if any(isinstance(e, Name) and e.id == root.name for e in used):
            return True
    return False


def _given_back(stmt: Return) -> list[Expr]:
    """What a return gives back as data: the value, or the parts of a display that holds no functions."""
    value = stmt.value
    if not isinstance(value, Display):
        return [value] if value is not None else []
    return [] if any(isinstance(e, Lambda) for e in every(value)) else list(value.items)
