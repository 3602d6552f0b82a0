"""The analysed files, seen as modules: what a path in a settings file leads to."""

from __future__ import annotations

from collections.abc import Iterable

from leaklint.frontend.typescript.specifiers import strip_extension

_BUILT = frozenset({"dist", "build", "lib", "out", "output", "esm", "cjs", "es", "types", "mjs"})
_SOURCE = "src"

Segments = tuple[str, ...]


def segments(path: str) -> Segments:
    """The segments of a path below the root; empty for the root itself."""
    return tuple(part for part in path.split("/") if part not in {"", "."})


def below(folder: Segments, path: str) -> Segments | None:
    """``path`` as written in a file of ``folder``; None where it leaves the root."""
    result = list(folder)
    for part in path.split("/"):
        if part == ".." and not result:
            return None
        if part == "..":
            result.pop()
        elif part not in {"", "."}:
            result.append(part)
    return tuple(result)


def module(path: Segments) -> Segments:
    """The path of a module without extension, and without a last ``index``."""
    if not path:
        return path
    stem = strip_extension(path[-1])
    return path[:-1] if stem == "index" else (*path[:-1], stem)


class Sources:
    """Answers which modules and directories are among the analysed files."""

    def __init__(self, files: Iterable[str]) -> None:
        paths = [segments(file) for file in files]
        folders = {path[:length] for path in paths for length in range(len(path))}
        self._modules = {module(path) for path in paths}
        self._folders = folders
        self.folders: tuple[str, ...] = tuple(sorted("/".join(folder) for folder in folders))

    def find_module(self, path: Segments) -> Segments | None:
        """The module at ``path`` (which may have an extension), or its source where ``path`` is what is built from it."""
        return next((found for given in _origins(path) if (found := module(given)) in self._modules), None)

    def find_folder(self, path: Segments) -> Segments | None:
        """The directory at ``path``, or that of the sources where ``path`` is what is built from them."""
        return next((given for given in _origins(path) if given in self._folders), None)


def _origins(path: Segments) -> list[Segments]:
    """``path``, then where its source may be: ``dist/a.js`` is made from ``src/a.ts``, ``a.ts`` or ``dist/../src``."""
    found = [path]
    for place, name in enumerate(path):
        if name not in _BUILT:
            continue
        rest = path[place + 1 :]
        while rest and rest[0] in _BUILT:
            rest = rest[1:]
        found.extend([(*path[:place], _SOURCE, *rest), (*path[:place], *rest)])
    return found
