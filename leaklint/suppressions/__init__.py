"""Suppressions: which comments keep which findings out of the report, and what is said about comments that don't."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from leaklint.facts import Directive, FileFacts
from leaklint.findings import Finding
from leaklint.suppressions import remarks
from leaklint.suppressions.comments import Suppression, read
from leaklint.suppressions.extents import Extents

__all__ = ["Suppressed", "suppress"]


class Suppressed(NamedTuple):
    """Which findings are suppressed (the comment by the finding's number), and remarks about comments."""

    by: dict[int, Directive]
    remarks: tuple[Finding, ...]


def suppress(
    files: Iterable[FileFacts], findings: Sequence[Finding], requires_reason: Callable[[str], bool]
) -> Suppressed:
    """Apply the comments in ``files`` to ``findings`` (those of every confidence).

    ``requires_reason``: whether comments in the file at a path (as in the facts) must give one.
    """
    by: dict[int, Directive] = {}
    found: list[Finding] = []
    for file in files:
        if file.directives:
            one = _OneFile(file, findings)
            by |= {number: one.directives[number] for number in one.directives if number not in by}
            found += one.remarks(requires_reason(file.path))
    return Suppressed(by, tuple(found))


class _OneFile:
    """The suppressions of one file, applied. ``directives``: the comment that suppresses, by number of the finding."""

    def __init__(self, file: FileFacts, findings: Sequence[Finding]) -> None:
        self.directives: dict[int, Directive] = {}
        self._file = file
        self._extents = Extents(file)
        self._read = [(directive, read(directive)) for directive in file.directives]
        self._used: set[tuple[Directive, str]] = set()
        for number, finding in enumerate(findings):
            self._apply(number, finding)

    def _apply(self, number: int, finding: Finding) -> None:
        for directive, suppression in self._read:
            if suppression and finding.rule in suppression.rules and self._meets(suppression, finding):
                self._used.add((directive, finding.rule))
                self.directives.setdefault(number, directive)

    def _meets(self, suppression: Suppression, finding: Finding) -> bool:
        if suppression.whole_file:
            return finding.primary.path == self._file.path
        sites = [site for site in (finding.primary, *finding.related) if site.path == self._file.path]
        return any(self._extents.speaks_of(suppression.directive, site.span) for site in sites)

    def remarks(self, requires_reason: bool) -> Iterator[Finding]:
        """What is to be said about the comments, in their order."""
        for directive, suppression in self._read:
            if suppression is None:
                yield remarks.unreadable(self._file, directive)
                continue
            yield from remarks.unknown(self._file, suppression)
            if not self._file.problems:  # what could not be read may hold the finding
                used = {rule for one, rule in self._used if one == directive}
                yield from remarks.unused(self._file, suppression, used)
            if requires_reason and not suppression.reason:
                yield remarks.without_reason(self._file, suppression)
