"""Follows a held entry from its growth outwards to every way out of the function.

It goes through the rest of the growth's block, then through what encloses the block (handlers, ``finally``, the next pass
of a loop), up to the end of the function. A path ends where it releases.

Where control can leave is said in ``ways``. Growth and release themselves either happen or do not. A ``with`` may swallow what
is raised in it.
"""

from __future__ import annotations

from leaklint import facts
from leaklint.analysis.flow.guards import Step, always_leaves, steps
from leaklint.analysis.flow.operations import Op, Position, own_operations
from leaklint.analysis.flow.ways import (
    EXCEPTIONS,
    Known,
    Outcome,
    Path,
    Paths,
    Way,
    catches,
    raised_by,
    raises,
    without,
)
from leaklint.facts import Block, Expr, FunctionFacts, Stmt

_START: Paths = (Path(Way.NEXT),)
_FINAL_RESUMES = (Way.RETURN, *EXCEPTIONS, Way.BREAK, Way.CONTINUE)
_ENDS_STATEMENT = frozenset({"return", "raise", "jump"})


def _join(into: Outcome, *more: Outcome) -> Outcome:
    """Add the paths of ``more`` to ``into``, each once."""
    for outcome in more:
        for way, paths in outcome.items():
            present = into.get(way)
            if present is None:
                into[way] = paths if len(paths) < 2 else tuple(dict.fromkeys(paths))
            elif paths:
                into[way] = tuple(dict.fromkeys((*present, *paths)))
    return into


def _take(out: Outcome, *ways: Way) -> Paths:
    """Remove the paths of ``ways`` from ``out``; they come back as paths that run on, each cause once."""
    taken = [path for way in ways for path in out.pop(way, ())]
    return tuple(dict.fromkeys(Path(Way.NEXT, cause=path.cause) for path in taken))


def _into(position: Position, arm: str) -> Position:
    """The beginning of all positions in one arm of the statement at ``position``."""
    return (*position[:-1], (position[-1][0], arm))


_OPPOSITE = {"in": "not in", "not in": "in", "is": "is not", "is not": "is", "==": "!=", "!=": "=="}


def _negated(test: Expr) -> Expr:
    if not isinstance(test, facts.Operation):
        return facts.Operation("not", (test,))
    if test.op == "not":
        return test.operands[0]
    if test.op in _OPPOSITE:
        return facts.Operation(_OPPOSITE[test.op], test.operands)
    return facts.Operation("not", (test,))


class Follow:
    """One walk over the paths of a held entry.

    ``met`` collects the releases on the way. A ``lenient`` walk takes a release behind a test for one without, and
    collects such tests in ``guards``.
    """

    def __init__(self, known: Known, lenient: bool = False) -> None:
        self.known = known
        self.lenient = lenient
        self.met: list[Op] = []
        self.guards: list[Expr] = []
        self._passes: list[Path] = []
        self._handling: list[tuple[str, Paths]] = []  # the name and the exceptions of each handler around the place
        self._locals: frozenset[str] = frozenset()

    def outwards(self, function: FunctionFacts, growth: Op) -> Paths:
        """All ways out of ``function`` that keep the entry put in by ``growth``, in the order of the text."""
        self._locals = frozenset(function.locals)
        levels = steps(function, growth.position)
        self._handling = [handling for step in levels if (handling := _unknown_exceptions(step))]
        out = self._from_growth(levels[-1].stmt, growth)
        for depth in reversed(range(len(levels))):
            step, outer = levels[depth], growth.position[:depth]
            if step.arm:
                out = self._out_of(step, (*outer, (step.at, "")), out)
            running = _take(out, Way.NEXT)
            _join(out, self._block(step.block, outer, running, step.at + 1))
        return self._at_the_end(out)

    def _at_the_end(self, out: Outcome) -> Paths:
        ends = [path._replace(way=Way.END) for path in _take(out, Way.NEXT)]
        left = [path for way in (Way.RETURN, *EXCEPTIONS) for path in out.get(way, ())]
        return tuple(sorted(dict.fromkeys([*left, *self._passes, *ends]), key=_by_place))

    # Single operations

    def _from_growth(self, stmt: Stmt, growth: Op) -> Outcome:
        """The rest of the statement that grows. Awaiting the growing call belongs to the growth."""
        ops = own_operations(stmt, growth.position)
        entered = [op for op in ops[: growth.order] if op.kind == "enter" and self._releases(op)]
        if entered:
            self.met.append(entered[0])
            return {}
        done = growth.order + 1
        awaited = ops[done].node if done < len(ops) else None
        if isinstance(awaited, facts.Await) and awaited.value == growth.node:
            done += 1
        if isinstance(stmt, facts.Loop) and stmt.kind == "while":
            return self._from_test(stmt, growth.position, ops[done:])
        return self._statement(stmt, growth.position, _START, done)

    def _events(self, ops: list[Op], entering: Paths) -> Outcome:
        """Operations in a row, up to the first that releases or always leaves."""
        out: Outcome = {}
        for op in ops:
            if self._releases(op):
                self.met.append(op)
                if self.known.may_fail(op):
                    _join(out, self._left_at(op, entering))
                if not op.conditional:
                    return out
            else:
                _join(out, self._left_at(op, entering))
                if op.kind in _ENDS_STATEMENT:
                    return out
        return _join(out, {Way.NEXT: entering})

    def _releases(self, op: Op) -> bool:
        return is_release(op, self.known)

    def _left_at(self, op: Op, entering: Paths) -> Outcome:
        """The paths on which control leaves at ``op``."""
        if op.kind == "return":
            return {Way.RETURN: tuple(Path(Way.RETURN, op, path.cause) for path in entering)}
        if isinstance(op.stmt, facts.Jump):
            way = Way(op.stmt.kind)
            return {way: tuple(Path(way, op, path.cause) for path in entering)}
        if isinstance(op.stmt, facts.Raise) and op.kind == "raise":
            return self._raised_at(op, op.stmt.value)
        return {way: (Path(way, op),) for way in raises(op, self.known)}

    def _raised_at(self, op: Op, value: Expr | None) -> Outcome:
        """The exceptions of a raise statement: those being handled, or new ones."""
        for name, handled in reversed(self._handling):
            if value is None or (name and value == facts.Name(name)):
                again: list[Outcome] = [{path.way: (path._replace(op=path.op or op),)} for path in handled]
                return _join({}, *again)
        if value is None or (isinstance(value, facts.Name) and value.id in self._locals):
            return {way: (Path(way, op),) for way in EXCEPTIONS}
        way = raised_by(value, self.known)
        return {way: (Path(way, op),)}

    # Statements and blocks

    def _block(self, block: Block, outer: Position, entering: Paths, start: int = 0) -> Outcome:
        out: Outcome = {}
        for index in range(start, len(block)):
            if not entering:
                return out
            step = self._statement(block[index], (*outer, (index, "")), entering)
            entering = _take(step, Way.NEXT)
            _join(out, step)
        return _join(out, {Way.NEXT: entering}) if entering else out

    def _statement(self, stmt: Stmt, position: Position, entering: Paths, done: int = 0) -> Outcome:
        """One statement, without the first ``done`` of its own operations."""
        head = self._events(own_operations(stmt, position)[done:], entering)
        running = _take(head, Way.NEXT)
        return _join(head, self._inner(stmt, position, running)) if running else head

    def _inner(self, stmt: Stmt, position: Position, entering: Paths) -> Outcome:
        """The inner blocks of a statement."""
        if isinstance(stmt, facts.Branch):
            return self._branch(stmt, position, entering)
        if isinstance(stmt, facts.Loop):
            return self._loop(stmt, position, entering)
        if isinstance(stmt, facts.With):
            return self._with_left(stmt, position, self._block(stmt.body, _into(position, "with"), entering))
        if isinstance(stmt, facts.Try):
            return self._body_left(stmt, position, self._block(stmt.body, _into(position, "body"), entering))
        return {Way.NEXT: entering}

    def _out_of(self, step: Step, position: Position, out: Outcome) -> Outcome:
        """From the end of the arm in which the entry grew to the end of the statement."""
        stmt, arm = step.stmt, step.arm
        if isinstance(stmt, facts.Loop) and arm == "body":
            return self._grown_in_loop(stmt, position, out)
        if isinstance(stmt, facts.With):
            return self._with_left(stmt, position, out)
        if isinstance(stmt, facts.Try):
            if arm == "body":
                return self._body_left(stmt, position, out)
            if arm == "final":
                return _resumed(out)
            if arm != "orelse":
                self._handling.pop()
            return self._final(stmt, position, out)
        return out

    # Branches

    def _branch(self, stmt: facts.Branch, position: Position, entering: Paths) -> Outcome:
        harmless = self.known.harmless_guard
        body, in_body = self._arm(stmt.body, _into(position, "body"), entering)
        orelse, in_orelse = self._arm(stmt.orelse, _into(position, "orelse"), entering)
        if harmless(stmt.test) or self._forgives(stmt, in_body and not stmt.orelse):
            return body
        if harmless(_negated(stmt.test)) or self._forgives(stmt, in_orelse and not stmt.body):
            return orelse
        return _join(body, orelse)

    def _arm(self, block: Block, outer: Position, entering: Paths) -> tuple[Outcome, bool]:
        """An arm's outcome, and whether it always releases before it runs on."""
        met = len(self.met)
        out = self._block(block, outer, entering)
        return out, len(self.met) > met and Way.NEXT not in out and not always_leaves(block)

    def _forgives(self, stmt: facts.Branch, only_guarded: bool) -> bool:
        if self.lenient and only_guarded:
            self.guards.append(stmt.test)
        return self.lenient and only_guarded

    # Loops

    def _loop(self, stmt: facts.Loop, position: Position, entering: Paths) -> Outcome:
        """A loop that is reached with the entry held: any number of passes, also none."""
        out = self._block(stmt.body, _into(position, "body"), entering)
        again = _take(out, Way.NEXT, Way.CONTINUE)
        return self._loop_left(stmt, position, out, (*entering, *again))

    def _loop_left(self, stmt: facts.Loop, position: Position, out: Outcome, exhausted: Paths) -> Outcome:
        """From the outcome of a pass, and the paths on which no pass follows, to the end of the loop."""
        broken = _take(out, Way.BREAK)
        if exhausted and not self._never_exhausted(stmt):
            _join(out, self._block(stmt.orelse, _into(position, "orelse"), exhausted))
        return _join(out, {Way.NEXT: broken}) if broken else out

    def _never_exhausted(self, stmt: facts.Loop) -> bool:
        """Whether the loop goes on for ever, or at least as long as the entry is there."""
        if stmt.kind != "while":
            return False
        return stmt.over == facts.Const("bool", "true") or self.known.harmless_guard(stmt.over)

    def _grown_in_loop(self, stmt: facts.Loop, position: Position, out: Outcome) -> Outcome:
        """From the outcome of the pass that grew to the end of the loop."""
        again = _take(out, Way.NEXT, Way.CONTINUE)
        if self.known.fresh(stmt):
            self._passes.extend(path._replace(way=Way.PASS) for path in again)
            return self._loop_left(stmt, position, out, again)
        head = self._events(_each_pass(stmt, position), again) if again else {}
        entering = _take(head, Way.NEXT)
        _join(out, head)
        later = self._loop(stmt, position, entering) if entering else {}
        return _join(self._loop_left(stmt, position, out, ()), later)

    def _from_test(self, stmt: facts.Loop, position: Position, rest: list[Op]) -> Outcome:
        """A ``while`` whose test grows: as if each pass grew, and perhaps no pass follows."""
        head = self._events(rest, _START)
        entering = _take(head, Way.NEXT)
        body = self._block(stmt.body, _into(position, "body"), entering)
        exhausted = self._loop_left(stmt, position, {}, entering)
        return _join(head, self._grown_in_loop(stmt, position, body), exhausted)

    # With and try

    def _with_left(self, stmt: facts.With, position: Position, out: Outcome) -> Outcome:
        """From the outcome of the body to the end of the statement, which may release or swallow exceptions."""
        enters = [op for op in own_operations(stmt, position) if op.kind == "enter" and self._releases(op)]
        if enters:
            self.met.append(enters[0])
            return {}
        raised = [path for way in EXCEPTIONS for path in out.get(way, ())]
        swallowed = tuple(Path(Way.NEXT, cause=path.op) for path in raised)
        return _join(out, {Way.NEXT: swallowed}) if swallowed else out

    def _body_left(self, stmt: facts.Try, position: Position, out: Outcome) -> Outcome:
        """From the outcome of a try body through handlers, ``else`` and ``finally``."""
        running = _take(out, Way.NEXT)
        raised = {way: out.pop(way) for way in EXCEPTIONS if way in out}
        handled = self._handlers(stmt, position, raised)
        orelse = self._block(stmt.orelse, _into(position, "orelse"), running)
        return self._final(stmt, position, _join(out, handled, orelse))

    def _handlers(self, stmt: facts.Try, position: Position, raised: Outcome) -> Outcome:
        out: Outcome = {}
        for number, handler in enumerate(stmt.handlers):
            sure, possible = catches(handler, self.known)
            caught = tuple(path for way in possible for path in raised.get(way, ()))
            running = tuple(dict.fromkeys(Path(Way.NEXT, cause=path.op) for path in caught))
            self._handling.append((handler.name, caught))
            _join(out, self._block(handler.body, _into(position, f"handler{number}"), running))
            self._handling.pop()
            raised = without(raised, sure, possible)
        return _join(out, raised)

    def _final(self, stmt: facts.Try, position: Position, out: Outcome) -> Outcome:
        """Every path of ``out`` goes through the ``finally``, and leaves as it came if that runs to its end."""
        if not stmt.final or not out:
            return out
        final = self._block(stmt.final, _into(position, "final"), _START)
        runs_on = _take(final, Way.NEXT)
        return _join(final, out) if runs_on else final


def is_release(op: Op, known: Known) -> bool:
    """Whether ``op`` releases: by itself, or because a ``with`` that it enters does when it is left."""
    if op.kind == "enter" and isinstance(op.stmt, facts.With):
        items = (item for item in op.stmt.items if item.value is op.node)
        return any(map(known.is_exit_release, items))
    return known.is_release(op)


def _unknown_exceptions(step: Step) -> tuple[str, Paths] | None:
    """What may be under way in the handler that ``step`` enters, if it enters one."""
    if not (isinstance(step.stmt, facts.Try) and step.arm.startswith("handler")):
        return None
    handler = step.stmt.handlers[int(step.arm.removeprefix("handler"))]
    return handler.name, tuple(Path(way) for way in EXCEPTIONS)


def _resumed(out: Outcome) -> Outcome:
    """After a ``finally`` that grew: control may have come there, and goes on, in any way."""
    running = out.get(Way.NEXT, ())
    return _join(out, *({way: tuple(path._replace(way=way) for path in running)} for way in _FINAL_RESUMES))


def _each_pass(stmt: facts.Loop, position: Position) -> list[Op]:
    """The operations at the head of a loop that each pass repeats."""
    ops = own_operations(stmt, position)
    starts = [op.order for op in ops if op.kind == "iterate" and op.node is stmt.over] if stmt.kind == "for" else []
    return ops[starts[-1] :] if starts else ops


def _by_place(path: Path) -> tuple[bool, Position, int]:
    """Sorts paths by the operation that explains them; those without one last."""
    op = path.cause or path.op
    return (op is None, op.position if op else (), op.order if op else 0)
