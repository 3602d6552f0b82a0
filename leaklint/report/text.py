"""The report for people: a block a finding, with the code, the way there, the reason and the mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from leaklint.findings import Finding, Result, Site
from leaklint.report.concise import headline
from leaklint.report.escape import visible
from leaklint.report.frame import Frame, Mark
from leaklint.report.options import Options
from leaklint.report.paint import CONFIDENCE_COLOURS, Paint
from leaklint.report.places import Places
from leaklint.report.prose import way
from leaklint.report.sources import SourceReader


def render(result: Result, sources: SourceReader, options: Options) -> str:
    """A block a finding with an empty line between; see :func:`leaklint.report.render`."""
    writer = _Writer(Places(result, options), sources, options)
    return "\n".join("".join(f"{line}\n" for line in writer.block(finding)) for finding in result.findings)


class _Writer:
    """Writes the blocks of one report."""

    def __init__(self, places: Places, sources: SourceReader, options: Options) -> None:
        self._places = places
        self._sources = sources
        self._width = options.width
        self._paint = Paint(options.colour)

    def block(self, finding: Finding) -> Iterator[str]:
        """The lines of one finding."""
        gutter = max(len(str(site.span.line)) for site in (finding.primary, *finding.related)) + 1
        frame = Frame(
            gutter=gutter,
            room=self._width - gutter - 3,
            paint=self._paint,
            colour=CONFIDENCE_COLOURS[finding.confidence],
        )
        yield headline(finding, self._places, self._paint)
        for path, sites in _by_file(finding):
            if path != finding.primary.path:
                yield f"{' ' * gutter}{self._paint(':::', fg='blue')} {self._places.start(path, sites[0].span)}"
            yield from self._code(path, sites, finding.primary, frame)
        for name, text in self._remarks(finding):
            yield f"{' ' * gutter} {self._paint('=', fg='blue')} {self._paint(f'{name}:', bold=True)} {text}"

    def _code(self, path: str, sites: Sequence[Site], primary: Site, frame: Frame) -> Iterator[str]:
        lines = self._sources.lines(path) or ()
        readable = [site for site in sites if site.span.line <= len(lines)]
        if readable:
            yield from frame.draw(lines, [Mark(site.span, site.label, site is primary) for site in readable])
        for site in sites:
            if site not in readable and site is not primary:
                yield f"  {self._places.start(path, site.span)}: {visible(site.label)}"

    def _remarks(self, finding: Finding) -> Iterator[tuple[str, str]]:
        remarks = {"way": way(finding.trace, self._places), "why": visible(finding.why), "fix": visible(finding.fix)}
        yield from ((name, text) for name, text in remarks.items() if text)


def _by_file(finding: Finding) -> list[tuple[str, list[Site]]]:
    """The places of a finding by file: the file of the growth first; in a file by line."""

    def order(site: Site) -> tuple[bool, str, int, int]:
        return site.path != finding.primary.path, site.path, site.span.line, site.span.column

    sites = sorted((finding.primary, *finding.related), key=order)
    return [(path, list(group)) for path, group in groupby(sites, key=lambda site: site.path)]
