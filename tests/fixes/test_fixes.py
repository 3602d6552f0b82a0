"""Fixes: the finding is gone, the program does what it did, every other byte stays, and a second run changes nothing."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import libcst
import pytest

from leaklint import engine

from ..cli.leaky import run
from . import programs

SAFE = {
    "cache": programs.CACHE,
    "module": programs.MODULE_CACHE,
    "keyword": programs.KEYWORD_CACHE,
    "position": programs.POSITION_CACHE,
    "shared import": programs.SHARED_IMPORT,
    "applied": programs.APPLIED_CACHE,
    "applied with a number": programs.APPLIED_NUMBER,
}
UNSAFE = {"entry": programs.ENTRY, "listener": programs.LISTENER}
ADDED = {
    "entry without a removal": (programs.NEW_ENTRY, programs.NEW_ENTRY_FIXED),
    "element without a removal": (programs.NEW_ELEMENT, programs.NEW_ELEMENT_FIXED),
    "listener without a removal": (programs.NEW_LISTENER, programs.NEW_LISTENER_FIXED),
    "listener without a name": (programs.NAMELESS_LISTENER, programs.NAMELESS_LISTENER_FIXED),
    "locks": (programs.LOCKS, programs.LOCKS_FIXED),
    "locks made when missing": (programs.DEFAULT_LOCKS, programs.DEFAULT_LOCKS_FIXED),
    "locks behind a test": (programs.TESTED_LOCKS, programs.TESTED_LOCKS_FIXED),
    "removal in a try": (programs.OF_TRY, programs.OF_TRY_FIXED),
    "ring": (programs.RING, programs.RING_FIXED),
}
ALL = SAFE | UNSAFE | {name: before for name, (before, _) in ADDED.items()}
PLAIN = programs.CACHE.replace("\t", "    ")


def project(root: Path, text: str | bytes) -> Path:
    """A project of one program; the file."""
    (root / "pyproject.toml").write_text("")
    stand_in = root / "vendor" / "mcp" / "server" / "fastmcp.py"
    stand_in.parent.mkdir(parents=True)
    stand_in.write_text(programs.STAND_IN)
    path = root / "server.py"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def fix(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(*arguments, ".", cwd=path.parent)


def output(path: Path) -> list[str]:
    """What the program prints."""
    environment = {**os.environ, "PYTHONPATH": str(path.parent / "vendor")}
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True, env=environment)
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", SAFE)
def test_what_is_safe_is_fixed_and_the_program_does_the_same(tmp_path: Path, name: str) -> None:
    path = project(tmp_path, SAFE[name])
    before = output(path)
    assert fix(path).returncode == 1
    done = fix(path, "--fix")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Fixed 1 finding in 1 file." in done.stderr
    assert output(path) == before
    assert "1024" in path.read_text()
    old, new = SAFE[name].splitlines(), path.read_text().splitlines()
    changed = [line for line, now in zip(old, new, strict=True) if line != now]
    assert all(line.startswith(("@", "from functools", "    partial", "page =")) for line in changed)


@pytest.mark.parametrize("name", UNSAFE)
def test_a_removal_moves_into_a_finally_only_when_that_is_wanted(tmp_path: Path, name: str) -> None:
    path = project(tmp_path, UNSAFE[name])
    before = output(path)
    assert not before[-1].endswith(" 0")
    done = fix(path, "--fix")
    assert done.returncode == 1 and path.read_text() == UNSAFE[name]
    assert "Fixed 0 findings (1 more with --unsafe-fixes)." in done.stderr
    done = fix(path, "--fix", "--unsafe-fixes")
    assert (done.returncode, done.stdout) == (0, "")
    assert output(path) == [*before[:-1], "LEFT 0"]
    old = [line.strip() for line in UNSAFE[name].splitlines()]
    new = [line.strip() for line in path.read_text().splitlines()]
    assert "finally:" in new
    assert [line for line in new if line not in ("try:", "finally:")] == [line for line in old if line != "try:"]


@pytest.mark.parametrize("name", ADDED)
def test_what_nothing_removes_is_removed_or_bounded_only_when_that_is_wanted(tmp_path: Path, name: str) -> None:
    text, expected = ADDED[name]
    assert expected != text
    path = project(tmp_path, text)
    before = output(path)
    assert fix(path, "--fix").returncode == 1 and path.read_text() == text
    done = fix(path, "--fix", "--unsafe-fixes")
    assert (done.returncode, done.stdout) == (0, "")
    assert path.read_text() == expected
    left = before[-1] if name == "ring" else "LEFT 0"
    assert output(path) == [*before[:-1], left]
    assert before[-1] != "LEFT 0"


@pytest.mark.parametrize("name", ALL)
def test_a_second_run_changes_nothing(tmp_path: Path, name: str) -> None:
    path = project(tmp_path, ALL[name])
    fix(path, "--fix", "--unsafe-fixes")
    once = path.read_bytes()
    assert once != ALL[name].encode()
    assert "Fixed 0 findings" in fix(path, "--fix", "--unsafe-fixes").stderr
    assert path.read_bytes() == once


def test_all_caches_of_a_file_are_fixed_in_one_run(tmp_path: Path) -> None:
    more = PLAIN.replace("@mcp.tool()", "@cache\ndef other(url: str) -> str:\n    return url\n\n\n@mcp.tool()")
    path = project(tmp_path, more.replace("return page(url)", "return page(url) + other(url)"))
    assert "Fixed 2 findings in 1 file." in fix(path, "--fix").stderr
    text = path.read_text()
    assert text.count("@lru_cache(maxsize=1024)") == 2
    assert text.startswith("from functools import cache, lru_cache\n")


@pytest.mark.parametrize("returns", [" -> list[str]", "", " -> 'str'"])
def test_a_result_that_may_be_compared_by_identity_is_not_safe(tmp_path: Path, returns: str) -> None:
    path = project(tmp_path, PLAIN.replace("page(url: str) -> str:", f"page(url: str){returns}:"))
    assert "1 more with --unsafe-fixes" in fix(path, "--fix").stderr
    assert "Fixed 1 finding" in fix(path, "--fix", "--unsafe-fixes").stderr


@pytest.mark.parametrize("value", ["int | None", "tuple[str, ...]", "Optional[bytes]"])
def test_plain_values_are_safe(tmp_path: Path, value: str) -> None:
    path = project(tmp_path, PLAIN.replace("page(url: str) -> str:", f"page(url: str) -> {value}:"))
    assert "Would fix 1 finding" in fix(path, "--diff").stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [("return url * 2", "return url and page(url[1:])"), ("def page", "async def page")],
    ids=["recursive", "coroutine"],
)
def test_a_cache_that_may_not_be_bounded_stays(tmp_path: Path, old: str, new: str) -> None:
    text = PLAIN.replace(old, new)
    path = project(tmp_path, text)
    fix(path, "--fix", "--unsafe-fixes")
    assert path.read_text() == text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"early":\n        return', '"early":\n        del running[request_id]\n        return'),
        ("    text = ", "    request_id = request_id + 'x'\n    text = "),
        ("    del running[request_id]  # done", "    if text:\n        del running[request_id]"),
        ("    del running[request_id]  # done", "    del running[request_id]; text += ''"),
    ],
    ids=["removed between too", "key changes", "removed in a branch", "two statements on a line"],
)
def test_a_removal_that_may_not_move_stays(tmp_path: Path, old: str, new: str) -> None:
    text = programs.ENTRY.replace(old, new)
    assert text != programs.ENTRY
    path = project(tmp_path, text)
    assert fix(path, "--fix", "--unsafe-fixes").returncode == 1
    assert path.read_text() == text


@pytest.mark.parametrize(
    ("program", "old", "new"),
    [
        (programs.NEW_ENTRY, "return text", "return text + request_id"),
        (programs.NEW_ENTRY, "    if query ==", "    asyncio.create_task(answer(request_id))\n    if query =="),
        (programs.NEW_ENTRY, "print(await run", "print(running.get('id'), await run"),
        (programs.NEW_ENTRY, "request_id = str(uuid.uuid4())", "request_id = str(query)"),
        (programs.NEW_LISTENER, "said = await answer(query)", "said = query"),
        (programs.NEW_LISTENER, "said = await", "handler = None; said = await"),
        (programs.RING, "asked[-1]", "asked[0]"),
        (programs.RING, "asked[-1]", "asked[-1:]"),
        (programs.RING, "one for one in asked", "one.upper() for one in asked"),
        (programs.RING, "asked[-1]", "'one' in asked"),
        (programs.RING, "list[str] = []", "list[str] = ['zero']"),
        (programs.RING, "import time", "import time\ndeque = list"),
        (programs.LOCKS, "locks: dict[", "class Table(dict): ...\n\n\nlocks: Table["),
        (
            programs.LOCKS,
            "async with locks.setdefault(url, asyncio.Lock()):",
            "if await locks.setdefault(url, asyncio.Lock()).acquire():",
        ),
        (programs.LOCKS, "asyncio.Lock())", "asyncio.Event())"),
        (programs.TESTED_LOCKS, "async with lock_of(url):", "if await lock_of(url).acquire():"),
        (programs.TESTED_LOCKS, "locks[url] = asyncio.Lock()", "locks[url] = asyncio.Lock()  # one each"),
    ],
    ids=[
        "the key is given back",
        "the key goes to a task",
        "others read by key",
        "the key comes from outside",
        "nothing is waited for",
        "the callback changes",
        "the first item",
        "a slice",
        "items that live",
        "membership",
        "not empty at first",
        "the name is taken",
        "a type that says more",
        "a lock nobody holds",
        "no lock",
        "a lock nobody holds, by a function",
        "a comment would be lost",
    ],
)
def test_what_may_be_needed_stays(tmp_path: Path, program: str, old: str, new: str) -> None:
    text = program.replace(old, new)
    assert text != program
    path = project(tmp_path, text)
    fix(path, "--fix", "--unsafe-fixes")
    assert path.read_text() == text


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        ("# coding: latin-1\n# caf\xe9\n" + PLAIN).encode("latin-1"),
        (PLAIN.replace("    ", "  ") + "  # \U0001f600 \f end").encode(),
    ],
    ids=["CR LF", "byte order mark", "latin-1", "no last line end"],
)
def test_every_other_byte_stays(tmp_path: Path, data: bytes) -> None:
    path = project(tmp_path, data)
    assert "Fixed 1 finding" in fix(path, "--fix").stderr
    expected = data.replace(b"import cache", b"import lru_cache").replace(b"@cache", b"@lru_cache(maxsize=1024)")
    assert path.read_bytes() == expected


def test_a_file_that_libcst_does_not_reproduce_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = project(tmp_path, PLAIN)
    monkeypatch.setattr(libcst.Module, "bytes", property(lambda module: b"other"))
    result = engine.analyze([str(tmp_path)], engine.Settings(mends=True))
    assert [finding.mend for finding in result.findings] == [None]
    assert [(notice.path, "byte for byte" in notice.message) for notice in result.notices] == [(path.name, True)]


def test_diff_shows_and_does_not_write(tmp_path: Path) -> None:
    path = project(tmp_path, PLAIN)
    done = fix(path, "--diff")
    assert done.returncode == 1
    assert path.read_text() == PLAIN
    assert done.stdout.startswith("--- server.py\n+++ server.py\n@@ -1,4 +1,4 @@\n-from functools import cache\n+")
    (tmp_path / "change.patch").write_text(done.stdout)
    subprocess.run(["git", "apply", "-p0", "change.patch"], cwd=tmp_path, check=True, capture_output=True)
    patched = path.read_text()
    path.write_text(PLAIN)
    fix(path, "--fix")
    assert path.read_text() == patched
    assert (fix(path, "--diff").returncode, fix(path, "--diff").stdout) == (0, "")


def test_the_size_is_configured(tmp_path: Path) -> None:
    path = project(tmp_path, PLAIN)
    (tmp_path / "leaklint.toml").write_text("fix-size = 64\n")
    fix(path, "--fix")
    assert "@lru_cache(maxsize=64)" in path.read_text()


def test_writing_keeps_the_mode_and_leaves_no_draft(tmp_path: Path) -> None:
    path = project(tmp_path, PLAIN)
    path.chmod(0o750)
    fix(path, "--fix")
    assert stat.S_IMODE(path.stat().st_mode) == 0o750
    assert sorted(one.name for one in tmp_path.iterdir()) == ["pyproject.toml", "server.py", "vendor"]


@pytest.mark.parametrize(
    "arguments", [["--unsafe-fixes"], ["--fix", "--diff"], ["-", "--fix", "--stdin-filename", "server.py"]]
)
def test_what_makes_no_sense_is_two(tmp_path: Path, arguments: list[str]) -> None:
    path = project(tmp_path, PLAIN)
    assert run(*arguments, cwd=tmp_path).returncode == 2
    assert path.read_text() == PLAIN
