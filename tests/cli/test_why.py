"""``leaklint check --why`` as people type it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .leaky import LEAKY, run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "server.py").write_text(LEAKY)
    return tmp_path


def test_the_answers_are_printed(project: Path) -> None:
    done = run("--why", "server.py:9", cwd=project)
    assert done.returncode == 0
    first, *rest = done.stdout.splitlines()
    assert first.startswith("server.py:9:5: LEAK00") and first.endswith("`_sessions` grows in `search`")
    assert [line.split()[0] for line in rest] == [
        *("what", "repeats", "holder", "keys", "bound", "release", "selection"),
        "outcome",
    ]
    assert run("check", ".", "--why", "server.py:9:5", cwd=project).stdout == done.stdout


def test_a_line_without_growth(project: Path) -> None:
    done = run("--why", "server.py:1", cwd=project)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "server.py:1: nothing grows on this line",
        "  server.py:9:5: `_sessions` grows here",
    ]


@pytest.mark.parametrize("place", ["server.py", "server.py:0", "server.py:x", "nowhere.py:3", ":3", "tests/a.py:1"])
def test_what_cannot_be_asked_is_two(project: Path, place: str) -> None:
    (project / "leaklint.toml").write_text("")
    (project / "tests").mkdir()
    (project / "tests" / "a.py").write_text(LEAKY)
    done = run("--why", place, cwd=project)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr and "internal error" not in done.stderr
