"""``leaklint check --show-config``, and what is said about a configuration that cannot be used."""

from __future__ import annotations

import os
from collections.abc import Iterable

import click
import msgspec

from leaklint.config import ConfigurationError, Configurations
from leaklint.report.escape import visible


def show_config(paths: Iterable[str], *, isolated: bool) -> int:
    """Print, for each of ``paths``, the file that configures it and its settings as JSON; the exit status.

    Raises:
        click.ClickException: a configuration cannot be used.
    """
    for path in paths:
        full = os.path.abspath(path)
        directory = full if os.path.isdir(full) else os.path.dirname(full)
        try:
            located = Configurations((directory,), isolated=isolated).of(directory)
        except ConfigurationError as error:
            raise unusable(error) from None
        click.echo(visible(f"{path}: {located.file or 'no configuration file'}"))
        click.echo(msgspec.json.format(msgspec.json.encode(located.configuration)).decode())
    return 0


def unusable(error: ConfigurationError) -> click.ClickException:
    """``error`` as the command line says it: file, line, what is wrong."""
    place = f"{error.path}:{error.line}" if error.line else error.path
    return click.ClickException(visible(f"{place}: {error.message}"))
