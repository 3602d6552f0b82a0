"""Changes of the source that end a leak: findings and their file in, edits out."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from leaklint.findings import Finding, Mend
from leaklint.fixes.additions import removal_added
from leaklint.fixes.caches import bounded_cache
from leaklint.fixes.locks import weak_locks
from leaklint.fixes.releases import release_in_finally
from leaklint.fixes.rings import ring_buffer
from leaklint.fixes.source import NotReproduced, Source

__all__ = ["NotReproduced", "with_mends"]


def with_mends(findings: Iterable[Finding], path: str, data: bytes, size: int) -> list[Finding]:
    """The ``findings`` of the file at ``path`` with the content ``data``, each with its mend where one is known.

    ``size``: how many results a cache keeps that a mend bounds.

    Raises:
        NotReproduced: the file cannot be changed without touching more than the mend.
    """
    if not path.endswith(".py"):
        return _with_mends_of_script(findings, path, data, size)
    source = Source(data)
    return [msgspec.structs.replace(one, mend=_mend(source, one, size)) for one in findings]


def _with_mends_of_script(findings: Iterable[Finding], path: str, data: bytes, size: int) -> list[Finding]:
    from leaklint.fixes.script import Script
    from leaklint.fixes.script_caches import bounded_map
    from leaklint.fixes.script_releases import release_in_finally

    script = Script(path, data)
    return [
        msgspec.structs.replace(one, mend=bounded_map(script, one, size) or release_in_finally(script, one))
        for one in findings
    ]


def _mend(source: Source, finding: Finding, size: int) -> Mend | None:
    return (
        bounded_cache(source, finding, size)
        or weak_locks(source, finding)
        or release_in_finally(source, finding)
        or removal_added(source, finding)
        or ring_buffer(source, finding, size)
    )
