"""How much is said: ``--statistics``, ``--show-files``, ``--quiet``, ``--verbose``; and what completes in a shell."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from leaklint.cli import check, commands
from leaklint.cli.closing import skipped_words

from .leaky import COMMAND, LEAKY, run

CACHED = "import functools\n\n\n@functools.cache\ndef page(query: str) -> str:\n    return query\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two entries and one cache that leak, a file that cannot be read, and what is passed over."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "server.py").write_text(LEAKY)
    (tmp_path / "twin.py").write_text(LEAKY)
    (tmp_path / "pages.py").write_text(CACHED)
    (tmp_path / "broken.py").write_text("def f(:\n")
    (tmp_path / "build").mkdir()
    (tmp_path / "test_server.py").write_text(LEAKY)
    return tmp_path


def test_statistics_take_the_place_of_the_report(project: Path) -> None:
    done = run("--statistics", "--report", "concise=findings.txt", cwd=project)
    assert done.returncode == 1
    counted, other = done.stdout.splitlines()
    assert counted.split() == ["2", "LEAK002", "entry-without-delete", "2", "high"]
    assert other.split()[:3] == ["1", "LEAK003", "unbounded-cache"]
    assert counted.index("high") == other.index(other.split()[-1])
    assert (project / "findings.txt").read_text().count("\n") == 3
    assert run("--statistics", "build", "broken.py", cwd=project).stdout == ""


def test_statistics_are_no_report_for_programs(project: Path) -> None:
    for other in (["--format", "sarif"], ["--diff"]):
        done = run("--statistics", *other, cwd=project)
        assert done.returncode == 2 and done.stdout == ""


def test_files_are_shown_and_not_read(project: Path) -> None:
    done = run("--show-files", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["broken.py", "pages.py", "server.py", "twin.py"]
    assert run("--show-files", "--isolated", "test_server.py", cwd=project).stdout == ""
    (project / "leaklint.toml").write_text('extend-exclude = ["twin.py"]')
    done = run("--show-files", "--verbose", "server.py", cwd=project)
    assert done.stdout.splitlines() == ["broken.py", "pages.py", "server.py"]
    assert done.stderr.splitlines() == [
        "skipped build: build output",
        "skipped test_server.py: test code",
        "skipped twin.py: excluded",
    ]


def test_no_files_to_show_is_two(project: Path) -> None:
    done = run("--show-files", "build", cwd=project)
    assert done.returncode == 2 and "no source file below build" in done.stderr


@pytest.mark.parametrize(
    ("skipped", "words"),
    [
        ((), ""),
        ((("test code", 2),), "2 (test code)"),
        ((("minified", 1), ("test code", 2_000)), "2,001 (minified: 1, test code: 2,000)"),
    ],
)
def test_what_was_skipped_is_counted_by_reason(skipped: tuple[tuple[str, int], ...], words: str) -> None:
    assert skipped_words(skipped) == words


def test_quiet_prints_findings_only(project: Path) -> None:
    loud, quiet = run(cwd=project), run("--quiet", cwd=project)
    assert (quiet.stdout, quiet.returncode, quiet.stderr) == (loud.stdout, 1, "")
    assert "broken.py:1" in loud.stderr
    assert run("-q", "--fix", cwd=project).stderr == ""
    assert run("-q", "--add-ignores", cwd=project).stderr == ""
    assert run("-q", "nowhere", cwd=project).stderr != ""


def test_quiet_still_says_what_makes_a_strict_run_fail(project: Path) -> None:
    done = run("-q", "--strict", cwd=project)
    assert done.returncode == 2
    assert done.stderr.startswith("broken.py:1:") and done.stderr.count("\n") == 1


def test_verbose_says_what_configured_the_run_and_what_was_passed_over(project: Path) -> None:
    (project / "leaklint.toml").write_text("")
    (project / "small.min.js").write_text("")
    done = run("--verbose", cwd=project)
    *said, _, _ = done.stderr.splitlines()
    assert said == [
        f"configuration: {project / 'leaklint.toml'}",
        "cache: none",
        "skipped build: build output",
        "skipped small.min.js: minified",
        "skipped test_server.py: test code",
    ]
    kept = ["--cache-dir", str(project / "kept")]
    for _ in range(2):
        with_cache = run("-v", *kept, cwd=project, LEAKLINT_NO_CACHE="").stderr.splitlines()
        assert with_cache[1] == f"cache: {project / 'kept'}"
        assert with_cache[2:-1] == done.stderr.splitlines()[2:-1]
    assert "configuration: none" in run("-v", "--isolated", cwd=project).stderr


def test_a_log_that_cannot_hold_all_findings_is_said_to(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["leaklint", "check", "--no-cache", "--format", "sarif", "--output", str(project / "log"), str(project)]
    monkeypatch.setattr(sys, "argv", command)
    assert commands.run() == 1 and "SARIF" not in capsys.readouterr().err
    monkeypatch.setattr(check, "RESULT_LIMIT", 2)
    assert commands.run() == 1
    assert "The SARIF log holds the 2 findings of the highest confidence" in capsys.readouterr().err


def test_quiet_and_verbose_exclude_each_other(project: Path) -> None:
    assert run("-q", "-v", cwd=project).returncode == 2


def test_a_path_that_may_be_a_mistyped_command(project: Path) -> None:
    assert "there is no path 'explian'. Did you mean explain?" in run("explian", "LEAK002", cwd=project).stderr


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("leaklint ", {"check", "explain", "baseline", "rules", "server", "cache"}),
        ("leaklint expl", {"explain"}),
        ("leaklint --stat", {"--statistics"}),
        ("leaklint --help", {"--help"}),
        ("leaklint check --format sar", {"sarif"}),
        ("leaklint --min-confidence h", {"high"}),
        ("leaklint explain leak00", {"LEAK001", "LEAK002", "LEAK003", "LEAK004"}),
        ("leaklint explain unb", {"unbounded-cache"}),
    ],
)
def test_completion(project: Path, line: str, offered: set[str]) -> None:
    assert completed(project, line) == [("plain", word) for word in sorted(offered)]


def test_paths_complete(project: Path) -> None:
    assert completed(project, "leaklint twi") == completed(project, "leaklint check twi") == [("file", "twi")]


def completed(project: Path, line: str) -> list[tuple[str, str]]:
    """What bash is told to offer at the end of ``line``, in order, each with its kind."""
    asked = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1), "_LEAKLINT_COMPLETE": "bash_complete"}
    items = run(cwd=project, **asked).stdout.split()
    return sorted((kind, word) for kind, _, word in (item.partition(",") for item in items))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_each_shell(project: Path, shell: str) -> None:
    script = run(cwd=project, _LEAKLINT_COMPLETE=f"{shell}_source").stdout
    assert "_leaklint_completion" in script and f"{shell}_complete" in script
    if shutil.which(shell):
        checked = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, "")
    assert COMMAND[-1] in script


def test_rules_are_chosen_by_id_or_name(project: Path) -> None:
    found = {line.split()[1] for line in run("--statistics", cwd=project).stdout.splitlines()}
    assert found == {"LEAK002", "LEAK003"}
    assert run("--statistics", "--select", "unbounded-cache,LEAK001", cwd=project).stdout.split()[1] == "LEAK003"
    assert run("-q", "--select", "LEAK002", "--ignore", "LEAK002", cwd=project).returncode == 0
    assert run("-q", "--ignore", "LEAK002", "--ignore", "LEAK003", cwd=project).returncode == 0
    wrong = run("--select", "LEAK002,LEAK03", cwd=project)
    assert wrong.returncode == 2 and "there is no rule 'LEAK03'. Did you mean LEAK003?" in wrong.stderr
    assert "--select" in wrong.stderr
