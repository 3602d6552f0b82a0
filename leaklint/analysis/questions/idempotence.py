"""Why a registration happens only once though its line is reached again: tests, flags, and removals before it."""

from __future__ import annotations

from leaklint.analysis.flow.guards import Guard, Op, always_before, guards
from leaklint.analysis.growth.changes import Changes, Growth
from leaklint.analysis.growth.emitters import Emitters
from leaklint.analysis.growth.listeners import Registration
from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.places import FieldOf, Local, Parameter, Place, Places
from leaklint.analysis.linking.program import Func, Program
from leaklint.analysis.linking.walk import every
from leaklint.analysis.questions.bounds import BoundAnswer
from leaklint.analysis.questions.identity import Identity
from leaklint.analysis.questions.lifetimes import Level, Lifetime, Lifetimes
from leaklint.analysis.running.origins import Origins
from leaklint.facts import Assign, Attr, Call, Const, Display, Expr, Index, Name, Operation

_NONE = BoundAnswer("none", "nothing limits the number of listeners")


class Idempotence:
    """Answers how often a registration that is reached again takes place."""

    def __init__(
        self,
        program: Program,
        graph: CallGraph,
        places: Places,
        lifetimes: Lifetimes,
        changes: Changes,
        emitters: Emitters,
        identity: Identity,
        origins: Origins,
    ) -> None:
        self._program = program
        self._graph = graph
        self._places = places
        self._lifetimes = lifetimes
        self._changes = changes
        self._emitters = emitters
        self._identity = identity
        self._origins = origins

    def read(self, registration: Registration, holder: Lifetime) -> BoundAnswer:
        """``once-per-key`` if something makes sure of it; ``inner`` for a flag that lives shorter than the emitter."""
        growth = registration.growth
        if self._removed_before(registration) or self._emptied_before(registration):
            return BoundAnswer("once-per-key", "the one before is removed first")
        shorter = _NONE
        for guard in guards(growth.func.facts, growth.op.position):
            for test, taken in _parts(guard.test, guard.taken):
                found = self._by_test(registration, guard, test, taken, holder)
                if found is not None and found.kind == "once-per-key":
                    return found
                shorter = found or shorter
        return shorter

    # -- tests -------------------------------------------------------------------------------------------------

    def _by_test(
        self, registration: Registration, guard: Guard, test: Expr, taken: bool, holder: Lifetime
    ) -> BoundAnswer | None:
        if _asks_for_absence(test, taken) and self._looks_at_emitter(registration, test):
            return BoundAnswer("once-per-key", "what is registered is looked at first")
        for one in every(test):
            flag = self._flag(registration.growth, guard, one, holder) if isinstance(one, (Name, Attr)) else None
            if flag is not None:
                return flag
        return None

    def _looks_at_emitter(self, registration: Registration, test: Expr) -> bool:
        """``logger.handlers``, ``emitter.listener_count("x")``, ``getattr(logger, "_done", False)``."""
        func, emitter = (
            registration.growth.func,
            Place(registration.growth.place.root, registration.growth.place.path[:-1]),
        )
        for one in every(test):
            if self._asks_for_end(func, one) or self._asks_for_kind(one):
                continue
            for expr in _looked_at(one):
                place = self._emitters.of(func, expr)
                if place is not None and emitter in self._emitters.owners(place):
                    return True
        return False

    def _asks_for_end(self, func: Func, one: Expr) -> bool:
        """``signal.aborted`` says nothing of the listeners."""
        return isinstance(one, Attr) and self._program.models(func.file).is_a("ended", f"*.{one.name}")

    def _asks_for_kind(self, one: Expr) -> bool:
        """A function of the program that only tells of which kind an object is says nothing of its listeners."""
        callees = self._graph.callees(one) if isinstance(one, Call) else ()
        given = [op.node for f in callees for op in f.ops if op.kind == "return"]
        return bool(given) and all(_tells_kind(node) for node in given)

    def _flag(self, growth: Growth, guard: Guard, one: Expr, holder: Lifetime) -> BoundAnswer | None:
        place = self._places.of(growth.func, one)
        if place is None or place.path or not self._set_behind(growth.func, place, guard):
            return None
        root = place.root
        if isinstance(root, Parameter) or (isinstance(root, Local) and root.func is growth.func):
            return None
        owner = growth.place.root
        same_object = (
            isinstance(root, FieldOf) and isinstance(owner, FieldOf) and root.cls in owner.cls.mro + owner.cls.family
        )
        if same_object and holder.level is not Level.PROCESS:
            return BoundAnswer("once-per-key", "a flag beside the emitter lets it happen once")
        if isinstance(root, Local) and self._is_of_unseen_maker(root):
            return BoundAnswer("once-per-key", "a flag lets it happen once for each run of the function around it")
        alone = self._lifetimes.one_per_process(root.cls) if isinstance(root, FieldOf) else True
        if alone and self._lifetimes.of(growth.func, place).level >= holder.level:
            return BoundAnswer("once-per-key", "a flag that lives as long lets it happen once")
        return BoundAnswer("inner", "the flag that guards it lives shorter than the emitter")

    def _is_of_unseen_maker(self, root: Local) -> bool:
        """Whether the flag is a variable of a function that nothing in the program runs again and again."""
        origins = self._origins.of(root.func)
        return all(o.scope == "once" or (o.scope == "unproven" and o.start is root.func) for o in origins)

    def _set_behind(self, func: Func, place: Place, guard: Guard) -> bool:
        """Whether the function, behind the test, sets the flag or notes what it has registered in the set it asks."""
        noted = [g.op for g in self._changes.growths if g.func is func and place in {g.place, g.seen}]
        for op in func.ops:
            if op.kind == "assign" and op.node is not None and isinstance(op.stmt, Assign):
                noted += [op] if self._places.of(func, op.node) == place else []
        return any(g.test is guard.test for op in noted for g in guards(func.facts, op.position))

    # -- removals before it ------------------------------------------------------------------------------------

    def _removed_before(self, registration: Registration) -> bool:
        """The callback of the time before is removed on the way to the registration, here or in a function called first."""
        growth, callback = registration.growth, registration.callback
        emitter = Place(growth.place.root, growth.place.path[:-1])
        place = self._places.of(growth.func, callback) if callback is not None else None
        for removal in self._changes.removals.get(growth.place, ()):
            if removal.how != "key" or removal.key is None or removal.op is growth.op:
                continue
            steps = [removal.op] if removal.func is growth.func else self._calls_of(growth.func, removal.func)
            if not any(self._comes_first(growth.func, step, growth.op, removal.key) for step in steps):
                continue
            if self._identity.is_lasting(removal.func, removal.key, emitter):
                return True
            old = self._places.of(removal.func, removal.key)
            if old is not None and old == place and self._lifetimes.of(removal.func, old).level >= Level.UNKNOWN:
                return not isinstance(old.root, (Local, Parameter))
        return False

    def _emptied_before(self, registration: Registration) -> bool:
        """``logger.handlers.clear()`` and ``logger.handlers = []`` on the way to the registration."""
        growth = registration.growth
        emitter = Place(growth.place.root, growth.place.path[:-1])
        models = self._program.models(growth.func.file)
        for op in growth.func.ops:
            target: Expr | None = None
            if op.kind == "call" and isinstance(op.node, Call) and isinstance(op.node.func, Attr):
                target = op.node.func.base if models.plain_removal(op.node.func.name) == "all" else None
            elif op.kind == "assign" and isinstance(op.stmt, Assign) and isinstance(op.stmt.value, Display):
                target = op.node
            if isinstance(target, Attr) and always_before(op, growth.op):
                place = self._emitters.of(growth.func, target.base)
                if place is not None and emitter in self._emitters.owners(place):
                    return True
        return False

    def _calls_of(self, func: Func, target: Func) -> list[Op]:
        return [op for op in func.ops if isinstance(op.node, Call) and target in self._graph.callees(op.node)]

    def _comes_first(self, func: Func, first: Op, later: Op, key: Expr) -> bool:
        """Whether ``first`` runs before ``later`` whenever there is something to remove: only the callback itself is asked."""
        if (first.position, first.order) >= (later.position, later.order):
            return False
        shared = [g.test for g in guards(func.facts, later.position)]
        own = [g.test for g in guards(func.facts, first.position) if g.test not in shared]
        return all(any(e == key for e in every(test)) for test in own)


def _parts(test: Expr, taken: bool) -> list[tuple[Expr, bool]]:
    """The tests whose outcome is known, without their negations."""
    if isinstance(test, Operation) and test.op == "not":
        return _parts(test.operands[0], not taken)
    if isinstance(test, Operation) and test.op == ("and" if taken else "or"):
        return [p for o in test.operands for p in _parts(o, taken)]
    return [(test, taken)]


def _looked_at(expr: Expr) -> list[Expr]:
    """What is asked for something: ``x`` in ``x.handlers``, ``x[kHandlers]``, ``len(x)`` and ``y not in x``."""
    if isinstance(expr, (Attr, Index)):
        return [expr.base]
    if isinstance(expr, Call):
        return [a.value for a in expr.args]
    return list(expr.operands[1:]) if isinstance(expr, Operation) and expr.op in {"in", "not in"} else []


def _asks_for_absence(test: Expr, taken: bool) -> bool:
    """Whether the outcome says that something is not there: ``not x``, ``x is None``, ``len(x) == 0``, ``y not in x``."""
    if isinstance(test, Operation) and len(test.operands) == 2:
        if test.op in {"in", "not in"}:
            return (test.op == "not in") is taken
        empty = isinstance(test.operands[1], Const) and test.operands[1].text in {"", "0", "false"}
        if test.op in {"==", "is", "!=", "is not", ">"} and empty:
            return (test.op in {"==", "is"}) is taken
        return test.op in {"<", "<="} and taken
    return not taken


def _tells_kind(expr: Expr | None) -> bool:
    """``typeof x.f === "function"``, ``isinstance(x, Y)``."""
    if isinstance(expr, Operation) and expr.op in {"==", "!=", "is", "is not"}:
        return any(isinstance(o, Operation) and o.op == "typeof" for o in expr.operands)
    return isinstance(expr, Operation) and expr.op == "instanceof"
