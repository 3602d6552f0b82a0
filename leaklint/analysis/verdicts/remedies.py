"""How a leak is ended, in words: what a finding says behind ``fix``."""

from __future__ import annotations

from collections.abc import Sequence

from leaklint.analysis.growth.caches import DEFINE
from leaklint.analysis.linking.walk import dotted
from leaklint.analysis.questions.release import ReleaseKind
from leaklint.analysis.running.origins import Origin
from leaklint.analysis.verdicts.selection import Verdict

PARTLY: frozenset[ReleaseKind] = frozenset({"some-exits", "gap", "narrow-gap", "guarded"})
"""Removals that the growing function owes and does not make on every exit."""

_BY_OTHERS: frozenset[ReleaseKind] = frozenset({"client", "other-event", "reply"})
"""Removals that wait for somebody who may never come."""


def remedy(verdict: Verdict, origin: Origin | None) -> str:
    """What ends the leak; ``origin`` is what makes the growth happen again."""
    name = verdict.growth.written
    if verdict.what == "listener":
        return _for_a_listener(verdict)
    if verdict.growth.op.kind == DEFINE:
        return f"give the cache of `{name}` a maximum size, or a time after which it drops results"
    if verdict.rule == "LEAK003":
        return f"bound `{name}`: an LRU or TTL cache with a maximum size, or evict when it is full"
    if verdict.release.kind in PARTLY:
        return f"remove {_entry(verdict)} in a `finally` around what follows, or evict old entries"
    if verdict.rule == "LEAK004" or (verdict.what == "item" and not verdict.growth.is_set):
        return (
            f"keep only the newest items of `{name}` (a ring buffer with a maximum length), or empty it as it is used"
        )
    return _for_an_entry(verdict, [origin] if origin else [])


def _for_a_listener(verdict: Verdict) -> str:
    flag = ", keep the flag that guards it as long as the emitter" if verdict.bound.kind == "inner" else ""
    return (
        f"register once at start-up{flag}, or remove the same callback from `{verdict.growth.written}` in a `finally`"
    )


def _for_an_entry(verdict: Verdict, origins: Sequence[Origin]) -> str:
    name, release = verdict.growth.written, verdict.release
    sweep = "in a task that starts with the server"
    if release.kind == "same-key-read":
        return f"remove what has expired from `{name}` {sweep}, or each time something is put in"
    if release.kind == "uncalled" and release.removal is not None:
        return f"call `{release.removal.func.title}` where that is due, or evict old entries of `{name}`"
    if release.kind in _BY_OTHERS or any(origin.scope == "session" for origin in origins):
        return f"remove what has been idle for too long from `{name}` {sweep}, or limit how much it holds"
    return f"remove {_entry(verdict)} in a `finally` if only this call needs it, else evict old entries or limit how many there are"


def _entry(verdict: Verdict) -> str:
    """The entry or item in question, as far as it can be named."""
    growth = verdict.growth
    key = dotted(growth.key) if growth.key is not None else ""
    if verdict.what != "item" and key:
        return f"`{growth.written}[{key}]`"
    return f"{f'`{key}`' if key else 'it'} from `{growth.written}`"
