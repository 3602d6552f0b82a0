"""The command line. Nothing is imported here before Ctrl-C has a quiet way out."""

from __future__ import annotations

import gc
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130
"""What shells expect of a program that Ctrl-C ended."""


class Interrupted(BaseException):
    """Ctrl-C was pressed."""


def main() -> NoReturn:
    """Run the command line and leave the process with its exit status."""
    signal.signal(signal.SIGINT, _interrupt)
    gc.disable()  # one short run: what it makes has no cycles worth looking for
    try:
        from leaklint.cli.commands import run

        status = run()
        sys.stdout.flush()
    except Interrupted:
        _leave(INTERRUPTED, "Interrupted.")
    except BrokenPipeError:
        _leave(0, "")
    _leave(status, "")


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise Interrupted


def _leave(status: int, last_words: str) -> NoReturn:
    """Leave at once: what still runs has nobody left to report to, and taking modules and facts apart costs a fifth of
    a short run."""
    if last_words:
        print(last_words, file=sys.stderr)
    sys.stderr.flush()
    if "multiprocessing" in sys.modules:
        for child in sys.modules["multiprocessing"].active_children():
            child.kill()
    os._exit(status)
