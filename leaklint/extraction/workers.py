"""Worker processes that extract files: they give back facts, never trees."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from functools import partial

from leaklint.extraction.isolated import CONTEXT, isolated
from leaklint.extraction.known import Job, Known
from leaklint.extraction.outcome import Outcome, pack, unpack
from leaklint.extraction.single import extract_file
from leaklint.extraction.stack import with_large_stack


def extract_in_processes(
    jobs: Mapping[int, Job], limit: int, workers: int, done: Callable[[], None], known: Known
) -> dict[int, Outcome]:
    """The outcomes of ``jobs``, which lie on disk, by the same numbers; the largest files are begun with.

    ``limit`` is the size of a file, in bytes; ``done`` is called after each; what they give becomes ``known``.
    """
    outcomes: dict[int, Outcome] = {}
    with ProcessPoolExecutor(workers, mp_context=CONTEXT, initializer=_prepare) as pool:
        largest_first = sorted(jobs, key=lambda number: -jobs[number].size)
        futures = {pool.submit(_work, jobs[number], limit): number for number in largest_first}
        for future in as_completed(futures):
            try:
                packed = future.result()
            except BrokenExecutor:  # a worker died over some file: each of those left gets a process of its own
                continue
            number = futures.pop(future)
            outcomes[number] = unpack(packed, jobs[number].relative)
            known.keep(jobs[number], outcomes[number], packed)
            done()
    for number, job in jobs.items():
        if number not in outcomes:
            outcomes[number] = isolated(partial(extract_file, job.path, job.relative, limit), job.relative)
            done()
    return outcomes


def _work(job: Job, limit: int) -> bytes:
    return with_large_stack(lambda: pack(extract_file(job.path, job.relative, limit)))


def _prepare() -> None:
    """Leave Ctrl-C to the parent, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
