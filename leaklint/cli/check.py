"""``leaklint check``: analyse, write the reports, say in one line how it went, and choose the exit status."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence

import click

from leaklint.cli.closing import closing_line, details, notice_line
from leaklint.cli.output import Sink
from leaklint.cli.progress import Bar
from leaklint.cli.request import Request, check_repair, failures_explained, report_options, unsaved_of
from leaklint.cli.statistics import statistics
from leaklint.engine import analyze
from leaklint.findings import Notice, Result
from leaklint.report import DiskSources, SourceReader, render
from leaklint.report.options import RESULT_LIMIT
from leaklint.report.places import Places

CLEAN, FINDINGS, FAILED = 0, 1, 2


def perform(request: Request) -> int:
    """Do what ``request`` asks; the exit status.

    Raises:
        click.ClickException: it could not run.
    """
    check_repair(request)
    started = time.monotonic()
    unsaved = unsaved_of(request)
    sinks = [] if request.diff else _sinks(request)
    result = _analyze(request, unsaved)
    if request.is_repair:
        from leaklint.cli.fixing import repair, show, write

        repairs = repair(lambda texts: _analyze(request, texts), result, unsaved, unsafe=request.unsafe_fixes)
        if request.diff:
            return show(repairs, report_options(result.root), request.say)
        result = write(repairs, request.say)
    _report(request, result, sinks, DiskSources(result.root, unsaved))
    _say(request, result, time.monotonic() - started)
    return _status(request, result)


def _report(request: Request, result: Result, sinks: Sequence[tuple[str, Sink]], sources: SourceReader) -> None:
    """Write the reports, the first of them as counts where those were asked for."""
    for number, (format_, sink) in enumerate(sinks):
        if request.statistics and number == 0:
            sink.write(statistics(result))
        else:
            sink.write(render(format_, result, sources, options=report_options(result.root, sink)))
            _say_what_is_left_out(request, result, format_)


def _say_what_is_left_out(request: Request, result: Result, format_: str) -> None:
    if format_ == "sarif" and len(result.findings) > RESULT_LIMIT:
        kept = f"the {RESULT_LIMIT:,} findings of the highest confidence"
        request.say(f"The SARIF log holds {kept}: GitHub code scanning keeps no more.")


def _say(request: Request, result: Result, seconds: float) -> None:
    """Say on standard error what went wrong and how it went; in few words, or in more."""
    places = Places(result, report_options(result.root))
    if request.verbose:
        for line in details(result, places, request.settings.cache):
            request.say(line)
    for notice in result.notices:
        if _is_failure(request, notice):
            click.echo(notice_line(notice, places), err=True)
        else:
            request.say(notice_line(notice, places))
    request.say(closing_line(result, seconds))


def _is_failure(request: Request, notice: Notice) -> bool:
    return request.strict and notice.level == "warning"


def _sinks(request: Request) -> list[tuple[str, Sink]]:
    """Where each format goes, every file found to be writable and named once."""
    wanted = ((request.format_, request.output), *request.reports)
    files = [os.path.realpath(path) for _, path in wanted if path is not None]
    twice = next((path for path in files if files.count(path) > 1 and path != os.devnull), None)
    if twice:
        raise click.UsageError(f"two reports would be written to {twice!r}")
    return [(format_, Sink.open(path)) for format_, path in wanted]


def _analyze(request: Request, unsaved: Mapping[str, bytes]) -> Result:
    paths = tuple(unsaved) if request.stdin_filename else request.paths
    with failures_explained(paths), Bar(hidden=request.quiet) as bar:
        return analyze(paths, request.settings, bar.begin, unsaved)


def _status(request: Request, result: Result) -> int:
    if any(_is_failure(request, notice) for notice in result.notices):
        return FAILED
    return FINDINGS if result.findings and not request.exit_zero else CLEAN
