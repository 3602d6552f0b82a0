"""What the command line answers with its exit status, and where it writes what."""

from __future__ import annotations

import json
import os
import stat
import threading
from pathlib import Path

import click
import pytest

from leaklint.cli import commands

from .leaky import CLEAN, LEAKY, run

CACHE = {"cache_dir": "LEAKLINT_CACHE_DIR", "no_cache": "LEAKLINT_NO_CACHE"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "server.py").write_text(LEAKY)
    (tmp_path / "clean").mkdir()
    (tmp_path / "clean" / "fine.py").write_text(CLEAN)
    return tmp_path


def test_findings_are_one(project: Path) -> None:
    done = run(".", cwd=project)
    assert done.returncode == 1
    assert done.stdout.startswith("server.py:9:")
    assert done.stderr.count("\n") == 1 and "1 finding" in done.stderr


def test_check_is_the_default_command(project: Path) -> None:
    assert run(cwd=project).stdout == run("check", cwd=project).stdout == run(".", cwd=project).stdout
    assert run("--format", "concise", cwd=project).returncode == 1


def test_nothing_to_report_is_zero_and_silent_on_standard_output(project: Path) -> None:
    done = run("clean", cwd=project)
    assert (done.returncode, done.stdout) == (0, "")


def test_exit_zero(project: Path) -> None:
    assert run("--exit-zero", ".", cwd=project).returncode == 0


def test_a_focused_file_reports_what_depends_on_it(project: Path) -> None:
    (project / "pyproject.toml").write_text("")
    assert run("server.py", cwd=project).returncode == 1
    assert run("clean/fine.py", cwd=project).returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [["nowhere"], ["--format", "pdf"], ["--no-such-option"], ["--jobs", "0"], ["explain", "LEAK999"], ["empty"]],
)
def test_what_cannot_run_is_two(project: Path, arguments: list[str]) -> None:
    (project / "empty").mkdir()
    done = run(*arguments, cwd=project)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_a_mistyped_value_gets_a_suggestion(project: Path) -> None:
    assert "Did you mean sarif?" in run("--format", "sariff", cwd=project).stderr
    assert "Did you mean high?" in run("--min-confidence", "hihg", cwd=project).stderr
    assert "Did you mean unbounded-cache?" in run("explain", "unbound-cache", cwd=project).stderr


def test_strict_makes_an_unreadable_file_two(project: Path) -> None:
    (project / "clean" / "broken.py").write_text("def f(:\n")
    assert run("clean", cwd=project).returncode == 0
    done = run("--strict", "clean", cwd=project)
    assert done.returncode == 2
    assert f"clean{os.sep}broken.py:1" in done.stderr


def test_a_wrong_configuration_is_two_with_its_place(project: Path) -> None:
    (project / "leaklint.toml").write_text("ignore = []\nselct = []\n")
    for arguments in (["."], ["--show-config"]):
        done = run(*arguments, cwd=project)
        assert done.returncode == 2
        assert "leaklint.toml:2: unknown key 'selct': did you mean 'select'?" in done.stderr
    assert run("--isolated", ".", cwd=project).returncode == 1


def test_the_configuration_is_shown(project: Path) -> None:
    (project / "leaklint.toml").write_text('min-confidence = "high"\n')
    file, _, settings = run("--show-config", "clean", cwd=project).stdout.partition("\n")
    assert file == f"clean: {project / 'leaklint.toml'}"
    assert json.loads(settings)["min-confidence"] == "high"


def test_excluded_files_that_are_named_are_silent(project: Path) -> None:
    (project / "test_server.py").write_text(LEAKY)
    (project / "notes.md").write_text("")
    done = run("test_server.py", "notes.md", cwd=project)
    assert (done.returncode, done.stdout) == (0, "")


def test_an_unwritable_output_fails_before_the_analysis(project: Path) -> None:
    done = run("--output", "nowhere/report.txt", ".", cwd=project)
    assert done.returncode == 2
    assert "Analysed" not in done.stderr


def test_an_output_file_is_replaced_and_keeps_its_mode(project: Path) -> None:
    report = project / "report.sarif"
    report.write_text("old")
    report.chmod(0o640)
    assert run("--format", "sarif", "--output", "report.sarif", ".", cwd=project).returncode == 1
    assert json.loads(report.read_text())["runs"][0]["results"]
    assert stat.S_IMODE(report.stat().st_mode) == 0o640
    assert not list(project.glob(".leaklint-*"))


def test_an_output_pipe_is_written_to(project: Path) -> None:
    pipe = project / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    assert run("--output", "pipe", ".", cwd=project).returncode == 1
    reader.join(10)
    assert read[0].startswith("server.py:9:")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_options_may_come_from_the_environment(project: Path) -> None:
    done = run(".", cwd=project, LEAKLINT_CHECK_FORMAT="concise", LEAKLINT_CHECK_EXIT_ZERO="1")
    assert done.returncode == 0 and done.stdout.count("\n") == 1


def test_every_option_has_the_variable_that_its_name_suggests() -> None:
    for name, command in commands.cli.commands.items():
        for option in (
            one for one in command.params if isinstance(one, click.Option) and one.envvar != CACHE.get(one.name)
        ):
            long = next(opt for opt in option.opts if opt.startswith("--")).removeprefix("--").replace("-", "_")
            found = option.envvar or f"LEAKLINT_{name}_{option.name}".upper()
            assert found == f"LEAKLINT_{name}_{long}".upper()
