"""The command line of a run: what it asks of the engine and of reports, and what it says when neither can answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click

from leaklint.baseline.file import BaselineError
from leaklint.cli.cache import cache_directory
from leaklint.cli.click_extras import NamedFiles, did_you_mean
from leaklint.cli.closing import skipped_words
from leaklint.cli.output import Sink, wants_color
from leaklint.cli.show_config import unusable
from leaklint.config import ConfigurationError
from leaklint.discovery import NoSuchPath, repository_of
from leaklint.engine import NoSource, Settings, SinceError
from leaklint.findings import Confidence
from leaklint.report import Options
from leaklint.report.escape import visible

STDIN = "-"
FOR_PEOPLE = frozenset({"text", "concise"})
"""Formats whose place the statistics may take."""

CARRIES_MENDS = frozenset({"json", "sarif"})
"""Formats that say how a leak can be mended."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """The command line of one check. ``named`` are the paths as they were given, maybe none."""

    named: tuple[str, ...]
    stdin_filename: str | None
    format_: str
    output: str | None
    reports: NamedFiles
    min_confidence: Confidence | None
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    isolated: bool
    statistics: bool
    quiet: bool
    verbose: bool
    why: str | None
    fix: bool
    diff: bool
    unsafe_fixes: bool
    baseline: str | None
    since: str | None
    ignores: bool
    add_ignores: bool
    reason: str
    exit_zero: bool
    strict: bool
    jobs: int | None
    max_file_size: int
    cache_dir: str | None
    no_cache: bool

    @property
    def paths(self) -> tuple[str, ...]:
        """What to report on: by default the working directory."""
        return self.named or (".",)

    def say(self, line: str) -> None:
        """Print ``line`` on standard error, unless nothing but findings is wanted."""
        if not self.quiet:
            click.echo(line, err=True)

    @property
    def is_repair(self) -> bool:
        """Whether sources are to be changed, or it is to be shown how."""
        return self.fix or self.diff

    @property
    def settings(self) -> Settings:
        """What the engine is told."""
        return Settings(
            min_confidence=self.min_confidence,
            select=self.select,
            ignore=self.ignore,
            isolated=self.isolated,
            max_file_size=self.max_file_size,
            jobs=self.jobs or 0,
            cache="" if self.no_cache else cache_directory(self.cache_dir),
            mends=self.is_repair or any(name in CARRIES_MENDS for name in (self.format_, *dict(self.reports))),
            ignores=self.ignores,
            baseline=self.baseline,
            since=self.since or "",
        )


def unsaved_of(request: Request) -> dict[str, bytes]:
    """What standard input holds, by the absolute path of the file it stands for."""
    is_stdin = STDIN in request.paths
    if is_stdin and request.stdin_filename is None:
        raise click.UsageError("`-` needs --stdin-filename: the path of the file whose content is on standard input")
    if not is_stdin and request.stdin_filename is not None:
        raise click.UsageError("--stdin-filename needs the path `-`")
    if is_stdin and request.paths != (STDIN,):
        raise click.UsageError("`-` stands alone: its project is read with it")
    return {os.path.abspath(request.stdin_filename): sys.stdin.buffer.read()} if request.stdin_filename else {}


def check_words(request: Request) -> None:
    """Refuse what makes no sense about how much is said."""
    if request.quiet and request.verbose:
        raise click.UsageError("--quiet and --verbose exclude each other")
    if request.statistics and request.format_ not in FOR_PEOPLE:
        raise click.UsageError(f"--statistics takes the place of the report, it has no form {request.format_!r}")
    if request.statistics and request.diff:
        raise click.UsageError("--statistics and --diff exclude each other: each takes the place of the report")


def check_repair(request: Request) -> None:
    """Refuse what makes no sense about fixes."""
    if request.unsafe_fixes and not request.is_repair:
        raise click.UsageError("--unsafe-fixes says which fixes --fix makes or --diff shows: it needs one of them")
    if request.fix and request.diff:
        raise click.UsageError("--diff shows what --fix would write: they exclude each other")
    if request.fix and request.stdin_filename is not None:
        raise click.UsageError("standard input cannot be fixed; --diff shows how")


def report_options(root: str, sink: Sink | None = None) -> Options:
    """How a report on what lies below ``root`` is written to ``sink``."""
    here = os.getcwd()
    return Options(
        colour=sink is not None and wants_color(sink.is_terminal),
        working_directory=here,
        repository=repository_of(root) or here,
    )


def _near_command(word: str) -> str:
    """`` Did you mean ...?`` where a path was maybe meant to be a command."""
    group = click.get_current_context().find_root().command
    return did_you_mean(word, group.commands) if isinstance(group, click.Group) else ""


@contextmanager
def failures_explained(paths: tuple[str, ...]) -> Iterator[None]:
    """Turns what keeps the engine from running on ``paths`` into what the command line says about it."""
    try:
        yield
    except NoSuchPath as error:
        raise click.UsageError(f"there is no path {error.args[0]!r}.{_near_command(error.args[0])}") from None
    except ConfigurationError as error:
        raise unusable(error) from None
    except BaselineError as error:
        raise click.ClickException(visible(f"{error.path}: {error}")) from None
    except SinceError as error:
        raise click.ClickException(visible(f"--since: {error}")) from None
    except NoSource as error:
        skipped = skipped_words(error.args[0])
        below = ", ".join(map(visible, paths))
        raise click.ClickException(f"no source file below {below}{f'; skipped {skipped}' if skipped else ''}") from None
