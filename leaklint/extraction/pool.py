"""Extracts many files, in worker processes where that pays."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from functools import partial
from typing import NamedTuple

from leaklint.extraction.isolated import CONTEXT, isolated
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
    with ProcessPoolExecutor(workers, mp_context=CONTEXT, initializer=_prepare_worker) as pool:
        futures = {pool.submit(_work, jobs[number], limit): number for number in largest_first}
        for future in as_completed(futures):
            number = futures[future]
            try:
                packed = future.result()
            except BrokenExecutor:  # a worker died over some file: each of those left gets a process of its own
                continue
            outcomes[number] = unpack(packed, jobs[number].relative)
            done()
    return [outcomes.get(number) or _alone(job, limit, done) for number, job in enumerate(jobs)]


def _alone(job: Job, limit: int, done: Callable[[], None]) -> Outcome:
    outcome = isolated(partial(extract_file, job.path, job.relative, limit), job.relative)
    done()
    return outcome


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
