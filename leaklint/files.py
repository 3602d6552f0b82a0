"""Reads files without ever waiting for a pipe or a device, and tells whether their content is what it was."""

from __future__ import annotations

import os
import stat
from hashlib import sha256


class Unreadable(Exception):
    """The file cannot be read; ``args[0]`` says why."""


def read(path: str, limit: int) -> bytes:
    """The content of the regular file at ``path``, at most ``limit`` bytes.

    Raises:
        Unreadable: it vanished, may not be read, is no regular file, or is larger than ``limit``.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise Unreadable("vanished while leaklint was running") from None
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("not a regular file: not opened")
        if status.st_size > limit:
            raise Unreadable(f"larger than the limit of {limit:,} bytes (--max-file-size): not analysed")
        return _read_all(descriptor, limit)
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from None
    finally:
        os.close(descriptor)


def _read_all(descriptor: int, limit: int) -> bytes:
    pieces = []
    while limit > 0 and (piece := os.read(descriptor, limit)):
        pieces.append(piece)
        limit -= len(piece)
    return b"".join(pieces)


def fingerprint(content: bytes) -> str:
    """64 hexadecimal digits that tell apart any two contents."""
    return sha256(content).hexdigest()


def fingerprint_of(path: str, limit: int) -> str:
    """The fingerprint of the file at ``path``, or why it cannot be read (as in :class:`Unreadable`)."""
    try:
        return fingerprint(read(path, limit))
    except Unreadable as error:
        return str(error)
