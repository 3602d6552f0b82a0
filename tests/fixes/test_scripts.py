"""Fixes of TypeScript and JavaScript: the finding is gone, the program does what it did, every other byte stays."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ..cli.leaky import run
from . import scripts

FIXED = {
    "moved, to the end of the block": (scripts.MOVED, scripts.MOVED_FIXED),
    "moved, up to the removal": (scripts.BETWEEN, scripts.BETWEEN_FIXED),
    "moved, out of a try": (scripts.OF_TRY, scripts.OF_TRY_FIXED),
    "entry added": (scripts.ADDED, scripts.ADDED_FIXED),
    "listener without a name": (scripts.LISTENER, scripts.LISTENER_FIXED),
    "listener with a name": (scripts.NAMED, scripts.NAMED_FIXED),
    "cache": (scripts.CACHE, scripts.CACHE_FIXED),
}


def project(root: Path, text: str | bytes, name: str = "server.mjs") -> Path:
    """A project of one program; the file."""
    (root / "package.json").write_text("{}")
    (root / "leaklint.toml").write_text("fix-size = 1\n")
    for path, content in scripts.STAND_IN.items():
        file = root / "node_modules" / "@modelcontextprotocol" / "sdk" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    path = root / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def fix(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run("--fix", *arguments, ".", cwd=path.parent)


def output(path: Path) -> list[str]:
    """What the program prints."""
    return subprocess.run(["node", path], capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize("name", FIXED)
def test_only_what_is_wanted_is_fixed_once(tmp_path: Path, name: str) -> None:
    text, expected = FIXED[name]
    assert expected != text
    path = project(tmp_path, text)
    assert "(1 more with --unsafe-fixes)" in fix(path).stderr and path.read_text() == text
    done = fix(path, "--unsafe-fixes")
    assert (done.returncode, done.stdout) == (0, "")
    assert path.read_text() == expected
    assert "Fixed 0 findings" in fix(path, "--unsafe-fixes").stderr
    assert path.read_text() == expected


@pytest.mark.node
@pytest.mark.parametrize("name", FIXED)
def test_the_program_does_the_same_and_keeps_less(tmp_path: Path, name: str) -> None:
    before, after = (output(project(tmp_path, text)) for text in FIXED[name])
    assert after[:-1] == before[:-1]
    assert int(after[-1].removeprefix("LEFT ")) < int(before[-1].removeprefix("LEFT "))


@pytest.mark.parametrize(
    ("mark", "newline"),
    [(b"", b"\r\n"), (b"\xef\xbb\xbf", b"\n")],
    ids=["CR LF", "byte order mark"],
)
def test_every_other_byte_stays(tmp_path: Path, mark: bytes, newline: bytes) -> None:
    texts = (text.replace("// now", "// \u00e4\U0001f600").rstrip() for text in FIXED[next(iter(FIXED))])
    old, new = (mark + text.encode().replace(b"\n", newline) for text in texts)
    path = project(tmp_path, old)
    fix(path, "--unsafe-fixes")
    assert path.read_bytes() == new


@pytest.mark.parametrize(
    ("old", "expected"),
    [
        ("(line: string) => lines.push(line)", "const listener = (line: string) => lines.push(line);"),
        (
            "(line) => lines.push(line)",
            "const listener: Parameters<typeof feed.on>[1] = (line) => lines.push(line);",
        ),
    ],
    ids=["with types", "types come from the place"],
)
def test_a_callback_keeps_its_types(tmp_path: Path, old: str, expected: str) -> None:
    path = project(tmp_path, scripts.LISTENER.replace("(line) => lines.push(line)", old), "server.ts")
    fix(path, "--unsafe-fixes")
    assert f"  {expected}\n  feed.on(" in path.read_text()


@pytest.mark.parametrize(
    ("program", "old", "new"),
    [
        (scripts.ADDED, "return text;", "return text + id;"),
        (scripts.ADDED, "text = await", "setTimeout(work, 1, id);\n  text = await"),
        (scripts.ADDED, "randomUUID()", "request.params.query"),
        (scripts.ADDED, '"LEFT", ', '"LEFT", running.get("id"), '),
        (scripts.ADDED, "await answer(request.params.query)", "request.params.query"),
        (scripts.NAMED, "const text =", "keep = undefined;\n  const text ="),
        (scripts.BETWEEN, "  running.delete(id);", "  if (text) running.delete(id);"),
        (scripts.BETWEEN, "running.delete(id);", "running.delete(id); text += '';"),
        (scripts.CACHE, "pages.size", "[...pages.values()].length"),
        (scripts.CACHE, "await answer(url)", "new URL(url)"),
        (scripts.CACHE, "await answer(url)", "() => answer(url)"),
    ],
    ids=[
        "the key is given back",
        "the key goes to a timer",
        "the key comes from outside",
        "others read by key",
        "nothing is waited for",
        "the callback changes",
        "removed in a branch",
        "two statements on a line",
        "all results are gone over",
        "an object with an identity",
        "a function",
    ],
)
def test_what_may_be_needed_stays(tmp_path: Path, program: str, old: str, new: str) -> None:
    text = program.replace(old, new)
    assert text != program
    path = project(tmp_path, text)
    fix(path, "--unsafe-fixes")
    assert path.read_text() == text


def test_a_file_that_is_not_read_as_it_is_stays_and_is_named(tmp_path: Path) -> None:
    text = scripts.ADDED.encode("utf-16")
    path = project(tmp_path, text)
    done = fix(path, "--unsafe-fixes")
    assert "byte for byte" in done.stderr
    assert path.read_bytes() == text
