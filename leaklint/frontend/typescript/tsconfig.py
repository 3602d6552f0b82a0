"""Path aliases of the TypeScript compiler: ``paths`` and ``baseUrl`` of its settings files."""

from __future__ import annotations

from collections.abc import Callable

from leaklint.facts import Alias
from leaklint.frontend.typescript.relaxed_json import Json
from leaklint.frontend.typescript.sources import Segments, Sources, below, segments

Read = Callable[[str], dict[str, Json]]


def compiler_aliases(read: Read, path: str, sources: Sources) -> list[Alias]:
    """The aliases that the settings file at ``path`` and those it extends give to the files below its directory."""
    under = segments(path)[:-1]
    base = _inherited(read, path, "baseUrl", frozenset())
    paths = _inherited(read, path, "paths", frozenset())
    base_folder = below(base[0], base[1]) if base and isinstance(base[1], str) else None
    aliases: list[Alias] = []
    if paths and isinstance(paths[1], dict):
        start = base_folder if base_folder is not None else paths[0]
        for pattern, targets in paths[1].items():
            for target in targets if isinstance(targets, list) else ():
                alias = _alias(pattern, target, start, under, sources)
                aliases.extend([alias] if alias else [])
    if base_folder is not None and sources.find_folder(base_folder) is not None:
        aliases.append(Alias((), base_folder, under, wildcard=True))
    return aliases


def _inherited(read: Read, path: str, option: str, seen: frozenset[str]) -> tuple[Segments, Json] | None:
    """The compiler option, and the directory of the file that sets it; the nearest file wins."""
    settings = read(path)
    options = settings.get("compilerOptions")
    folder = segments(path)[:-1]
    if isinstance(options, dict) and option in options:
        return folder, options[option]
    extended = settings.get("extends")
    for name in reversed(extended if isinstance(extended, list) else [extended]):
        parent = _extended(name, folder)
        if parent and parent not in seen:
            found = _inherited(read, parent, option, seen | {path})
            if found:
                return found
    return None


def _extended(name: Json, folder: Segments) -> str | None:
    """The path of a settings file that is extended by a relative path; those of packages are not looked for."""
    if not isinstance(name, str) or not name.startswith("."):
        return None
    path = below(folder, name if name.endswith(".json") else f"{name}.json")
    return "/".join(path) if path else None


def _alias(pattern: str, target: Json, start: Segments, under: Segments, sources: Sources) -> Alias | None:
    """One pattern with one of its targets; a star elsewhere than in a last segment of its own is not followed."""
    if not isinstance(target, str) or pattern.count("*") > 1:
        return None
    wildcard = pattern == "*" or pattern.endswith("/*")
    if "*" in pattern and not (wildcard and target.endswith("*")):
        return None
    path = below(start, target.removesuffix("*"))
    if path is None:
        return None
    found = sources.find_folder(path) if wildcard else sources.find_module(path)
    return None if found is None else Alias(segments(pattern.removesuffix("*")), found, under, wildcard)
