"""Places of a log: one-line regions in files of the repository."""

from __future__ import annotations

from collections.abc import Iterable

from sarif_om import (
    ArtifactChange,
    ArtifactContent,
    ArtifactLocation,
    Location,
    Message,
    PhysicalLocation,
    Region,
    Replacement,
)

from leaklint.facts import Span
from leaklint.findings import Edit
from leaklint.report.escape import visible
from leaklint.report.places import Places
from leaklint.report.sources import SourceReader


class Locations:
    """Makes the locations of one log."""

    def __init__(self, places: Places, sources: SourceReader) -> None:
        self._places = places
        self._sources = sources

    def at(self, path: str, span: Span, *, label: str = "", number: int | None = None) -> Location:
        """The first line of ``span``; ``number`` is what links in the message of the result refer to."""
        return Location(
            id=number,
            physical_location=PhysicalLocation(
                artifact_location=ArtifactLocation(uri=self._places.uri(path)),
                region=self._region(path, span),
            ),
            message=Message(text=visible(label)) if label else None,
        )

    def file(self, path: str, line: int, column: int) -> Location:
        """A point of a file, or the file alone where ``line`` is 0."""
        region = Region(start_line=line, start_column=column or None) if line else None
        return Location(
            physical_location=PhysicalLocation(
                artifact_location=ArtifactLocation(uri=self._places.uri(path)), region=region
            )
        )

    def change(self, path: str, edits: Iterable[Edit]) -> ArtifactChange:
        """The ``edits`` of a file."""
        return ArtifactChange(
            artifact_location=ArtifactLocation(uri=self._places.uri(path)),
            replacements=[
                Replacement(
                    deleted_region=Region(
                        start_line=edit.span.line,
                        start_column=edit.span.column,
                        end_line=edit.span.end_line,
                        end_column=edit.span.end_column,
                    ),
                    inserted_content=ArtifactContent(text=edit.text),
                )
                for edit in edits
            ],
        )

    def _region(self, path: str, span: Span) -> Region:
        # A pull request shows an alert only if all lines of its region were changed in it: keep to the first line.
        end = span.end_column if span.end_line == span.line else self._line_end(path, span)
        return Region(
            start_line=span.line,
            start_column=span.column,
            end_line=span.line,
            end_column=max(end, span.column),
        )

    def _line_end(self, path: str, span: Span) -> int:
        lines = self._sources.lines(path) or ()
        return len(lines[span.line - 1].rstrip()) + 1 if span.line <= len(lines) else span.column + 1
