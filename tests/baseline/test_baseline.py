"""``leaklint baseline`` and ``--baseline``: what is known stays known when code moves, and what is new is reported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leaklint.baseline.file import BaselineError
from leaklint.engine import Settings, analyze
from leaklint.findings import Result
from tests.cli.leaky import run

LEAK = "import uuid\n\n_{0} = {{}}\n\n\ndef {0}():\n    _{0}[uuid.uuid4()] = 1\n"
FILE = "leaklint-baseline.json"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "server.py").write_text(LEAK.format("see"))
    assert run("baseline", cwd=tmp_path).returncode == 0
    return tmp_path


def check(project: Path) -> Result:
    return analyze([str(project)], Settings(baseline=str(project / FILE)))


def told(project: Path) -> tuple[list[str], int, int]:
    """The containers that are reported, how many findings are known, and how many entries are stale."""
    result = check(project)
    return [f.container for f in result.findings], result.known, len(result.notices)


def test_the_file_can_be_reviewed(project: Path) -> None:
    (project / "a.py").write_text(LEAK.format("hear"))
    run("baseline", cwd=project)
    lines = (project / FILE).read_text().splitlines()
    assert lines[3:5] == [
        '    {"path":"a.py","rule":"LEAK002","qualname":"hear","container":"_hear","count":1},',
        '    {"path":"server.py","rule":"LEAK002","qualname":"see","container":"_see","count":1}',
    ]
    assert json.loads((project / FILE).read_text())["version"] == 1


def test_what_is_known_is_not_reported(project: Path) -> None:
    assert told(project) == ([], 1, 0)
    done = run("--baseline", FILE, cwd=project)
    assert (done.returncode, done.stdout) == (0, "") and "1 known" in done.stderr


def test_what_is_new_is_reported(project: Path) -> None:
    with (project / "server.py").open("a") as file:
        file.write("\n\n" + LEAK.format("hear"))
    assert told(project) == (["_hear"], 1, 0)


def test_lines_and_files_may_move(project: Path) -> None:
    path = project / "server.py"
    path.write_text("# more\n\n\n" + path.read_text().replace("[uuid.uuid4()]", "[\n        uuid.uuid4()\n    ]"))
    assert told(project) == ([], 1, 0)
    (project / "deep").mkdir()
    path.rename(project / "deep" / "renamed.py")
    assert told(project) == ([], 1, 0)


def test_code_may_move_to_another_file(project: Path) -> None:
    (project / "server.py").rename(project / "other.py")
    (project / "server.py").write_text("x = 1\n")
    assert told(project) == ([], 1, 0)


def test_a_repaired_leak_does_not_excuse_another_one_elsewhere(project: Path) -> None:
    (project / "other.py").write_text((project / "server.py").read_text())
    (project / "server.py").write_text("def see():\n    pass\n")
    assert told(project) == (["_see"], 0, 1)


def test_counts(project: Path) -> None:
    (project / "other.py").write_text((project / "server.py").read_text())
    assert told(project) == (["_see"], 1, 0)
    (project / "server.py").unlink()
    (project / "third.py").write_text((project / "other.py").read_text())
    assert told(project) == (["_see"], 1, 0)


def test_the_functions_of_one_object_may_change_places(tmp_path: Path) -> None:
    head, one, two = (
        "import uuid\n_a = {}\n",
        "def f():\n    _a[uuid.uuid4()] = 1\n",
        "def g():\n    _a[uuid.uuid4()] = 1\n",
    )
    (tmp_path / "server.py").write_text(head + one + two)
    run("baseline", cwd=tmp_path)
    (tmp_path / "server.py").write_text(head + two + one)
    assert told(tmp_path) == ([], 1, 0)


def test_the_files_of_one_object_may_change_names(tmp_path: Path) -> None:
    (tmp_path / "state.py").write_text("_a = {}\n")
    text = "import uuid\nfrom state import _a\n\n\ndef {0}():\n    _a[uuid.uuid4()] = 1\n"
    (tmp_path / "first.py").write_text(text.format("f"))
    (tmp_path / "second.py").write_text(text.format("g"))
    run("baseline", cwd=tmp_path)
    assert (tmp_path / FILE).read_text().count('"first.py"') == 1
    (tmp_path / "second.py").rename(tmp_path / "another.py")
    assert told(tmp_path) == ([], 1, 0)
    (tmp_path / "first.py").unlink()
    assert told(tmp_path)[0] == ["_a"], "the function that is known is gone, and its leak with it"


def test_stale_entries_are_named_with_their_line(project: Path) -> None:
    (project / "server.py").write_text("x = 1\n")
    (notice,) = check(project).notices
    assert (notice.path, notice.line, notice.level) == (FILE, 4, "note")
    assert "LEAK002 in see (server.py), _see" in notice.message
    assert run("--baseline", FILE, cwd=project).returncode == 0


def test_a_run_on_a_part_calls_nothing_else_stale(project: Path) -> None:
    (project / "part").mkdir()
    (project / "part" / "a.py").write_text("x = 1\n")
    result = analyze([str(project / "part")], Settings(baseline=str(project / FILE)))
    assert (result.findings, result.notices) == ((), ())


def test_the_configuration_names_it(project: Path) -> None:
    (project / "leaklint.toml").write_text(f'baseline = "{FILE}"')
    assert analyze([str(project)]).known == 1
    assert analyze([str(project)], Settings(isolated=True)).known == 0
    (project / FILE).unlink()
    done = run(cwd=project)
    assert done.returncode == 2 and "`leaklint baseline` writes one" in done.stderr
    assert run("baseline", cwd=project).returncode == 0 and run(cwd=project).returncode == 0


@pytest.mark.parametrize(
    "text", ["", "[]", '{"version": 2, "findings": []}', '{"version": 1, "findings": [{}]}', "\xff"]
)
def test_what_is_no_baseline(project: Path, text: str) -> None:
    (project / FILE).write_text(text, encoding="latin-1")
    with pytest.raises(BaselineError):
        check(project)
    assert run("--baseline", FILE, cwd=project).returncode == 2
