"""Which files of the program import which: what a file can get at, and who can get at it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from leaklint.analysis.linking.program import File, Program
from leaklint.facts import Import


class Imports:
    """The imports of a program, by the paths of its files."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._memo: dict[str, frozenset[str]] = {}

    @cached_property
    def forth(self) -> dict[str, set[str]]:
        """For each file the files it imports."""
        return {f.path: set(self._imported(f)) for f in self._program.files}

    @cached_property
    def back(self) -> dict[str, set[str]]:
        """For a file the files that import it."""
        found: dict[str, set[str]] = {}
        for path, imported in self.forth.items():
            for other in imported:
                found.setdefault(other, set()).add(path)
        return found

    def reached(self, path: str) -> frozenset[str]:
        """The files that the one at ``path`` imports, itself or through others; it is one of them."""
        if path not in self._memo:
            self._memo[path] = frozenset(closure(path, self.forth))
        return self._memo[path]

    def _imported(self, file: File) -> Iterator[str]:
        for func in file.functions:
            for binding in (b for bound in func.own_bindings.values() for b in bound):
                if binding.imported is None or (isinstance(binding.stmt, Import) and binding.stmt.typing_only):
                    continue
                path = self._program.modules.find(file.path, binding.imported)
                if path is not None and path != file.path:
                    yield path


def closure(start: str, edges: dict[str, set[str]]) -> set[str]:
    """Everything that can be reached from ``start``."""
    found, stack = {start}, [start]
    while stack:
        for other in edges.get(stack.pop(), ()):
            if other not in found:
                found.add(other)
                stack.append(other)
    return found
