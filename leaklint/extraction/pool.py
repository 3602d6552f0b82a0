"""Extracts many files, in worker processes where that pays."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from leaklint.extraction.known import Job, Known
from leaklint.extraction.outcome import Outcome, pack
from leaklint.extraction.single import extract_file, extract_source

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
    on_disk = [number for number in missing if jobs[number].unsaved is None]
    workers = min(processes, len(on_disk))
    if workers > 1 and sum(jobs[number].size for number in on_disk) > POOL_BYTES:
        from leaklint.extraction.workers import extract_in_processes  # not needed for a few files

        outcomes |= extract_in_processes({number: jobs[number] for number in on_disk}, limit, workers, done, memory)
    for number in missing:
        if number not in outcomes:
            outcomes[number] = _extract_here(jobs[number], limit, memory)
            done()
    return [outcomes[number] for number in range(len(jobs))]


def _extract_here(job: Job, limit: int, known: Known) -> Outcome:
    """The outcome of one job, made in this process."""
    if job.unsaved is None:
        outcome = extract_file(job.path, job.relative, limit)
    else:
        outcome = extract_source(job.relative, job.unsaved)
    if known.remembers:
        known.keep(job, outcome, pack(outcome))
    return outcome
