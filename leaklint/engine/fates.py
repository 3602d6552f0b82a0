"""What becomes of each finding: it is reported, or something keeps it out of the report."""

from __future__ import annotations

import os
from typing import Literal, NamedTuple

from leaklint.config import Located
from leaklint.config.selection import not_selected
from leaklint.discovery import Discovery
from leaklint.engine.conclusion import Conclusion
from leaklint.engine.settings import Settings
from leaklint.findings import Finding

By = Literal["", "paths", "configuration", "comment"]


class Fate(NamedTuple):
    """A finding, by what it is kept out of the report (empty: reported), and that in words."""

    finding: Finding
    by: By = ""
    words: str = ""


def fates(conclusion: Conclusion, found: Discovery, settings: Settings) -> list[Fate]:
    """What becomes of every finding of a run."""
    return [_fate(finding, found, settings) for finding in conclusion.findings]


def _fate(finding: Finding, found: Discovery, settings: Settings) -> Fate:
    place = os.path.join(found.root, finding.primary.path)
    if not _concerns(finding, place, found):
        return Fate(finding, "paths", "it is not in a named directory and depends on no named file")
    located = located_for(finding, found)
    words = not_selected(finding, place, located, settings.min_confidence)
    return Fate(finding, "configuration" if words else "", words)


def _concerns(finding: Finding, place: str, found: Discovery) -> bool:
    """Whether ``finding`` lies in a named directory or depends on a named file."""
    if any(place.startswith(os.path.join(directory, "")) for directory in found.directories):
        return True
    return any(os.path.join(found.root, path) in found.focus for path in (finding.primary.path, *finding.depends))


def located_for(finding: Finding, found: Discovery) -> Located:
    """The configuration of the file that holds ``finding``."""
    return found.configurations.of(os.path.dirname(os.path.join(found.root, finding.primary.path)))
