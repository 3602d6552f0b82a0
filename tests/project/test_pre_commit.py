"""The hooks, run by the pre-commit program in a real git repository, installed from a commit of this checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent.parent
EXAMPLE = CHECKOUT / "fixtures" / "example"
PRE_COMMIT = Path(sys.executable).parent / "pre-commit"
IDENTITY = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]

STORE = """\
class Store:
    def __init__(self) -> None:
        self.entries: dict[str, str] = {}

    def remember(self, key: str, value: str) -> None:
        self.entries[key] = value

    def forget(self, key: str) -> None:
        self.entries.pop(key, None)
"""
HANDLERS = """\
from uuid import uuid4

from mcp.server.fastmcp import FastMCP

from store import Store

mcp = FastMCP("jobs")
store = Store()


@mcp.tool()
async def start(text: str) -> str:
    request_id = str(uuid4())
    store.remember(request_id, text)
    try:
        return text.upper()
    finally:
        store.forget(request_id)
"""

pytestmark = [
    pytest.mark.pre_commit,
    pytest.mark.network,  # the hooks are installed with what they depend on
    pytest.mark.xdist_group("pre-commit"),
]


def git(directory: Path, *arguments: str) -> str:
    command = ["git", *IDENTITY, *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=True).stdout


class Repository:
    """A project whose commits the hook checks. ``environment`` keeps pre-commit's store away from the user's own."""

    def __init__(self, root: Path, hooks: Path, environment: dict[str, str]) -> None:
        self.root = root
        self.environment = environment
        root.mkdir()
        git(root, "init", "--quiet")
        revision = git(hooks, "rev-parse", "HEAD").strip()
        self.configuration = f"repos: [{{repo: {hooks}, rev: {revision}, hooks: [{{id: HOOK}}]}}]\n"
        self.use("leaklint")
        self._run(PRE_COMMIT, "install")

    def use(self, hook: str) -> None:
        self.write(".pre-commit-config.yaml", self.configuration.replace("HOOK", hook))

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        git(self.root, "add", name)

    def commit(self) -> tuple[bool, str]:
        """Whether the commit was let through, and all that was said."""
        done = self._run("git", *IDENTITY, "commit", "--message", "change")
        return done.returncode == 0, done.stdout + done.stderr

    def _run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=self.root, env=self.environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository that holds this checkout as it stands, committed or not."""
    copy = tmp_path_factory.mktemp("hooks") / "leaklint"
    names = git(CHECKOUT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(None, names):
        if (CHECKOUT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / name, copy / name)
    git(copy, "init", "--quiet")
    git(copy, "add", "--all")
    git(copy, "commit", "--quiet", "--message", "state")
    return copy


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("pre-commit")
    outside = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return outside | {"PRE_COMMIT_HOME": str(home), "PATH": f"{PRE_COMMIT.parent}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture
def repository(tmp_path: Path, hooks: Path, environment: dict[str, str]) -> Repository:
    return Repository(tmp_path / "project", hooks, environment)


def test_a_leak_is_refused_and_its_repair_let_through(repository: Repository) -> None:
    repository.write("server.py", (EXAMPLE / "server.py").read_text())
    passed, said = repository.commit()
    assert not passed
    assert "LEAK002" in said
    assert "in_flight" in said
    repository.write("server.py", (EXAMPLE / "server_fixed.py").read_text())
    passed, said = repository.commit()
    assert passed, said


def test_an_excluded_file_is_passed_over_in_silence(repository: Repository) -> None:
    repository.write("tests/server.py", (EXAMPLE / "server.py").read_text())
    passed, said = repository.commit()
    assert passed, said
    assert "LEAK" not in said


def test_a_changed_helper_that_makes_a_handler_elsewhere_leak_is_refused(repository: Repository) -> None:
    repository.write("store.py", STORE)
    repository.write("handlers.py", HANDLERS)
    passed, said = repository.commit()
    assert passed, said
    repository.write("store.py", STORE.replace("self.entries.pop(key, None)", "pass"))
    passed, said = repository.commit()
    assert not passed
    assert "LEAK002" in said
    assert "entries" in said


def test_the_second_hook_reports_the_whole_project(repository: Repository) -> None:
    repository.write("server.py", (EXAMPLE / "server.py").read_text())
    git(repository.root, "commit", "--quiet", "--no-verify", "--message", "a leak from before")
    repository.write("other.py", "VALUE = 1\n")
    assert repository.commit()[0]
    repository.use("leaklint-full")
    repository.write("other.py", "VALUE = 2\n")
    passed, said = repository.commit()
    assert not passed
    assert "LEAK002" in said
