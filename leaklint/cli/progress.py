"""A progress bar on a terminal, for runs that take longer than a moment."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import click

PATIENCE_SECONDS = 2.0


class Bar:
    """Shows on standard error how many files are done, once a run has taken ``PATIENCE_SECONDS``; ``hidden``: never."""

    def __init__(self, *, hidden: bool = False) -> None:
        self._hidden = hidden
        self._shown = ExitStack()
        self._started = time.monotonic()
        self._step: Callable[[int], None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._shown.__exit__(kind, error, at)

    def begin(self, total: int) -> Callable[[], None]:
        """Announce ``total`` files; what is given back is to be called after each."""
        if self._hidden or not sys.stderr.isatty():
            return lambda: None
        done = 0

        def one_more() -> None:
            nonlocal done
            done += 1
            if self._step:
                self._step(1)
            elif time.monotonic() - self._started > PATIENCE_SECONDS:
                self._step = self._show(total)
                self._step(done)

        return one_more

    def _show(self, total: int) -> Callable[[int], None]:
        bar = click.progressbar(length=total, label="Reading files", file=sys.stderr)
        return self._shown.enter_context(bar).update
