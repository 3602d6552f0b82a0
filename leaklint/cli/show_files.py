"""``leaklint check --show-files``: what a run would read."""

from __future__ import annotations

import os

import click

from leaklint import frontend
from leaklint.cli.request import STDIN, Request, failures_explained
from leaklint.discovery import discover
from leaklint.engine import NoSource
from leaklint.report.escape import visible


def show_files(request: Request) -> int:
    """Print the files that a run would read, one a line; with ``--verbose`` also what is passed over; the exit status.

    Raises:
        click.ClickException: it could not run.
    """
    if STDIN in request.paths:
        raise click.UsageError("--show-files lists files, not standard input")
    with failures_explained(request.paths):
        found = discover(request.paths, frontend.LANGUAGES, isolated=request.isolated)
        if found.barren:
            raise NoSource(found.skipped)
    for path in found.files:
        click.echo(visible(os.path.relpath(path)))
    for path, reason in found.skips if request.verbose else ():
        request.say(f"skipped {visible(os.path.relpath(path))}: {reason}")
    return 0
