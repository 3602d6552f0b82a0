"""What earlier runs extracted from the same content."""

from __future__ import annotations

import os
from typing import NamedTuple

import msgspec

from leaklint.cache import Store
from leaklint.cache.keys import digest, program_digest
from leaklint.extraction.outcome import Outcome, unpack


class Job(NamedTuple):
    """One file: where it lies (absolute), what it is called in facts (relative, with ``/``), its size in bytes.

    ``content`` is the fingerprint of what it holds; empty where nothing is to be remembered of it. ``unsaved`` stands for
    what is on disk.
    """

    path: str
    relative: str
    size: int
    content: str = ""
    unsaved: bytes | None = None


class Known:
    """Outcomes by content, in a ``store``; nothing is known without one."""

    def __init__(self, store: Store | None = None) -> None:
        self._store = store

    def find(self, job: Job) -> Outcome | None:
        """The outcome for what ``job`` was seen to hold, or None."""
        packed = self._store.get(_key(job)) if self._store and job.content else None
        if packed is None:
            return None
        try:
            outcome = unpack(packed, job.relative)
        except msgspec.DecodeError:
            return None
        return outcome if outcome.content == job.content else None

    def keep(self, job: Job, outcome: Outcome, packed: bytes) -> None:
        """Remember ``outcome``, ``packed`` already, if it is about what ``job`` was seen to hold."""
        if self._store and job.content and outcome.content == job.content and outcome.problem is None:
            self._store.put(_key(job), packed)

    @property
    def remembers(self) -> bool:
        return self._store is not None


def _key(job: Job) -> str:
    suffix = os.path.splitext(job.relative)[1]
    return digest((b"facts", program_digest().encode(), suffix.encode(), job.content.encode()))
