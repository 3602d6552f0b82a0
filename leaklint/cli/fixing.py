"""``leaklint check --fix`` and ``--diff``: mends are made, the result is analysed again, and what did not help is undone."""

from __future__ import annotations

import difflib
import os
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import click

from leaklint.cli.closing import counted
from leaklint.cli.output import replace_file
from leaklint.findings import Finding, Result
from leaklint.report import Options
from leaklint.report.escape import visible
from leaklint.report.places import Places
from leaklint.report.sources import decode

Analyse = Callable[[Mapping[str, bytes]], Result]
Say = Callable[[str], None]
Identity = tuple[str, str]
"""Path and key of a finding."""


class Repairs(NamedTuple):
    """What was mended: the new content of files by absolute path, their old one, and the result that is left.

    ``unsafe`` says whether mends that are not safe were wanted too.
    """

    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    mended: tuple[Finding, ...]
    result: Result
    unsafe: bool


def repair(analyse: Analyse, result: Result, unsaved: Mapping[str, bytes], *, unsafe: bool) -> Repairs:
    """Mend the findings of ``result`` until none is left that can be mended.

    ``analyse`` gives the result where the given texts stand for files. A mend is kept only if its finding is gone
    then and every file can still be read.
    """
    before: dict[str, bytes] = {}
    after = dict(unsaved)
    mended: list[Finding] = []
    useless: set[Identity] = set()
    while True:
        chosen = _choose(result, useless, unsafe=unsafe)
        if not chosen:
            break
        trial = dict(after)
        for path, findings in chosen.items():
            old = after[path] if path in after else Path(path).read_bytes()
            before.setdefault(path, old)
            trial[path] = _changed(path, old, findings)
        outcome = analyse(trial)
        failed = _failed(result, outcome, chosen)
        useless |= failed
        if not failed:
            after, result = trial, outcome
            mended += (finding for findings in chosen.values() for finding in findings)
    changed = {path: text for path, text in after.items() if before.get(path, text) != text}
    return Repairs(before, changed, tuple(mended), result, unsafe)


def show(repairs: Repairs, options: Options, say: Say) -> int:
    """Print the changes as a unified diff; the exit status. ``say`` is given one line about them."""
    places = Places(repairs.result, options)
    for path in sorted(repairs.after):
        name = places.path(os.path.relpath(path, repairs.result.root))
        old, new = (
            decode(text, path).splitlines(keepends=True) for text in (repairs.before[path], repairs.after[path])
        )
        for line in difflib.unified_diff(old, new, name, name):
            end = "" if line.endswith("\n") else "\n\\ No newline at end of file\n"
            click.echo(visible(line.rstrip("\r\n")) + ("\n" if not end else end), nl=False)
    say(_summary(repairs, "Would fix"))
    return 1 if repairs.after else 0


def write(repairs: Repairs, say: Say) -> Result:
    """Write the changed files, each in one step; the result that is left. ``say`` is given one line about it."""
    for path, text in repairs.after.items():
        replace_file(path, text)
    say(_summary(repairs, "Fixed"))
    return repairs.result


def _choose(result: Result, useless: set[Identity], *, unsafe: bool) -> dict[str, list[Finding]]:
    """The findings to mend now, by the absolute path of their file."""
    from leaklint.fixes.apply import compatible

    by_path: dict[str, list[Finding]] = {}
    for finding in result.findings:
        if finding.mend and (finding.mend.safe or unsafe) and _identity(finding) not in useless:
            by_path.setdefault(os.path.join(result.root, finding.primary.path), []).append(finding)
    return {path: compatible(findings) for path, findings in by_path.items()}


def _changed(path: str, data: bytes, findings: list[Finding]) -> bytes:
    from leaklint.fixes.apply import changed

    return changed(path, data, [edit for finding in findings if finding.mend for edit in finding.mend.edits])


def _failed(result: Result, outcome: Result, chosen: Mapping[str, list[Finding]]) -> set[Identity]:
    """The mends that did not end their leak, or after which a file cannot be read."""
    tried = Counter(_identity(finding) for findings in chosen.values() for finding in findings)
    before, after = (Counter(map(_identity, one.findings)) for one in (result, outcome))
    unread = {notice.path for notice in outcome.notices} - {notice.path for notice in result.notices}
    return {one for one, count in tried.items() if after[one] > before[one] - count or one[0] in unread}


def _identity(finding: Finding) -> Identity:
    return finding.primary.path, finding.key


def _summary(repairs: Repairs, verb: str) -> str:
    files = f" in {counted(len(repairs.after), 'file')}" if repairs.after else ""
    unsafe = sum(finding.mend is not None and not finding.mend.safe for finding in repairs.result.findings)
    more = f" ({unsafe} more with --unsafe-fixes)" if unsafe and not repairs.unsafe else ""
    return f"{verb} {counted(len(repairs.mended), 'finding')}{files}{more}."
