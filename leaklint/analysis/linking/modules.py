"""Which file an import means."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from leaklint.facts import Alias, ImportedName

Segments = tuple[str, ...]

_INDEX_NAMES = frozenset({"__init__", "index"})
"""File names that stand for their directory."""


def module_key(path: str) -> Segments:
    """The path without extension (``a.service.ts`` -> ``a.service``), and without a last segment that stands for its directory."""
    *folders, name = path.split("/")
    stem = name.rsplit(".", 1)[0].removesuffix(".d")
    return tuple(folders) if stem in _INDEX_NAMES else (*folders, stem)


class ModuleIndex:
    """Finds the path of the file that an import names, or None for a library.

    ``aliased``: paths of the files whose absolute imports mean a file of the program only where an alias says so.
    """

    def __init__(
        self, paths: Iterable[str], aliases: Sequence[Alias] = (), aliased: Collection[str] = frozenset()
    ) -> None:
        self._aliased_only = aliased
        self._paths: dict[Segments, str] = {}
        self._by_last: dict[str, list[Segments]] = {}
        for path in sorted(paths, key=lambda p: (p.endswith(".pyi"), p)):
            key = module_key(path)
            if key not in self._paths:
                self._paths[key] = path
                self._by_last.setdefault(key[-1] if key else "", []).append(key)
        self._aliases = sorted(aliases, key=lambda a: (-len(a.under), -len(a.prefix)))
        self._fitting: dict[str, list[Alias]] = {}
        self._known: dict[tuple[str, bool, int, Segments], str | None] = {}

    def find(self, importer: str, imported: ImportedName) -> str | None:
        """The path of the file that holds what ``imported`` names, seen from the file ``importer``."""
        return self.resolve(importer, imported.up, imported.parts)

    def resolve(self, importer: str, up: int, parts: Segments) -> str | None:
        """The path of module ``parts``, ``up`` directories above (0: absolute) as seen from ``importer``."""
        key = (importer.rpartition("/")[0], importer in self._aliased_only, up, parts)
        if key not in self._known:
            self._known[key] = self._resolve(tuple(importer.split("/")[:-1]), key[1], up, parts)
        return self._known[key]

    def _resolve(self, folder: Segments, aliased: bool, up: int, parts: Segments) -> str | None:
        if up:
            base = folder[: len(folder) - (up - 1)] if up <= len(folder) + 1 else None
            return None if base is None else self._paths.get((*base, *parts))
        found = self._aliased(folder, parts)
        return found if found or aliased else self._absolute(folder, parts)

    def _aliased(self, folder: Segments, parts: Segments) -> str | None:
        for alias in self._fitting_to(parts[0] if parts else ""):
            if folder[: len(alias.under)] != alias.under or parts[: len(alias.prefix)] != alias.prefix:
                continue
            rest = parts[len(alias.prefix) :]
            if rest and not alias.wildcard:
                continue
            path = self._paths.get((*alias.target, *rest))
            if path:
                return path
        return None

    def _fitting_to(self, first: str) -> list[Alias]:
        """The aliases that may hold for a module whose path begins with ``first``."""
        if first not in self._fitting:
            self._fitting[first] = [a for a in self._aliases if not a.prefix or a.prefix[0] == first]
        return self._fitting[first]

    def _absolute(self, folder: Segments, parts: Segments) -> str | None:
        """The file whose key ends in ``parts``; of several the one that shares most folders with the importer."""
        if not parts:
            return None
        found = [key for key in self._by_last.get(parts[-1], ()) if key[-len(parts) :] == parts]
        if len(parts) == 1:
            found = [key for key in found if self._is_root(key, folder)]
        if not found:
            return None
        return self._paths[min(found, key=lambda key: (-_shared(key, folder), len(key), key))]

    def _is_root(self, key: Segments, folder: Segments) -> bool:
        """A single name means a top-level module: its folder must be one the importer lies below, or a source root."""
        parent = key[:-1]
        return folder[: len(parent)] == parent or parent not in self._paths


def _shared(one: Segments, other: Segments) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
