"""The file of a baseline: JSON, one line an entry, so that a change to it can be reviewed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from leaklint.baseline import Entry

NAME = "leaklint-baseline.json"


class BaselineError(Exception):
    """A baseline that cannot be used. ``path`` is its file; ``args[0]`` says what is wrong."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: Literal[1]
    findings: tuple[Entry, ...]


def read(path: str) -> tuple[Entry, ...]:
    """The entries of the baseline at ``path``.

    Raises:
        BaselineError: it cannot be read, or does not fit.
    """
    try:
        with open(path, "rb") as file:
            return msgspec.json.decode(file.read(), type=_File).findings
    except OSError as error:
        hint = "; `leaklint baseline` writes one" if isinstance(error, FileNotFoundError) else ""
        raise BaselineError(path, f"cannot be read: {error.strerror}{hint}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BaselineError(path, f"no baseline: {error}") from None


def written(entries: Iterable[Entry]) -> str:
    """The content of a baseline file with ``entries``."""
    lines = ",\n".join(f"    {msgspec.json.encode(entry).decode()}" for entry in entries)
    return f'{{\n  "version": 1,\n  "findings": [\n{lines}\n  ]\n}}\n' if lines else '{"version": 1, "findings": []}\n'
