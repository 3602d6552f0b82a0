"""Which findings a configuration lets through."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from leaklint.catalog.pages import find
from leaklint.config import Located
from leaklint.findings import CONFIDENCES, Confidence, Finding

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Asked(NamedTuple):
    """What the command line says about reporting: None and nothing leave it to the configuration of each file."""

    min_confidence: Confidence | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


def not_selected(finding: Finding, path: str, located: Located, asked: Asked) -> str:
    """Why ``finding`` in the file at ``path`` (absolute) is left out under what is ``located`` there; empty: it is not."""
    least = asked.min_confidence or located.configuration.min_confidence
    if CONFIDENCES.index(finding.confidence) > CONFIDENCES.index(least):
        return f"its confidence, {finding.confidence}, is below {least} (min-confidence)"
    if _names(asked.ignore, finding.rule):
        return f"{finding.rule} is ignored (--ignore)"
    if asked.select:
        return "" if _names(asked.select, finding.rule) else f"{finding.rule} is not selected (--select)"
    return _not_configured(finding, path, located)


def _not_configured(finding: Finding, path: str, located: Located) -> str:
    configuration = located.configuration
    if configuration.select is not None and not _names(configuration.select, finding.rule):
        return f"{finding.rule} is not selected ({located.file})"
    if _names(configuration.ignore, finding.rule):
        return f"{finding.rule} is ignored ({located.file})"
    below = os.path.relpath(path, located.base).replace(os.sep, "/")
    for pattern, rules in configuration.per_file_ignores.items():
        if _names(rules, finding.rule) and _matches(pattern, below):
            return f"{finding.rule} is ignored in {pattern!r} ({located.file})"
    return ""


def _names(rules: Iterable[str], rule: str) -> bool:
    return any(word == rule or _id(word) == rule for word in rules)


@lru_cache(256)
def _id(word: str) -> str:
    page = find(word)
    return page.id if page else word


def _matches(pattern: str, below: str) -> bool:
    return _spec((pattern,)).match_file(below)


@lru_cache(256)
def _spec(patterns: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)
