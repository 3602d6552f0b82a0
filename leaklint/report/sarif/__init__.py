"""SARIF 2.1.0, made for GitHub code scanning."""

from __future__ import annotations

import json

from leaklint.findings import Result
from leaklint.report.options import Options
from leaklint.report.sarif.log import build
from leaklint.report.sarif.serializer import plain
from leaklint.report.sources import SourceReader


def render(result: Result, sources: SourceReader, options: Options) -> str:
    """One SARIF log, also when there is nothing to report; see :func:`leaklint.report.render`."""
    return json.dumps(plain(build(result, sources, options)), indent=2) + "\n"
