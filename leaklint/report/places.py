"""How the places of a finding are written: paths for people, paths and URIs for machines."""

from __future__ import annotations

import os
from urllib.parse import quote_from_bytes

from leaklint.facts import Span
from leaklint.findings import Result
from leaklint.report.escape import visible
from leaklint.report.options import Options


class Places:
    """Writes the paths of one result (relative to its root, with ``/``) as the options want them."""

    def __init__(self, result: Result, options: Options) -> None:
        self._root = result.root
        self._working_directory = options.working_directory or result.root
        self._repository = options.repository or result.root

    def path(self, path: str) -> str:
        """For people: relative to the working directory, harmless to print."""
        return visible(_relative(os.path.join(self._root, path), self._working_directory))

    def point(self, path: str, line: int = 0, column: int = 0) -> str:
        """``path:line:column`` for people, without what is 0."""
        return ":".join([self.path(path), *(str(number) for number in (line, column) if number)])

    def start(self, path: str, span: Span) -> str:
        """``path:line:column`` of the start of a span, for people."""
        return self.point(path, span.line, span.column)

    def repository_path(self, path: str) -> str:
        """For machines: relative to the repository with ``/``; absolute where the file lies outside."""
        return visible(self._in_repository(path))

    def uri(self, path: str) -> str:
        """For machines: a percent-encoded URI relative to the repository, or an absolute ``file:`` URI outside it."""
        shown = self._in_repository(path)
        encoded = quote_from_bytes(os.fsencode(shown), safe="/")
        if not os.path.isabs(shown):
            return encoded
        return "file://" + (encoded if encoded.startswith("/") else f"/{encoded}")

    def _in_repository(self, path: str) -> str:
        full = os.path.normpath(os.path.join(self._root, path))
        shown = _relative(full, self._repository)
        outside = shown == os.pardir or shown.startswith(os.pardir + os.sep) or os.path.isabs(shown)
        return (full if outside else shown).replace(os.sep, "/")


def _relative(full: str, start: str) -> str:
    try:
        return os.path.relpath(full, start)
    except ValueError:  # another drive
        return os.path.normpath(full)
