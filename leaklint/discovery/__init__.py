"""Discovery: from the paths a user names to the files that are analysed."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Collection, Container, Iterable, Sequence
from typing import NamedTuple

from leaklint.config import Configurations
from leaklint.discovery.patterns import TEST_CODE, directory_reason, file_reason
from leaklint.discovery.project import parents, project_of, repository_of
from leaklint.discovery.walk import Listing, Skip, Trouble, Walk, irregular

__all__ = ["Discovery", "NoSuchPath", "Skip", "Trouble", "discover", "project_of", "repository_of"]


class NoSuchPath(Exception):
    """A path that was named and does not exist; ``args[0]`` is the path as it was given."""


class Discovery(NamedTuple):
    """What was found. All paths are absolute.

    ``files`` are sizes in bytes by path, in the order of the paths. ``directories`` were named and are reported whole;
    ``focus`` are the files that were named and are source. ``skips`` are files and directories that were passed over.
    ``barren``: only directories were named and none holds a source file. ``configurations`` hold in the directories.
    """

    root: str
    files: dict[str, int]
    directories: tuple[str, ...]
    focus: frozenset[str]
    skips: tuple[Skip, ...]
    troubles: tuple[Trouble, ...]
    barren: bool
    configurations: Configurations

    @property
    def skipped(self) -> tuple[tuple[str, int], ...]:
        """How much was passed over, by reason."""
        return tuple(sorted(Counter(skip.reason for skip in self.skips).items()))


def discover(
    paths: Iterable[str], suffixes: Container[str], *, isolated: bool = False, unsaved: Collection[str] = ()
) -> Discovery:
    """Find the files with one of ``suffixes`` below the directories of ``paths``, and in the projects of its files.

    ``isolated``: no configuration is read. ``unsaved``: files (absolute paths) that may not be on disk yet.

    Raises:
        NoSuchPath: one of ``paths`` does not exist.
        ConfigurationError: the configuration of the working directory or of a named path cannot be used.
    """
    named = list(dict.fromkeys(_absolute(path, unsaved) for path in paths))
    directories = tuple(path for path in named if os.path.isdir(path))
    singles = [path for path in named if path not in directories]
    homes = (os.getcwd(), *directories, *(os.path.dirname(path) for path in singles))
    configurations = Configurations(homes, isolated=isolated)
    listing = Listing()
    for directory in directories:
        Walk(suffixes, configurations, _is_test_code(directory), listing, unsaved).run(directory)
    focus = _Focus(suffixes, configurations, listing, unsaved)
    for path in singles:
        focus.add(path)
    return Discovery(
        root=_common([*directories, *focus.roots] or [os.path.dirname(path) for path in singles]),
        files=dict(sorted(listing.files.items())),
        directories=directories,
        focus=frozenset(focus.files),
        skips=tuple(sorted(listing.skips)),
        troubles=tuple(sorted(set(listing.troubles))),
        barren=bool(directories) and not singles and not listing.files and not listing.troubles,
        configurations=configurations,
    )


class _Focus:
    """Files that were named one by one: those that are source bring in their project."""

    def __init__(
        self, suffixes: Container[str], configurations: Configurations, listing: Listing, unsaved: Collection[str]
    ) -> None:
        self.files: list[str] = []
        self.roots: list[str] = []
        self._suffixes = suffixes
        self._configurations = configurations
        self._listing = listing
        self._unsaved = unsaved
        self._projects: dict[str, Listing] = {}

    def add(self, path: str) -> None:
        """Take in the file at ``path`` (absolute); nothing happens when it is excluded or no source file."""
        if os.path.splitext(path)[1] not in self._suffixes:
            return
        status = os.stat(path) if os.path.exists(path) else None
        project = project_of(path)
        if status and not stat.S_ISREG(status.st_mode):
            self._listing.troubles.append(Trouble(path, irregular(status.st_mode)))
        elif project is None or os.path.islink(path):
            self._alone(path, status.st_size if status else 0)
        else:
            self._within(project, path)

    def _alone(self, path: str, size: int) -> None:
        reason = file_reason(os.path.basename(path))
        if reason:
            self._listing.skips.append(Skip(path, reason))
            return
        self._listing.files[path] = size
        self._take(path, os.path.dirname(path))

    def _within(self, project: str, path: str) -> None:
        if project not in self._projects:
            self._projects[project] = Listing()
            Walk(self._suffixes, self._configurations, False, self._projects[project], self._unsaved).run(project)
        found = self._projects[project]
        if path not in found.files:
            return
        if project not in self.roots:
            self._listing.merge(found)
        self._take(path, project)

    def _take(self, path: str, root: str) -> None:
        self.files.append(path)
        self.roots.append(root)


def _absolute(path: str, unsaved: Container[str]) -> str:
    full = os.path.abspath(path)
    if not os.path.exists(full if full not in unsaved else os.path.dirname(full)):
        raise NoSuchPath(path)
    return full


def _is_test_code(directory: str) -> bool:
    """Whether a named directory is test code by its place in its project: what is called a test there was asked for."""
    project = project_of(os.path.join(directory, "file"))
    for above in parents(directory):
        if above == project:
            return False
        if directory_reason(os.path.basename(above)) == TEST_CODE:
            return True
        if project is None:
            return False
    return False


def _common(directories: Sequence[str]) -> str:
    return os.path.commonpath(directories) if directories else os.getcwd()
