"""``--why``: everything that is known of the growths on one line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from leaklint import frontend
from leaklint.discovery import NoSuchPath, discover
from leaklint.engine.fates import Fate, fates
from leaklint.engine.judging import Judged, judge, relative
from leaklint.engine.memory import contents_of
from leaklint.engine.settings import NoSource, Progress, Settings, silent
from leaklint.findings import Account, Explanation, Site

_NEAREST = 5


class NotAnalysed(Exception):
    """The file asked about is none of those that were analysed; ``args[0]`` is its path as it was given."""


def explain(
    path: str, line: int, paths: Iterable[str] = (), settings: Settings | None = None, progress: Progress = silent
) -> Explanation:
    """All answers about the growths on ``line`` (from 1) of the file at ``path``.

    What is analysed is what a check of ``paths`` analyses; without any, the project of the file.

    Raises:
        NoSuchPath: ``path`` or one of ``paths`` does not exist.
        NotAnalysed: the file is not among what was analysed (excluded, or none of ``paths`` holds it).
        NoSource, ConfigurationError: as in :func:`leaklint.analyze`.
    """
    if not os.path.isfile(path):
        raise NoSuchPath(path)
    chosen = settings or Settings()
    found = discover(tuple(paths) or (path,), frontend.LANGUAGES, isolated=chosen.isolated)
    if found.barren:
        raise NoSource(found.skipped)
    contents = contents_of(found, chosen.max_file_size) if chosen.cache else {}
    return judge(found, chosen, progress, lambda judged: _explanation(judged, chosen, path, line), contents=contents)


def _explanation(judged: Judged, settings: Settings, path: str, line: int) -> Explanation:
    root = judged.found.root
    inside = relative(os.path.abspath(path), root)
    if inside not in {file.path for file in judged.extracted.facts}:
        raise NotAnalysed(path)
    in_file = [account for account in judged.analysis.accounts() if account.primary.path == inside]
    here = [account for account in in_file if account.primary.span.line <= line <= account.primary.span.end_line]
    known = fates(judged.conclusion, judged.found, settings) if here else []
    return Explanation(
        root=root,
        path=inside,
        line=line,
        accounts=tuple(_with_outcome(account, known) for account in here),
        nearest=() if here else _nearest(in_file, line),
    )


def _with_outcome(account: Account, known: Sequence[Fate]) -> tuple[Account, str]:
    if account.confidence is None:
        return account, "not reported: the answers silence it"
    for fate in known:
        if _same(fate.finding.primary, account.primary):
            return account, f"not reported: {fate.words}" if fate.by else "reported"
    for fate in known:
        if any(_same(site, account.primary) for site in fate.finding.related):
            first = fate.finding.primary
            together = f"together with the growth of the same object at {first.path}:{first.span.line}"
            return account, f"not reported, {together}: {fate.words}" if fate.by else f"reported {together}"
    return account, "part of a finding about the same object that has many growths"


def _same(one: Site, other: Site) -> bool:
    return (one.path, one.span) == (other.path, other.span)


def _nearest(in_file: Sequence[Account], line: int) -> tuple[Site, ...]:
    """The growths nearest to ``line``, in the order of their lines; each line once."""
    by_line = {account.primary.span.line: account for account in reversed(in_file)}
    near = sorted(by_line, key=lambda number: (abs(number - line), number))[:_NEAREST]
    sites = [(by_line[number].primary, by_line[number].container) for number in sorted(near)]
    return tuple(Site(path=site.path, span=site.span, label=container) for site, container in sites)
