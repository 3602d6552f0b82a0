"""Bytes under keys in a directory: entries appear whole or not at all, and what is broken is as good as absent.

Nothing here raises for the state of the disk: an entry that cannot be read is absent, one that cannot be written is
left out. Several processes may use one directory at the same time.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from leaklint.files import Unreadable, read

LIMIT_BYTES = 512 * 1024 * 1024
"""All entries together."""
ENTRY_LIMIT_BYTES = 64 * 1024 * 1024
_KEPT = 0.8
"""How much of the limit an eviction leaves, so that not every run evicts."""
_FORMAT = "v1"
_MAGIC = b"leaklint cache 1"
_SEAL_BYTES = 32
_SECONDS_A_DAY = 86_400
_DRAFT_SECONDS = 3_600
"""An older draft belongs to a process that was killed."""
_SHARD = re.compile(r"[0-9a-f]{2}")
_ENTRY = re.compile(r"[0-9a-f]{62}")
_DRAFT = re.compile(r"\.[0-9a-f]{16}\.draft")


class Usage(NamedTuple):
    """How many entries there are, and their size in bytes."""

    entries: int
    size: int


class _Kept(NamedTuple):
    used: float
    size: int
    path: str


class Store:
    """The entries below ``directory``, at most ``limit`` bytes of them. The directory need not exist."""

    def __init__(self, directory: str, limit: int = LIMIT_BYTES) -> None:
        self.directory = os.path.abspath(directory)
        self.limit = limit
        self._top = os.path.join(self.directory, _FORMAT)
        self._is_usable = not _open_to_others(self._top)
        self._has_written = False

    def get(self, key: str) -> bytes | None:
        """What was put under ``key`` (64 hexadecimal digits), or None."""
        if not self._is_usable:
            return None
        path = self._path(key)
        try:
            data = read(path, ENTRY_LIMIT_BYTES)
        except Unreadable:
            return None
        content = data[len(_MAGIC) + _SEAL_BYTES :]
        if data != _sealed(key, content):
            return None
        _touch(path)
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep ``content`` under ``key``. After the first failure (a full disk, say) nothing more is tried."""
        data = _sealed(key, content)
        if not self._is_usable or len(data) > ENTRY_LIMIT_BYTES:
            return
        path = self._path(key)
        draft = os.path.join(os.path.dirname(path), f".{os.urandom(8).hex()}.draft")
        try:
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            _write(draft, data)
            os.replace(draft, path)
        except OSError:
            self._is_usable = False
            _remove(draft)
        self._has_written = True

    def tidy(self) -> None:
        """After writing: remove what was not used for longest, until all fits, and what killed processes left."""
        if not self._has_written:
            return
        kept = sorted(self._entries())
        size = sum(entry.size for entry in kept)
        if size > self.limit:
            for entry in kept:
                _remove(entry.path)
                size -= entry.size
                if size <= self.limit * _KEPT:
                    break
        for draft in self._drafts():
            if _is_old(draft, _DRAFT_SECONDS):
                _remove(draft)

    def clear(self) -> Usage:
        """Remove all entries and drafts, and nothing else; what was removed."""
        entries = list(self._entries())
        for path in (*(entry.path for entry in entries), *self._drafts()):
            _remove(path)
        for directory in (*self._shards(), self._top):
            try:
                os.rmdir(directory)
            except OSError:
                continue
        return Usage(len(entries), sum(entry.size for entry in entries))

    def usage(self) -> Usage:
        """How much is kept."""
        sizes = [entry.size for entry in self._entries()]
        return Usage(len(sizes), sum(sizes))

    def _path(self, key: str) -> str:
        return os.path.join(self._top, key[:2], key[2:])

    def _shards(self) -> Iterator[str]:
        return (entry.path for entry in _listed(self._top) if _SHARD.fullmatch(entry.name))

    def _entries(self) -> Iterator[_Kept]:
        for shard in self._shards():
            for entry in _listed(shard):
                try:
                    status = entry.stat(follow_symlinks=False)
                except OSError:
                    continue
                if _ENTRY.fullmatch(entry.name) and stat.S_ISREG(status.st_mode):
                    yield _Kept(status.st_mtime, status.st_size, entry.path)

    def _drafts(self) -> Iterator[str]:
        return (entry.path for shard in self._shards() for entry in _listed(shard) if _DRAFT.fullmatch(entry.name))


def _sealed(key: str, content: bytes) -> bytes:
    """``content`` with what shows that it is whole and stands under its own ``key``."""
    return _MAGIC + sha256(_MAGIC + key.encode() + content).digest() + content


def _open_to_others(directory: str) -> bool:
    """Whether every user of the machine may write there: such a directory is not used."""
    try:
        return os.name == "posix" and bool(os.stat(directory).st_mode & stat.S_IWOTH)
    except OSError:
        return False


def _write(path: str, data: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb") as file:
        file.write(data)


def _listed(directory: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            return list(entries)
    except OSError:
        return []


def _touch(path: str) -> None:
    """Note that the entry was used, once a day at most."""
    try:
        if _is_old(path, _SECONDS_A_DAY):
            os.utime(path)
    except OSError:
        return


def _is_old(path: str, seconds: float) -> bool:
    try:
        return time.time() - os.stat(path).st_mtime > seconds
    except OSError:
        return False


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return
