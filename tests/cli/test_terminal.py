"""Colour, help, start-up, interruption and closed pipes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from leaklint.catalog.pages import pages
from leaklint.cli import commands
from leaklint.findings import CONFIDENCES
from leaklint.report import FORMATS

from .leaky import COMMAND, LEAKY, run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "server.py").write_text(LEAKY)
    return tmp_path


def test_colour_follows_the_environment(project: Path) -> None:
    assert "\x1b[" not in run(".", cwd=project).stdout
    assert "\x1b[" in run(".", cwd=project, FORCE_COLOR="1").stdout
    assert "\x1b[" not in run(".", cwd=project, FORCE_COLOR="1", NO_COLOR="1").stdout


def test_help_fits_a_terminal() -> None:
    lines = CliRunner().invoke(commands.cli, ["--help"], prog_name="leaklint").output.splitlines()
    assert len(lines) <= 24
    assert sum(line.startswith("    leaklint ") for line in lines) == 3
    assert {"check", "explain", "rules"} <= {line.split()[0] for line in lines if line.strip()}


def test_help_of_check_is_grouped_and_complete() -> None:
    output = CliRunner().invoke(commands.cli, ["check", "--help"]).output
    assert "\nReport:\n" in output and "\nResources:\n" in output
    assert all(option in output for parameter in commands.check.params for option in parameter.opts if option[0] == "-")


def test_choices_are_those_of_the_engine() -> None:
    assert set(commands.FORMATS) == set(FORMATS)
    assert commands.CONFIDENCES == CONFIDENCES


@pytest.mark.parametrize("rule", ["LEAK002", "leak002", "entry-without-delete"])
def test_explain(rule: str) -> None:
    output = CliRunner().invoke(commands.cli, ["explain", rule]).output
    assert output.startswith("# LEAK002 entry-without-delete: ")
    assert "## Use instead" in output


def test_rules_lists_every_page() -> None:
    output = CliRunner().invoke(commands.cli, ["rules"]).output
    assert [line.split()[0] for line in output.splitlines()] == [page.id for page in pages()]


def test_rules_as_json_carry_their_pages() -> None:
    listed = json.loads(CliRunner().invoke(commands.cli, ["rules", "--format", "json"]).output)
    assert [rule["id"] for rule in listed] == [page.id for page in pages()]
    assert set(listed[0]) == {"id", "name", "title", "level", "precision", "tags", "summary", "markdown"}
    assert all(
        rule["markdown"] and rule["summary"] in " ".join(rule["markdown"].replace("*", "").split()) for rule in listed
    )


PARSERS = ("libcst", "tree_sitter", "sarif_om")


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--version"], (*PARSERS, "msgspec")),
        (["--help"], (*PARSERS, "msgspec")),
        (["rules"], PARSERS),
        (["explain", "LEAK001"], PARSERS),
    ],
)
def test_what_is_not_needed_is_not_imported(arguments: list[str], unwanted: tuple[str, ...]) -> None:
    script = f"""
import json, os, sys
os._exit = sys.exit
sys.argv = ["leaklint", *{arguments!r}]
from leaklint.cli import main
try:
    main()
except SystemExit:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(unwanted).isdisjoint(json.loads(done.stderr))


def test_the_version_is_printed(project: Path) -> None:
    assert run("--version", cwd=project).stdout.startswith("leaklint 0.")


def test_a_closed_pipe_is_quiet(project: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*COMMAND, "."], cwd=project, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert "Traceback" not in done.stderr and "Error" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_ctrl_c_is_one_line(project: Path) -> None:
    os.mkfifo(project / "pipe")  # opening it for the report blocks until somebody reads
    process = subprocess.Popen(
        [*COMMAND, "--output", "pipe", "."], cwd=project, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    time.sleep(0.2)
    while process.poll() is None and not _sleeps_in_the_kernel(process.pid):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=20)
    assert (process.returncode, stdout, stderr) == (130, "", "Interrupted.\n")


def _sleeps_in_the_kernel(pid: int) -> bool:
    """Whether the process waits, as for the other end of a pipe, in two looks one after the other."""
    states = []
    for _ in range(2):
        states.append(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0])
        time.sleep(0.2)
    return states == ["S", "S"]
