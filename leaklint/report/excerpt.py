"""The code that a finding speaks of: a frame for each file with its places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from leaklint.findings import Finding, Site
from leaklint.report.escape import visible
from leaklint.report.frame import Frame, Mark
from leaklint.report.paint import CONFIDENCE_COLOURS, Painter
from leaklint.report.places import Places
from leaklint.report.sources import SourceReader


def gutter_of(finding: Finding) -> int:
    """The columns that the line numbers of a finding take."""
    return max(len(str(site.span.line)) for site in (finding.primary, *finding.related)) + 1


class Excerpts:
    """Draws the excerpts of one report. ``width`` is the columns that a row may take."""

    def __init__(self, places: Places, sources: SourceReader, *, width: int, paint: Painter) -> None:
        self._places = places
        self._sources = sources
        self._width = width
        self._paint = paint

    def draw(self, finding: Finding) -> Iterator[str]:
        """The rows for one finding, the file of the growth first. A place without source is named with its label."""
        gutter = gutter_of(finding)
        frame = Frame(
            gutter=gutter,
            room=self._width - gutter - 3,
            paint=self._paint,
            colour=CONFIDENCE_COLOURS[finding.confidence],
        )
        for path, sites in _by_file(finding):
            if path != finding.primary.path:
                start = self._paint(self._places.start(path, sites[0].span))
                yield f"{' ' * gutter}{self._paint(':::', fg='blue')} {start}"
            yield from self._code(path, sites, finding.primary, frame)

    def _code(self, path: str, sites: Sequence[Site], primary: Site, frame: Frame) -> Iterator[str]:
        lines = self._sources.lines(path) or ()
        readable = [site for site in sites if site.span.line <= len(lines)]
        if readable:
            yield from frame.draw(lines, [Mark(site.span, site.label, site is primary) for site in readable])
        for site in sites:
            if site not in readable and site is not primary:
                yield self._paint(f"  {self._places.start(path, site.span)}: {visible(site.label)}")


def _by_file(finding: Finding) -> list[tuple[str, list[Site]]]:
    """The places of a finding by file: the file of the growth first; in a file by line."""

    def order(site: Site) -> tuple[bool, str, int, int]:
        return site.path != finding.primary.path, site.path, site.span.line, site.span.column

    sites = sorted((finding.primary, *finding.related), key=order)
    return [(path, list(group)) for path, group in groupby(sites, key=lambda site: site.path)]
