"""Who takes a grown entry out again, and on which exits: the growing function, its callers, a sweep, a partner, nobody."""

from __future__ import annotations

from leaklint.analysis.growth.changes import Changes, Growth, Removal
from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.places import Places
from leaklint.analysis.linking.program import Program
from leaklint.analysis.questions.bounds import Bounds
from leaklint.analysis.questions.handover import Handover
from leaklint.analysis.questions.release import DISCHARGED, NEVER, Release, ReleaseKind, best
from leaklint.analysis.questions.release_elsewhere import ReleaseElsewhere
from leaklint.analysis.questions.release_exits import ReleaseExits
from leaklint.analysis.running.origins import Origins
from leaklint.analysis.running.started import Started

_LATE: frozenset[ReleaseKind] = frozenset({"gap", "some-exits"})
"""What flow says where control can leave before the removal is arranged."""


class Releases:
    """Answers what releases a growth."""

    def __init__(
        self, program: Program, graph: CallGraph, places: Places, origins: Origins, changes: Changes, bounds: Bounds
    ) -> None:
        self._changes = changes
        self._graph = graph
        self._exits = ReleaseExits(program, graph, places, changes)
        self._handover = Handover(changes, self._exits)
        self.started = Started(program, graph, places)
        self._elsewhere = ReleaseElsewhere(program, graph, places, origins, changes, bounds, self._exits, self.started)

    def read(self, growth: Growth, removals: list[Removal] | None = None) -> Release:
        """What releases ``growth``; of all removals from its container, or of those given."""
        if growth.is_queue and growth.place.is_element:
            return Release("swept", "each subscriber takes what is put into its queue")
        removals = self._changes.removals_of(growth.place) if removals is None else removals
        own = self._exits.by_flow(growth, removals)
        if own is not None and own.kind in DISCHARGED:
            return own
        if not removals:
            return own or NEVER
        lifted = self._exits.by_callers(growth, removals)
        found = [r for r in (own, lifted) if r is not None]
        whole_life = lifted is not None and growth.func.is_constructor  # who makes the object owes its end
        late = [r for r in removals if own is not None and own.kind in _LATE and self._arranges(growth, r)]
        found += [
            self._elsewhere.read(growth, r)
            for r in removals
            if r not in late and (r.how not in {"key", "item"} or not whole_life)
        ]
        found += self._handed_over(growth, removals, found)
        return best(found)

    def _arranges(self, growth: Growth, removal: Removal) -> bool:
        """Whether the growing function itself sees to it that the removal runs: what it does too late, nobody else does."""
        uses = self._graph.uses(removal.func)
        return bool(uses) and all(u.caller is growth.func and u.entry is not None and u.entry.sure for u in uses)

    def _handed_over(self, growth: Growth, removals: list[Removal], found: list[Release]) -> list[Release]:
        """The removals on another event, or for whoever asks, that a queue makes sure of."""
        events = [r.removal for r in found if r.kind in {"other-event", "reply", "client"} and r.removal is not None]
        handed = [self._handover.read(growth, removals, e) for e in events if e.func is not growth.func]
        return [h for h in handed if h is not None]
