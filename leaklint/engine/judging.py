"""From files to everything that is known of the code in them: extract -> link and judge."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from leaklint import analysis
from leaklint.cache import Store
from leaklint.discovery import Discovery
from leaklint.engine.conclusion import Conclusion
from leaklint.engine.models import own_models
from leaklint.engine.settings import Progress, Settings
from leaklint.extraction import Job, Known, Outcome, extract_all, with_large_stack
from leaklint.facts import Alias, FileFacts, Problem
from leaklint.frontend.witness import Seen

T = TypeVar("T")


class Around(NamedTuple):
    """What the settings files of JavaScript and TypeScript projects say about module paths, and which were ``seen``."""

    aliases: tuple[Alias, ...] = ()
    problems: tuple[tuple[str, Problem], ...] = ()
    seen: tuple[Seen, ...] = ()


class Extracted(NamedTuple):
    """What extraction gives for a whole run: an outcome for each job, and what is said around the files."""

    jobs: tuple[Job, ...]
    outcomes: tuple[Outcome, ...]
    around: Around

    @property
    def facts(self) -> tuple[FileFacts, ...]:
        return tuple(outcome.facts for outcome in self.outcomes if outcome.facts)

    @property
    def contents(self) -> dict[str, str]:
        """What the files held when they were read, by absolute path."""
        return {job.path: outcome.content for job, outcome in zip(self.jobs, self.outcomes, strict=True)}

    @property
    def is_lasting(self) -> bool:
        """Whether the same files would give the same facts again, on any machine."""
        return not any(outcome.passing for outcome in self.outcomes)


class Judged(NamedTuple):
    """A run before anything was selected from it."""

    found: Discovery
    extracted: Extracted
    analysis: analysis.Analysis

    @property
    def conclusion(self) -> Conclusion:
        """What is left of it for reports."""
        facts = self.extracted.facts
        return Conclusion(
            findings=self.analysis.findings,
            annotated=tuple(file for file in facts if file.directives),
            problems=(*self.extracted.around.problems, *_problems(self.extracted)),
            skipped=tuple(_skipped(self.extracted)),
            analysed=len(facts),
            seen=self.extracted.around.seen,
        )


def judge(
    found: Discovery,
    settings: Settings,
    progress: Progress,
    use: Callable[[Judged], T],
    unsaved: Mapping[str, bytes] = MappingProxyType({}),
    contents: Mapping[str, str] = MappingProxyType({}),
) -> T:
    """What ``use`` makes of the files that were ``found``; it runs where deep recursion is safe.

    ``unsaved``: what stands for the content of files (absolute paths), whether or not they exist on disk. ``contents``:
    fingerprints of what files hold; with them, facts are looked up in the cache of ``settings``.
    """
    jobs = tuple(
        Job(path, relative(path, found.root), size, contents.get(path, ""), unsaved.get(path))
        for path, size in found.files.items()
    )
    with _no_collector():
        return with_large_stack(lambda: use(_judged(found, _extract(jobs, found, settings, progress))))


@contextmanager
def _no_collector() -> Iterator[None]:
    """No cyclic garbage collection: trees and facts have no cycles, and looking for some costs a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _judged(found: Discovery, extracted: Extracted) -> Judged:
    own = own_models(found)
    return Judged(found, extracted, analysis.analyze(extracted.facts, extracted.around.aliases, own))


def _extract(jobs: tuple[Job, ...], found: Discovery, settings: Settings, progress: Progress) -> Extracted:
    processes = settings.jobs or os.cpu_count() or 1
    store = Store(settings.cache) if settings.cache else None
    outcomes = extract_all(jobs, settings.max_file_size, processes, progress(len(jobs)), Known(store))
    if store:
        store.tidy()
    return Extracted(jobs, tuple(outcomes), _around(found.root, outcomes))


def _around(root: str, outcomes: Sequence[Outcome]) -> Around:
    facts = (outcome.facts for outcome in outcomes)
    paths = [file.path for file in facts if file and file.language == "typescript"]
    if not paths:
        return Around()
    from leaklint.frontend.typescript.aliases import read_aliases

    return Around(*read_aliases(Path(root), paths))


def relative(path: str, root: str) -> str:
    """``path`` as seen from ``root`` (both absolute), with ``/``."""
    return os.path.relpath(path, root).replace(os.sep, "/")


def _skipped(extracted: Extracted) -> Iterator[tuple[str, str]]:
    for job, outcome in zip(extracted.jobs, extracted.outcomes, strict=True):
        if outcome.skipped:
            yield job.relative, outcome.skipped


def _problems(extracted: Extracted) -> Iterator[tuple[str, Problem]]:
    for job, outcome in zip(extracted.jobs, extracted.outcomes, strict=True):
        for problem in outcome.facts.problems if outcome.facts else ():
            yield job.relative, problem
        if outcome.problem:
            yield job.relative, outcome.problem
