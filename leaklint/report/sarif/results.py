"""The results of a log: one a finding."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256

from sarif_om import CodeFlow, Fix, Message, ThreadFlow, ThreadFlowLocation
from sarif_om import Result as SarifResult

from leaklint.findings import Finding, Site
from leaklint.report.escape import visible
from leaklint.report.prose import LEVELS, paragraph
from leaklint.report.sarif.fingerprints import line_hashes
from leaklint.report.sarif.locations import Locations
from leaklint.report.sources import SourceReader

_RELATED_LIMIT = 99
_STEP_LIMIT = 999
_TEXT_LIMIT = 2000
_LINK = re.compile(r"\[([^\[\]]*)\]\(")


class Results:
    """Makes the results of one log. ``rule_indexes``: where each rule stands in its list of rules."""

    def __init__(self, locations: Locations, sources: SourceReader, rule_indexes: Mapping[str, int]) -> None:
        self._locations = locations
        self._sources = sources
        self._rule_indexes = rule_indexes
        self._seen: Counter[tuple[str, str]] = Counter()
        self._hashes = cache(self._hash_lines)

    def of(self, findings: Iterable[Finding]) -> list[SarifResult]:
        """The results of all ``findings``, in their order."""
        return [self._result(finding) for finding in findings]

    def _result(self, finding: Finding) -> SarifResult:
        related = finding.related[:_RELATED_LIMIT]
        return SarifResult(
            rule_id=finding.rule,
            rule_index=self._rule_indexes.get(finding.rule, -1),
            level=LEVELS[finding.confidence],
            message=Message(text=_message(finding, related)),
            locations=[self._locations.at(finding.primary.path, finding.primary.span)],
            related_locations=[
                self._locations.at(site.path, site.span, label=site.label or "related place", number=number)
                for number, site in enumerate(related, 1)
            ]
            or None,
            code_flows=self._flows(finding),
            fixes=self._fixes(finding),
            partial_fingerprints=self._fingerprints(finding),
            properties={"container": visible(finding.container), "confidence": finding.confidence},
        )

    def _flows(self, finding: Finding) -> list[CodeFlow] | None:
        if not finding.trace:
            return None
        steps = [
            self._locations.at(hop.path, hop.span, label=f"`{hop.function}`") for hop in finding.trace[:_STEP_LIMIT]
        ]
        primary = finding.primary
        steps.append(self._locations.at(primary.path, primary.span, label=primary.label or "grows here"))
        return [CodeFlow(thread_flows=[ThreadFlow(locations=[ThreadFlowLocation(location=step) for step in steps])])]

    def _fixes(self, finding: Finding) -> list[Fix] | None:
        if finding.mend is None:
            return None
        change = self._locations.change(finding.primary.path, finding.mend.edits)
        return [Fix(artifact_changes=[change], description=Message(text=visible(finding.mend.title)))]

    def _fingerprints(self, finding: Finding) -> dict[str, str]:
        path, line = finding.primary.path, finding.primary.span.line
        self._seen[path, finding.key] += 1
        own = sha256(finding.key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        fingerprints = {"leaklint/v1": f"{own}:{self._seen[path, finding.key]}"}
        hashes = self._hashes(path)
        if line <= len(hashes):
            fingerprints["primaryLocationLineHash"] = hashes[line - 1]
        return fingerprints

    def _hash_lines(self, path: str) -> Sequence[str]:
        data = self._sources.raw(path)
        return () if data is None else line_hashes(data)


def _message(finding: Finding, related: Sequence[Site]) -> str:
    """Message, reason, mend, and a link to each related place. Its first sentence is the title of the alert."""
    text = _no_links(paragraph(finding))
    if len(text) > _TEXT_LIMIT:
        text = text[: _TEXT_LIMIT - 1] + "…"
    links = ", ".join(_links(related))
    rest = len(finding.related) - len(related)
    more = f" and {rest} more" if rest else ""
    return f"{text} See: {links}{more}." if links else text


def _links(related: Sequence[Site]) -> Iterator[str]:
    for number, site in enumerate(related, 1):
        label = visible(site.label or "related place").replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
        yield f"[{label}]({number})"


def _no_links(text: str) -> str:
    """``table[key](value)`` in code must not read as a link: the bracket is escaped as SARIF says."""
    return _LINK.sub(r"\\[\1\\](", text)
