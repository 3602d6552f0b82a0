"""One line a finding: ``path:line:column: RULE [confidence] message; reason``."""

from __future__ import annotations

from leaklint.findings import Finding, Result
from leaklint.report.escape import visible
from leaklint.report.options import Options
from leaklint.report.paint import CONFIDENCE_COLOURS, Paint
from leaklint.report.places import Places
from leaklint.report.sources import SourceReader


def render(result: Result, sources: SourceReader, options: Options) -> str:
    """One line a finding; see :func:`leaklint.report.render`."""
    places = Places(result, options)
    paint = Paint(options.colour)
    return "".join(f"{_line(finding, places, paint)}\n" for finding in result.findings)


def headline(finding: Finding, places: Places, paint: Paint) -> str:
    """``path:line:column: RULE [confidence] message``."""
    colour = CONFIDENCE_COLOURS[finding.confidence]
    place = paint(places.start(finding.primary.path, finding.primary.span), bold=True)
    rule = paint(f"{finding.rule} [{finding.confidence}]", fg=colour, bold=True)
    return f"{place}: {rule} {visible(finding.message)}"


def _line(finding: Finding, places: Places, paint: Paint) -> str:
    line = headline(finding, places, paint)
    return f"{line.rstrip('.')}; {visible(finding.why)}" if finding.why else line
