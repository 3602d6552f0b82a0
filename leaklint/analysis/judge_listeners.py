"""Answers the questions of the record for every registered listener."""

from __future__ import annotations

from leaklint.analysis.bounds import BoundAnswer
from leaklint.analysis.flow import guards
from leaklint.analysis.growths import Growth
from leaklint.analysis.keys import Keys, KeySpace
from leaklint.analysis.lifetimes import Level, Lifetime, Lifetimes
from leaklint.analysis.listeners import Listeners, Registration
from leaklint.analysis.origins import Origins
from leaklint.analysis.places import FieldOf, Place, Places
from leaklint.analysis.program import Func
from leaklint.analysis.releases import Releases
from leaklint.analysis.selection import Verdict, not_a_candidate, select, silent
from leaklint.analysis.walk import every
from leaklint.facts import Assign, Attr, Const, Expr, Name


class ListenerJudge:
    """Judges registrations."""

    def __init__(
        self, listeners: Listeners, places: Places, origins: Origins, lifetimes: Lifetimes, releases: Releases
    ) -> None:
        self._listeners = listeners
        self._places = places
        self._origins = origins
        self._lifetimes = lifetimes
        self._releases = releases

    def read(self, registration: Registration) -> Verdict:
        growth, pair = registration.growth, registration.pair
        holder = self._emitter_life(registration)
        cls = growth.place.root.cls if isinstance(growth.place.root, FieldOf) else None
        repeats = self._origins.repeated(growth.func, cls)
        early = not_a_candidate(holder, repeats)
        keys = Keys(KeySpace.NO_KEY, "each registration is kept")
        if not early and pair.replaces:
            early = "a new registration replaces the old one"
        if not early and pair.deduplicates and self._listeners.is_same_each_time(registration):
            early = "an equal callback is registered only once"
        if not early and pair.sure and _event(registration) in pair.sure:
            early = "the event is sure to come and removes it"
        if early:
            return silent(growth, "listener", "LEAK001", holder, repeats, early, keys)
        bound = self._idempotent(registration) or BoundAnswer("none", "nothing limits the number of listeners")
        if bound.kind == "once-per-key":
            return silent(growth, "listener", "LEAK001", holder, repeats, bound.why, keys, bound)
        release = self._releases.read(growth)
        verdict = Verdict(growth, "listener", "LEAK001", holder, tuple(repeats), keys, bound, release, None, "")
        return select(verdict)

    def _emitter_life(self, registration: Registration) -> Lifetime:
        growth = registration.growth
        if registration.emitter is None:
            return Lifetime(Level.PROCESS, "the process")
        ends = self._listeners.ends(growth.func, registration.emitter)
        if ends in {"request", "stream", "child", "task"}:
            return Lifetime(Level.CALL, f"it ends with the {ends}")
        if ends == "session":
            return Lifetime(Level.SESSION, "it ends with the session")
        if ends == "nobody":
            return Lifetime(Level.PROCESS, "the process")
        place = Place(growth.place.root, growth.place.path[:-1])
        return self._lifetimes.of(place)

    def _idempotent(self, registration: Registration) -> BoundAnswer | None:
        """A test before the registration that looks at the emitter, or at a flag that lives as long."""
        growth = registration.growth
        emitter = Place(growth.place.root, growth.place.path[:-1])
        for guard in guards(growth.func.facts, growth.op.position):
            for one in every(guard.test):
                if not isinstance(one, (Name, Attr)):
                    continue
                place = self._places.of(growth.func, one)
                if (
                    place is not None
                    and place != emitter
                    and place.root == emitter.root
                    and place.path[: len(emitter.path)] == emitter.path
                ):
                    return BoundAnswer("once-per-key", "what is registered is looked at first")
                flag = self._flag(growth, one)
                if flag is not None:
                    return flag
        return None

    def _flag(self, growth: Growth, one: Expr) -> BoundAnswer | None:
        place = self._places.of(growth.func, one)
        if place is None or place.path or not self._set_here(growth.func, place):
            return None
        root = place.root
        alone = self._lifetimes.one_per_process(root.cls) if isinstance(root, FieldOf) else True
        if alone and self._lifetimes.of(place).level is Level.PROCESS:
            return BoundAnswer("once-per-key", "a flag that lives as long lets it happen once")
        return BoundAnswer("inner", "the flag that guards it lives shorter than the emitter")

    def _set_here(self, func: Func, place: Place) -> bool:
        return any(
            op.kind == "assign"
            and op.node is not None
            and isinstance(op.stmt, Assign)
            and self._places.of(func, op.node) == place
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
