"""SARIF 2.1.0, made for GitHub code scanning."""

from __future__ import annotations

import gzip

import msgspec

from leaklint.findings import Result
from leaklint.report.options import RESULT_LIMIT, Options
from leaklint.report.sarif import log
from leaklint.report.sarif.serializer import plain
from leaklint.report.sources import SourceReader


def render(result: Result, sources: SourceReader, options: Options) -> str:
    """One SARIF log, also when there is nothing to report; see :func:`leaklint.report.render`."""
    limit = min(len(result.findings), RESULT_LIMIT)
    while True:
        text = _written(result, sources, options, limit)
        size = _size(text)
        if size <= log.SIZE_LIMIT or not limit:
            return text.decode()
        limit = int(limit * 0.9 * log.SIZE_LIMIT / size)


def _written(result: Result, sources: SourceReader, options: Options, limit: int) -> bytes:
    built = msgspec.json.encode(plain(log.build(result, sources, options, limit)))
    return msgspec.json.format(built, indent=2) + b"\n"


def _size(text: bytes) -> int:
    """How many bytes are uploaded: those of the gzipped text, where that matters."""
    return len(gzip.compress(text)) if len(text) > log.SIZE_LIMIT else len(text)
