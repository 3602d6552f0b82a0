"""Extracts many files, in worker processes where that pays."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import NamedTuple

from leaklint.extraction.outcome import Outcome, pack, unpack
from leaklint.extraction.single import extract_file
from leaklint.extraction.stack import with_large_stack

POOL_BYTES = 300_000
"""Below this many bytes of source one process is done before a second one has started."""


class Job(NamedTuple):
    """One file: where it lies (absolute), what it is called in facts (relative, with ``/``), its size in bytes."""

    path: str
    relative: str
    size: int


def extract_all(jobs: Sequence[Job], limit: int, processes: int, done: Callable[[], None]) -> list[Outcome]:
    """The outcomes of ``jobs``, in their order. ``done`` is called after each file; ``limit`` is the size of one, in bytes."""
    workers = min(processes, len(jobs))
    if workers > 1 and sum(job.size for job in jobs) > POOL_BYTES:
        return _in_pool(jobs, limit, workers, done)
    outcomes = []
    for job in jobs:
        outcomes.append(extract_file(job.path, job.relative, limit))
        done()
    return outcomes


def _in_pool(jobs: Sequence[Job], limit: int, workers: int, done: Callable[[], None]) -> list[Outcome]:
    largest_first = sorted(range(len(jobs)), key=lambda number: -jobs[number].size)
    outcomes: dict[int, Outcome] = {}
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare_worker) as pool:
        futures = {pool.submit(_work, jobs[number], limit): number for number in largest_first}
        for future in as_completed(futures):
            number = futures[future]
            outcomes[number] = unpack(future.result(), jobs[number].relative)
            done()
    return [outcomes[number] for number in range(len(jobs))]


def _work(job: Job, limit: int) -> bytes:
    return with_large_stack(lambda: pack(extract_file(job.path, job.relative, limit)))


def _prepare_worker() -> None:
    """Leave Ctrl-C to the parent, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
