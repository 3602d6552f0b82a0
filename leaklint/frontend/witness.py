"""Settings files of a scanned project: read safely, and remembered so that a later run can tell whether they changed."""

from __future__ import annotations

import os
from collections.abc import Iterable

from leaklint.files import fingerprint, fingerprint_of, read
from leaklint.findings import Record

LIMIT_BYTES = 1_000_000
ABSENT = ""


class Seen(Record, frozen=True, kw_only=True):
    """What was seen at ``path`` (below the root, with ``/``).

    ``state`` is the fingerprint of a file, empty where there is none; with a ``suffix`` it is about the names in a
    directory that end in it.
    """

    path: str
    state: str
    suffix: str = ""


class Witness:
    """Reads files below ``root`` (absolute), never through a link that leads out of it."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._real = os.path.join(os.path.realpath(root), "")
        self._seen: dict[tuple[str, str], Seen] = {}

    def read(self, path: str) -> bytes | None:
        """The content of the file at ``path`` (below the root, with ``/``); None where there is none.

        Raises:
            Unreadable: it is there and cannot be read.
        """
        self._note(path, "")
        full = self._inside(path)
        return read(full, LIMIT_BYTES) if full else None

    def names(self, folder: str, suffix: str) -> list[str]:
        """The names in ``folder`` (below the root, with ``/``) that match ``suffix``."""
        self._note(folder, suffix)
        return self._names(folder, suffix)

    @property
    def seen(self) -> tuple[Seen, ...]:
        """All that was looked at."""
        return tuple(self._seen.values())

    def confirms(self, seen: Iterable[Seen]) -> bool:
        """Whether everything is as it was ``seen``."""
        return all(self._state(one.path, one.suffix) == one.state for one in seen)

    def _note(self, path: str, suffix: str) -> None:
        if (path, suffix) not in self._seen:
            state = self._state(path, suffix)
            self._seen[path, suffix] = Seen(path=path, state=state, suffix=suffix)

    def _state(self, path: str, suffix: str) -> str:
        if suffix:
            return fingerprint("/".join(self._names(path, suffix)).encode(errors="surrogateescape"))
        full = self._inside(path)
        return fingerprint_of(full, LIMIT_BYTES) if full else ABSENT

    def _names(self, folder: str, suffix: str) -> list[str]:
        try:
            names = os.listdir(os.path.join(self._root, folder))
        except OSError:
            return []
        return sorted(name for name in names if name.endswith(suffix))

    def _inside(self, path: str) -> str | None:
        """The absolute path of what is there, if it lies below the root; else None."""
        full = os.path.join(self._root, path)
        if not os.path.lexists(full) or not os.path.realpath(full).startswith(self._real):
            return None
        return full
