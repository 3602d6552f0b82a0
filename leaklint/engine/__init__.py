"""The pipeline: discover -> extract -> link and judge -> what becomes of each finding -> result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from leaklint.engine.fates import fates
from leaklint.engine.judging import NOTHING_UNSAVED, Judged, judge
from leaklint.engine.settings import NoSource, Progress, Settings, silent
from leaklint.findings import Result

__all__ = ["NoSource", "Progress", "Settings", "analyze"]


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
    """
    chosen = settings or Settings()
    return judge(paths, chosen, progress, lambda judged: _result(judged, chosen), unsaved)


def _result(judged: Judged, settings: Settings) -> Result:
    return Result(
        root=judged.found.root,
        findings=tuple(fate.finding for fate in fates(judged, settings) if not fate.by),
        notices=judged.extracted.notices,
        analysed=len(judged.extracted.facts),
        skipped=judged.extracted.skipped,
    )
