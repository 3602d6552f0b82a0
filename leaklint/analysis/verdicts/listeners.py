"""Answers the questions of the record for every registered listener."""

from __future__ import annotations

from collections.abc import Iterable

from leaklint.analysis.flow.guards import always_before
from leaklint.analysis.growth.changes import Changes, Removal
from leaklint.analysis.growth.listeners import Listeners, Registration
from leaklint.analysis.growth.undo import undo_of
from leaklint.analysis.linking.places import FieldOf, Global, Local, Parameter, Place
from leaklint.analysis.questions.handed_in import HandedIn
from leaklint.analysis.questions.idempotence import Idempotence
from leaklint.analysis.questions.identity import Identity
from leaklint.analysis.questions.keys import KeyReader
from leaklint.analysis.questions.keyspace import CLOSED, Keys, KeySpace
from leaklint.analysis.questions.lifetimes import Level, Lifetime, Lifetimes
from leaklint.analysis.questions.releases import Releases
from leaklint.analysis.running.origins import Origin, Origins
from leaklint.analysis.verdicts.selection import Verdict, not_a_candidate, select, silent
from leaklint.facts import Assign, Attr, Call, Const, Expr, Name
from leaklint.findings import CONFIDENCES

_EACH = Keys(KeySpace.NO_KEY, "each registration is kept")


class ListenerJudge:
    """Judges registrations."""

    def __init__(
        self,
        listeners: Listeners,
        keys: KeyReader,
        origins: Origins,
        lifetimes: Lifetimes,
        changes: Changes,
        releases: Releases,
        identity: Identity,
        idempotence: Idempotence,
        handed_in: HandedIn,
    ) -> None:
        self._listeners = listeners
        self._keys = keys
        self._origins = origins
        self._lifetimes = lifetimes
        self._changes = changes
        self._releases = releases
        self._identity = identity
        self._idempotence = idempotence
        self._handed_in = handed_in

    def all(self, registrations: Iterable[Registration]) -> list[Verdict]:
        """The record of each registering call; where it may mean several emitters, of the one that is worst."""
        worst: dict[int, Verdict] = {}
        for registration in registrations:
            verdict = self.read(registration)
            known = worst.get(id(verdict.growth.op.node))
            if known is None or _rank(verdict) < _rank(known):
                worst[id(verdict.growth.op.node)] = verdict
        return list(worst.values())

    def read(self, registration: Registration) -> Verdict:
        """The record of one registration."""
        growth = registration.growth
        holder = self._emitter_life(registration)
        repeats = self._repeats(registration)
        early = not_a_candidate(holder, repeats) or self._taken_care_of(registration)
        keys = self._key_space(registration)
        if early or keys.space in CLOSED:
            return silent(growth, "listener", "LEAK001", holder, repeats, early or keys.why, keys)
        bound = self._idempotence.read(registration, holder)
        if bound.kind == "once-per-key":
            return silent(growth, "listener", "LEAK001", holder, repeats, bound.why, keys, bound)
        release = self._releases.read(growth, self._removals(registration))
        verdict = select(Verdict(growth, "listener", "LEAK001", holder, tuple(repeats), keys, bound, release, None, ""))
        verdict = verdict._replace(undo=undo_of(registration))
        known = not registration.guessed or _event(registration) in registration.pair.told_by
        known = known or self._is_kept(registration)
        if verdict.confidence and not known and holder.level is Level.UNKNOWN:
            return verdict._replace(confidence="low", reason="nothing tells what it is registered on")
        if verdict.confidence and _may_go_by_itself(registration, repeats):
            return verdict._replace(
                confidence="low", reason="the event may come, and nobody is seen to ask for it again"
            )
        return verdict

    def _removals(self, registration: Registration) -> list[Removal]:
        """The removals that may mean this registration: those of its handle, of all listeners, and of an equal callback."""
        shared = self._changes.removals.get(registration.growth.place, ())
        own = self._listeners.own_removals(registration)
        return [*own, *(r for r in shared if r.how != "key" or self._may_mean(registration, r))]

    def _may_mean(self, registration: Registration, removal: Removal) -> bool:
        callback = registration.callback
        if registration.pair.match != "callback" or callback is None or removal.key is None:
            return True
        return self._identity.may_be_same((registration.origin, callback), (removal.func, removal.key))

    def _repeats(self, registration: Registration) -> list[Origin]:
        growth = registration.growth
        root = growth.place.root
        holder = root.cls if isinstance(root, FieldOf) else root.func if isinstance(root, Local) else None
        if isinstance(root, Local) and any(p.name == root.name for p in root.func.facts.params):
            holder = None  # a parameter that is given a value of its own still comes from the caller
        repeats = self._origins.repeated(growth.func, holder)
        if isinstance(root, Local):
            repeats = [
                o for o in repeats if any(root.func in f.chain() for f in o.path)
            ]  # others have emitters of their own
        scope = self._origins.loop_scope(growth.func, growth.op.stmt)
        return [Origin(scope, (growth.func,), "loop")] if scope and not repeats else repeats

    def _taken_care_of(self, registration: Registration) -> str:
        """Why the library, a ``with`` or the caller sees to it; empty if none does."""
        pair = registration.pair
        if registration.fate == "managed":
            return "a with statement ends it"
        if registration.fate == "given-back":
            return "the handle is given back to the caller"
        if self._listeners.is_restored(registration):
            return "the with statement around it puts back what was there"
        if self._listeners.goes_with_its_object(registration):
            return "it is a weak reference that removes itself when its object goes"
        if pair.deduplicates and pair.match == "any" and _is_constant(registration):
            return "an equal registration replaces the old one"
        if pair.replaces and pair.match != "key":
            return "a new registration replaces the old one"
        if pair.weak and not _is_strong(registration):
            return "the emitter keeps it only as long as something else does"
        if pair.deduplicates and self._is_equal_each_time(registration):
            return "an equal callback is registered only once"
        if pair.sure and _event(registration) in pair.sure:
            return "the event is sure to come and removes it"
        return ""

    def _is_equal_each_time(self, registration: Registration) -> bool:
        place, call = registration.growth.place, registration.call
        values = [a.value for a in call.args] if registration.pair.match == "any" else [registration.callback]
        emitter = Place(place.root, place.path[:-1])
        return all(v is not None and self._identity.is_lasting(registration.origin, v, emitter) for v in values)

    def _key_space(self, registration: Registration) -> Keys:
        """Where the library keeps one callback for each key, the keys; else each registration counts."""
        growth, pair = registration.growth, registration.pair
        if pair.match != "key" or not pair.replaces or growth.key is None:
            return _EACH
        keys = self._keys.read(growth.func, growth.key, growth.op, growth.place)
        if keys.space < KeySpace.ROLE_OPEN:
            return Keys(KeySpace.FINITE, "a new registration replaces the old one of the same key", "assumed")
        return keys

    # -- the emitter -------------------------------------------------------------------------------------------

    def _emitter_life(self, registration: Registration) -> Lifetime:
        growth, emitter = registration.growth, registration.emitter
        if emitter is None:
            return Lifetime(Level.PROCESS, "the process")
        told = registration.pair.told_by.get(_event(registration), "")
        ends = self._listeners.emitters.ends(registration.origin, emitter, told)
        place = Place(growth.place.root, growth.place.path[:-1])
        if ends == "owner":
            ends = self._listeners.emitters.ends_where(place) or ends
        by_default = self._listeners.emitters.is_default_of_process(place) and not registration.pair.once
        if ends == "nobody" or by_default:
            return Lifetime(Level.PROCESS, "the process")
        if self._made_before(registration, emitter):
            return Lifetime(Level.CALL, "it is made anew for each registration")
        if ends in {"request", "stream", "child", "task"}:
            made_once = self._made_once(registration, place)
            return made_once or Lifetime(Level.CALL, f"it ends with the {ends}")
        if ends == "session":
            return Lifetime(Level.SESSION, "it ends with the session")
        if ends == "caller" and self._listeners.emitters.is_handed_in(place):
            return Lifetime(Level.UNKNOWN, "a caller hands it in")
        if isinstance(place.root, Parameter) and self._is_kept(registration):
            return Lifetime(Level.UNKNOWN, f"it is handed to {place.root.func.title}, which keeps it")
        return self._own_frame(registration, place) or self._lifetimes.of(registration.growth.func, place)

    def _is_kept(self, registration: Registration) -> bool:
        """Whether it is called with the name of an event on what a caller passed once, again and again."""
        root = registration.growth.place.root
        if not isinstance(root, Parameter) or not _event(registration):
            return False
        return self._handed_in.is_kept(registration.growth.func, root)

    def _made_before(self, registration: Registration, emitter: Expr) -> bool:
        """The function gives the variable or field a new object before it registers on it."""
        func, growth = registration.origin, registration.growth
        place = self._listeners.emitters.of(func, emitter)
        if place is None or growth.func is not func or (isinstance(place.root, Local) and place.root.func is func):
            return False
        return any(
            isinstance(op.stmt, Assign)
            and isinstance(op.stmt.value, Call)
            and always_before(op, growth.op)
            and op.node is not None
            and _is_part(place, self._listeners.emitters.of(func, op.node))
            for op in func.ops
            if op.kind == "assign"
        )

    def _made_once(self, registration: Registration, place: Place) -> Lifetime | None:
        """A child, stream or future that is made at start-up outlives the calls that register on it."""
        root, func = place.root, registration.growth.func
        if not isinstance(root, (Global, FieldOf, Local)) or (isinstance(root, Local) and root.func is func):
            return None
        sources = self._listeners.emitters.made_in(root)
        holder = root.cls if isinstance(root, FieldOf) else None
        if not sources or any(self._origins.repeated(scope, holder) for scope in sources):
            return None
        if isinstance(root, Global):
            return Lifetime(Level.PROCESS, f"the module {root.file.path}")
        life = self._lifetimes.cls(root.cls) if isinstance(root, FieldOf) else self._lifetimes.frame(root.func)
        return life if life.level is not Level.CALL else None

    def _own_frame(self, registration: Registration, place: Place) -> Lifetime | None:
        """An emitter made inside the loop that registers on it goes with the round."""
        root, func = place.root, registration.growth.func
        if not isinstance(root, Local) or root.func is not func:
            return None
        bound = func.own_bindings.get(root.name, ())
        if any(b.stmt is not None and self._origins.loop_scope(func, b.stmt) for b in bound):
            return Lifetime(Level.CALL, "it is made anew in each round")
        return None


def _is_part(place: Place, whole: Place | None) -> bool:
    """Whether the place is the other one or lies below it."""
    return whole is not None and whole.root == place.root and place.path[: len(whole.path)] == whole.path


def _may_go_by_itself(registration: Registration, repeats: Iterable[Origin]) -> bool:
    """``once`` on an object of the program, by a function whose callers are not known: neither half is proven."""
    pair = registration.pair
    return pair.once and pair.emitter != "process" and all(o.scope == "unproven" for o in repeats)


def _rank(verdict: Verdict) -> int:
    return CONFIDENCES.index(verdict.confidence) if verdict.confidence is not None else len(CONFIDENCES)


def _is_strong(registration: Registration) -> bool:
    """``weak=False`` asks the emitter to keep the callback alive."""
    return any(
        a.name == "weak" and isinstance(a.value, Const) and a.value.text == "false" for a in registration.call.args
    )


def _is_constant(registration: Registration) -> bool:
    """Whether every argument is written down in the source: the same registration each time."""
    args = getattr(registration.growth.op.node, "args", ())
    return all(isinstance(a.value, (Const, Name, Attr)) for a in args)


def _event(registration: Registration) -> str:
    index, args = registration.pair.key, registration.call.args
    value = args[index].value if index is not None and index < len(args) else None
    return value.text if isinstance(value, Const) else ""
