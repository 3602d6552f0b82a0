"""A baseline: the findings that are known already. Which of a run's findings it knows, and which of its entries are stale.

A finding is known by its rule, the functions in which its object grows, and the container: never by its line.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import msgspec

from leaklint.findings import CONFIDENCES, Finding


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, order=True):
    """So many findings with one key. ``path`` is a hint: where the code was, relative to the baseline's directory, with ``/``."""

    path: str
    rule: str
    qualname: str
    container: str
    count: int = 1


class Sighting(NamedTuple):
    """A finding of this run, with its path relative to the baseline's directory, with ``/``.

    ``paths`` are those of all files that the finding rests on: an object may grow in several, and which of its growths is
    shown first depends on what the files are called.
    """

    path: str
    finding: Finding
    paths: frozenset[str] = frozenset()

    @classmethod
    def of(cls, finding: Finding, root: str, base: str) -> Sighting:
        """``finding`` (its paths relative to ``root``) as seen from ``base``; both absolute."""

        def seen(path: str) -> str:
            return os.path.relpath(os.path.join(root, path), base).replace(os.sep, "/")

        return cls(seen(finding.primary.path), finding, frozenset(map(seen, finding.depends)))


class Comparison(NamedTuple):
    """The numbers of the sightings that are known, and the entries that are left over, with how many are."""

    known: frozenset[int]
    left: tuple[Entry, ...]


def entries_of(sightings: Iterable[Sighting]) -> tuple[Entry, ...]:
    """The entries that make all of ``sightings`` known, in a stable order."""
    counts: dict[tuple[str, str, str, str], int] = {}
    for path, finding, _ in sightings:
        key = (path, finding.rule, finding.qualname, finding.container)
        counts[key] = counts.get(key, 0) + 1
    return tuple(
        Entry(path=path, rule=rule, qualname=qualname, container=container, count=count)
        for (path, rule, qualname, container), count in sorted(counts.items())
    )


def compare(entries: Sequence[Entry], sightings: Sequence[Sighting], is_gone: Callable[[Entry], bool]) -> Comparison:
    """Which of ``sightings`` the ``entries`` know: first by key and path, then by key and one of the other files, then, for
    code that is gone, by key alone."""
    left = [entry.count for entry in entries]
    known: set[int] = set()
    order = sorted(range(len(sightings)), key=lambda number: CONFIDENCES.index(sightings[number].finding.confidence))
    by_key: dict[tuple[str, str, str], list[int]] = {}
    for index, entry in enumerate(entries):
        by_key.setdefault((entry.rule, entry.qualname, entry.container), []).append(index)
    for fits in (_is_there, _is_in_another_file, lambda entry, _: is_gone(entry)):
        for number in order:
            if number in known:
                continue
            sighting = sightings[number]
            for index in (index for key in _keys(sighting.finding) for index in by_key.get(key, ())):
                if left[index] and fits(entries[index], sighting):
                    left[index] -= 1
                    known.add(number)
                    break
    rest = (msgspec.structs.replace(entry, count=left[index]) for index, entry in enumerate(entries) if left[index])
    return Comparison(frozenset(known), tuple(rest))


def _is_there(entry: Entry, sighting: Sighting) -> bool:
    return entry.path == sighting.path


def _is_in_another_file(entry: Entry, sighting: Sighting) -> bool:
    return entry.path in sighting.paths


def _keys(finding: Finding) -> list[tuple[str, str, str]]:
    functions = dict.fromkeys((finding.qualname, *finding.grows_in))
    return [(finding.rule, qualname, finding.container) for qualname in functions]
