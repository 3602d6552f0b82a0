"""SARIF 2.1.0, made for GitHub code scanning."""

from __future__ import annotations

import msgspec

from leaklint.findings import Result
from leaklint.report.options import Options
from leaklint.report.sarif.log import build
from leaklint.report.sarif.serializer import plain
from leaklint.report.sources import SourceReader


def render(result: Result, sources: SourceReader, options: Options) -> str:
    """One SARIF log, also when there is nothing to report; see :func:`leaklint.report.render`."""
    log = msgspec.json.encode(plain(build(result, sources, options)))
    return msgspec.json.format(log, indent=2).decode() + "\n"
