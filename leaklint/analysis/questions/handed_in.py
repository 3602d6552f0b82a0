"""Whether what a caller passes to a function is used again after it, by a function that it hands out or registers."""

from __future__ import annotations

from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.places import Parameter
from leaklint.analysis.linking.program import Func, Program
from leaklint.analysis.linking.uses import Use
from leaklint.analysis.linking.walk import every, expressions
from leaklint.analysis.running.origins import Origin, Origins
from leaklint.facts import Call, Return


class HandedIn:
    """Answers for parameters."""

    def __init__(self, program: Program, graph: CallGraph, origins: Origins) -> None:
        self._program = program
        self._graph = graph
        self._origins = origins

    def is_kept(self, func: Func, root: Parameter) -> bool:
        """Whether ``func`` runs again and again with what was once passed for the parameter.

        So it does if the way back from it ends, after the call that passed it, in the one function which the receiver of
        the parameter gives back, or in a listener. A method may be called once for each object: it proves nothing.
        """
        receiver = root.func
        if func is receiver:
            return False
        owner = receiver.cls if receiver.is_constructor and receiver.cls is not None else receiver
        return any(self._runs_again(o, receiver) for o in self._origins.repeated(func, owner))

    def _runs_again(self, origin: Origin, receiver: Func) -> bool:
        if origin.scope != "unproven":
            return origin.start is not receiver
        return any(self._is_given_back(u, receiver) or self._listens(u, origin.start) for u in self._mentions(origin))

    def _mentions(self, origin: Origin) -> list[Use]:
        return [u for u in self._graph.uses(origin.start) if u.kind == "mention"]

    def _is_given_back(self, use: Use, receiver: Func) -> bool:
        """``return function () {...}``: what a factory of functions makes is there to be called again."""
        stmt = use.stmt
        if use.caller is not receiver or not isinstance(stmt, Return) or stmt.value is None:
            return False
        return bool(self._graph.callables(receiver, stmt.value))

    def _listens(self, use: Use, func: Func) -> bool:
        """``this.on("joined", callback)``, whatever the emitter is; not ``once``."""
        calls = [e for x in expressions(use.stmt) for e in every(x) if isinstance(e, Call)] if use.stmt else []
        return any(
            func in self._graph.callables(use.caller, arg.value) and self._registers(use.caller, call)
            for call in calls
            for arg in call.args
        )

    def _registers(self, func: Func, call: Call) -> bool:
        pairs = self._program.models(func.file).pairs
        rows = [row for name in self._graph.names_of(func, call.func) for row in pairs.all(name)]
        return bool(rows) and not any(row.once for row in rows)
