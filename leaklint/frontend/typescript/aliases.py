"""What a project's own settings say about absolute module paths: workspace packages and path aliases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from leaklint.facts import Alias, Problem
from leaklint.files import Unreadable
from leaklint.frontend.typescript.packages import package_aliases
from leaklint.frontend.typescript.relaxed_json import Json, JsonError, read_json
from leaklint.frontend.typescript.sources import Sources
from leaklint.frontend.typescript.tsconfig import compiler_aliases
from leaklint.frontend.witness import Seen, Witness

_PACKAGE = "package.json"
_SETTINGS = re.compile(r"package\.json|jsconfig\.json|tsconfig.*\.json")


class ProjectAliases(NamedTuple):
    """``aliases`` in the order to try them; ``problems`` are pairs of a settings file (below the root) and what is wrong.

    They hold as long as everything is as it was ``seen``.
    """

    aliases: tuple[Alias, ...]
    problems: tuple[tuple[str, Problem], ...]
    seen: tuple[Seen, ...] = ()


class Settings:
    """Reads settings files below one root, each once; remembers what is wrong with them."""

    def __init__(self, root: Path) -> None:
        self.witness = Witness(str(root))
        self.problems: list[tuple[str, Problem]] = []
        self._read: dict[str, dict[str, Json]] = {}

    def read(self, path: str) -> dict[str, Json]:
        """The object in the file at ``path`` (below the root, with ``/``); empty where there is none."""
        if path not in self._read:
            self._read[path] = self._load(path)
        return self._read[path]

    def list(self, folder: str) -> list[str]:
        """The settings files in ``folder`` as paths below the root; of the compiler's, the one it takes by itself first."""
        names = [name for name in self.witness.names(folder, ".json") if _SETTINGS.fullmatch(name)]
        found = sorted(names, key=lambda name: (len(name), name))
        return [f"{folder}/{name}" if folder else name for name in found]

    def _load(self, path: str) -> dict[str, Json]:
        try:
            source = self.witness.read(path)
        except Unreadable as error:
            self.problems.append((path, Problem(str(error))))
            return {}
        if source is None:
            return {}
        try:
            value = read_json(source)
        except JsonError as error:
            self.problems.append((path, Problem(f"ignored: {error}", error.line, error.column)))
            return {}
        return value if isinstance(value, dict) else {}


def read_aliases(root: Path, files: Iterable[str]) -> ProjectAliases:
    """The aliases that hold for ``files`` (paths below ``root``, with ``/``).

    Read are the ``package.json``, ``tsconfig*.json`` and ``jsconfig.json`` in the directories of the files and above,
    inside ``root``. Only aliases that lead to one of the files are kept. Never raises for what stands in a file.
    """
    sources = Sources(files)
    settings = Settings(root)
    paths: list[Alias] = []
    packages: list[Alias] = []
    for folder in sources.folders:
        for path in settings.list(folder):
            if path.endswith(_PACKAGE):
                packages.extend(package_aliases(settings.read(path), folder, sources))
            else:
                paths.extend(compiler_aliases(settings.read, path, sources))
    aliases = (*paths, *packages)
    return ProjectAliases(tuple(dict.fromkeys(aliases)), tuple(settings.problems), settings.witness.seen)
