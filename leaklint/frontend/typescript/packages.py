"""Packages of a workspace: the name, ``exports`` and ``imports`` of a ``package.json``."""

from __future__ import annotations

from collections.abc import Iterator

from leaklint.facts import Alias
from leaklint.frontend.typescript.relaxed_json import Json
from leaklint.frontend.typescript.sources import Segments, Sources, below, segments
from leaklint.frontend.typescript.specifiers import strip_extension

_ENTRIES = ("source", "module", "main", "types", "typings")
_CONDITIONS = ("source", "development", "import", "module", "node", "default", "require", "types")
_USUAL_ENTRIES = ("src/index", "index", "src/main")


def package_aliases(package: dict[str, Json], folder: str, sources: Sources) -> list[Alias]:
    """The aliases that the package in ``folder`` gives: its name to all files, ``imports`` to its own."""
    place = segments(folder)
    aliases: list[Alias] = []
    imports = package.get("imports")
    for key, value in imports.items() if isinstance(imports, dict) else ():
        aliases.extend(_aliases(segments(key), value, place, place, sources))
    name = package.get("name")
    if isinstance(name, str) and name:
        aliases.extend(_named(segments(name), package, place, sources))
    return aliases


def _named(name: Segments, package: dict[str, Json], place: Segments, sources: Sources) -> Iterator[Alias]:
    exports = package.get("exports")
    if exports is None:
        entries = [value for field in _ENTRIES if isinstance(value := package.get(field), str)]
        yield from _entry(name, entries, place, sources)
        yield Alias(name, place, wildcard=True)
        return
    if not isinstance(exports, dict) or not any(key.startswith(".") for key in exports):
        exports = {".": exports}
    for key, value in exports.items():
        if key == ".":
            yield from _entry(name, list(_leaves(value)), place, sources)
        else:
            yield from _aliases((*name, *segments(key.removeprefix("./"))), value, place, (), sources)


def _entry(name: Segments, entries: list[str], place: Segments, sources: Sources) -> Iterator[Alias]:
    """What the bare name of the package means: the first entry that is there, or a usual one."""
    for entry in (*entries, *_USUAL_ENTRIES):
        path = below(place, entry)
        found = sources.find_module(path) if path else None
        if found is not None:
            yield Alias(name, found)
            return


def _aliases(name: Segments, value: Json, place: Segments, under: Segments, sources: Sources) -> Iterator[Alias]:
    """One key of ``exports`` or ``imports``; of its targets the first that is there."""
    wildcard = bool(name) and strip_extension(name[-1]) == "*"
    prefix = name[:-1] if wildcard else (*name[:-1], strip_extension(name[-1]))
    for leaf in _leaves(value):
        head, star, _ = leaf.partition("*")
        path = below(place, head if wildcard else leaf)
        if path is None or wildcard is not bool(star):
            continue
        found = sources.find_folder(path) if wildcard else sources.find_module(path)
        if found is not None:
            yield Alias(prefix, found, under, wildcard)
            return


def _leaves(value: Json) -> Iterator[str]:
    """The paths among nested conditions, those for programs first."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, dict):
        known = [name for name in _CONDITIONS if name in value]
        for name in (*known, *(name for name in value if name not in _CONDITIONS)):
            yield from _leaves(value[name])
