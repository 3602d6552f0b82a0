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
from leaklint.extraction.known import Job, Known
from leaklint.extraction.outcome import Outcome, pack, unpack
from leaklint.extraction.single import extract_file, extract_source
from leaklint.extraction.stack import with_large_stack

POOL_BYTES = 300_000
"""Below this many bytes of source one process is done before a second one has started."""


def extract_all(
    jobs: Sequence[Job], limit: int, processes: int, done: Callable[[], None], known: Known | None = None
) -> list[Outcome]:
    """The outcomes of ``jobs``, in their order.

    ``limit`` is the size of a file, in bytes; ``done`` is called after each; what is ``known`` is not extracted again.
    """
    memory = known or Known()
    outcomes: dict[int, Outcome] = {}
    for number, job in enumerate(jobs):
        outcome = memory.find(job)
        if outcome is not None:
            outcomes[number] = outcome
            done()
    missing = [number for number in range(len(jobs)) if number not in outcomes]
    work = _Work(jobs, limit, done, memory)
    on_disk = [number for number in missing if jobs[number].unsaved is None]
    workers = min(processes, len(on_disk))
    if workers > 1 and sum(jobs[number].size for number in on_disk) > POOL_BYTES:
        outcomes |= work.in_pool(on_disk, workers)
    outcomes |= {number: work.here(number) for number in missing if number not in outcomes}
    return [outcomes[number] for number in range(len(jobs))]


class _Work(NamedTuple):
    jobs: Sequence[Job]
    limit: int
    done: Callable[[], None]
    known: Known

    def here(self, number: int) -> Outcome:
        """The outcome of one job, made in this process."""
        job = self.jobs[number]
        if job.unsaved is None:
            outcome = extract_file(job.path, job.relative, self.limit)
        else:
            outcome = extract_source(job.relative, job.unsaved)
        if self.known.remembers:
            self.known.keep(job, outcome, pack(outcome))
        self.done()
        return outcome

    def in_pool(self, numbers: Sequence[int], workers: int) -> dict[int, Outcome]:
        """The outcomes of the jobs with these ``numbers``, made in several processes, the largest files first."""
        largest_first = sorted(numbers, key=lambda number: -self.jobs[number].size)
        outcomes: dict[int, Outcome] = {}
        with ProcessPoolExecutor(workers, mp_context=CONTEXT, initializer=_prepare_worker) as pool:
            futures = {pool.submit(_work, self.jobs[number], self.limit): number for number in largest_first}
            for future in as_completed(futures):
                try:
                    packed = future.result()
                except BrokenExecutor:  # a worker died over some file: each of those left gets a process of its own
                    continue
                number = futures.pop(future)
                outcomes[number] = unpack(packed, self.jobs[number].relative)
                self.known.keep(self.jobs[number], outcomes[number], packed)
                self.done()
        return outcomes | {number: self._alone(number) for number in numbers if number not in outcomes}

    def _alone(self, number: int) -> Outcome:
        job = self.jobs[number]
        outcome = isolated(partial(extract_file, job.path, job.relative, self.limit), job.relative)
        self.done()
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
