"""Entries whose own object tells that it has come to its end, to a listener that takes them out."""

from __future__ import annotations

from collections.abc import Iterable

from leaklint.analysis.growth.changes import Growth
from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.program import Func, Program
from leaklint.analysis.linking.walk import every
from leaklint.analysis.running.origins import Origin
from leaklint.facts import Assign, Attr, Call, Const, Expr, Name


class OwnEnd:
    """Answers on which events of the object that is put in a removal runs."""

    def __init__(self, program: Program, graph: CallGraph) -> None:
        self._program = program
        self._graph = graph

    def is_told(self, growth: Growth, origins: Iterable[Origin]) -> bool:
        """Whether the function that puts an object in listens to its end and, where that need not come, to its failure.

        A connection that was never made is not closed, so that ``disconnect`` alone is not enough.
        """
        events = {event for o in origins for event in self._events(growth, o.start)}
        names = self._program.models(growth.func.file).names
        if any(names["last_events"].first(event) for event in events):
            return True
        ends = any(names["end_events"].first(event) for event in events)
        return ends and any(names["failure_events"].first(event) for event in events)

    def _events(self, growth: Growth, listener: Func) -> set[str]:
        """The events of what is put in to which ``listener`` is registered beside the growth."""
        calls = [
            u.call
            for u in self._graph.uses(listener)
            if u.entry is not None and u.call is not None and u.caller is growth.func
        ]
        heard = [c for c in calls if isinstance(c.func, Attr) and self._is_of_value(growth, c, c.func.base)]
        first = [c.args[0].value for c in heard if c.args]
        return {e.text for e in first if isinstance(e, Const)}

    def _is_of_value(self, growth: Growth, call: Call, emitter: Expr) -> bool:
        """Whether the call speaks to what is put in, or to what that was made of: ``make().on(...).on(...)``."""
        func = growth.func
        for name in {e.id for value in _put_in(growth) for e in every(value) if isinstance(e, Name)}:
            if emitter == Name(name):
                return True
            bound = func.own_bindings.get(name, ())
            if any(b.expr is not None and any(e is call for e in every(b.expr)) for b in bound):
                return True
        return False


def _put_in(growth: Growth) -> list[Expr]:
    node, stmt = growth.op.node, growth.op.stmt
    if isinstance(node, Call):
        return [a.value for a in node.args if a.value is not growth.key or growth.what == "item"]
    return [stmt.value] if isinstance(stmt, Assign) and stmt.value is not None else []
