"""From paths to everything that is known of the code there: discover -> extract -> link and judge."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from leaklint import analysis, frontend
from leaklint.discovery import Discovery, discover
from leaklint.engine.settings import NoSource, Progress, Settings
from leaklint.extraction import Job, Outcome, extract_all, extract_source, with_large_stack
from leaklint.facts import Alias, FileFacts, Problem
from leaklint.findings import Notice

T = TypeVar("T")


class Extracted(NamedTuple):
    """What extraction gives for a whole run: all facts, and what could not be read."""

    facts: tuple[FileFacts, ...]
    aliases: tuple[Alias, ...]
    notices: tuple[Notice, ...]
    skipped: tuple[tuple[str, int], ...]


class Judged(NamedTuple):
    """A run before anything was selected from it."""

    found: Discovery
    extracted: Extracted
    analysis: analysis.Analysis


NOTHING_UNSAVED: Mapping[str, bytes] = MappingProxyType({})


def judge(
    paths: Iterable[str],
    settings: Settings,
    progress: Progress,
    use: Callable[[Judged], T],
    unsaved: Mapping[str, bytes] = NOTHING_UNSAVED,
) -> T:
    """What ``use`` makes of the code in ``paths``; it runs where deep recursion is safe.

    ``unsaved``: what stands for the content of files (absolute paths), whether or not they exist on disk.

    Raises:
        NoSuchPath: one of ``paths`` does not exist.
        NoSource: only directories were named and none holds a source file.
        ConfigurationError: the configuration of the working directory or of a named path cannot be used.
    """
    found = discover(paths, frontend.LANGUAGES, isolated=settings.isolated, unsaved=unsaved)
    if found.barren:
        raise NoSource(found.skipped)
    return with_large_stack(lambda: use(_judged(found, _extract(found, settings, progress, unsaved))))


def _judged(found: Discovery, extracted: Extracted) -> Judged:
    models = tuple(located.configuration.models for located in found.configurations.used())
    return Judged(found, extracted, analysis.analyze(extracted.facts, extracted.aliases, models))


def _extract(found: Discovery, settings: Settings, progress: Progress, unsaved: Mapping[str, bytes]) -> Extracted:
    jobs = [Job(path, relative(path, found.root), size) for path, size in found.files.items()]
    processes = settings.jobs or os.cpu_count() or 1
    saved = [job for job in jobs if job.path not in unsaved]
    extracted = extract_all(saved, settings.max_file_size, processes, progress(len(saved)))
    by_job = dict(zip(saved, extracted, strict=True))
    outcomes = [by_job.get(job) or extract_source(job.relative, unsaved[job.path]) for job in jobs]
    facts = tuple(outcome.facts for outcome in outcomes if outcome.facts)
    aliases, problems = _aliases(found.root, facts)
    for job, outcome in zip(jobs, outcomes, strict=True):
        problems += [(job.relative, problem) for problem in (outcome.facts.problems if outcome.facts else ())]
        problems += [(job.relative, outcome.problem)] if outcome.problem else []
    return Extracted(facts, aliases, _notices(found, problems), _skipped(found, outcomes))


def _aliases(root: str, facts: Sequence[FileFacts]) -> tuple[tuple[Alias, ...], list[tuple[str, Problem]]]:
    """What the settings files of JavaScript and TypeScript projects say about module paths."""
    paths = [file.path for file in facts if file.language == "typescript"]
    if not paths:
        return (), []
    from leaklint.frontend.typescript.aliases import read_aliases

    read = read_aliases(Path(root), paths)
    return read.aliases, list(read.problems)


def relative(path: str, root: str) -> str:
    """``path`` as seen from ``root`` (both absolute), with ``/``."""
    return os.path.relpath(path, root).replace(os.sep, "/")


def _notices(found: Discovery, problems: Sequence[tuple[str, Problem]]) -> tuple[Notice, ...]:
    notices = [Notice(path=relative(t.path, found.root), message=t.message) for t in found.troubles]
    notices += [Notice(path=path, message=p.message, line=p.line, column=p.column) for path, p in problems]
    for error in found.configurations.errors:
        notices.append(Notice(path=relative(error.path, found.root), message=error.message, line=error.line))
    return tuple(sorted(notices, key=lambda notice: (notice.path, notice.line, notice.column, notice.message)))


def _skipped(found: Discovery, outcomes: Sequence[Outcome]) -> tuple[tuple[str, int], ...]:
    counts = Counter(dict(found.skipped))
    counts.update(outcome.skipped for outcome in outcomes if outcome.skipped)
    return tuple(sorted(counts.items()))
