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
from leaklint.report.options import RESULT_LIMIT, Options
from leaklint.report.places import Places
from leaklint.report.prose import sentence
from leaklint.report.sarif.locations import Locations
from leaklint.report.sarif.results import Results
from leaklint.report.sarif.rules import descriptor
from leaklint.report.sources import SourceReader

_HOME = "https://pypi.org/project/mcp-leaklint/"
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
SIZE_LIMIT = 10_000_000
"""How many bytes a log may have, gzipped: code scanning refuses a larger one."""


def build(result: Result, sources: SourceReader, options: Options, limit: int = RESULT_LIMIT) -> SarifLog:
    """The log of one run, with at most ``limit`` of its findings."""
    locations = Locations(Places(result, options), sources)
    rules = pages()
    kept = _kept(result.findings, limit)
    results = Results(locations, sources, {page.id: index for index, page in enumerate(rules)})
    notifications = [_notification(notice, locations) for notice in result.notices]
    if len(kept) < len(result.findings):
        notifications.append(_limit_notification(len(kept), len(result.findings)))
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


def _kept(findings: Sequence[Finding], limit: int) -> Sequence[Finding]:
    """At most ``limit`` of ``findings``, in their order; those of lower confidence go first."""
    if len(findings) <= limit:
        return findings
    by_confidence = sorted(range(len(findings)), key=lambda index: CONFIDENCES.index(findings[index].confidence))
    return [findings[index] for index in sorted(by_confidence[:limit])]


def _notification(notice: Notice, locations: Locations) -> Notification:
    return Notification(
        level=notice.level,
        message=Message(text=sentence(notice.message)),
        locations=[locations.file(notice.path, notice.line, notice.column)],
    )


def _limit_notification(kept: int, found: int) -> Notification:
    text = (
        f"This log holds {kept} of {found} findings, those of the highest confidence: code scanning keeps {RESULT_LIMIT}"
        f" results of one run and takes {SIZE_LIMIT // 1_000_000} MB, gzipped. The text report has them all."
    )
    return Notification(level="warning", message=Message(text=text))
