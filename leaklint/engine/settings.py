"""How a run is made, and why it may be impossible."""

from __future__ import annotations

from collections.abc import Callable

from leaklint.findings import Confidence, Record


class Settings(Record, frozen=True, kw_only=True):
    """How a run is made.

    ``baseline``: the file of known findings; None leaves it to the configuration, empty: none. ``since``: a revision; what
    its merge base with HEAD had is left out.

    ``min_confidence``: findings below it are left out; None leaves it to the configuration of each file.
    ``select``: only these rules, by id or name, whatever the configuration says of rules; empty leaves it to that.
    ``ignore``: none of these. ``isolated``: no configuration file is read. ``max_file_size`` in bytes: larger files are not read.
    ``jobs``: how many processes extract; 0 for as many as there are processors.
    ``ignores``: whether comments suppress findings. ``cache``: the directory where answers are kept for later runs; empty
    for none. ``mends``: whether to look for changes that end the leaks.
    """

    min_confidence: Confidence | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    isolated: bool = False
    max_file_size: int = 1_000_000
    jobs: int = 0
    ignores: bool = True
    cache: str = ""
    baseline: str | None = None
    since: str = ""
    mends: bool = False


class SinceError(Exception):
    """The merge base with a revision cannot be read; ``args[0]`` says why."""


class NoSource(Exception):
    """Only directories were named and none holds a source file; ``args[0]`` counts what was skipped, by reason."""


Progress = Callable[[int], Callable[[], None]]
"""Told the number of files, gives what is to be called after each."""


def silent(_: int) -> Callable[[], None]:
    """Progress that nobody is shown."""
    return lambda: None
