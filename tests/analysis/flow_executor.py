"""Executes a small function on every path: each decision both ways, each step that may raise raising in turn.

Every such point asks the script of the run for a number; a script that is used up answers 0 (go on, no, false). The runs
are tried in the order of how many answers differ from 0.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import CodeType, TracebackType
from typing import Any, NamedTuple, Self

MOST_STEPS = 60
MOST_DEVIATIONS = 3


class A(Exception):
    pass


class B(Exception):
    pass


class CancelledError(BaseException):
    pass


class Endless(BaseException):
    """The run is too long to be followed."""


ERRORS = (A, B)


class Run:
    """One execution. ``held`` are the entries that are in: (growth site, key)."""

    def __init__(self, script: tuple[int, ...], fresh: bool) -> None:
        self.script = script
        self.fresh = fresh
        self.answers: list[tuple[int, int]] = []  # (answer, number of options)
        self.held: set[tuple[int, int]] = set()
        self.current: dict[int, int] = {}
        self.steps = 0

    @property
    def endless(self) -> bool:
        return self.steps > MOST_STEPS

    def tick(self) -> None:
        """One step more."""
        self.steps += 1
        if self.endless:
            raise Endless

    def choose(self, options: int) -> int:
        self.tick()
        number = len(self.answers)
        answer = self.script[number] if number < len(self.script) else 0
        self.answers.append((answer, options))
        return answer

    def may_raise(self, *more: type[BaseException]) -> None:
        kinds = (*ERRORS, *more)
        answer = self.choose(1 + len(kinds))
        if answer:
            raise kinds[answer - 1]

    # What the functions of a program do

    def grow(self, site: int) -> Result:
        self.may_raise()
        self.current[site] = self.current.get(site, 0) + self.fresh
        self.held.add((site, self.current[site]))
        return Result(self, waits=False)

    def release(self) -> Result:
        self.held -= set(self.current.items())
        self.may_raise()
        return Result(self)

    def work(self, *_: object) -> Result:
        self.may_raise()
        return Result(self)

    def safe(self, *_: object) -> Result:
        return Result(self)


class Result:
    """What every call gives: a value that is true or false, may be awaited, iterated and subscripted."""

    def __init__(self, run: Run, waits: bool = True) -> None:
        self.run = run
        self.waits = waits

    def __bool__(self) -> bool:
        return self.run.choose(2) == 1

    def __await__(self) -> Iterator[None]:
        if self.waits:
            self.run.may_raise(CancelledError)
        return self
        yield

    def __iter__(self) -> Iterator[Result]:
        self.run.may_raise()
        while self.run.choose(2):
            yield self
            self.run.may_raise()

    async def __aiter__(self) -> Any:
        self.run.may_raise(CancelledError)
        while self.run.choose(2):
            yield self
            self.run.may_raise(CancelledError)

    def __getitem__(self, key: int) -> Result:
        self.run.may_raise()
        return self

    def __delitem__(self, key: int) -> None:
        self.run.may_raise()

    @property
    def c(self) -> bool:
        return self.run.choose(2) == 1

    @property
    def many(self) -> Result:
        return self


class Context:
    """A context that may raise on entry, and may swallow what is raised in it."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def __enter__(self) -> Self:
        self.run.may_raise()
        return self

    async def __aenter__(self) -> Self:
        self.run.may_raise(CancelledError)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> bool:
        return kind is not None and kind is not Endless and self.run.choose(2) == 1

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> bool:
        return self.__exit__(kind, error, trace)


class Releasing(Context):
    """A context that frees the entry at its end."""

    def __enter__(self) -> Self:
        return self

    async def __aenter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> bool:
        self.run.held -= set(self.run.current.items())
        return super().__exit__(kind, error, trace)


class Container:
    def __init__(self, run: Run) -> None:
        self.run = run

    def __contains__(self, key: object) -> bool:
        return bool(self.run.held)


def _context(run: Run) -> Callable[..., Context]:
    def context(*_: object) -> Context:
        run.may_raise()
        return Context(run)

    return context


def _names(run: Run) -> dict[str, object]:
    classes = {"A": A, "B": B, "CancelledError": CancelledError}
    calls = {"grow": run.grow, "release": run.release, "work": run.work, "safe": run.safe, "tick": run.tick}
    contexts = {"context": _context(run), "releasing": lambda: Releasing(run)}
    return {**classes, **calls, **contexts, "key": "key"}


def _execute(code: CodeType, mode: str, run: Run) -> None:
    names = _names(run)
    exec(code, names)  # noqa: S102
    function: Any = names["f"]
    with suppress(Exception, CancelledError, GeneratorExit, Endless, StopIteration):
        running = function(Result(run), Container(run))
        if mode == "async":
            running.send(None)
        elif mode == "generator":
            _drive(running, run)


def _drive(generator: Any, run: Run) -> None:
    """Runs a generator to its end, at each yield going on, throwing into it, or closing it."""
    try:
        next(generator)
        while True:
            answer = run.choose(5)
            if answer == 4:
                generator.close()
                return
            if answer:
                generator.throw((A, B, CancelledError)[answer - 1])
            next(generator)
    except RuntimeError:  # it yields though it is closed, so its end cannot be seen
        run.steps = MOST_STEPS + 1
    finally:
        _dispose(generator, run)


def _dispose(generator: Any, run: Run) -> None:
    """Ends a generator that was given up, without looking."""
    while generator.gi_frame is not None:
        run.steps = MOST_STEPS + 1
        with suppress(BaseException):
            generator.close()


class Seen(NamedTuple):
    """What the executions showed: the growth sites whose entry some run left in, and those that grew at all."""

    kept: set[int]
    grown: set[int]


def kept_sites(source: str, mode: str, fresh: bool, most_runs: int) -> Seen:
    """Executes ``f`` of ``source`` on up to ``most_runs`` paths; ``fresh``: each growth has another key."""
    code = compile(source, "program.py", "exec")
    waiting: deque[tuple[tuple[int, ...], int]] = deque([((), 0)])
    seen = Seen(set(), set())
    for _ in range(most_runs):
        if not waiting:
            break
        script, deviations = waiting.popleft()
        run = Run(script, fresh)
        _execute(code, mode, run)
        if not run.endless:
            seen.kept.update(site for site, _ in run.held)
        seen.grown.update(run.current)
        if deviations < MOST_DEVIATIONS:
            waiting.extend((other, deviations + 1) for other in _variants(run, len(script)))
    return seen


def _variants(run: Run, fixed: int) -> Iterator[tuple[int, ...]]:
    """The scripts that follow ``run`` up to some answer after the first ``fixed``, and then give another one."""
    answers = tuple(answer for answer, _ in run.answers)
    for place in range(fixed, len(answers)):
        for other in range(1, run.answers[place][1]):
            yield (*answers[:place], other)
