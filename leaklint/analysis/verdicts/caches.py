"""Answers the questions of the record for every cached function."""

from __future__ import annotations

from leaklint.analysis.flow.guards import Op
from leaklint.analysis.growth.caches import Cached, at_return, key_of
from leaklint.analysis.linking.places import FieldOf, Place
from leaklint.analysis.linking.program import Func
from leaklint.analysis.questions.bounds import BoundAnswer
from leaklint.analysis.questions.keys import KeyReader
from leaklint.analysis.questions.keyspace import CLOSED, Keys, KeySpace
from leaklint.analysis.questions.lifetimes import Level, Lifetime, Lifetimes
from leaklint.analysis.questions.releases import Releases
from leaklint.analysis.running.origins import Origin, Origins
from leaklint.analysis.verdicts.selection import Verdict, not_a_candidate, rule_of, select, silent
from leaklint.facts import Call, Display, Expr, Name


class CacheJudge:
    """Judges cached functions."""

    def __init__(self, keys: KeyReader, origins: Origins, lifetimes: Lifetimes, releases: Releases) -> None:
        self._keys = keys
        self._origins = origins
        self._lifetimes = lifetimes
        self._releases = releases

    def read(self, cached: Cached) -> Verdict:
        """The record of one cached function."""
        growth = cached.growth._replace(key=key_of(cached))
        holder, repeats = self._holder(cached), self._repeats(cached)
        rule = rule_of("memo", repeats)
        bound = BoundAnswer("sized", cached.limit) if cached.limit else BoundAnswer("none", "nothing limits the cache")
        early = not_a_candidate(holder, repeats) or cached.limit
        if early:
            return silent(growth, "memo", rule, holder, repeats, early, bound=bound)
        keys = self._key_space(cached)
        if keys.space in CLOSED:
            return silent(growth, "memo", rule, holder, repeats, keys.why, keys, bound)
        release = self._releases.read(growth)
        return select(Verdict(growth, "memo", rule, holder, tuple(repeats), keys, bound, release, None, ""))

    def _holder(self, cached: Cached) -> Lifetime:
        """Who keeps the cache: what holds the given container or the variable, else what defines the function."""
        func = cached.wrapped
        if cached.given or cached.calls or func is None:
            return self._lifetimes.of(cached.growth.func, cached.growth.place)
        if func.parent is not None and not func.parent.is_module:
            return self._lifetimes.frame(func.parent)
        return Lifetime(Level.PROCESS, f"the module {func.file.path}")

    def _repeats(self, cached: Cached) -> list[Origin]:
        if cached.wrapped is cached.growth.func:
            root = cached.growth.place.root
            return self._origins.repeated(
                cached.wrapped, root.cls if cached.given and isinstance(root, FieldOf) else None
            )
        callers = list(dict.fromkeys(func for func, _, _ in cached.calls))
        return [origin for caller in callers for origin in self._origins.repeated(caller)]

    # -- keys --------------------------------------------------------------------------------------------------

    def _key_space(self, cached: Cached) -> Keys:
        """The parameters, and on a method the object; of a function we do not see, what its callers pass."""
        func, growth = cached.wrapped, cached.growth
        if func is None:
            found = [self._passed(call, growth.place) for call in cached.calls]
            return max(found, key=lambda k: k.space, default=Keys(KeySpace.UNKNOWN, "nothing calls it", "assumed"))
        key = key_of(cached)
        parts = [self._keys.read(func, key, at_return(func), growth.place)] if key is not None else []
        receiver = self._receiver(func) if not cached.given else None
        parts += [receiver] if receiver is not None else []
        return max(parts, key=lambda k: k.space, default=Keys(KeySpace.CONSTANT, "it has no parameters"))

    def _passed(self, use: tuple[Func, Op, Call], place: Place) -> Keys:
        caller, op, call = use
        values: tuple[Expr, ...] = tuple(a.value for a in call.args)
        return self._keys.read(caller, Display("tuple", values), op, place)

    def _receiver(self, func: Func) -> Keys | None:
        """The object of a cached method is part of the key, and the cache keeps it alive."""
        cls = func.cls
        if cls is None or func.facts.binds != "instance":
            return None
        typed = self._keys.types.of(func, Name(func.facts.receiver))
        if typed is not None:
            return typed
        level = self._lifetimes.cls(cls).level
        if level is Level.PROCESS:
            return Keys(KeySpace.FINITE, f"objects of {cls.name} live as long as the process")
        if level is Level.UNKNOWN:
            return Keys(KeySpace.UNKNOWN, f"the cache also keeps every {cls.name} alive", "assumed")
        return Keys(KeySpace.GENERATED, f"the cache also keeps every {cls.name} alive")
