"""The pipeline: discover -> extract -> link and judge -> result."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from leaklint import analysis, frontend
from leaklint.config.selection import is_selected
from leaklint.discovery import Discovery, discover
from leaklint.extraction import Job, Outcome, extract_all, extract_source, with_large_stack
from leaklint.facts import Alias, FileFacts, Problem
from leaklint.findings import Confidence, Finding, Notice, Record, Result


class Settings(Record, frozen=True, kw_only=True):
    """How a run is made.

    ``min_confidence``: findings below it are left out; None leaves it to the configuration of each file.
    ``isolated``: no configuration file is read. ``max_file_size`` in bytes: larger files are not read.
    ``jobs``: how many processes extract; 0 for as many as there are processors.
    """

    min_confidence: Confidence | None = None
    isolated: bool = False
    max_file_size: int = 1_000_000
    jobs: int = 0


class NoSource(Exception):
    """Only directories were named and none holds a source file; ``args[0]`` counts what was skipped, by reason."""


Progress = Callable[[int], Callable[[], None]]
"""Told the number of files, gives what is to be called after each."""


NOTHING_UNSAVED: Mapping[str, bytes] = MappingProxyType({})


def _silent(_: int) -> Callable[[], None]:
    return lambda: None


class Extracted(NamedTuple):
    """What extraction gives for a whole run: all facts, and what could not be read."""

    facts: tuple[FileFacts, ...]
    aliases: tuple[Alias, ...]
    notices: tuple[Notice, ...]
    skipped: tuple[tuple[str, int], ...]


def analyze(
    paths: Iterable[str],
    settings: Settings | None = None,
    progress: Progress = _silent,
    unsaved: Mapping[str, bytes] = NOTHING_UNSAVED,
) -> Result:
    """Analyse the directories and files of ``paths``.

    A directory is reported whole. For a file its project is read, and the findings are given that depend on it.
    ``unsaved``: what stands for the content of files (absolute paths), whether or not they exist on disk.

    Raises:
        NoSuchPath: one of ``paths`` does not exist.
        NoSource: only directories were named and none holds a source file.
        ConfigurationError: the configuration of the working directory or of a named path cannot be used.
    """
    chosen = settings or Settings()
    found = discover(paths, frontend.LANGUAGES, isolated=chosen.isolated, unsaved=unsaved)
    if found.barren:
        raise NoSource(found.skipped)
    return with_large_stack(lambda: _judge(found, _extract(found, chosen, progress, unsaved), chosen))


def _extract(found: Discovery, settings: Settings, progress: Progress, unsaved: Mapping[str, bytes]) -> Extracted:
    jobs = [Job(path, _relative(path, found.root), size) for path, size in found.files.items()]
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


def _judge(found: Discovery, extracted: Extracted, settings: Settings) -> Result:
    models = tuple(located.configuration.models for located in found.configurations.used())
    findings = analysis.analyze(extracted.facts, extracted.aliases, models).findings
    return Result(
        root=found.root,
        findings=tuple(f for f in findings if _is_shown(f, found, settings)),
        notices=extracted.notices,
        analysed=len(extracted.facts),
        skipped=extracted.skipped,
    )


def _aliases(root: str, facts: Sequence[FileFacts]) -> tuple[tuple[Alias, ...], list[tuple[str, Problem]]]:
    """What the settings files of JavaScript and TypeScript projects say about module paths."""
    paths = [file.path for file in facts if file.language == "typescript"]
    if not paths:
        return (), []
    from leaklint.frontend.typescript.aliases import read_aliases

    read = read_aliases(Path(root), paths)
    return read.aliases, list(read.problems)


def _relative(path: str, root: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


def _is_shown(finding: Finding, found: Discovery, settings: Settings) -> bool:
    """Whether ``finding`` is selected, and lies in a named directory or depends on a named file."""
    place = os.path.join(found.root, finding.primary.path)
    located = found.configurations.of(os.path.dirname(place))
    if not is_selected(finding, place, located, settings.min_confidence):
        return False
    if any(place.startswith(os.path.join(directory, "")) for directory in found.directories):
        return True
    return any(os.path.join(found.root, path) in found.focus for path in (finding.primary.path, *finding.depends))


def _notices(found: Discovery, problems: Sequence[tuple[str, Problem]]) -> tuple[Notice, ...]:
    notices = [Notice(path=_relative(t.path, found.root), message=t.message) for t in found.troubles]
    notices += [Notice(path=path, message=p.message, line=p.line, column=p.column) for path, p in problems]
    for error in found.configurations.errors:
        notices.append(Notice(path=_relative(error.path, found.root), message=error.message, line=error.line))
    return tuple(sorted(notices, key=lambda notice: (notice.path, notice.line, notice.column, notice.message)))


def _skipped(found: Discovery, outcomes: Sequence[Outcome]) -> tuple[tuple[str, int], ...]:
    counts = Counter(dict(found.skipped))
    counts.update(outcome.skipped for outcome in outcomes if outcome.skipped)
    return tuple(sorted(counts.items()))
