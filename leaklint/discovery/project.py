"""Where a file belongs: its project, and its repository."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

PROJECT_MARKS = ("leaklint.toml", "pyproject.toml", "package.json", ".git")


def project_of(path: str) -> str | None:
    """The nearest parent directory of the file ``path`` (absolute) that holds a project mark, or None."""
    return next((d for d in parents(os.path.dirname(path)) if _holds_any(d, PROJECT_MARKS)), None)


def repository_of(path: str) -> str | None:
    """The nearest directory with ``.git``: ``path`` itself (absolute) or a parent of it. Git is not called."""
    return next((d for d in parents(path) if _holds_any(d, (".git",))), None)


def parents(path: str) -> Iterator[str]:
    """``path`` itself, then every directory above it."""
    while True:
        yield path
        above = os.path.dirname(path)
        if above == path:
            return
        path = above


def _holds_any(directory: str, names: Sequence[str]) -> bool:
    return any(os.path.lexists(os.path.join(directory, name)) for name in names)
