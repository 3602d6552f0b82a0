"""``leaklint baseline``."""

from __future__ import annotations

import os

import click

from leaklint.baseline import Sighting, entries_of
from leaklint.baseline.file import NAME, written
from leaklint.cli.closing import counted
from leaklint.cli.output import Sink
from leaklint.cli.progress import Bar
from leaklint.cli.request import failures_explained
from leaklint.config import Configurations
from leaklint.engine import Settings, analyze
from leaklint.findings import Confidence


def write_baseline(
    paths: tuple[str, ...], output: str | None, min_confidence: Confidence | None, isolated: bool
) -> int:
    """Write the findings in ``paths`` to ``output`` (None: where the configuration says); the exit status.

    Raises:
        click.ClickException: it could not run, or the file could not be written.
    """
    settings = Settings(min_confidence=min_confidence, isolated=isolated, baseline="")
    with failures_explained(paths), Bar() as bar:
        result = analyze(paths, settings, bar.begin)
        target = os.path.abspath(output or _configured(isolated))
    base = os.path.dirname(target)
    sightings = [Sighting.of(finding, result.root, base) for finding in result.findings]
    Sink.open(target).write(written(entries_of(sightings)))
    click.echo(f"Wrote {counted(len(sightings), 'finding')} to {os.path.relpath(target)}.", err=True)
    return 0


def _configured(isolated: bool) -> str:
    located = Configurations((os.getcwd(),), isolated=isolated).of(os.getcwd())
    name = located.configuration.baseline
    return os.path.join(located.base, name) if name else NAME
