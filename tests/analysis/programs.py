"""Small Python programs, analysed from their text."""

from __future__ import annotations

from textwrap import dedent

from leaklint.analysis import analyze
from leaklint.findings import Finding
from leaklint.frontend import extract


def findings_in(source: str) -> list[Finding]:
    """The findings that are shown by default in a module with this text."""
    facts = extract("server.py", dedent(source).encode())
    return [f for f in analyze([facts]).findings if f.confidence != "low"]


def reported(source: str) -> list[tuple[str, int]]:
    """Rule and line of each of them; the line break after the opening quotes counts."""
    return [(f.rule, f.primary.span.line) for f in findings_in(source)]
