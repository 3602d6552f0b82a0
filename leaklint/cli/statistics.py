"""``leaklint check --statistics``: how many findings each rule has."""

from __future__ import annotations

from collections import Counter

from leaklint.catalog.pages import find
from leaklint.findings import CONFIDENCES, Result


def statistics(result: Result) -> str:
    """One line a rule that has findings, the most frequent first: how many, its id and name, and how sure they are."""
    counts = Counter(finding.rule for finding in result.findings)
    rows = [(f"{count:,}", rule, _name(rule), _by_confidence(result, rule)) for rule, count in counts.items()]
    rows.sort(key=lambda row: (-counts[row[1]], row[1]))
    figures, names = (max((len(row[column]) for row in rows), default=0) for column in (0, 2))
    return "".join(f"{count:>{figures}}  {rule}  {name:{names}}  {sure}\n" for count, rule, name, sure in rows)


def _name(rule: str) -> str:
    page = find(rule)
    return page.name if page else ""


def _by_confidence(result: Result, rule: str) -> str:
    found = Counter(finding.confidence for finding in result.findings if finding.rule == rule)
    return ", ".join(f"{found[confidence]:,} {confidence}" for confidence in CONFIDENCES if found[confidence])
