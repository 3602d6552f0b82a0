"""``leaklint check --why PATH:LINE``."""

from __future__ import annotations

import re

import click

from leaklint.cli.output import Sink
from leaklint.cli.request import Request, failures_explained, report_options
from leaklint.engine.why import NotAnalysed, explain
from leaklint.report.escape import visible
from leaklint.report.why import render_why

_PLACE = re.compile(r"(?P<path>.+?):(?P<line>[0-9]{1,9})(?::[0-9]+)?", re.DOTALL)


def show_why(request: Request, place: str) -> int:
    """Print what is known of ``place`` (``PATH:LINE``, a column may follow); the exit status.

    Raises:
        click.ClickException: ``place`` has another form, nothing was analysed there, or it could not run.
    """
    match = _PLACE.fullmatch(place)
    if match is None or not int(match["line"]):
        raise click.UsageError(f"--why wants PATH:LINE, such as server.py:12, not {place!r}")
    path, line = match["path"], int(match["line"])
    sink = Sink.open(request.output)
    try:
        with failures_explained(request.named or (path,)):
            found = explain(path, line, request.named, request.settings)
    except NotAnalysed:
        raise click.UsageError(
            visible(f"{path} was not analysed: it is excluded, could not be read, or lies outside the paths")
        ) from None
    sink.write(render_why(found, report_options(found.root, sink)))
    return 0
