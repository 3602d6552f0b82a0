"""Configuration: which settings hold for a directory, and which findings they let through."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import NamedTuple

from leaklint.config.read import OWN_FILE, SHARED_FILE, ConfigurationError, read
from leaklint.config.schema import Configuration

__all__ = ["Configuration", "ConfigurationError", "Configurations", "Located"]


class Located(NamedTuple):
    """A configuration, the directory its patterns are relative to, and its file (empty: nothing was configured)."""

    configuration: Configuration
    base: str
    file: str


class Configurations:
    """Finds the nearest configuration of every directory, each read once.

    In the configurations of the ``named`` directories errors are raised; others that have one are passed over and
    collected in ``errors``. ``isolated``: no file is read.
    """

    def __init__(self, named: Iterable[str], *, isolated: bool = False) -> None:
        self.errors: list[ConfigurationError] = []
        self._isolated = isolated
        self._known: dict[str, Located] = {}
        self._must_be_right = True
        for directory in named:
            self.of(directory)
        self._must_be_right = False

    def of(self, directory: str) -> Located:
        """What holds in ``directory`` (absolute): its own configuration, or that of the nearest directory above."""
        if directory not in self._known:
            self._known[directory] = self._find(directory)
        return self._known[directory]

    def used(self, root: str) -> tuple[Located, ...]:
        """By path: every configuration file met so far that lies above or below ``root``, and those above them in the
        same repository."""
        for located in [located for located in self._known.values() if located.file]:
            self._climb(located)
        by_file = {one.file: one for one in self._known.values() if one.file and _on_one_line(one.base, root)}
        return tuple(by_file[file] for file in sorted(by_file))

    def _climb(self, located: Located) -> None:
        while located.file and not _ends_at(located.base):
            located = self.of(os.path.dirname(located.base))

    def _find(self, directory: str) -> Located:
        if self._isolated:
            return Located(Configuration(), directory, "")
        for name in (OWN_FILE, SHARED_FILE):
            path = os.path.join(directory, name)
            configuration = self._read(path)
            if configuration is not None:
                return Located(configuration, directory, path)
        if _ends_at(directory):
            return Located(Configuration(), directory, "")
        return self.of(os.path.dirname(directory))

    def _read(self, path: str) -> Configuration | None:
        try:
            return read(path)
        except ConfigurationError as error:
            if self._must_be_right and not error.is_foreign:
                raise
            self.errors.append(error)
            return None


def _ends_at(directory: str) -> bool:
    """Whether nothing above ``directory`` is looked at: it is the top of a repository, or of the file system."""
    return os.path.dirname(directory) == directory or os.path.lexists(os.path.join(directory, ".git"))


def _on_one_line(one: str, other: str) -> bool:
    """Whether one of two directories is the other or lies below it."""
    return os.path.commonpath((one, other)) in (one, other)
