"""The words of a finding as running text."""

from __future__ import annotations

from collections.abc import Iterator

from leaklint.findings import Confidence, Finding, Hop
from leaklint.report.escape import visible
from leaklint.report.places import Places

LEVELS: dict[Confidence, str] = {"high": "warning", "medium": "warning", "low": "note"}
"""How loud a finding of each confidence is: warnings are shown by default, notes on demand."""


def paragraph(finding: Finding) -> str:
    """Message, reason and mend as sentences on one line."""
    return " ".join(sentence(text) for text in (finding.message, finding.why, finding.fix) if text)


def sentence(text: str) -> str:
    """``text``, harmless, with a capital (unless it starts with code) and a full stop."""
    shown = visible(text.strip())
    return shown[:1].upper() + shown[1:] + ("" if shown.endswith((".", "!", "?")) else ".")


def way(trace: tuple[Hop, ...], places: Places) -> str:
    """The way from the entry point: ```search` (server.py:40) -> `Store.put` (store.py:12)``; empty if not known."""
    return " -> ".join(f"`{visible(hop.function)}` ({places.point(hop.path, hop.span.line)})" for hop in trace)


def remarks(finding: Finding, places: Places) -> Iterator[tuple[str, str]]:
    """What is said below the code, by name: the ``way`` there, ``why`` it leaks, how to ``fix`` it."""
    texts = {"way": way(finding.trace, places), "why": visible(finding.why), "fix": visible(finding.fix)}
    yield from ((name, text) for name, text in texts.items() if text)
