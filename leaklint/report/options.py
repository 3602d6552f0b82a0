"""What the command line decides about a report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a report is written.

    ``colour``: whether text may hold terminal colours (the caller knows the terminal and its wishes).
    ``width``: columns that a line of a code frame may take.
    ``working_directory``: absolute; the paths of text reports are relative to it. Empty: the root of the result.
    ``repository``: absolute root of the repository; the paths of machine-read reports are relative to it. Empty: same.
    """

    colour: bool = False
    width: int = 120
    working_directory: str = ""
    repository: str = ""


RESULT_LIMIT = 5000
"""How many findings of one run GitHub code scanning keeps; of a log with more it drops some without a word."""
