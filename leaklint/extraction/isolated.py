"""Runs an extraction in a process of its own, where it can be stopped and may crash."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection

from leaklint.extraction.outcome import Outcome, pack, unpack
from leaklint.extraction.stack import with_large_stack
from leaklint.facts import Problem

CPU_LIMIT_SECONDS = 10
PATIENCE_SECONDS = 60
"""On a busy machine, or where processor time cannot be limited."""
MEMORY_LIMIT_BYTES = 3 * 1024**3

_TOO_LONG = Problem("the parser needs too long for it: not analysed")
_CRASH = Problem("its size or shape makes the parser crash: not analysed")
_OUT_OF_TIME = getattr(signal, "SIGXCPU", 0)

if sys.platform == "linux":
    CONTEXT = multiprocessing.get_context("fork")  # shares the parser that is loaded already
else:
    CONTEXT = multiprocessing.get_context("spawn")


def isolated(extract: Callable[[], Outcome], path: str) -> Outcome:
    """The outcome of ``extract`` for the file called ``path`` in facts, or the problem that it ended the process."""
    receiver, sender = CONTEXT.Pipe(duplex=False)
    child = CONTEXT.Process(target=_child, args=(sender, extract), daemon=True)
    child.start()
    sender.close()
    try:
        return (
            unpack(receiver.recv_bytes(), path)
            if receiver.poll(PATIENCE_SECONDS)
            else Outcome(problem=_TOO_LONG, passing=True)
        )
    except EOFError:
        child.join()
        return Outcome(problem=_TOO_LONG if child.exitcode == -_OUT_OF_TIME else _CRASH, passing=True)
    finally:
        receiver.close()
        child.kill()
        child.join()


def _child(sender: Connection, extract: Callable[[], Outcome]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a parser that crashes says so in its own words
    _limit_resources()
    sender.send_bytes(with_large_stack(lambda: pack(extract())))


def _limit_resources() -> None:
    if sys.platform == "win32":
        return
    import resource

    _, most_memory = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT_BYTES, most_memory))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_SECONDS, CPU_LIMIT_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
