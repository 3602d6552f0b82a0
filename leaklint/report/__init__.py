"""Report formats: findings in, text out. One module a format, imported only when it is asked for."""

from __future__ import annotations

from importlib import import_module

from leaklint.findings import Result
from leaklint.report.options import Options
from leaklint.report.sources import DiskSources, SourceReader

__all__ = ["FORMATS", "DiskSources", "Options", "SourceReader", "render"]

FORMATS: dict[str, str] = {
    "text": "leaklint.report.text",
    "concise": "leaklint.report.concise",
    "json": "leaklint.report.json",
    "sarif": "leaklint.report.sarif",
    "github": "leaklint.report.github",
    "gitlab": "leaklint.report.gitlab",
    "junit": "leaklint.report.junit",
    "html": "leaklint.report.html",
}
"""The module of each format; it has a function ``render(result, sources, options) -> str``."""


def render(name: str, result: Result, sources: SourceReader, *, options: Options) -> str:
    """The whole report on ``result`` in the format ``name`` (a key of :data:`FORMATS`), ending in a line end.

    Pure: equal arguments give equal text. Every finding of ``result`` is written, whatever its confidence. Text formats
    are empty where there is nothing to report.
    """
    text: str = import_module(FORMATS[name]).render(result, sources, options)
    return text
