"""Patterns as ``.gitignore`` files write them, asked about one entry of a directory at a time."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from leaklint.files import Unreadable, read

_LIMIT_BYTES = 1_000_000
GIT_IGNORED = "git-ignored"

_Rule = tuple[re.Pattern[str], bool]


class Patterns:
    """An ordered list of patterns about entries below the directory ``base``.

    A pattern speaks of the entry it names, not of what lies below: the walk never enters what is ignored, and never asks
    about what was named, so that ``leaklint node_modules/x`` reads a directory that ``node_modules/`` hides.
    """

    def __init__(self, reason: str, lines: Sequence[str], base: str) -> None:
        self.reason = reason
        self._lines = lines
        self._cut = len(base.rstrip(os.sep)) + 1

    @classmethod
    def read(cls, path: str, base: str) -> Patterns | None:
        """The patterns of the git-ignore file at ``path``; None where there is none that says something."""
        try:
            text = read(path, _LIMIT_BYTES).decode(errors="surrogateescape").replace("\r\n", "\n")
        except Unreadable:
            return None
        lines = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
        return cls(GIT_IGNORED, lines, base) if lines else None

    @cached_property
    def _rules(self) -> tuple[_Rule, ...]:
        """Last pattern first, for the last one that matches decides."""
        return tuple(reversed(list(_compile(self._lines))))

    def verdict(self, path: str, is_directory: bool) -> bool | None:
        """Whether the entry at ``path`` (absolute, below the base) is ignored; None where no pattern speaks of it."""
        below = path[self._cut :].replace(os.sep, "/") + ("/" if is_directory else "")
        for regex, include in self._rules:
            match = regex.search(below)
            if match and _names_the_entry(match, below, is_directory):
                return include
        return None


def _compile(lines: Sequence[str]) -> Iterator[_Rule]:
    from pathspec import GitIgnoreSpec

    for line in lines:
        try:
            rules = GitIgnoreSpec.from_lines([line]).patterns
        except ValueError:  # git, too, passes over a pattern that means nothing
            continue
        for rule in rules:
            if rule.include is not None and rule.regex is not None:
                yield rule.regex, rule.include


def _names_the_entry(match: re.Match[str], below: str, is_directory: bool) -> bool:
    """Whether the pattern matched the entry itself and not merely a directory above it.

    pathspec marks the slash after a directory that the whole pattern matched; patterns that end in ``/**`` have no mark
    and match everything in the directory, but not the directory.
    """
    if "ps_d" not in match.re.groupindex:
        return not (is_directory and match.end() == len(below))
    last = len(below) - 1
    is_whole = match.start("ps_d") in (-1, last)
    return is_whole or match.re.search(below, last) is not None  # "*/" finds the slash of every directory above


def ignored(stack: Sequence[Patterns], path: str, is_directory: bool) -> str | None:
    """The reason why ``path`` is ignored, or None. Later lists of ``stack`` (deeper directories) win over earlier ones."""
    for patterns in reversed(stack):
        verdict = patterns.verdict(path, is_directory)
        if verdict is not None:
            return patterns.reason if verdict else None
    return None
