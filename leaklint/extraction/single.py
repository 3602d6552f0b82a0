"""Extracts the facts of one file, whatever it holds: every failure becomes a problem with its place."""

from __future__ import annotations

import os

from leaklint import frontend
from leaklint.extraction.outcome import Outcome
from leaklint.extraction.source import Unreadable, read
from leaklint.facts import Problem

MINIFIED_LINE = 5000
"""A JavaScript or TypeScript file with a longer line (in characters) was made by a program."""


def extract_file(path: str, relative: str, limit: int) -> Outcome:
    """The outcome for the file at ``path`` (absolute), called ``relative`` in facts; ``limit`` is its size in bytes."""
    try:
        source = read(path, limit)
    except Unreadable as error:
        return Outcome(problem=Problem(str(error)))
    if is_minified(path, source):
        return Outcome(skipped="minified")
    return parse(relative, source)


def is_minified(path: str, source: bytes) -> bool:
    """Whether ``source`` is script code with a line over ``MINIFIED_LINE`` characters."""
    if os.path.splitext(path)[1].startswith(".py"):
        return False
    return any(
        len(line.decode(errors="replace")) > MINIFIED_LINE for line in source.splitlines() if len(line) > MINIFIED_LINE
    )


def parse(relative: str, source: bytes) -> Outcome:
    """The facts of ``source``; an internal error is a problem of this file alone."""
    try:
        return Outcome(facts=frontend.extract(relative, source))
    except RecursionError:
        return Outcome(problem=Problem("nested too deeply to be analysed"))
    except Exception as error:  # noqa: BLE001 - a defect of leaklint must not cost the other files their report
        return Outcome(problem=Problem(f"internal error, please report it: {type(error).__name__}: {error}"))
