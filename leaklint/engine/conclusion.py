"""What a run concludes about files, whoever asks: all findings, before any selection."""

from __future__ import annotations

from leaklint.facts import FileFacts, Problem
from leaklint.findings import Finding, Record
from leaklint.frontend.witness import Seen


class Conclusion(Record, frozen=True, kw_only=True):
    """The outcome of extracting, linking and judging.

    ``findings`` are those of every confidence; ``annotated`` are the files with comments for leaklint; ``problems`` are
    pairs of a path (below the root) and what is wrong there; ``skipped`` are pairs of the path of a file whose
    content is no source, and the reason; ``seen`` are the settings files it rests on.
    """

    findings: tuple[Finding, ...]
    annotated: tuple[FileFacts, ...]
    problems: tuple[tuple[str, Problem], ...]
    skipped: tuple[tuple[str, str], ...]
    analysed: int
    seen: tuple[Seen, ...]
