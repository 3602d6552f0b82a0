"""The answer to what releases a growth: a kind, and the words and places that explain it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from leaklint.analysis.growth.changes import Removal
from leaklint.facts import Span

ReleaseKind = Literal[
    "every-exit", "end-event", "partner", "caller", "swept",
    "some-exits", "gap", "narrow-gap", "guarded", "reply", "other-event", "client", "same-key-read", "uncalled", "teardown", "never",
]  # fmt: skip

DISCHARGED: frozenset[ReleaseKind] = frozenset({"every-exit", "end-event", "partner", "caller", "swept"})


class Release(NamedTuple):
    """The answer: what kind of release there is, in words which exit keeps the entry, and the removal it speaks of.

    ``site`` is the place of the removal where it is not the removal's own. ``asked``: a tool or route of the client
    removes one entry by its key.
    """

    kind: ReleaseKind
    why: str
    removal: Removal | None = None
    site: tuple[str, Span] | None = None
    asked: bool = False


NEVER = Release("never", "nothing removes it")
_BEST: list[ReleaseKind] = [
    "every-exit", "caller", "swept", "end-event", "partner",
    "narrow-gap", "guarded", "gap", "some-exits", "same-key-read", "reply", "other-event", "client", "uncalled", "teardown", "never",
]  # fmt: skip


def best(releases: Iterable[Release]) -> Release:
    """The one that discharges most; what nothing removes, without any."""
    return min(releases, key=_rank, default=NEVER)


def worst(releases: Iterable[Release]) -> Release | None:
    """The one that discharges least, or None without any."""
    return max(releases, key=_rank, default=None)


def _rank(release: Release) -> int:
    return _BEST.index(release.kind)
