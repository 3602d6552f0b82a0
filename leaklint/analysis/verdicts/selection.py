"""The record of one growth, and the selection table that says whether and how surely it is reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from leaklint.analysis.growth.changes import Growth
from leaklint.analysis.questions.bounds import BoundAnswer
from leaklint.analysis.questions.keyspace import Keys, KeySpace
from leaklint.analysis.questions.lifetimes import Level, Lifetime
from leaklint.analysis.questions.release import DISCHARGED, Release
from leaklint.analysis.running.origins import Origin
from leaklint.findings import Confidence, Undo

Rule = Literal["LEAK001", "LEAK002", "LEAK003", "LEAK004"]
Kind = Literal["listener", "entry", "item", "memo"]
Doubt = Literal["", "script", "unused", "memo-miss", "data"]
"""What makes a growth less likely: it stands in a script that serves nobody; the program, which has entry points, neither
makes the holder nor reaches the growth; it happens only when a memo misses; the container holds the data that is served."""


class Verdict(NamedTuple):
    """The answered record of one growth: one field for each question, the rule, and what the selection says.

    ``doubt`` weakens it. ``confidence`` is None where it is silent; ``reason`` names the row that decided. ``undo``: what
    would take a listener back.
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
    doubt: Doubt = ""
    undo: Undo | None = None


def not_a_candidate(holder: Lifetime, repeats: Sequence[Origin]) -> str:
    """Why the growth cannot leak whatever else holds; empty if it can."""
    if holder.level is Level.CALL:
        return f"it lives only as long as one call ({holder.why})"
    if not repeats:
        return "it happens once for each holder"
    if holder.level is Level.SESSION and all(o.scope == "session" for o in repeats):
        return "it happens once for each session"
    return ""


def rule_of(what: Kind, repeats: Sequence[Origin]) -> Rule:
    if what == "listener":
        return "LEAK001"
    if repeats and all(o.scope == "tick" for o in repeats):
        return "LEAK004"
    return "LEAK003" if what == "memo" else "LEAK002"


_NO_KEYS = Keys(KeySpace.UNKNOWN, "not asked", "assumed")
_NO_BOUND = BoundAnswer("none", "not asked")
_NO_RELEASE = Release("never", "not asked")


def silent(
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


def select(verdict: Verdict) -> Verdict:
    """The selection table: silent, low, medium or high."""
    release = verdict.release
    if release.kind in DISCHARGED:
        return verdict._replace(confidence=None, reason=release.why)
    if release.kind == "narrow-gap":
        return verdict._replace(confidence="low", reason="only a plain call that raises keeps it")
    if release.kind == "client" and release.asked and verdict.keys.space is KeySpace.GENERATED:
        return verdict._replace(confidence="low", reason="a tool of the client takes the same key: state it manages")
    if release.kind == "client" and verdict.growth.is_set:
        return verdict._replace(confidence="low", reason="a set of what the client names, which it takes out again")
    if verdict.keys.space in {KeySpace.ROLE_FINITE, KeySpace.ROLE_ENTITY}:
        return verdict._replace(confidence="low", reason=verdict.keys.why)
    if verdict.bound.kind == "outer":
        return verdict._replace(confidence="low", reason=verdict.bound.why)
    if verdict.doubt == "data":
        return verdict._replace(confidence="low", reason="it holds data that is written down in the source")
    if verdict.doubt == "script":
        return verdict._replace(confidence="low", reason="it belongs to a script that serves no requests")
    if verdict.holder.frame and _unproven(verdict):
        return verdict._replace(
            confidence="low", reason="only a running function holds it, and its caller is not known"
        )
    if verdict.doubt == "unused":
        return verdict._replace(confidence="low", reason="nothing in this program makes or calls it")
    if verdict.doubt == "memo-miss":
        return verdict._replace(confidence="low", reason="it happens only when a memo misses")
    if verdict.holder.level is Level.UNKNOWN and verdict.keys.space is KeySpace.UNKNOWN and _unproven(verdict):
        return verdict._replace(confidence="low", reason="neither holder nor caller nor keys are known")
    if verdict.keys.space is KeySpace.UNKNOWN and release.kind in _WEAKER:
        return verdict._replace(confidence="low", reason=f"what the keys are is not known, and {_WEAKER[release.kind]}")
    if verdict.holder.level is not Level.PROCESS:
        return verdict._replace(confidence="medium", reason="how long its holder lives is not proven")
    if verdict.keys.space is KeySpace.UNKNOWN:
        return verdict._replace(confidence="medium", reason="what the keys are is not known")
    if release.kind in _WEAKER:
        return verdict._replace(confidence="medium", reason=_WEAKER[release.kind])
    if verdict.bound.kind == "inner" and verdict.what == "listener":
        return verdict._replace(confidence="medium", reason=verdict.bound.why)
    return verdict._replace(confidence="high", reason="nothing discharges it")


_LOOPS = frozenset({"loop", "endless loop"})
"""Labels of loops that nothing is seen to start."""


def _unproven(verdict: Verdict) -> bool:
    """Whether no entry point leads to the growth: unknown callers, or a loop of a function that nothing known starts."""
    return all(o.scope == "unproven" or (o.scope == "call" and o.label in _LOOPS) for o in verdict.repeats)
