"""A file whose content comes on standard input is analysed in its project."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from .leaky import CLEAN, COMMAND, LEAKY, run

STORE = """\
sessions: dict[str, str] = {}


def remember(session_id: str, query: str) -> None:
    sessions[session_id] = query
"""
SERVER = """\
from mcp.server.fastmcp import FastMCP
from store import remember

mcp = FastMCP("demo")


@mcp.tool()
async def search(session_id: str, query: str) -> str:
    remember(session_id, query)
    return query
"""


def check(text: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The finished command line with ``text`` on standard input."""
    return subprocess.run(
        [*COMMAND, "-", *arguments], cwd=cwd, input=text, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "server.py").write_text(CLEAN)
    (tmp_path / "src" / "other.py").write_text(LEAKY)
    return tmp_path


def test_the_buffer_is_analysed_and_quoted_and_not_the_file(project: Path) -> None:
    done = check(LEAKY, "--stdin-filename", "src/server.py", cwd=project)
    assert done.returncode == 1
    assert done.stdout.startswith("src/server.py:9:5: LEAK002")
    assert "_sessions[session_id] = query" in done.stdout
    assert "other.py" not in done.stdout
    assert (project / "src" / "server.py").read_text() == CLEAN


def test_a_file_that_is_mended_in_the_buffer_is_silent(project: Path) -> None:
    done = check(CLEAN, "--stdin-filename", "src/other.py", cwd=project)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_rest_of_the_project_is_read_from_disk(project: Path) -> None:
    (project / "src" / "store.py").write_text(STORE)
    done = check(SERVER, "--format", "concise", "--stdin-filename", "src/server.py", cwd=project)
    assert done.stdout.startswith("src/store.py:5:5: LEAK002")


def test_a_file_that_is_not_on_disk_yet(project: Path) -> None:
    done = check(LEAKY, "--stdin-filename", "src/new.py", cwd=project)
    assert done.stdout.startswith("src/new.py:9:5: LEAK002")


def test_a_file_without_a_project(tmp_path: Path) -> None:
    assert check(LEAKY, "--stdin-filename", "alone.py", cwd=tmp_path).stdout.startswith("alone.py:9:5: LEAK002")


@pytest.mark.parametrize("name", ["src/test_new.py", "src/tests/new.py", "src/mine.py", "notes.md"])
def test_what_is_excluded_stays_silent(project: Path, name: str) -> None:
    (project / "src" / "tests").mkdir()
    (project / "leaklint.toml").write_text('extend-exclude = ["mine.py"]\n')
    done = check(LEAKY, "--stdin-filename", name, cwd=project)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_buffer_that_does_not_parse_is_a_notice_with_its_place(project: Path) -> None:
    done = check("def f(:\n", "--strict", "--stdin-filename", "src/server.py", cwd=project)
    assert done.returncode == 2
    assert done.stderr.startswith("src/server.py:1:")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-"], "needs --stdin-filename"),
        (["-", "src", "--stdin-filename", "src/server.py"], "stands alone"),
        (["src", "--stdin-filename", "src/server.py"], "needs the path `-`"),
        (["-", "--stdin-filename", "nowhere/server.py"], "there is no path"),
    ],
)
def test_what_makes_no_sense_is_two(project: Path, arguments: list[str], said: str) -> None:
    done = run(*arguments, cwd=project)
    assert done.returncode == 2
    assert said in done.stderr
