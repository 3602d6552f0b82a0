"""Where a report goes: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import io
import os
import stat
import sys
from abc import ABC, abstractmethod
from typing import TextIO

import click


class Sink(ABC):
    """Takes one report."""

    @staticmethod
    def open(path: str | None) -> Sink:
        """The sink for ``--output path`` (None: standard output), found to be writable.

        Raises:
            click.FileError: nothing can be written there.
        """
        if path is None:
            return _Stream(sys.stdout)
        try:
            return _regular(path) if _is_regular(path) else _Stream(open(path, "w", encoding="utf-8"))
        except OSError as error:
            raise click.FileError(path, hint=f"cannot write the report: {error.strerror}") from None

    @property
    @abstractmethod
    def is_terminal(self) -> bool:
        """Whether a person looks at it."""

    @abstractmethod
    def write(self, report: str) -> None:
        """Write the whole ``report``."""


class _Stream(Sink):
    """Standard output, a device or a pipe: written to directly."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")

    @property
    def is_terminal(self) -> bool:
        return self._stream.isatty()

    def write(self, report: str) -> None:
        self._stream.write(report)
        self._stream.flush()


class _File(Sink):
    """A regular file: replaced in one step."""

    is_terminal = False

    def __init__(self, path: str, mode: int) -> None:
        self._path = path
        self._mode = mode

    def write(self, report: str) -> None:
        try:
            _replace(self._path, report.encode(errors="backslashreplace"), self._mode)
        except OSError as error:
            raise click.FileError(self._path, hint=f"cannot write the report: {error.strerror}") from None


def replace_file(path: str, content: bytes) -> None:
    """Give the existing file at ``path`` a new content in one step; a symbolic link stays one, and so does its mode.

    Raises:
        click.FileError: it cannot be written.
    """
    target = os.path.realpath(path)
    try:
        os.close(os.open(target, os.O_WRONLY))
        _replace(target, content, stat.S_IMODE(os.stat(target).st_mode))
    except OSError as error:
        raise click.FileError(path, hint=f"cannot be written: {error.strerror}") from None


def _replace(path: str, content: bytes, mode: int) -> None:
    draft, name = _draft(path)
    try:
        with open(draft, "wb") as file:
            file.write(content)
        os.chmod(name, mode)
        os.replace(name, path)
    finally:
        if os.path.exists(name):
            os.unlink(name)


def _is_regular(path: str) -> bool:
    """Whether ``path`` is, or will be, a regular file."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except FileNotFoundError:
        return True


def _regular(path: str) -> _File:
    """The sink for a regular file; a symbolic link stays one. Raises OSError where nothing can be written."""
    target = os.path.realpath(path)
    mode = 0o666 & ~_umask()
    if os.path.exists(target):
        mode = stat.S_IMODE(os.stat(target).st_mode)
        os.close(os.open(target, os.O_WRONLY))
    draft, name = _draft(target)
    os.close(draft)
    os.unlink(name)
    return _File(target, mode)


def _draft(target: str) -> tuple[int, str]:
    import tempfile  # not needed for standard output

    return tempfile.mkstemp(prefix=".leaklint-", dir=os.path.dirname(target))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def wants_color(is_terminal: bool) -> bool:
    """Whether to colour: what NO_COLOR and FORCE_COLOR say, else whether a terminal shows it."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (is_terminal and os.environ.get("TERM") != "dumb")
