"""The rules of a log, each with its page as help."""

from __future__ import annotations

from sarif_om import MultiformatMessageString, ReportingConfiguration, ReportingDescriptor

from leaklint.catalog.pages import Page

_TEXT_LIMIT = 1000
_SEVERITY = {"error": "error", "warning": "warning", "note": "recommendation"}


def descriptor(page: Page) -> ReportingDescriptor:
    """The rule of one page, with what code scanning shows of it."""
    return ReportingDescriptor(
        id=page.id,
        name=page.name,
        short_description=MultiformatMessageString(text=page.title),
        full_description=MultiformatMessageString(text=page.summary[:_TEXT_LIMIT]),
        help=MultiformatMessageString(text=page.markdown, markdown=page.markdown),
        default_configuration=ReportingConfiguration(level=page.level),
        properties={
            "precision": page.precision,
            "problem.severity": _SEVERITY[page.level],
            "tags": list(page.tags),
        },
    )
