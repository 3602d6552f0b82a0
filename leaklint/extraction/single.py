"""Extracts the facts of one file, whatever it holds: every failure becomes a problem with its place."""

from __future__ import annotations

import os
from functools import partial

import msgspec

from leaklint import frontend
from leaklint.extraction.outcome import TOO_DEEP, Outcome
from leaklint.extraction.scan import scan
from leaklint.facts import Problem
from leaklint.files import Unreadable, fingerprint, read

MINIFIED_LINE = 5000
"""A JavaScript or TypeScript file with a longer line (in characters) was made by a program."""


def extract_file(path: str, relative: str, limit: int) -> Outcome:
    """The outcome for the file at ``path`` (absolute), called ``relative`` in facts; ``limit`` is its size in bytes."""
    try:
        source = read(path, limit)
    except Unreadable as error:
        return Outcome(problem=Problem(str(error)), content=str(error))
    return extract_source(relative, source)


def extract_source(relative: str, source: bytes) -> Outcome:
    """The outcome for ``source``, the content of the file called ``relative`` in facts."""
    return msgspec.structs.replace(_extract(relative, source), content=fingerprint(source))


def _extract(relative: str, source: bytes) -> Outcome:
    if frontend.LANGUAGES[os.path.splitext(relative)[1]] != "python":
        return Outcome(skipped="minified") if is_minified(source) else parse(relative, source)
    looks = scan(source)
    if looks.refused:
        return Outcome(problem=looks.refused)
    if not looks.unusual:
        return parse(relative, source)
    from leaklint.extraction.isolated import isolated  # processes: not needed for usual files

    return isolated(partial(parse, relative, source), relative)


def is_minified(source: bytes) -> bool:
    """Whether a line of ``source`` has more than ``MINIFIED_LINE`` characters."""
    return any(
        len(line.decode(errors="replace")) > MINIFIED_LINE for line in source.splitlines() if len(line) > MINIFIED_LINE
    )


def parse(relative: str, source: bytes) -> Outcome:
    """The facts of ``source``; an internal error is a problem of this file alone."""
    try:
        return Outcome(facts=frontend.extract(relative, source))
    except RecursionError:
        return Outcome(problem=TOO_DEEP)
    except Exception as error:  # noqa: BLE001 - a defect of leaklint must not cost the other files their report
        return Outcome(problem=Problem(f"internal error, please report it: {type(error).__name__}: {error}"))
