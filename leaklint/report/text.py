"""The report for people: a block a finding, with the code, the way there, the reason and the mend."""

from __future__ import annotations

from collections.abc import Iterator

from leaklint.findings import Finding, Result
from leaklint.report.concise import headline
from leaklint.report.excerpt import Excerpts, gutter_of
from leaklint.report.options import Options
from leaklint.report.paint import Paint
from leaklint.report.places import Places
from leaklint.report.prose import remarks
from leaklint.report.sources import SourceReader


def render(result: Result, sources: SourceReader, options: Options) -> str:
    """A block a finding with an empty line between; see :func:`leaklint.report.render`."""
    writer = _Writer(Places(result, options), sources, options)
    return "\n".join("".join(f"{line}\n" for line in writer.block(finding)) for finding in result.findings)


class _Writer:
    """Writes the blocks of one report."""

    def __init__(self, places: Places, sources: SourceReader, options: Options) -> None:
        self._places = places
        self._paint = Paint(options.colour)
        self._excerpts = Excerpts(places, sources, width=options.width, paint=self._paint)

    def block(self, finding: Finding) -> Iterator[str]:
        """The lines of one finding."""
        yield headline(finding, self._places, self._paint)
        yield from self._excerpts.draw(finding)
        indent = " " * gutter_of(finding)
        for name, text in remarks(finding, self._places):
            yield f"{indent} {self._paint('=', fg='blue')} {self._paint(f'{name}:', bold=True)} {text}"
