"""On which ways out of a function is an entry kept that was put in at one place of it?"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from leaklint import facts
from leaklint.analysis.flow.guards import always_before, operations, statement_at
from leaklint.analysis.flow.operations import Op, Position
from leaklint.analysis.flow.paths import Follow, is_release
from leaklint.analysis.flow.ways import Known, Path, Way
from leaklint.facts import Expr, FunctionFacts


class Verdict(Enum):
    """What is to say of the release; see :class:`Exits`."""

    EVERY_EXIT = "every exit"
    GAP = "gap"
    SOME_EXITS = "some exits"
    GUARDED = "guarded"
    BEFORE = "before"
    NONE = "none"


class Exits(NamedTuple):
    """Where the entry of one growth is kept.

    EVERY_EXIT: nowhere. GAP: only where control leaves between the growth and the try that protects it (``gap`` is the
    kind of the worst operation there: await, yield, return, raise or call). GUARDED: only where the test ``guard`` of a
    release fails. BEFORE: no release follows, but one always precedes. NONE: no release follows. SOME_EXITS: the rest.
    ``kept`` are the ways out that keep the entry, in the order of the text; ``releases`` the releases that were met;
    ``before`` a release that always runs before the growth.
    """

    verdict: Verdict
    kept: tuple[Path, ...] = ()
    releases: tuple[Op, ...] = ()
    gap: str = ""
    guard: Expr | None = None
    before: Op | None = None

    @property
    def which(self) -> tuple[str, ...]:
        """The ways out that keep the entry, in words with their lines, in the order of the text."""
        return _words(self.kept)


def released(function: FunctionFacts, growth: Op, known: Known) -> Exits:
    """On which exits of ``function`` the entry put in by ``growth`` (an operation of it) is still there."""
    follow = Follow(known)
    kept = follow.outwards(function, growth)
    releases = tuple(dict.fromkeys(follow.met))
    if releases and not kept:
        return Exits(Verdict.EVERY_EXIT, (), releases)
    before = _release_before(function, growth, known)
    if all(release == before for release in releases):
        return Exits(Verdict.BEFORE if before else Verdict.NONE, kept, releases, before=before)
    gap = _gap(function, growth, releases, kept)
    if gap:
        return Exits(Verdict.GAP, kept, releases, gap=gap, before=before)
    lenient = Follow(known, lenient=True)
    if not lenient.outwards(function, growth) and lenient.guards:
        return Exits(Verdict.GUARDED, kept, releases, guard=lenient.guards[0], before=before)
    return Exits(Verdict.SOME_EXITS, kept, releases, before=before)


def any_release(ops: Iterable[Op], known: Known) -> bool:
    """Whether one of ``ops`` releases on some way; without one, :func:`released` can say nothing but NONE."""
    return any(is_release(op, known) for op in ops)


def _release_before(function: FunctionFacts, growth: Op, known: Known) -> Op | None:
    earlier = (op for op in operations(function) if always_before(op, growth) and known.is_release(op))
    return next(earlier, None)


_WORST_FIRST = ("await", "yield", "return", "raise")


def _gap(function: FunctionFacts, growth: Op, releases: tuple[Op, ...], kept: tuple[Path, ...]) -> str:
    """The worst kind of operation at which control leaves before the statement that protects the entry, if only there."""
    ends = [end for release in releases if (end := _protected_from(function, growth, release))]
    places = [path.cause or path.op for path in kept]
    if not ends or not all(op and _stands_before(op, max(ends)) for op in places):
        return ""
    kinds = {op.kind for op in places if op}
    return next((kind for kind in _WORST_FIRST if kind in kinds), "call")


def _protected_from(function: FunctionFacts, growth: Op, release: Op) -> Position:
    """The beginning of the statement after ``growth`` that releases at its end; empty if there is none."""
    depth = _parting(growth.position, release.position)
    if depth >= min(len(growth.position), len(release.position)):
        return ()
    stmt = statement_at(function, release.position[: depth + 1])
    entered = isinstance(stmt, facts.With) and release.kind == "enter"
    after = release.position[depth][0] > growth.position[depth][0]
    if not after or not (entered or isinstance(stmt, facts.Try)):
        return ()
    return (*release.position[:depth], (release.position[depth][0] + entered, ""))


def _stands_before(op: Op, end: Position) -> bool:
    """Whether ``op`` stands in the block of ``end`` (or deeper), before it."""
    depth = len(end) - 1
    return op.position[:depth] == end[:depth] and op.position[depth][0] < end[depth][0]


def _parting(one: Position, other: Position) -> int:
    """The depth at which two positions part."""
    depth = 0
    while depth < min(len(one), len(other)) and one[depth] == other[depth]:
        depth += 1
    return depth


# --------------------------------------------------------------------------------------------------------------
# Words


def _words(kept: tuple[Path, ...]) -> tuple[str, ...]:
    """One phrase for each operation at which control leaves with the entry kept, each once."""
    groups: dict[Op | None, list[Path]] = {}
    for path in kept:
        groups.setdefault(path.cause or path.op, []).append(path)
    awaited = [op.node.value for op in groups if op and isinstance(op.node, facts.Await)]
    shown = {op: paths for op, paths in groups.items() if not (op and any(op.node is value for value in awaited))}
    phrases = (_phrase(op, paths) for op, paths in shown.items())
    return tuple(dict.fromkeys(phrases))


def _phrase(op: Op | None, paths: list[Path]) -> str:
    ways = {path.way for path in paths}
    if op is None:
        return "on the next pass of the loop" if Way.PASS in ways else "at the end of the function"
    place = f"(line {op.span.line})"
    if op.kind in ("return", "raise"):
        return f"on the {op.kind} {place}"
    return f"{_failure(op, paths, ways)} {place}"


_RAISING = {
    "call": "the call",
    "await": "the awaited call",
    "yield": "the yield",
    "load": "the look-up",
    "delete": "the deletion",
    "iterate": "the iteration",
    "enter": "entering the with",
    "assert": "the assertion",
}


def _failure(op: Op, paths: list[Path], ways: set[Way]) -> str:
    subject = _RAISING.get(op.kind, "it")
    if all(path.cause for path in paths):
        return f"when {subject} raises and the exception is caught"
    if Way.ERROR in ways and any(path.narrowed for path in paths if path.way is Way.ERROR):
        return f"when {subject} raises an exception of another type"
    if Way.ERROR in ways:
        return f"when {subject} raises" + (" or is cancelled" if Way.CANCEL in ways else "")
    if Way.CANCEL in ways:
        return f"when it is cancelled at the {op.kind}"
    return "when the generator is closed at its yield"
