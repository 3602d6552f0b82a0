"""What becomes of each finding: it is reported, or something keeps it out of the report."""

from __future__ import annotations

import os
from typing import Literal, NamedTuple

from leaklint.config import Located
from leaklint.config.selection import Asked, not_selected
from leaklint.discovery import Discovery
from leaklint.engine.conclusion import Conclusion
from leaklint.engine.settings import Settings
from leaklint.facts import Directive
from leaklint.findings import Finding
from leaklint.suppressions import suppress

By = Literal["", "paths", "configuration", "comment", "baseline", "since"]


class Fate(NamedTuple):
    """A finding, by what it is kept out of the report (empty: reported), and that in words."""

    finding: Finding
    by: By = ""
    words: str = ""


def fates(conclusion: Conclusion, found: Discovery, settings: Settings) -> list[Fate]:
    """What becomes of every finding of a run, and of the remarks about its suppressions, by place."""
    findings = conclusion.findings
    by: dict[int, Directive] = {}
    remarks: tuple[Finding, ...] = ()
    if settings.ignores:
        by, remarks = suppress(
            conclusion.annotated, findings, lambda path: _located(path, found).configuration.require_reason
        )
    told = [_fate(finding, by.get(number), found, settings) for number, finding in enumerate(findings)]
    told += [_fate(remark, None, found, settings) for remark in remarks]
    return sorted(told, key=lambda fate: _order(fate.finding))


def _order(finding: Finding) -> tuple[str, int, int, str]:
    span = finding.primary.span
    return finding.primary.path, span.line, span.column, finding.rule


def _fate(finding: Finding, directive: Directive | None, found: Discovery, settings: Settings) -> Fate:
    path = finding.primary.path
    place = os.path.join(found.root, path)
    if not _concerns(finding, place, found):
        return Fate(finding, "paths", "it is not in a named directory and depends on no named file")
    asked = Asked(settings.min_confidence, settings.select, settings.ignore)
    words = not_selected(finding, place, _located(path, found), asked)
    if words:
        return Fate(finding, "configuration", words)
    if directive is not None:
        return Fate(finding, "comment", f"the comment `{directive.text}` on line {directive.span.line} suppresses it")
    return Fate(finding)


def _concerns(finding: Finding, place: str, found: Discovery) -> bool:
    """Whether ``finding`` lies in a named directory or depends on a named file."""
    if any(place.startswith(os.path.join(directory, "")) for directory in found.directories):
        return True
    return any(os.path.join(found.root, path) in found.focus for path in (finding.primary.path, *finding.depends))


def _located(path: str, found: Discovery) -> Located:
    """The configuration of the file at ``path`` (relative to the root)."""
    return found.configurations.of(os.path.dirname(os.path.join(found.root, path)))
