"""Walks one directory: the source files below it, what was passed over and why, and what could not be read."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Container, Iterator
from typing import NamedTuple

from leaklint.config import Configurations
from leaklint.discovery.ignore import Patterns, ignored
from leaklint.discovery.patterns import (
    ENVIRONMENT_MARKS,
    TEST_CODE,
    UNTOLD,
    VERSION_CONTROL,
    directory_reason,
    file_reason,
)
from leaklint.discovery.project import parents, repository_of

EXCLUDED = "excluded"
SYMBOLIC_LINK = "symbolic link"


class Trouble(NamedTuple):
    """Something at ``path`` (absolute) that cannot be read, said in ``message``."""

    path: str
    message: str


class Skip(NamedTuple):
    """A file or directory at ``path`` (absolute) that was passed over, and the reason in a word or two."""

    path: str
    reason: str


class Listing:
    """What a walk collects: sizes of source files by absolute path, what was passed over, and troubles."""

    def __init__(self) -> None:
        self.files: dict[str, int] = {}
        self.skips: list[Skip] = []
        self.troubles: list[Trouble] = []

    def merge(self, other: Listing) -> None:
        """Add what ``other`` collected."""
        self.files.update(other.files)
        self.skips.extend(other.skips)
        self.troubles.extend(other.troubles)


class _Directory(NamedTuple):
    path: str
    ignores: tuple[Patterns, ...]


class _New(NamedTuple):
    """A file that will be in a directory once it is saved; ``path`` is absolute."""

    name: str
    path: str


class _Rules(NamedTuple):
    """What decides in one directory: whether the built-in patterns hold, whether test code is read, and two lists."""

    built_in: bool
    tests: bool
    excluded: tuple[Patterns, ...]
    git: tuple[Patterns, ...]

    def keep(self, reason: str | None, name: str) -> str | None:
        """The built-in ``reason`` against an entry called ``name``, if it holds here."""
        if reason == TEST_CODE:
            return None if self.tests else reason
        return reason if self.built_in or name in VERSION_CONTROL else None


class Walk:
    """One walk. ``suffixes`` are those of source files; ``tests`` says whether test code is read in any case.

    ``unsaved`` are files (absolute paths) that may not be on disk yet.
    """

    def __init__(
        self,
        suffixes: Container[str],
        configurations: Configurations,
        tests: bool,
        listing: Listing,
        unsaved: Collection[str] = (),
    ) -> None:
        self._suffixes = suffixes
        self._configurations = configurations
        self._tests = tests
        self._listing = listing
        self._unsaved = unsaved

    def run(self, top: str) -> None:
        """List what lies below the directory ``top`` (absolute). ``top`` itself is never skipped."""
        pending = [_Directory(top, _ignores_above(top))]
        while pending:
            pending.extend(self._enter(pending.pop(), is_top=len(pending) == 0))

    def _enter(self, directory: _Directory, is_top: bool) -> Iterator[_Directory]:
        try:
            with os.scandir(directory.path) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            self._listing.troubles.append(Trouble(directory.path, f"cannot be read: {error.strerror}"))
            return
        names = {entry.name for entry in entries}
        if not is_top and not ENVIRONMENT_MARKS.isdisjoint(names):
            self._listing.skips.append(Skip(directory.path, "virtual environment"))
            return
        ignores = _ignores_here(directory, names)
        rules = self._rules(directory.path, ignores)
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if self._wanted(entry, True, directory_reason(entry.name), rules):
                    yield _Directory(entry.path, ignores)
            elif os.path.splitext(entry.name)[1] in self._suffixes:
                if self._wanted(entry, False, file_reason(entry.name), rules):
                    self._file(entry)
            elif entry.is_symlink() and entry.is_dir():
                self._listing.skips.append(Skip(entry.path, SYMBOLIC_LINK))
        for new in self._new_files(directory.path, names):
            if self._wanted(new, False, file_reason(new.name), rules):
                self._listing.files[new.path] = 0

    def _new_files(self, directory: str, names: Container[str]) -> list[_New]:
        """The unsaved files that belong in ``directory`` and are not there yet."""
        paths = [path for path in self._unsaved if os.path.dirname(path) == directory]
        return [_New(name, path) for path in sorted(paths) if (name := os.path.basename(path)) not in names]

    def _rules(self, directory: str, git: tuple[Patterns, ...]) -> _Rules:
        configuration, base, _ = self._configurations.of(directory)
        patterns = (*(configuration.exclude or ()), *configuration.extend_exclude)
        return _Rules(
            built_in=configuration.exclude is None,
            tests=self._tests or configuration.tests,
            excluded=(Patterns(EXCLUDED, patterns, base),) if patterns else (),
            git=git,
        )

    def _wanted(self, entry: os.DirEntry[str] | _New, is_directory: bool, built_in: str | None, rules: _Rules) -> bool:
        reason = rules.keep(built_in, entry.name)
        reason = reason or ignored(rules.excluded, entry.path, is_directory)
        reason = reason or ignored(rules.git, entry.path, is_directory)
        if reason and entry.name not in UNTOLD:
            self._listing.skips.append(Skip(entry.path, reason))
        return reason is None

    def _file(self, entry: os.DirEntry[str]) -> None:
        if entry.is_symlink():
            self._link(entry)
            return
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            self._listing.troubles.append(Trouble(entry.path, f"cannot be read: {error.strerror}"))
            return
        if stat.S_ISREG(status.st_mode):
            self._listing.files[entry.path] = status.st_size
        else:
            self._listing.troubles.append(Trouble(entry.path, irregular(status.st_mode)))

    def _link(self, entry: os.DirEntry[str]) -> None:
        if os.path.exists(entry.path):
            self._listing.skips.append(Skip(entry.path, SYMBOLIC_LINK))
        else:
            self._listing.troubles.append(Trouble(entry.path, "a symbolic link that leads nowhere"))


def irregular(mode: int) -> str:
    """The message about a path that is no regular file; ``mode`` is its ``st_mode``."""
    if stat.S_ISFIFO(mode):
        return "a named pipe, not a regular file: not opened"
    return "not a regular file: not opened"


def _ignores_above(top: str) -> tuple[Patterns, ...]:
    """The git-ignore patterns that hold at ``top``: from the repository root down to the directory above it."""
    repository = repository_of(top)
    if repository is None or repository == top:
        return ()
    above = [d for d in parents(os.path.dirname(top)) if d == repository or d.startswith(os.path.join(repository, ""))]
    found = [Patterns.read(os.path.join(d, ".gitignore"), d) for d in reversed(above)]
    return tuple(p for p in (_private(repository), *found) if p)


def _ignores_here(directory: _Directory, names: Container[str]) -> tuple[Patterns, ...]:
    """The patterns that hold in ``directory``: a repository of its own forgets those from above."""
    above: tuple[Patterns | None, ...] = directory.ignores
    if ".git" in names:
        above = (_private(directory.path),)
    own = Patterns.read(os.path.join(directory.path, ".gitignore"), directory.path) if ".gitignore" in names else None
    return tuple(p for p in (*above, own) if p)


def _private(repository: str) -> Patterns | None:
    return Patterns.read(os.path.join(repository, ".git", "info", "exclude"), repository)
