"""Annotations of GitHub Actions: workflow commands that put each finding on its line of a pull request."""

from __future__ import annotations

from leaklint.findings import CONFIDENCES, Finding, Notice, Result
from leaklint.report.escape import visible
from leaklint.report.options import Options
from leaklint.report.places import Places
from leaklint.report.prose import LEVELS, paragraph, sentence, way
from leaklint.report.sources import SourceReader

_SHOWN_PER_STEP = 10
_COMMANDS = {"warning": "warning", "note": "notice"}


def render(result: Result, sources: SourceReader, options: Options) -> str:
    """One workflow command a finding and a notice; see :func:`leaklint.report.render`.

    GitHub shows the first ten warnings of a step, so the findings of highest confidence come first, and a line says how
    many are in the log only.
    """
    places = Places(result, options)
    findings = sorted(result.findings, key=lambda finding: CONFIDENCES.index(finding.confidence))
    commands = [_finding(finding, places) for finding in findings]
    commands += [_notice(notice, places) for notice in result.notices]
    beyond = sum(command.startswith("::warning") for command in commands) - _SHOWN_PER_STEP
    if beyond > 0:
        commands.insert(0, _count(beyond))
    return "".join(f"{command}\n" for command in commands)


def _finding(finding: Finding, places: Places) -> str:
    span = finding.primary.span
    properties = {
        "file": places.repository_path(finding.primary.path),
        "line": str(span.line),
        "endLine": str(span.line),
        "col": str(span.column),
        "title": f"{finding.rule} [{finding.confidence}]",
    }
    if span.end_line == span.line:
        properties["endColumn"] = str(span.end_column)
    text = paragraph(finding)
    if finding.trace:
        text += f"\nThe way there: {way(finding.trace, places)}"
    for site in finding.related:
        text += f"\n{places.start(site.path, site.span)}: {visible(site.label)}"
    return _command(_COMMANDS[LEVELS[finding.confidence]], properties, text)


def _notice(notice: Notice, places: Places) -> str:
    properties = {"file": places.repository_path(notice.path)}
    if notice.line:
        properties["line"] = str(notice.line)
    if notice.column:
        properties["col"] = str(notice.column)
    return _command(_COMMANDS[notice.level], {**properties, "title": "leaklint"}, sentence(notice.message))


def _count(beyond: int) -> str:
    text = f"GitHub shows {_SHOWN_PER_STEP} warnings of a step. {beyond} more are in the log of this step."
    return _command("notice", {"title": "leaklint"}, text)


def _command(name: str, properties: dict[str, str], text: str) -> str:
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {written}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
