"""The pipeline: discover -> extract -> link and judge -> what becomes of each finding -> result."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from leaklint import frontend
from leaklint.config import ConfigurationError
from leaklint.discovery import Discovery, discover
from leaklint.engine.conclusion import Conclusion
from leaklint.engine.fates import Fate, fates
from leaklint.engine.known import without_known
from leaklint.engine.settings import NoSource, Progress, Settings, SinceError, silent
from leaklint.findings import Notice, Result

__all__ = ["NoSource", "Progress", "Settings", "SinceError", "analyze"]

NOTHING_UNSAVED: Mapping[str, bytes] = MappingProxyType({})


def analyze(
    paths: Iterable[str],
    settings: Settings | None = None,
    progress: Progress = silent,
    unsaved: Mapping[str, bytes] = NOTHING_UNSAVED,
) -> Result:
    """Analyse the directories and files of ``paths``.

    A directory is reported whole. For a file its project is read, and the findings are given that depend on it.
    ``unsaved``: what stands for the content of files (absolute paths), whether or not they exist on disk.

    Raises:
        NoSuchPath: one of ``paths`` does not exist.
        NoSource: only directories were named and none holds a source file.
        ConfigurationError: the configuration of the working directory or of a named path cannot be used.
        BaselineError: a baseline that was asked for cannot be used.
        SinceError: the merge base with a revision that was asked for cannot be read.
    """
    chosen = settings or Settings()
    found = discover(paths, frontend.LANGUAGES, isolated=chosen.isolated, unsaved=unsaved)
    if found.barren:
        raise NoSource(found.skipped)
    concluded = _remembered if chosen.cache else _concluded
    return _result(concluded(found, chosen, progress, unsaved), found, chosen, unsaved)


def _concluded(found: Discovery, settings: Settings, progress: Progress, unsaved: Mapping[str, bytes]) -> Conclusion:
    from leaklint.engine.judging import judge  # the parsers and the analysis: not needed for what is remembered

    return judge(found, settings, progress, lambda judged: judged.conclusion, unsaved)


def _remembered(found: Discovery, settings: Settings, progress: Progress, unsaved: Mapping[str, bytes]) -> Conclusion:
    """What an earlier run concluded from the same, else what this one does."""
    from leaklint.engine.memory import Memory, contents_of

    memory = Memory(settings.cache, found)
    contents = contents_of(found, settings.max_file_size, unsaved)
    known = memory.recall(contents)
    if known is not None:
        return known
    from leaklint.engine.judging import Judged, judge

    def conclude(judged: Judged) -> Conclusion:
        conclusion = judged.conclusion
        if judged.extracted.is_lasting:
            memory.keep(judged.extracted.contents, conclusion)
        return conclusion

    return judge(found, settings, progress, conclude, unsaved, contents)


def _told(paths: Sequence[str], settings: Settings) -> tuple[str, Sequence[Fate]]:
    """What becomes of every finding in ``paths``, and the root of the run; configurations there need not be right."""
    try:
        found = discover(paths, frontend.LANGUAGES, isolated=settings.isolated)
    except ConfigurationError:
        found = discover(paths, frontend.LANGUAGES, isolated=True)
    return found.root, fates(_concluded(found, settings, silent, NOTHING_UNSAVED), found, settings)


def _result(conclusion: Conclusion, found: Discovery, settings: Settings, unsaved: Mapping[str, bytes]) -> Result:
    told, stale = without_known(fates(conclusion, found, settings), found, settings)
    if settings.since:
        from leaklint.engine.since import without_old  # needs a library of its own

        told = without_old(told, found.root, (*found.directories, *sorted(found.focus)), settings, _told)
    findings = [fate.finding for fate in told if not fate.by]
    notices: list[Notice] = []
    if settings.mends:
        from leaklint.engine.mending import with_known_mends

        findings, notices = with_known_mends(findings, found, unsaved, settings.cache)
    skips = ((_relative(path, found.root), reason) for path, reason in found.skips)
    skipped = tuple(sorted([*skips, *conclusion.skipped]))
    return Result(
        root=found.root,
        findings=tuple(findings),
        notices=(*_notices(found, conclusion), *stale, *notices),
        analysed=conclusion.analysed,
        skipped=tuple(sorted(Counter(reason for _, reason in skipped).items())),
        skips=skipped,
        configurations=tuple(located.file for located in found.configurations.used(found.root)),
        suppressed=sum(fate.by == "comment" for fate in told),
        known=sum(fate.by in ("baseline", "since") for fate in told),
    )


def _notices(found: Discovery, conclusion: Conclusion) -> tuple[Notice, ...]:
    notices = [Notice(path=_relative(t.path, found.root), message=t.message) for t in found.troubles]
    notices += [Notice(path=path, message=p.message, line=p.line, column=p.column) for path, p in conclusion.problems]
    for error in found.configurations.errors:
        message = f"configuration ignored: {error.message}"
        notices.append(Notice(path=_relative(error.path, found.root), message=message, line=error.line))
    return tuple(sorted(notices, key=lambda notice: (notice.path, notice.line, notice.column, notice.message)))


def _relative(path: str, root: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")
