"""``--since``: only what the merge base did not have, and nothing of the repository's configuration runs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from leaklint.engine import Settings, SinceError, analyze
from tests.cli.leaky import run

LEAK = "import uuid\n\n_{0} = {{}}\n\n\ndef {0}():\n    _{0}[uuid.uuid4()] = 1\n"
QUIET = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    done = subprocess.run(command, cwd=folder, env={**os.environ, **QUIET}, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", name)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """On ``topic``, which left ``main`` after one leak; both have one more since."""
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path, "old.py", LEAK.format("old"))
    git(tmp_path, "branch", "topic")
    commit(tmp_path, "theirs.py", LEAK.format("theirs"))
    git(tmp_path, "checkout", "--quiet", "topic")
    commit(tmp_path, "ours.py", LEAK.format("ours"))
    return tmp_path


def told(folder: Path, revision: str = "main", *paths: str) -> list[str]:
    chosen = [str(folder / path) for path in paths or ("",)]
    return [finding.container for finding in analyze(chosen, Settings(since=revision)).findings]


def test_only_what_the_merge_base_did_not_have(repository: Path) -> None:
    assert told(repository) == ["_ours"]
    assert told(repository, "topic") == []
    (repository / "unsaved.py").write_text(LEAK.format("unsaved"))
    assert told(repository, "HEAD") == ["_unsaved"]
    assert told(repository, git(repository, "rev-parse", "main")) == ["_ours", "_unsaved"]


def test_moved_files_are_not_new(repository: Path) -> None:
    (repository / "deep").mkdir()
    (repository / "old.py").rename(repository / "deep" / "moved.py")
    assert told(repository) == ["_ours"]
    assert told(repository, "main", "deep") == []


def test_named_files(repository: Path) -> None:
    (repository / "leaklint.toml").write_text("")
    assert told(repository, "main", "old.py") == []
    assert told(repository, "main", "ours.py") == ["_ours"]


def test_objects_in_packs_and_worktrees(repository: Path) -> None:
    git(repository, "gc", "--quiet")
    assert told(repository) == ["_ours"]
    git(repository, "worktree", "add", "--quiet", "--detach", "elsewhere", "topic")
    assert told(repository / "elsewhere") == ["_ours"]


def test_nothing_of_the_repositorys_configuration_runs(repository: Path) -> None:
    ran = repository / "ran"
    program = repository / ".git" / "planted"
    program.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n")
    program.chmod(0o755)
    for key in ("core.fsmonitor", "filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv", "core.sshCommand"):
        git(repository, "config", key, str(program))
    for hook in ("post-checkout", "post-index-change", "reference-transaction"):
        (repository / ".git" / "hooks" / hook).write_text(program.read_text())
        (repository / ".git" / "hooks" / hook).chmod(0o755)
    (repository / ".gitattributes").write_text("*.py filter=evil diff=evil\n")
    done = run("--since", "main", "--format", "concise", ".", cwd=repository)
    assert done.stdout.startswith("ours.py:") and done.stdout.count("\n") == 1
    assert not ran.exists()
    subprocess.run(["git", "status"], cwd=repository, capture_output=True, check=False)
    assert ran.exists(), "the trap works"


@pytest.mark.parametrize(
    "revision", ["HEAD~1", "HEAD~", "HEAD^", "@~1", "topic^0~1", "v1~1", "v1^{}^", "v1^{commit}~1"]
)
def test_ancestors(repository: Path, revision: str) -> None:
    git(repository, "tag", "--annotate", "--message", "one", "v1")
    assert git(repository, "rev-parse", f"{revision}^{{tree}}") == git(repository, "rev-parse", "main~1^{tree}")
    assert told(repository, revision) == ["_ours"]


def test_the_second_parent_of_a_merge(repository: Path) -> None:
    git(repository, "merge", "--quiet", "--no-edit", "main")
    assert told(repository, "HEAD^1") == ["_theirs"]
    assert told(repository, "HEAD^2") == ["_ours"]


@pytest.mark.parametrize(
    "revision", [" ", "~", "nowhere", "--help", "HEAD~99", "HEAD^3", "HEAD^{tree}", "refs/heads/none"]
)
def test_no_such_revision_is_two(repository: Path, revision: str) -> None:
    with pytest.raises(SinceError, match="there is no revision"):
        told(repository, revision)
    done = run("--since", revision, ".", cwd=repository)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr and "internal error" not in done.stderr


def test_a_mistyped_branch(repository: Path) -> None:
    assert "there is no revision 'mian'; did you mean main?" in run("--since", "mian", ".", cwd=repository).stderr


def test_no_common_ancestor(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "--orphan", "alone")
    commit(repository, "a.py", "x = 1\n")
    with pytest.raises(SinceError, match="no common ancestor"):
        told(repository)


def test_a_repository_without_a_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "a.py").write_text("x = 1\n")
    with pytest.raises(SinceError, match="there is no revision 'HEAD'$"):
        told(tmp_path, "main")
