"""Which findings of a run are known already: from a baseline, or from the merge base with a revision."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from leaklint import frontend
from leaklint.baseline import Entry, Sighting, compare
from leaklint.baseline.file import read
from leaklint.discovery import Discovery
from leaklint.engine.fates import By, Fate
from leaklint.engine.settings import Settings
from leaklint.findings import Notice


def without_known(told: Sequence[Fate], found: Discovery, settings: Settings) -> tuple[list[Fate], list[Notice]]:
    """``told`` with those marked that a baseline knows, and what is said about stale entries.

    Raises:
        BaselineError: a baseline that was asked for cannot be used.
    """
    marked = list(told)
    notices: list[Notice] = []
    for path, numbers in sorted(_by_baseline(told, found, settings).items()):
        entries, base = read(path), os.path.dirname(path)
        chosen = {number: told[number] for number in numbers}
        new, left = marked_by(entries, chosen, found.root, base, "baseline", f"it is in the baseline {path}")
        for number, fate in new.items():
            marked[number] = fate
        notices += _stale(left, entries, path, found)
    return marked, notices


def marked_by(
    entries: Sequence[Entry], told: dict[int, Fate], root: str, base: str, by: By, words: str
) -> tuple[dict[int, Fate], tuple[Entry, ...]]:
    """The reported ones of ``told`` that ``entries`` (paths relative to ``base``) know, marked; and the entries left."""
    numbers = [number for number, fate in told.items() if fate.by != "comment"]
    sightings = [Sighting.of(told[number].finding, root, base) for number in numbers]
    result = compare(entries, sightings, _gone_from(base))
    known = [numbers[index] for index in sorted(result.known)]
    return {n: Fate(told[n].finding, by, words) for n in known if not told[n].by}, result.left


def _by_baseline(told: Sequence[Fate], found: Discovery, settings: Settings) -> dict[str, list[int]]:
    """The numbers of the findings by the baseline (absolute path) that holds for them."""
    if settings.baseline == "":
        return {}
    chosen = os.path.abspath(settings.baseline) if settings.baseline else ""
    by_file: dict[str, list[int]] = {chosen: []} if chosen else {}
    for path in () if chosen else _configured(found):
        by_file[path] = []
    for number, fate in enumerate(told):
        path = chosen or _baseline_for(os.path.dirname(os.path.join(found.root, fate.finding.primary.path)), found)
        if path:
            by_file.setdefault(path, []).append(number)
    return by_file


def _configured(found: Discovery) -> Iterator[str]:
    return (path for directory in found.directories if (path := _baseline_for(directory, found)))


def _baseline_for(directory: str, found: Discovery) -> str:
    located = found.configurations.of(directory)
    name = located.configuration.baseline
    return os.path.normpath(os.path.join(located.base, name)) if name else ""


def _gone_from(base: str) -> Callable[[Entry], bool]:
    """Tells whether the code of an entry is no longer where its path says."""

    @cache
    def functions(path: str) -> frozenset[str]:
        try:
            with open(os.path.join(base, path), "rb") as file:
                facts = frontend.extract(path, file.read())
        except (OSError, KeyError, RecursionError):
            return frozenset()
        return frozenset(function.qualname for function in facts.functions)

    return lambda entry: entry.qualname not in functions(entry.path)


def _stale(left: Sequence[Entry], entries: Sequence[Entry], path: str, found: Discovery) -> Iterator[Notice]:
    """A note for each entry that no finding meets, of those whose file was read or does not exist any more."""
    base = os.path.dirname(path)
    lines = {(e.path, e.rule, e.qualname, e.container): number for number, e in enumerate(entries, 4)}
    for entry in left:
        place = os.path.normpath(os.path.join(base, entry.path))
        if place in found.files or not os.path.exists(place):
            name = f"{entry.rule} in {entry.qualname} ({entry.path}), {entry.container}"
            yield Notice(
                path=_relative(path, "", found.root),
                message=f"stale entry, no such finding any more: {name}; write the baseline anew to drop it",
                line=lines[entry.path, entry.rule, entry.qualname, entry.container],
                level="note",
            )


def _relative(path: str, root: str, base: str) -> str:
    return os.path.relpath(os.path.join(root, path), base).replace(os.sep, "/")
