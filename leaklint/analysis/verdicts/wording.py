"""Turns verdicts into findings: one for each object, in words that say why it grows and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from leaklint.analysis.growth.caches import DEFINE
from leaklint.analysis.growth.listeners import LISTENERS
from leaklint.analysis.linking.places import ELEMENT, Library, Place
from leaklint.analysis.linking.program import Cls, Func
from leaklint.analysis.linking.walk import dotted
from leaklint.analysis.questions.keyspace import KeySpace
from leaklint.analysis.questions.lifetimes import Level
from leaklint.analysis.questions.release import NEVER
from leaklint.analysis.running.origins import Origin
from leaklint.analysis.verdicts.judge import Judge
from leaklint.analysis.verdicts.remedies import PARTLY, remedy
from leaklint.analysis.verdicts.selection import Verdict
from leaklint.facts import Display
from leaklint.findings import CONFIDENCES, Answer, Finding, Hop, Site


def findings_of(judge: Judge, verdicts: Iterable[Verdict]) -> tuple[Finding, ...]:
    """One finding for each object that leaks, in order of path and line."""
    groups: dict[tuple[Place, bool, Cls | None], list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.confidence is not None:
            key = (_object(verdict.growth.place), verdict.what == "listener", _registrant(verdict))
            groups.setdefault(key, []).append(verdict)
    found = [_finding(judge, sorted(group, key=_rank)) for group in groups.values()]
    return tuple(sorted(found, key=lambda f: (f.primary.path, f.primary.span.line, f.primary.span.column, f.rule)))


def _object(place: Place) -> Place:
    """The outermost container: an element of a container is part of it."""
    if ELEMENT in place.path:
        return Place(place.root, place.path[: place.path.index(ELEMENT)])
    return place


def _registrant(verdict: Verdict) -> Cls | None:
    """The class that registers on an emitter of a library: its objects are what leaks, not those of another class."""
    growth = verdict.growth
    return growth.func.method_of if verdict.what == "listener" and isinstance(growth.place.root, Library) else None


def _rank(verdict: Verdict) -> tuple[int, str, int, int]:
    span = verdict.growth.op.span
    assert verdict.confidence is not None
    return CONFIDENCES.index(verdict.confidence), verdict.growth.func.file.path, span.line, span.column


def _finding(judge: Judge, group: Sequence[Verdict]) -> Finding:
    first = group[0]
    growth = first.growth
    assert first.confidence is not None
    trace = _trace(first)
    removals = _removal(first)
    related = [*_declared(judge, first), *removals, *_further(group[1:])]
    return Finding(
        rule=first.rule,
        confidence=first.confidence,
        message=_message(first),
        why=_why(first),
        fix=remedy(first, best_origin(first.repeats)),
        container=growth.written,
        qualname=growth.func.qualname,
        primary=Site(path=growth.func.file.path, span=growth.op.span, label=_label(first)),
        related=tuple(related),
        trace=trace,
        answers=tuple(answers_of(first)),
        depends=_depends(first, trace, related),
        grows_in=tuple(dict.fromkeys(verdict.growth.func.qualname for verdict in group)),
        removal=next(iter(removals), None),
        undo=first.undo,
    )


# -- places ----------------------------------------------------------------------------------------------------


def _declared(judge: Judge, verdict: Verdict) -> list[Site]:
    found = judge.containers.declared(verdict.growth.place) if verdict.what != "listener" else None
    if found is None or found == (verdict.growth.func.file.path, verdict.growth.op.span):
        return []
    return [Site(path=found[0], span=found[1], label=f"made here; it {_lives(verdict)}")]


def _removal(verdict: Verdict) -> list[Site]:
    release = verdict.release
    if release.site is None and release.removal is None:
        return []
    path, span = release.site or (release.removal.func.file.path, release.removal.op.span)  # type: ignore[union-attr]
    reason = "not on every exit" if release.kind in PARTLY else release.why
    return [Site(path=path, span=span, label=f"removed here, but {reason}")]


def _further(rest: Sequence[Verdict]) -> list[Site]:
    found: list[Site] = []
    for verdict in rest:
        site = Site(path=verdict.growth.func.file.path, span=verdict.growth.op.span, label="it grows here too")
        if site not in found:
            found.append(site)
    return found[:8]


def _trace(verdict: Verdict) -> tuple[Hop, ...]:
    origin = best_origin(verdict.repeats)
    if origin is None or (len(origin.path) == 1 and origin.scope == "unproven"):
        return ()
    return tuple(Hop(function=people_name(f), path=f.file.path, span=f.facts.span) for f in origin.path)


def best_origin(origins: Sequence[Origin]) -> Origin | None:
    """The origin that explains best: a proven entry point before an unknown caller, the shortest way first."""
    return min(origins, key=lambda o: (o.scope == "unproven", o.entry is None, len(o.path)), default=None)


def people_name(func: Func) -> str:
    """The function as people call it."""
    return f"<module {func.file.path}>" if func.is_module else func.title


def _depends(verdict: Verdict, trace: Sequence[Hop], related: Sequence[Site]) -> tuple[str, ...]:
    paths = {verdict.growth.func.file.path, *(h.path for h in trace), *(s.path for s in related)}
    paths |= {f.file.path for o in verdict.repeats for f in o.path}
    return tuple(sorted(paths))


# -- words -----------------------------------------------------------------------------------------------------


_LOOPS = frozenset({"loop", "endless loop", "started loop"})
"""Labels of what runs again because it loops."""


def _label(verdict: Verdict) -> str:
    if verdict.what == "item" and not verdict.growth.is_set:
        return "appended here"
    return {"listener": "registered here", "memo": "cached here"}.get(verdict.what, "put in here")


def _lives(verdict: Verdict) -> str:
    level = verdict.holder.level
    if level is Level.PROCESS:
        return "lives as long as the process"
    if level is Level.SESSION:
        return "lives as long as the session"
    return "outlives the call, as far as can be seen"


def _is_handed_on(func: Func) -> bool:
    """Whether the function has no name and is called by that of the function it is handed to."""
    return not func.name and func.index in func.file.handed


def _when(verdict: Verdict) -> str:
    origin = best_origin(verdict.repeats)
    if origin is None:
        return "again and again"
    name = people_name(origin.start)
    if origin.scope == "tick":
        return f"at every round of `{name}`"
    callback = "the callback of " if _is_handed_on(origin.start) else ""
    if origin.scope == "unproven":
        return f"whenever {callback}`{name}` is called"
    if origin.scope == "session":
        return f"for every session (`{name}`)"
    if origin.label in _LOOPS:
        return f"at every round of the loop in `{name}`"
    if origin.label == "handed on":
        return f"whenever {callback}`{name}` runs"
    return f"at every call of {origin.label} `{name}`"


def _message(verdict: Verdict) -> str:
    growth = verdict.growth
    written = f"`{growth.written}`"
    if verdict.what == "listener":
        return f"a listener is added to {written} {_when(verdict)} and {_kept(verdict)}"
    if growth.op.kind == DEFINE:
        return f"{written} caches a result for each new {_key_words(verdict)} and {_kept(verdict)}"
    if verdict.rule == "LEAK003":
        return f"the cache {written} gets an entry for each new {_key_words(verdict)} and {_kept(verdict)}"
    if verdict.what == "item":
        return f"{written} grows by an item {_when(verdict)} and {_kept(verdict)}"
    return f"{written} gets an entry {_when(verdict)} and {_kept(verdict)}"


def _kept(verdict: Verdict) -> str:
    release = verdict.release
    if release.kind == "never" and release.removal is None:
        return "nothing takes it out"
    if release.kind == "teardown":
        return "it is emptied only at the end"
    return release.why.split(": ", 1)[0]  # the detail behind the colon stands in the line that says why


def _key_words(verdict: Verdict) -> str:
    key = verdict.growth.key
    if isinstance(key, Display):
        return ", ".join(f"`{dotted(k)}`" for k in key.items)
    return f"`{dotted(key)}`" if key is not None else "key"


def _why(verdict: Verdict) -> str:
    parts = [f"`{verdict.growth.written}` {_lives(verdict)}"]
    if verdict.keys.space not in {KeySpace.NO_KEY, KeySpace.UNKNOWN}:
        parts.append(verdict.keys.why)
    if verdict.bound.kind == "inner":
        parts.append(verdict.bound.why)
    if verdict.release != NEVER and verdict.release.why != _kept(verdict):  # the message says it already
        parts.append(verdict.release.why)
    return "; ".join(parts)


def answers_of(verdict: Verdict) -> list[Answer]:
    """The record in words, for ``--why``."""
    origin = best_origin(verdict.repeats)
    scope = (
        f"{origin.scope} (from {people_name(origin.start)}{', ' + origin.label if origin.label else ''})"
        if origin
        else "once"
    )
    listener = " (listeners)" if LISTENERS in verdict.growth.place.path else ""
    return [
        Answer(question="what", value=verdict.what + listener, proof="proven"),
        Answer(question="repeats", value=scope, proof="assumed" if origin and origin.scope == "unproven" else "proven"),
        Answer(question="holder", value=f"{verdict.holder.level.name.lower()} ({verdict.holder.why})", proof="proven"),
        Answer(
            question="keys", value=f"{verdict.keys.space.name.lower()}: {verdict.keys.why}", proof=verdict.keys.proof
        ),
        Answer(question="bound", value=f"{verdict.bound.kind}: {verdict.bound.why}", proof="proven"),
        Answer(question="release", value=f"{verdict.release.kind}: {verdict.release.why}", proof="proven"),
        Answer(question="selection", value=f"{verdict.confidence or 'silent'}: {verdict.reason}", proof="proven"),
    ]
