"""What an earlier run concluded from the same files: found without parsing, linking or judging anything."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import msgspec

from leaklint.cache import Store
from leaklint.cache.keys import digest, program_digest, rules_digest
from leaklint.cache.typed import decoded
from leaklint.discovery import Discovery
from leaklint.engine.conclusion import Conclusion
from leaklint.engine.models import own_models
from leaklint.files import fingerprint, fingerprint_of
from leaklint.frontend.witness import Witness

_CONCLUSION = msgspec.msgpack.Decoder(Conclusion)

Contents = dict[str, str]
"""Fingerprints of files by absolute path; for one that cannot be read, why not."""


def contents_of(found: Discovery, limit: int, unsaved: Mapping[str, bytes] = MappingProxyType({})) -> Contents:
    """What the files hold that were ``found``; ``limit`` is the size of one, in bytes."""
    return {
        path: fingerprint(unsaved[path]) if path in unsaved else fingerprint_of(path, limit) for path in found.files
    }


class Memory:
    """Conclusions in the cache ``directory``, by everything they rest on."""

    def __init__(self, directory: str, found: Discovery) -> None:
        self._store = Store(directory)
        self._found = found

    def recall(self, contents: Contents) -> Conclusion | None:
        """What was concluded from the same ``contents``, with the same rules, models and settings files; or None."""
        conclusion = decoded(self._store.get(self._key(contents)), _CONCLUSION)
        if conclusion is None:
            return None
        return conclusion if Witness(self._found.root).confirms(conclusion.seen) else None

    def keep(self, contents: Contents, conclusion: Conclusion) -> None:
        """Remember the ``conclusion`` from ``contents``."""
        try:
            data = msgspec.msgpack.encode(conclusion)
        except UnicodeEncodeError:  # a path that is no text
            return
        self._store.put(self._key(contents), data)

    def _key(self, contents: Contents) -> str:
        return digest(
            (b"run", program_digest().encode(), rules_digest().encode(), *self._models(), *self._files(contents))
        )

    def _models(self) -> Iterator[bytes]:
        for own in own_models(self._found):
            yield msgspec.msgpack.encode(own, order="deterministic")

    def _files(self, contents: Contents) -> Iterator[bytes]:
        cut = len(os.path.join(self._found.root, ""))
        for path, content in contents.items():
            yield os.fsencode(path[cut:])
            yield content.encode(errors="surrogateescape")
