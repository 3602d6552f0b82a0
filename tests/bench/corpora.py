"""The code that is measured: what ``../shared/corpus/repositories.txt`` names, checked out from mirrors."""

from __future__ import annotations

import fnmatch
import subprocess
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from leaklint.discovery import discover
from leaklint.frontend import LANGUAGES

LIST = Path(__file__).parents[3] / "shared" / "corpus" / "repositories.txt"
SIZES = ("small", "medium", "large", "ts")
_READ = (*LANGUAGES, "package.json", "config.json", ".gitignore")
_LEFT_OUT = {"large": ("tests/*", "*/tests/*", "test_*.py", "*/test_*.py", "*_test.py", "conftest.py", "*/conftest.py")}


class Source(NamedTuple):
    """One line of the list: a repository, a commit, and the folder that counts (empty: all)."""

    repository: str
    commit: str
    folder: str


class Corpus(NamedTuple):
    """A directory and the source files in it; ``missing`` are repositories that have no mirror."""

    root: Path
    files: tuple[Path, ...]
    lines: int
    missing: tuple[str, ...]


def check_out(size: str, mirrors: Path, target: Path) -> Corpus:
    """The corpus called ``size``, checked out below ``target``. ``mirrors`` holds git directories ``owner+name/repo``."""
    missing = []
    for source in _sources(size):
        git = mirrors / source.repository.replace("/", "+") / "repo"
        if git.is_dir():
            _extract(git, source, _LEFT_OUT.get(size, ()), target / source.repository.replace("/", "+"))
        else:
            missing.append(source.repository)
    (target / "leaklint.toml").touch()  # one project, also for a single file of it
    files = tuple(Path(path) for path in discover([str(target)], LANGUAGES, isolated=True).files)
    return Corpus(target, files, sum(file.read_bytes().count(b"\n") for file in files), tuple(missing))


def _sources(size: str) -> Iterator[Source]:
    for line in LIST.read_text().split("## speed\n")[1].splitlines():
        word, _, rest = line.partition(": ")
        parts = rest.split()
        if word == size and "/" in parts[0]:
            yield Source(parts[0], parts[1], parts[2] if len(parts) > 2 else "")


def _extract(git: Path, source: Source, left_out: tuple[str, ...], target: Path) -> None:
    command = ["git", "--git-dir", str(git)]
    listed = _output(
        [*command, "ls-tree", "-r", "-z", "--name-only", source.commit, "--", *filter(None, [source.folder])]
    )
    names = [
        name
        for name in listed.decode().split("\0")
        if name.endswith(_READ) and not any(fnmatch.fnmatch(name, pattern) for pattern in left_out)
    ]
    with tarfile.open(fileobj=BytesIO(_output([*command, "archive", source.commit, "--", *names]))) as tar:
        tar.extractall(target, filter="data")


def _output(command: list[str]) -> bytes:
    return subprocess.run(command, capture_output=True, check=True).stdout
