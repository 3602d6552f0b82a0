"""Which of the findings of a run can be mended by changing the source."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

import msgspec

from leaklint.discovery import Discovery
from leaklint.files import fingerprint
from leaklint.findings import Finding, Notice

NOT_REPRODUCED = "its parser does not give it back byte for byte: no fixes for it"


def with_known_mends(
    findings: Iterable[Finding], found: Discovery, unsaved: Mapping[str, bytes], cache: str = ""
) -> tuple[list[Finding], list[Notice]]:
    """``findings`` (in order of their files), each with its mend where one is known, and what was said on the way.

    ``cache``: the directory where mends are kept for later runs; empty for none.
    """
    mended: list[Finding] = []
    notices: list[Notice] = []
    for path, group in groupby(findings, lambda finding: finding.primary.path):
        ours = list(group)
        full = os.path.join(found.root, path)
        ours, said = _in_file(ours, full, found, unsaved, cache)
        notices += [Notice(path=path, message=said)] if said else []
        mended += ours
    return mended, notices


def _in_file(
    findings: list[Finding], path: str, found: Discovery, unsaved: Mapping[str, bytes], cache: str
) -> tuple[list[Finding], str]:
    size = found.configurations.of(os.path.dirname(path)).configuration.fix_size
    try:
        data = unsaved[path] if path in unsaved else Path(path).read_bytes()
    except OSError as error:
        return findings, f"cannot be read again: {error.strerror}"
    return _kept(findings, data, size, cache) if cache else _mended(findings, data, size)


def _kept(findings: list[Finding], data: bytes, size: int, cache: str) -> tuple[list[Finding], str]:
    """The same as :func:`_mended`, from the cache if it is there."""
    from leaklint.cache import Store
    from leaklint.cache.keys import digest, program_digest
    from leaklint.cache.typed import decoded

    try:
        asked = msgspec.msgpack.encode(findings)
    except UnicodeEncodeError:  # a path that is no text
        return _mended(findings, data, size)
    store = Store(cache)
    key = digest((b"mends", program_digest().encode(), b"%d" % size, fingerprint(data).encode(), asked))
    known = decoded(store.get(key), msgspec.msgpack.Decoder(tuple[list[Finding], str]))
    if known is not None:
        return known
    mended = _mended(findings, data, size)
    store.put(key, msgspec.msgpack.encode(mended))
    return mended


def _mended(findings: list[Finding], data: bytes, size: int) -> tuple[list[Finding], str]:
    from leaklint.extraction import with_large_stack
    from leaklint.fixes import NotReproduced, with_mends

    try:
        return with_large_stack(lambda: with_mends(findings, findings[0].primary.path, data, size)), ""
    except NotReproduced:
        return findings, NOT_REPRODUCED
