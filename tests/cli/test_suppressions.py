"""``--no-ignores`` and ``--add-ignores`` on real files."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from .leaky import LEAKY, run

COMMENT = "# leaklint: ignore[LEAK002] -- known before leaklint, not judged yet"


def added(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if "leaklint: ignore" not in line)


@pytest.fixture
def server(tmp_path: Path) -> Path:
    path = tmp_path / "server.py"
    path.write_text(LEAKY)
    return path


def rule_of(server: Path) -> str:
    findings = json.loads(run("--format", "json", ".", cwd=server.parent).stdout)["findings"]
    return str(findings[0]["rule"])


def test_suppressed_findings_stay_out_of_every_format(server: Path) -> None:
    server.write_text(f"# leaklint: ignore-file[{rule_of(server)}] -- a demonstration\n" + LEAKY)
    for name in ("text", "concise", "sarif", "json", "junit", "html", "github", "gitlab"):
        done = run("--format", name, ".", cwd=server.parent)
        assert done.returncode == 0 and "_sessions" not in done.stdout
        assert done.stderr.count("nothing to report, 1 suppressed") == 1
    assert run("--no-ignores", ".", cwd=server.parent).returncode == 1


def test_remarks_are_findings_in_every_format(server: Path) -> None:
    server.write_text("x = 1  # leaklint: ignore[LEAK002]\n")
    for name in ("text", "concise", "sarif", "json", "junit", "html", "github", "gitlab"):
        done = run("--format", name, ".", cwd=server.parent)
        assert done.returncode == 1 and "LEAK900" in done.stdout


def test_every_finding_gets_its_comment_and_nothing_else_changes(server: Path) -> None:
    twin = server.parent / "twin.ts"
    text = (
        "const a = new Map();\r\nexport function f() {\r\n\t// eslint-disable-next-line\r\n"
        "\ta.set(crypto.randomUUID(), `é${1}`);\r\n}"
    )
    twin.write_bytes(text.encode())
    os.chmod(server, 0o640)
    done = run("--add-ignores", ".", cwd=server.parent)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "Added 2 comments in 2 files.\n")
    assert added(server.read_text()) == LEAKY
    assert stat.S_IMODE(server.stat().st_mode) == 0o640
    expected = text.replace("\t//", f"\t{COMMENT.replace('#', '//')}\r\n\t//", 1)
    assert twin.read_bytes().decode() == expected
    assert sorted(path.name for path in server.parent.iterdir()) == ["server.py", "twin.ts"]
    assert run(".", cwd=server.parent).returncode == 0
    assert run("--add-ignores", ".", cwd=server.parent).stderr == "Added 0 comments in 0 files.\n"


def test_a_reason_of_ones_own(server: Path) -> None:
    run("--add-ignores", "--reason", "bounded by the pool", ".", cwd=server.parent)
    assert server.read_text().count("] -- bounded by the pool\n") == 1


@pytest.mark.parametrize("reason", ["", "a\nb"])
def test_a_reason_that_is_none(server: Path, reason: str) -> None:
    assert run("--add-ignores", "--reason", reason, ".", cwd=server.parent).returncode == 2
    assert server.read_text() == LEAKY


def test_encodings_and_marks_at_the_start(server: Path) -> None:
    latin = "# -*- coding: latin-1 -*-\nimport uuid\n_é = {}\ndef f():\n    _é[uuid.uuid4()] = 'ü'\n".encode("latin-1")
    server.write_bytes(latin)
    marked = server.parent / "marked.py"
    marked.write_bytes(
        b"\xef\xbb\xbffrom collections import deque; import uuid; s = {}; f = lambda: s.setdefault(uuid.uuid4(), 1)"
    )
    assert run("--add-ignores", ".", cwd=server.parent).returncode == 0
    lines = server.read_bytes().splitlines(keepends=True)
    assert b"".join(line for line in lines if b"ignore[" not in line) == latin and len(lines) == 6
    assert marked.read_bytes().startswith(b"\xef\xbb\xbf#")
    assert run("--add-ignores", "--no-ignores", "--reason", "日", "server.py", cwd=server.parent).returncode == 2
    assert server.read_bytes() == b"".join(lines)


def test_text_across_lines_is_left_alone(server: Path) -> None:
    server.write_text("import uuid\n_a = {}\ndef f():\n    return f'''\n{_a.setdefault(uuid.uuid4(), 1)}\n'''\n")
    twin = server.parent / "twin.ts"
    twin.write_text("const a: string[] = [];\nexport function f(x: string) {\n  return `\n  ${a.push(x)}\n  `;\n}\n")
    run("--add-ignores", ".", cwd=server.parent)
    for path, text in ((server, "\n    return f'''\n{_a"), (twin, "\n  return `\n  ${a.push(x)}\n  `;\n")):
        assert text in path.read_text() and path.read_text().count("leaklint:") == 1
