"""One self-contained page: findings by rule and file, with their code, the way there, the reason and the mend.

The page runs no script and loads nothing; its content security policy says so to the browser as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from leaklint import __version__
from leaklint.catalog.pages import find
from leaklint.findings import CONFIDENCES, Finding, Hop, Notice, Result
from leaklint.report.escape import visible
from leaklint.report.excerpt import Excerpts
from leaklint.report.html_style import STYLE
from leaklint.report.options import Options
from leaklint.report.places import Places
from leaklint.report.prose import sentence
from leaklint.report.sources import SourceReader

_HEAD = f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>leaklint report</title>
<style>
{STYLE}</style>
</head>
<body>"""


def render(result: Result, sources: SourceReader, options: Options) -> str:
    """A whole HTML document; see :func:`leaklint.report.render`."""
    places = Places(result, options)
    excerpts = Excerpts(places, sources, width=options.width, paint=_paint)
    return "".join(f"{line}\n" for line in _Page(places, excerpts).document(result))


class _Page:
    """Writes the elements of one page."""

    def __init__(self, places: Places, excerpts: Excerpts) -> None:
        self._places = places
        self._excerpts = excerpts

    def document(self, result: Result) -> Iterator[str]:
        yield _HEAD
        yield f"<header><h1>leaklint</h1><p>{_total(result)}</p>{_summary(result.findings)}</header>"
        yield "<main>"
        for rule, findings in _grouped(result.findings, lambda finding: finding.rule):
            yield from self._rule(rule, findings)
        if result.notices:
            yield from self._notices(result.notices)
        yield "</main>"
        yield f"<footer>leaklint {escape(__version__)}</footer>\n</body>\n</html>"

    def _rule(self, rule: str, findings: Sequence[Finding]) -> Iterator[str]:
        page = find(rule)
        yield f'<section id="{escape(rule)}">'
        yield f"<h2><span>{escape(rule)}</span> {escape(page.title if page else '')}</h2>"
        if page:
            yield f"<p>{_words(page.summary)}</p>"
        for path, group in _grouped(findings, lambda finding: finding.primary.path):
            yield f"<h3>{escape(self._places.path(path))}</h3>"
            for finding in group:
                yield from self._finding(finding)
        yield "</section>"

    def _finding(self, finding: Finding) -> Iterator[str]:
        place = escape(self._places.start(finding.primary.path, finding.primary.span))
        yield f'<article class="{finding.confidence}">'
        yield f'<p class="place"><code>{place}</code> <span class="badge">{finding.confidence}</span></p>'
        yield f"<h4>{_words(sentence(finding.message))}</h4>"
        rows = "\n".join(self._excerpts.draw(finding))
        if rows:
            yield f'<pre tabindex="0">{rows}</pre>'
        if finding.trace:
            yield self._way(finding.trace)
        for name, text in (("Why", finding.why), ("Fix", finding.fix)):
            if text:
                yield f'<p class="remark"><b>{name}</b> {_words(sentence(text))}</p>'
        yield "</article>"

    def _way(self, trace: Iterable[Hop]) -> str:
        steps = "".join(
            f"<li><code>{escape(visible(hop.function))}</code>"
            f"<small>{escape(self._places.point(hop.path, hop.span.line))}</small></li>"
            for hop in trace
        )
        return f'<ol class="way" aria-label="The way there">{steps}</ol>'

    def _notices(self, notices: Sequence[Notice]) -> Iterator[str]:
        yield '<section id="notices"><h2>Not analysed</h2><ul>'
        for notice in notices:
            place = escape(self._places.point(notice.path, notice.line, notice.column))
            yield f"<li><code>{place}</code> {_words(sentence(notice.message))}</li>"
        yield "</ul></section>"


def _grouped(findings: Iterable[Finding], key: Callable[[Finding], str]) -> Iterator[tuple[str, list[Finding]]]:
    for name, group in groupby(sorted(findings, key=key), key=key):
        yield name, list(group)


def _total(result: Result) -> str:
    files = _counted(result.analysed, "file")
    if not result.findings:
        return f"Nothing to report in {files}."
    return f"{_counted(len(result.findings), 'finding')}; {files} analysed."


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _summary(findings: Sequence[Finding]) -> str:
    """The rules with findings, each a link to its section with the number of its findings by confidence."""
    rows = []
    for rule, group in _grouped(findings, lambda finding: finding.rule):
        page = find(rule)
        counts = (sum(finding.confidence == each for finding in group) for each in CONFIDENCES)
        cells = "".join(f"<td>{count or ''}</td>" for count in counts)
        name = escape(page.name if page else "")
        rows.append(f'<tr><th scope="row"><a href="#{escape(rule)}">{escape(rule)}</a> {name}</th>{cells}</tr>')
    if not rows:
        return ""
    heads = "".join(f'<th scope="col">{each}</th>' for each in CONFIDENCES)
    return f"<table><thead><tr><td></td>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _words(text: str) -> str:
    """Harmless running text as HTML, with what stands between backquotes as code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return escape(text)
    return "".join(
        f"<code>{escape(piece)}</code>" if index % 2 else escape(piece) for index, piece in enumerate(pieces)
    )


def _paint(text: str, *, fg: str | None = None, bold: bool = False) -> str:
    """The painter of code frames: colours become classes of the style sheet."""
    classes = " ".join(name for name in (fg, "bold" if bold else None) if name)
    return f'<span class="{classes}">{escape(text)}</span>' if classes else escape(text)
