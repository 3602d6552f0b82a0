"""Reads the bytes of one file without ever waiting for a pipe or a device."""

from __future__ import annotations

import os
import stat


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
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("not a regular file: not opened")
        if status.st_size > limit:
            raise Unreadable(f"larger than the limit of {limit:,} bytes (--max-file-size): not analysed")
        try:
            return file.read(limit)
        except OSError as error:
            raise Unreadable(f"cannot be read: {error.strerror}") from None
