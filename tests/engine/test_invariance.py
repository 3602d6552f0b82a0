"""The report does not depend on the machine: order of files, processes, locale, time zone, hash seed, directory."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures"
_RUN = """
import os, sys
from leaklint.extraction import pool
pool.POOL_BYTES = 0
if "reversed" in sys.argv:
    scandir, listdir = os.scandir, os.listdir
    class Reversed:
        def __init__(self, path="."): self.entries = list(reversed(sorted(scandir(path), key=lambda e: e.name)))
        def __enter__(self): return iter(self.entries)
        def __exit__(self, *error): pass
    os.scandir, os.listdir = Reversed, lambda path=".": list(reversed(sorted(listdir(path))))
sys.argv = ["leaklint", *[word for word in sys.argv[1:] if word != "reversed"]]
from leaklint.cli import main
main()
"""
SETTINGS: dict[str, dict[str, str]] = {
    "hash seed": {"PYTHONHASHSEED": "1"},
    "another hash seed": {"PYTHONHASHSEED": "12345"},
    "locale": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"},
    "turkish": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "time zone": {"TZ": "Pacific/Kiritimati"},
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fixtures of both languages as one project."""
    root = tmp_path_factory.mktemp("invariance") / "project"
    for language in ("python", "typescript"):
        shutil.copytree(FIXTURES / language, root / language)
    (root / ".git").mkdir()  # paths in reports start at the repository
    return root


def digests(project: Path, *words: str, jobs: int = 2, cwd: Path | None = None, **environment: str) -> str:
    """A digest of the findings in ``project``, by a run with these words and settings."""
    target = project.parent / f"report-{os.getpid()}.json"
    options = [
        "--min-confidence",
        "low",
        "--exit-zero",
        "--isolated",
        "--format",
        "json",
        "--jobs",
        str(jobs),
        "--output",
        str(target),
    ]
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *words, "check", *options, str(project)],
        cwd=cwd or project,
        env={**os.environ, "PYTHONHASHSEED": "0", **environment},
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(target.read_bytes())["findings"]
    return hashlib.sha256(target.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def plain(project: Path) -> str:
    return digests(project)


@pytest.mark.parametrize("setting", SETTINGS)
def test_environment(project: Path, plain: str, setting: str) -> None:
    assert digests(project, **SETTINGS[setting]) == plain


def test_order_of_files(project: Path, plain: str) -> None:
    assert digests(project, "reversed") == plain


@pytest.mark.parametrize("jobs", [1, 3])
def test_number_of_processes(project: Path, plain: str, jobs: int) -> None:
    assert digests(project, jobs=jobs) == plain


def test_working_directory(project: Path, plain: str, tmp_path: Path) -> None:
    assert digests(project, cwd=tmp_path) == plain
