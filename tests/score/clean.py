"""Servers that were read and found clean: ``python -m tests.score.clean MIRRORS``.

The section *clean servers* of ``../shared/corpus/repositories.txt`` names them, each with its commit and the folders that
count. In none of them may there be a report at high confidence, nor more than one at medium.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.score.corpus import CHECKOUT, CORPUS, scorer

MOST = 1
"""How many reports at medium confidence a clean server may have."""


class Server(NamedTuple):
    """A line of the section: a repository at a commit, the whole of it without ``folders``."""

    repository: str
    commit: str
    folders: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        folders = ", ".join(f"`{folder}`" for folder in self.folders)
        return f"{self.repository} {folders}".rstrip()


class Shown(NamedTuple):
    """What is reported in a server at default settings, as ``path:line container rule``, by confidence."""

    server: Server
    high: tuple[str, ...]
    medium: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.high and len(self.medium) <= MOST


def servers(listing: str) -> list[Server]:
    """The servers that ``listing``, the text of ``repositories.txt``, calls clean."""
    section = re.search(r"^## clean servers.*?\n(.*?)(?=^## |\Z)", listing, re.DOTALL | re.MULTILINE)
    lines = [line.split() for line in section[1].splitlines()] if section else []
    return [Server(repository, commit, tuple(folders)) for repository, commit, *folders in filter(None, lines)]


def check(mirrors: Path) -> list[Shown]:
    """What is reported in each of the clean servers."""
    return [_shown(server, mirrors) for server in servers((CORPUS / "repositories.txt").read_text())]


def table(found: list[Shown]) -> Iterator[str]:
    """One row a server."""
    yield from ("| server | high | medium |", "|---|---|---|")
    for shown in found:
        yield f"| {shown.server.title} | {_cell(shown.high)} | {_cell(shown.medium)} |"


def _cell(reports: tuple[str, ...]) -> str:
    return f"{len(reports)}: {', '.join(f'`{report}`' for report in reports)}" if reports else "0"


def _shown(server: Server, mirrors: Path) -> Shown:
    with TemporaryDirectory() as place:
        if not scorer().checkout(str(mirrors), server.repository, server.commit, place):
            raise SystemExit(f"{server.repository}@{server.commit} cannot be checked out of {mirrors}")
        leaks = _leaks(Path(place), server.folders or (".",))
    return Shown(server, *(tuple(_place(one) for one in leaks if one["confidence"] == c) for c in ("high", "medium")))


def _leaks(root: Path, folders: tuple[str, ...]) -> list[dict[str, str]]:
    # -P: the checked project lies in the working directory and may have a package of the same name
    command = (sys.executable, "-P", "-m", "leaklint", "check", "--exit-zero", "--format", "json", *folders)
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT)}
    run = subprocess.run(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return [leak | leak["primary"] for leak in json.loads(run.stdout)["findings"]]


def _place(leak: dict[str, str]) -> str:
    return f"{leak['path']}:{leak['line']} {leak['container']} {leak['rule']}"


def main() -> None:
    """Print the table; fails if a server has more than it may."""
    found = check(Path(sys.argv[1]).resolve())
    print("\n".join(table(found)))
    if not all(shown.holds for shown in found):
        raise SystemExit("a clean server has too many reports")


if __name__ == "__main__":
    main()
