"""Work handed over through a queue: what is put in goes out when the consumer takes the item from the same queue."""

from __future__ import annotations

from collections.abc import Sequence

from leaklint.analysis.growth.changes import Changes, Growth, Removal
from leaklint.analysis.linking.places import Place
from leaklint.analysis.questions.release import DISCHARGED, Release
from leaklint.analysis.questions.release_exits import ReleaseExits


class Handover:
    """Answers whether a removal in a consumer is sure to come for each entry."""

    def __init__(self, changes: Changes, exits: ReleaseExits) -> None:
        self._changes = changes
        self._exits = exits

    def read(self, growth: Growth, removals: Sequence[Removal], taken: Removal) -> Release | None:
        """``taken`` as a discharge, if every exit of the growing function either removes the entry or queues its item."""
        takes = self._takes(taken)
        puts = [g for q in takes for g in self._changes.growths if g.place == q.place]
        if not puts or not any(self._exits.is_removed_after(t, growth) for t in takes):
            return None
        sure = [_as_removal(p, growth) for p in puts if p.shape is None or p.shape.bound == "none"]
        own = self._exits.by_flow(growth, [*removals, *sure], [_as_removal(p, growth) for p in puts])
        if own is None or own.kind not in DISCHARGED:
            return None
        return Release("partner", f"{taken.func.qualname} removes it when it works off {takes[0].written}", taken)

    def _takes(self, removal: Removal) -> list[Removal]:
        """Where the removing function takes one item from another container, before it removes the entry."""
        places: list[Place] = [p for p in self._changes.removals if p != removal.place]
        found = [r for p in places for r in self._changes.removals[p] if r.how == "one" and r.func is removal.func]
        return [r for r in found if (r.op.position, r.op.order) < (removal.op.position, removal.op.order)]


def _as_removal(put: Growth, growth: Growth) -> Removal:
    """Putting the item into the queue, seen from the entry: from here on the consumer owes its removal."""
    return Removal(put.func, put.op, "all", growth.place, put.written, None)
