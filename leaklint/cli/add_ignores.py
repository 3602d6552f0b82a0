"""``leaklint check --add-ignores``: a comment for every finding, and no other change."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from leaklint import frontend
from leaklint.cli.closing import counted
from leaklint.cli.output import replace_file
from leaklint.cli.progress import Bar
from leaklint.cli.request import STDIN, Request, failures_explained, report_options
from leaklint.engine import analyze
from leaklint.findings import Finding, Result
from leaklint.report.places import Places
from leaklint.suppressions.remarks import ABOUT_SUPPRESSIONS
from leaklint.suppressions.writing import Written, write_ignores

DONE, LEFT = 0, 1


def add_ignores(request: Request) -> int:
    """Write the comments; the exit status says whether there is one for every finding.

    Raises:
        click.ClickException: it could not run, or a file could not be written.
    """
    if STDIN in request.paths:
        raise click.UsageError("--add-ignores writes into files, not to standard input")
    if not request.reason.strip() or not request.reason.isprintable():
        raise click.UsageError("--reason must be one line of text")
    with failures_explained(request.paths), Bar(hidden=request.quiet) as bar:
        result = analyze(request.paths, request.settings, bar.begin)
    by_path: dict[str, list[Finding]] = {}
    for finding in result.findings:
        if finding.rule not in ABOUT_SUPPRESSIONS:
            by_path.setdefault(finding.primary.path, []).append(finding)
    written = [_write(result, path, found, request.reason.strip()) for path, found in by_path.items()]
    return _say(request, result, written)


def _write(result: Result, path: str, findings: Sequence[Finding], reason: str) -> Written:
    full = os.path.join(result.root, path)
    try:
        with open(full, "rb") as file:
            content = file.read()
        written = write_ignores(content, findings, reason, lambda source: frontend.extract(path, source))
    except UnicodeEncodeError:
        raise click.FileError(full, hint="its encoding does not have the characters of --reason") from None
    except OSError as error:
        raise click.FileError(full, hint=f"cannot be read: {error.strerror}") from None
    if written.added:
        replace_file(full, written.content)
    return written


def _say(request: Request, result: Result, written: Sequence[Written]) -> int:
    places = Places(result, report_options(result.root))
    left = [finding for one in written for finding in one.left]
    for finding in left:
        start = places.start(finding.primary.path, finding.primary.span)
        click.echo(f"{start}: warning: no comment can stand here; suppress {finding.rule} by hand", err=True)
    files = sum(bool(one.added) for one in written)
    request.say(f"Added {counted(sum(one.added for one in written), 'comment')} in {counted(files, 'file')}.")
    return LEFT if left else DONE
