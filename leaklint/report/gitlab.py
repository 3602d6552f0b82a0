"""GitLab's code quality report: the issues shown in the widget and in the diff of a merge request."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from typing import Any

from leaklint.findings import Confidence, Finding, Result, Site
from leaklint.report.options import Options
from leaklint.report.places import Places
from leaklint.report.prose import paragraph
from leaklint.report.sources import SourceReader

_SEVERITIES: dict[Confidence, str] = {"high": "major", "medium": "minor", "low": "info"}


def render(result: Result, sources: SourceReader, options: Options) -> str:
    """A JSON list with an object a finding; see :func:`leaklint.report.render`. The format has no place for notices."""
    places = Places(result, options)
    seen: Counter[str] = Counter()
    return json.dumps([_issue(finding, places, seen) for finding in result.findings], indent=2) + "\n"


def _issue(finding: Finding, places: Places, seen: Counter[str]) -> dict[str, Any]:
    issue: dict[str, Any] = {
        "type": "issue",
        "categories": ["Performance"],
        "check_name": finding.rule,
        "description": paragraph(finding),
        "severity": _SEVERITIES[finding.confidence],
        "fingerprint": _fingerprint(finding, places, seen),
        "location": _location(finding.primary, places),
    }
    if finding.related:
        issue["other_locations"] = [_location(site, places) for site in finding.related]
    return issue


def _location(site: Site, places: Places) -> dict[str, Any]:
    lines = {"begin": site.span.line, "end": site.span.end_line}
    return {"path": places.repository_path(site.path), "lines": lines}


def _fingerprint(finding: Finding, places: Places, seen: Counter[str]) -> str:
    """Unique in the report, and the same when lines move: GitLab compares the two branches by it."""
    identity = f"{places.repository_path(finding.primary.path)}\0{finding.key}"
    seen[identity] += 1
    return sha256(f"{identity}\0{seen[identity]}".encode("utf-8", "surrogatepass")).hexdigest()
