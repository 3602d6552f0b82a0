"""Runs an extraction in a process of its own, where it can be stopped and may crash."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Literal

from leaklint.extraction.outcome import Outcome, pack, unpack
from leaklint.extraction.stack import with_large_stack
from leaklint.facts import Problem

TIME_LIMIT_SECONDS = 15
MEMORY_LIMIT_BYTES = 3 * 1024**3

START_METHOD: Literal["fork", "spawn"] = "fork" if sys.platform == "linux" else "spawn"
"""How processes start: a fork shares the parser that is loaded already."""


def isolated(extract: Callable[[], Outcome], path: str) -> Outcome:
    """The outcome of ``extract`` for the file called ``path`` in facts, or the problem that it took too long or ended the process."""
    context = multiprocessing.get_context(START_METHOD)
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(sender, extract), daemon=True)
    child.start()
    sender.close()
    try:
        if not receiver.poll(TIME_LIMIT_SECONDS):
            return Outcome(problem=Problem(f"not parsed within {TIME_LIMIT_SECONDS} s: not analysed"))
        return unpack(receiver.recv_bytes(), path)
    except EOFError:
        return Outcome(problem=Problem("its size or shape makes the parser crash: not analysed"))
    finally:
        receiver.close()
        child.kill()
        child.join()


def _child(sender: Connection, extract: Callable[[], Outcome]) -> None:
    _limit_memory()
    sender.send_bytes(with_large_stack(lambda: pack(extract())))


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT_BYTES, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
