"""Several reports of one run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leaklint.report import FORMATS

from .leaky import LEAKY, run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "server.py").write_text(LEAKY)
    return tmp_path


def test_every_format_is_written_in_one_run(project: Path) -> None:
    done = run(*(f"--report={name}=out-{name}" for name in FORMATS), ".", cwd=project)
    assert done.returncode == 1
    assert done.stdout.startswith("server.py:9:")
    for name in FORMATS:
        alone = run("--format", name, ".", cwd=project).stdout
        assert (project / f"out-{name}").read_text() == alone


def test_a_report_stands_beside_format_and_output(project: Path) -> None:
    done = run("--format", "concise", "--output", "a.txt", "--report", "json=b.json", ".", cwd=project)
    assert (done.returncode, done.stdout) == (1, "")
    assert (project / "a.txt").read_text().count("\n") == 1
    assert json.loads((project / "b.json").read_text())["findings"][0]["primary"]["path"] == "server.py"


def test_what_stands_behind_the_first_equals_sign_is_the_file(project: Path) -> None:
    assert run("--report", "json=a=b.json", ".", cwd=project).returncode == 1
    assert (project / "a=b.json").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--report", "json"], "not of the form FORMAT=FILE"),
        (["--report", "json="], "not of the form FORMAT=FILE"),
        (["--report", "sariff=x"], "Did you mean sarif?"),
        (["--report", "json=nowhere/x"], "cannot write the report"),
        (["--report", "json=x", "--report", "sarif=./x"], "two reports would be written to"),
        (["--output", "x", "--report", "sarif=x"], "two reports would be written to"),
    ],
)
def test_a_report_that_cannot_be_written_stops_the_run_before_it_begins(
    project: Path, arguments: list[str], said: str
) -> None:
    done = run(*arguments, ".", cwd=project)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Analysed" not in done.stderr
    assert sorted(path.name for path in project.iterdir()) == ["server.py"]
