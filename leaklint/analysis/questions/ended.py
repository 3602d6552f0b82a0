"""Containers whose elements something ends by time: what listens to their end takes them out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from leaklint.analysis.linking.places import Place
from leaklint.analysis.linking.program import Func, Program
from leaklint.analysis.linking.walk import every, expressions, statements
from leaklint.analysis.questions.bounds import Bounds
from leaklint.analysis.running.origins import Origins
from leaklint.analysis.running.started import Started
from leaklint.facts import Attr, Call, Expr, Loop, Name


class Ended:
    """Answers which function goes over a container, again and again, and ends what is in it."""

    def __init__(self, program: Program, origins: Origins, bounds: Bounds, started: Started) -> None:
        self._program = program
        self._origins = origins
        self._bounds = bounds
        self._started = started

    def by(self, place: Place) -> Func | None:
        """The function that ends elements of the container at ``place`` by time; None without one."""
        return self._enders.get(place)

    @cached_property
    def _enders(self) -> dict[Place, Func]:
        found: dict[Place, Func] = {}
        for func in self._program.functions:
            for loop in statements(func.facts.body):
                if isinstance(loop, Loop) and loop.kind == "for" and self._ends_elements(func, loop):
                    place = self._bounds.measured(func, loop.over)
                    if place is not None and self._by_time(func, loop):
                        found.setdefault(place, func)
        return found

    def _ends_elements(self, func: Func, loop: Loop) -> bool:
        """Whether the body calls, on something got from the element, a method that ends it."""
        models = self._program.models(func.file)
        element = {e.id for e in every(loop.target) if isinstance(e, Name)}
        return any(
            isinstance(call.func, Attr)
            and models.is_a("ending", call.func.name)
            and element & {e.id for e in every(call.func.base) if isinstance(e, Name)}
            for call in _calls(loop)
        )

    def _by_time(self, func: Func, loop: Loop) -> bool:
        if self._origins.loop_scope(func, loop) == "tick":
            return self._started.comes_to_run(func)
        ticks = any(origin.scope == "tick" for origin in self._origins.of(func))
        return ticks and self._started.comes_to_run(func)


def _calls(loop: Loop) -> Iterator[Call]:
    found: Iterator[Expr] = (e for stmt in statements(loop.body) for whole in expressions(stmt) for e in every(whole))
    return (e for e in found if isinstance(e, Call))
