"""``leaklint check``: analyse, write the report, say in one line how it went, and choose the exit status."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

import click

from leaklint.cli.click_extras import NamedFiles
from leaklint.cli.closing import closing_line, notice_line, skipped_words
from leaklint.cli.output import Sink, wants_color
from leaklint.cli.progress import Bar
from leaklint.cli.show_config import unusable
from leaklint.config import ConfigurationError
from leaklint.discovery import NoSuchPath, repository_of
from leaklint.engine import NoSource, Settings, analyze
from leaklint.findings import Confidence, Result
from leaklint.report import DiskSources, Options, render
from leaklint.report.escape import visible
from leaklint.report.places import Places

CLEAN, FINDINGS, FAILED = 0, 1, 2
STDIN = "-"


@dataclass(frozen=True, kw_only=True)
class Request:
    """The command line of one check."""

    paths: tuple[str, ...]
    stdin_filename: str | None
    format_: str
    output: str | None
    reports: NamedFiles
    min_confidence: Confidence | None
    isolated: bool
    exit_zero: bool
    strict: bool
    jobs: int | None
    max_file_size: int


def perform(request: Request) -> int:
    """Do what ``request`` asks; the exit status.

    Raises:
        click.ClickException: it could not run.
    """
    started = time.monotonic()
    unsaved = _unsaved(request)
    sinks = _sinks(request)
    result = _analyze(request, unsaved)
    sources = DiskSources(result.root, unsaved)
    for format_, sink in sinks:
        sink.write(render(format_, result, sources, options=_report_options(result, sink)))
    places = Places(result, _report_options(result))
    for notice in result.notices:
        click.echo(notice_line(notice, places), err=True)
    click.echo(closing_line(result, time.monotonic() - started), err=True)
    return _status(request, result)


def _unsaved(request: Request) -> dict[str, bytes]:
    """What standard input holds, by the absolute path of the file it stands for."""
    is_stdin = STDIN in request.paths
    if is_stdin and request.stdin_filename is None:
        raise click.UsageError("`-` needs --stdin-filename: the path of the file whose content is on standard input")
    if not is_stdin and request.stdin_filename is not None:
        raise click.UsageError("--stdin-filename needs the path `-`")
    if is_stdin and request.paths != (STDIN,):
        raise click.UsageError("`-` stands alone: its project is read with it")
    return {os.path.abspath(request.stdin_filename): sys.stdin.buffer.read()} if request.stdin_filename else {}


def _sinks(request: Request) -> list[tuple[str, Sink]]:
    """Where each format goes, every file found to be writable and named once."""
    wanted = ((request.format_, request.output), *request.reports)
    files = [os.path.realpath(path) for _, path in wanted if path is not None]
    twice = next((path for path in files if files.count(path) > 1 and path != os.devnull), None)
    if twice:
        raise click.UsageError(f"two reports would be written to {twice!r}")
    return [(format_, Sink.open(path)) for format_, path in wanted]


def _analyze(request: Request, unsaved: Mapping[str, bytes]) -> Result:
    paths = tuple(unsaved) or request.paths
    settings = Settings(
        min_confidence=request.min_confidence,
        isolated=request.isolated,
        max_file_size=request.max_file_size,
        jobs=request.jobs or 0,
    )
    try:
        with Bar() as bar:
            return analyze(paths, settings, bar.begin, unsaved)
    except NoSuchPath as error:
        raise click.UsageError(f"there is no path {error.args[0]!r}") from None
    except ConfigurationError as error:
        raise unusable(error) from None
    except NoSource as error:
        skipped = skipped_words(error.args[0])
        below = ", ".join(map(visible, paths))
        raise click.ClickException(f"no source file below {below}{f'; skipped {skipped}' if skipped else ''}") from None


def _report_options(result: Result, sink: Sink | None = None) -> Options:
    here = os.getcwd()
    return Options(
        colour=sink is not None and wants_color(sink.is_terminal),
        working_directory=here,
        repository=repository_of(result.root) or here,
    )


def _status(request: Request, result: Result) -> int:
    if request.strict and any(notice.level == "warning" for notice in result.notices):
        return FAILED
    return FINDINGS if result.findings and not request.exit_zero else CLEAN
