"""Which files a run reads."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from leaklint.discovery import Discovery, NoSuchPath, discover

SUFFIXES = frozenset({".py", ".pyi", ".js", ".ts"})


def grow(root: Path, *paths: str) -> None:
    """Make empty files (and directories for paths that end in a slash) below ``root``."""
    for path in paths:
        target = root / path
        (target if path.endswith("/") else target.parent).mkdir(parents=True, exist_ok=True)
        if not path.endswith("/"):
            target.write_text("")


def found(root: Path, *paths: str) -> list[str]:
    """The files that are read when ``paths`` (below ``root``) are named."""
    return _below(root, discover([str(root / path) for path in paths], SUFFIXES))


def _below(root: Path, discovery: Discovery) -> list[str]:
    return [Path(path).relative_to(root).as_posix() for path in discovery.files]


def test_what_is_no_source_is_skipped_by_reason(tmp_path: Path) -> None:
    source = ["src/a.py", "src/b.pyi", "examples/c.py", "lib/d.js", "scripts/e.ts", "env/f.py"]
    other = [
        ".git/x.py",
        ".venv/x.py",
        "node_modules/x/x.js",
        "__pycache__/x.py",
        "build/x.py",
        "dist/x.js",
        "out/x.js",
    ]
    other += [
        "vendor/x.py",
        "a/_vendor/x.py",
        "tests_integ/x.py",
        "third_party/x.py",
        "x.min.js",
        "tests/x.py",
        "src/test_x.py",
        "src/x_test.py",
    ]
    other += ["conftest.py", "src/__tests__/x.ts", "src/x.test.ts", "src/x.spec.js", "src/x.d.ts"]
    other += ["test/x.ts", "e2e/x.ts", "src/__mocks__/x.ts", "src/test-servers/x.ts", "test_utils/x.py"]
    other += ["integration-tests/x.ts", "src/mocks/x.ts", ".next/x.js", ".vitepress/cache/x.js"]
    source += ["contest/x.py", "latest/x.ts", "test-plans/x.ts", "load-tests/x.ts"]
    other += ["mine/pyvenv.cfg", "mine/lib/x.py", "notes.md"]
    grow(tmp_path, *source, *other)
    assert found(tmp_path, ".") == sorted(source)
    skipped = dict(discover([str(tmp_path)], SUFFIXES).skipped)
    assert skipped["test code"] == 15
    assert skipped["virtual environment"] == 2
    assert skipped["build output"] == 4


@pytest.mark.parametrize("directory", ["tests", "tests/unit", "node_modules/x/dist", "build", ".venv"])
def test_a_directory_that_is_named_is_read(tmp_path: Path, directory: str) -> None:
    grow(tmp_path, ".git/", f"{directory}/server.py")
    (tmp_path / ".gitignore").write_text("node_modules/\nbuild\n.venv/\n")
    assert found(tmp_path, directory) == [f"{directory}/server.py"]


def test_named_test_code_is_read_whole(tmp_path: Path) -> None:
    grow(tmp_path, "pyproject.toml", "tests/test_a.py", "tests/tests/b.py", "tests/node_modules/c.js")
    assert found(tmp_path, "tests") == ["tests/test_a.py", "tests/tests/b.py"]


def test_parents_do_not_matter(tmp_path: Path) -> None:
    project = tmp_path / "tests" / "build"
    grow(project, "pyproject.toml", "a.py", "test_a.py")
    assert found(project, ".") == ["a.py"]


def test_a_file_brings_in_its_project(tmp_path: Path) -> None:
    grow(tmp_path, ".git/", "one/pyproject.toml", "one/a.py", "one/pkg/b.py", "two/c.py")
    discovery = discover([str(tmp_path / "one/pkg/b.py")], SUFFIXES)
    assert _below(tmp_path, discovery) == ["one/a.py", "one/pkg/b.py"]
    assert discovery.focus == {str(tmp_path / "one/pkg/b.py")}
    assert discovery.root == str(tmp_path / "one")


def test_a_file_without_a_project_stands_alone(tmp_path: Path) -> None:
    grow(tmp_path, "a.py", "b.py")
    assert found(tmp_path, "a.py") == ["a.py"]


def test_excluded_files_are_no_focus(tmp_path: Path) -> None:
    grow(tmp_path, ".git/", "a.py", "tests/test_a.py", "ignored.py", "readme.md")
    (tmp_path / ".gitignore").write_text("ignored.py\n")
    discovery = discover([str(tmp_path / name) for name in ("tests/test_a.py", "ignored.py", "readme.md")], SUFFIXES)
    assert (discovery.files, discovery.focus, discovery.barren) == ({}, frozenset(), False)


def test_directories_without_source_are_barren(tmp_path: Path) -> None:
    grow(tmp_path, "empty/", "full/a.py", "readme.md")
    assert discover([str(tmp_path / "empty")], SUFFIXES).barren
    assert not discover([str(tmp_path / "empty"), str(tmp_path / "full")], SUFFIXES).barren
    assert not discover([str(tmp_path / "readme.md")], SUFFIXES).barren


def test_no_such_path(tmp_path: Path) -> None:
    with pytest.raises(NoSuchPath):
        discover([str(tmp_path / "nowhere")], SUFFIXES)


def test_links_are_not_followed(tmp_path: Path) -> None:
    grow(tmp_path, "outside/secret.py", "project/a.py")
    (tmp_path / "project" / "linked").symlink_to(tmp_path / "outside", target_is_directory=True)
    (tmp_path / "project" / "linked.py").symlink_to(tmp_path / "outside" / "secret.py")
    (tmp_path / "project" / "around").symlink_to(".", target_is_directory=True)
    assert found(tmp_path, "project") == ["project/a.py"]


def test_overlapping_directories_are_read_once(tmp_path: Path) -> None:
    grow(tmp_path, "a.py", "tests/test_b.py")
    assert found(tmp_path, ".", "tests", "tests") == ["a.py", "tests/test_b.py"]


def test_ignore_files_from_the_repository_root_down(tmp_path: Path) -> None:
    grow(tmp_path, ".git/info/", "a/b/x.py", "a/b/keep.py", "a/b/own.py", "a/b/private.py", "a/sub/.git/", "a/sub/x.py")
    (tmp_path / ".gitignore").write_text("x.py\n/a/b/*.py\n!keep.py\n")
    (tmp_path / "a/b/.gitignore").write_text("!own.py\n")
    (tmp_path / ".git/info/exclude").write_text("keep.py\n")
    assert found(tmp_path, "a") == ["a/b/keep.py", "a/b/own.py", "a/sub/x.py"]


PATTERNS = (
    ["*.py", "!a.py", "a/", "/a/", "!a/", "b/a.py", "**/b", "a/**", "!a/b.py", "a/*/c.py", "[ab].py", "c*", "!c.py"]
    + ["\\#a.py", "# a.py", "", "a.py ", "b", "!b", "/c", "a/**/c.py", "*", "!*/", "!*.py", "?.py", "a[", "b\\", "!b/a.py"]
)  # fmt: skip


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize("seed", [*range(10), 21, 70])
def test_ignoring_agrees_with_git(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    names = ["a", "b", "c"]
    files = {
        f"{d}{n}.py"
        for d in ["", *(f"{x}/" for x in names), *(f"{x}/{y}/" for x in names for y in names)]
        for n in names
    }
    grow(tmp_path, *files)
    for place in ["", *rng.sample(["a/", "b/", "c/", "a/b/", "b/a/"], 2)]:
        (tmp_path / f"{place}.gitignore").write_text("\n".join(rng.choices(PATTERNS, k=rng.randint(1, 5))) + "\n")
    assert found(tmp_path.resolve(), ".") == sorted(files - _ignored_by_git(tmp_path, files))


def _ignored_by_git(root: Path, files: set[str]) -> set[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = {**clean, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": str(root)}
    subprocess.run(["git", "init", "-q", "."], cwd=root, env=environment, check=True)
    done = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin"],
        cwd=root,
        env=environment,
        input="\n".join(sorted(files)),
        capture_output=True,
        text=True,
        check=False,
    )
    return set(done.stdout.splitlines())
