"""The records of what makes a container grow or shrink."""

from __future__ import annotations

from typing import Literal, NamedTuple

from leaklint.analysis.flow.guards import Op
from leaklint.analysis.growth.containers import Shape
from leaklint.analysis.linking.places import Place
from leaklint.analysis.linking.program import Func
from leaklint.analysis.linking.uses import Use
from leaklint.facts import Expr

What = Literal["entry", "item", "memo"]
How = Literal["key", "item", "one", "all", "filter", "trim", "reset"]


class Growth(NamedTuple):
    """One operation that adds to a container.

    ``key`` is the expression of the key (the element itself for a set; None where there is none); ``written`` the access
    path as the code spells it. ``seen`` is the place as the function itself sees it (a parameter, say, where ``place`` is
    what the caller passes); ``owner`` the object whose field the container is. ``passed``: the uses by which ``place`` is
    passed, each with the function that is passed it.
    """

    func: Func
    op: Op
    what: What
    place: Place
    written: str
    key: Expr | None
    shape: Shape | None
    seen: Place
    owner: Place | None = None
    passed: tuple[tuple[Func, Use], ...] = ()

    @property
    def is_queue(self) -> bool:
        """Whether the container is one that a consumer takes from."""
        return self._is_a("queue")

    @property
    def is_set(self) -> bool:
        """Whether the container holds each item once."""
        return self._is_a("set")

    def _is_a(self, kind: str) -> bool:
        return self.shape is not None and self.shape.row is not None and self.shape.row.kind == kind


class Removal(NamedTuple):
    """One operation that takes from a container. ``key`` as in :class:`Growth`."""

    func: Func
    op: Op
    how: How
    place: Place
    written: str
    key: Expr | None


class Changes(NamedTuple):
    """All growths and removals of a program; removals by the root and path of their container."""

    growths: list[Growth]
    removals: dict[Place, list[Removal]]

    def removals_of(self, place: Place) -> list[Removal]:
        """Removals from the container at ``place`` and, for an inner one, of the whole element from the outer."""
        found = list(self.removals.get(place, []))
        while place.is_element:
            place = place.container
            found += self.removals.get(place, [])
        return found
