"""The source text that reports quote."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from typing import Protocol

_LINE_END = re.compile(r"\r\n|\r|\n")
_CACHED_FILES = 16


class SourceReader(Protocol):
    """Gives the text of analysed files; ``path`` is relative to the root of the result, with ``/``."""

    def raw(self, path: str) -> bytes | None:
        """The bytes of the file, or None if it cannot be read."""

    def lines(self, path: str) -> Sequence[str] | None:
        """The lines of the file without their ends, or None if it cannot be read."""


class DiskSources:
    """Reads files below ``root``, each when it is first asked for; ``unsaved`` (by absolute path) goes before the disk."""

    def __init__(self, root: str, unsaved: Mapping[str, bytes] | None = None) -> None:
        self._root = root
        self._unsaved = unsaved or {}
        self._lines = lru_cache(_CACHED_FILES)(self._read_lines)

    def raw(self, path: str) -> bytes | None:
        """The bytes of the file, or None if it cannot be read."""
        full = os.path.join(self._root, path)
        if full in self._unsaved:
            return self._unsaved[full]
        try:
            with open(full, "rb") as file:
                return file.read()
        except (OSError, ValueError):
            return None

    def lines(self, path: str) -> Sequence[str] | None:
        """The lines of the file without their ends, or None if it cannot be read."""
        return self._lines(path)

    def _read_lines(self, path: str) -> Sequence[str] | None:
        data = self.raw(path)
        return None if data is None else split_lines(decode(data, path))


def decode(data: bytes, path: str) -> str:
    """The text of a file: a Python file in the encoding it declares, any other in UTF-8; bad bytes become U+FFFD."""
    encoding = "utf-8-sig"
    if path.endswith((".py", ".pyi")):
        import tokenize  # not needed where nothing is quoted

        try:
            encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
        except SyntaxError:
            pass
    return data.decode(encoding, errors="replace")


def split_lines(text: str) -> tuple[str, ...]:
    """Lines as front ends count them: they end at LF, CR LF or CR, and nowhere else."""
    return tuple(_LINE_END.split(text))
