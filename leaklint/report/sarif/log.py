"""A whole SARIF log."""

from __future__ import annotations

from collections.abc import Sequence

from sarif_om import (
    Invocation,
    Message,
    Notification,
    Run,
    RunAutomationDetails,
    SarifLog,
    Tool,
    ToolComponent,
)

from leaklint import __version__
from leaklint.catalog.pages import pages
from leaklint.findings import CONFIDENCES, Finding, Notice, Result
from leaklint.report.options import Options
from leaklint.report.places import Places
from leaklint.report.prose import sentence
from leaklint.report.sarif.locations import Locations
from leaklint.report.sarif.results import Results
from leaklint.report.sarif.rules import descriptor
from leaklint.report.sources import SourceReader

_HOME = "https://pypi.org/project/mcp-leaklint/"
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_RESULT_LIMIT = 5000
"""What code scanning keeps of one log; the rest would be dropped without a word."""


def build(result: Result, sources: SourceReader, options: Options) -> SarifLog:
    """The log of one run."""
    locations = Locations(Places(result, options), sources)
    rules = pages()
    kept = _kept(result.findings)
    results = Results(locations, sources, {page.id: index for index, page in enumerate(rules)})
    notifications = [_notification(notice, locations) for notice in result.notices]
    if len(kept) < len(result.findings):
        notifications.append(_limit_notification(len(result.findings) - len(kept)))
    run = Run(
        tool=Tool(
            driver=ToolComponent(
                name="leaklint", version=__version__, information_uri=_HOME, rules=[descriptor(page) for page in rules]
            )
        ),
        invocations=[Invocation(execution_successful=True, tool_execution_notifications=notifications or None)],
        automation_details=RunAutomationDetails(id="leaklint/"),
        column_kind="unicodeCodePoints",
        results=results.of(kept),
    )
    return SarifLog(version="2.1.0", schema_uri=_SCHEMA, runs=[run])


def _kept(findings: Sequence[Finding]) -> Sequence[Finding]:
    """The findings that fit in a log, in their order; those of lower confidence go first."""
    if len(findings) <= _RESULT_LIMIT:
        return findings
    by_confidence = sorted(range(len(findings)), key=lambda index: CONFIDENCES.index(findings[index].confidence))
    return [findings[index] for index in sorted(by_confidence[:_RESULT_LIMIT])]


def _notification(notice: Notice, locations: Locations) -> Notification:
    return Notification(
        level=notice.level,
        message=Message(text=sentence(notice.message)),
        locations=[locations.file(notice.path, notice.line, notice.column)],
    )


def _limit_notification(dropped: int) -> Notification:
    text = (
        f"Code scanning keeps {_RESULT_LIMIT} results of one run; {dropped} more findings of lower or equal confidence"
        " were left out. The text report has them all."
    )
    return Notification(level="warning", message=Message(text=text))
