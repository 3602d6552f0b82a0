"""Input that is broken or hostile: one notice with its place, no traceback, and the other files are still analysed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from leaklint.engine import Settings, analyze
from leaklint.extraction import isolated, pool, workers
from leaklint.extraction.outcome import Outcome
from leaklint.extraction.single import parse
from leaklint.findings import Notice

FINE = "_seen = []\n\ndef add(x):\n    _seen.append(x)\n"

BAD: dict[str, tuple[bytes, str, int]] = {
    "syntax error": (b"x = 1\ndef f(:\n", "syntax error", 2),
    "bad bytes": (b'x = "\xff\xfe"\n', "cannot decode", 0),
    "unknown encoding": (b"# coding: nonsense\nx = 1\n", "unknown encoding", 0),
    "utf-16": ("x = 1\n".encode("utf-16"), "cannot decode", 0),
    "nul byte": (b"x = 1\0\n", "not a valid character", 0),
    "megabyte one-liner": (b"x = [" + b"1," * 600_000 + b"]\n", "larger than the limit", 0),
    "1,000 brackets": (b"\nx = " + b"[" * 1_000 + b"]" * 1_000 + b"\n", "deeper than 200 brackets", 2),
    "100,000 brackets": (b"x = " + b"(" * 100_000 + b")" * 100_000 + b"\n", "deeper than 200 brackets", 1),
    "open brackets": (b"\n\n" + b"[\n" * 5_000, "deeper than 200 brackets", 203),
    "brackets in an f-string": (b"x = f'{" + b"(" * 900 + b"a" + b")" * 900 + b"}'\n", "200 brackets", 1),
    "10,000 terms": (b"\nx = " + b" or ".join([b"a"] * 10_000) + b"\n", "more than 3,000 operators", 2),
    "terms on lines": (b"x = (a\n" + b"    + a  # more\n" * 4_000 + b")\n", "more than 3,000 operators", 1),
    "unary chain": (b"x = " + b"-" * 900_000 + b"a\n", "more than 3,000 operators", 1),
    "lambda chain": (b"x = (" + b"lambda:\n" * 5_000 + b"a)\n", "more than 3,000 operators", 1),
    "elif chain": (b"if a:\n    b\n" + b"elif a:\n    b\n" * 5_000, "more than 3,000 branches", 6_003),
}


def notices_about(path: Path, jobs: int = 1) -> list[Notice]:
    """The notices of a run over the directory ``path``, beside a fine file that must have been analysed."""
    (path / "fine.py").write_text(FINE)
    result = analyze([str(path)], Settings(jobs=jobs, min_confidence="low"))
    assert result.analysed >= 1
    assert {finding.primary.path for finding in result.findings} == {"fine.py"}
    return list(result.notices)


@pytest.mark.parametrize("case", BAD)
def test_bad_content_is_a_notice_with_its_place(tmp_path: Path, case: str) -> None:
    source, words, line = BAD[case]
    (tmp_path / "bad.py").write_bytes(source)
    (notice,) = notices_about(tmp_path)
    assert (notice.path, notice.line, notice.level) == ("bad.py", line, "warning")
    assert words in notice.message


@pytest.mark.parametrize(
    "source",
    [b"", b"\xef\xbb\xbfx = 1\n", b"\x0cx = 1\r\ny = 2\r", b"# coding: latin-1\nx = '\xe9'\n", b"x = '\\ud800'\n"],
    ids=["empty", "byte order mark", "line ends", "latin-1", "surrogate"],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_odd_content_is_fine(tmp_path: Path, source: bytes, jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "POOL_BYTES", 0)
    (tmp_path / "odd.py").write_bytes(source)
    assert notices_about(tmp_path, jobs) == []


@pytest.mark.parametrize(
    "source",
    [
        b"x = '" + b"(" * 5_000 + b"'\n",
        b"# " + b"[" * 5_000 + b"\n",
        b'"""' + b"\n - " * 9_000 + b'"""\n',
        b"x = [\n" + b"    a.b(c) + 1,\n" * 4_000 + b"]\n",
        b"a.b(c)\n" * 4_000,
        b"a.b(c)  # why\n" * 4_000,
        b"if a:\n    b = c.d(e)\n" * 4_000,
    ],
    ids=["string", "comment", "docstring", "elements", "statements", "comments", "ifs"],
)
def test_what_only_looks_dangerous_is_analysed(tmp_path: Path, source: bytes) -> None:
    (tmp_path / "long.py").write_bytes(source)
    assert notices_about(tmp_path) == []


def test_named_pipes_devices_and_dangling_links_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "loop.py").symlink_to("loop.py")
    (tmp_path / "around").symlink_to(".", target_is_directory=True)
    assert [(n.path, n.message) for n in notices_about(tmp_path)] == [
        ("loop.py", "a symbolic link that leads nowhere"),
        ("pipe.py", "a named pipe, not a regular file: not opened"),
    ]


def test_a_named_pipe_that_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    (notice,) = analyze([str(tmp_path / "pipe.py")]).notices
    assert "named pipe" in notice.message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file(tmp_path: Path) -> None:
    (tmp_path / "locked.py").write_text("x = 1\n")
    (tmp_path / "locked.py").chmod(0)
    (notice,) = notices_about(tmp_path)
    assert "Permission denied" in notice.message


def test_a_file_that_vanishes_or_becomes_a_pipe(tmp_path: Path) -> None:
    gone, pipe = tmp_path / "gone.py", tmp_path / "pipe.py"
    os.mkfifo(pipe)
    jobs = [pool.Job(str(path), path.name, 1) for path in (gone, pipe)]
    first, second = pool.extract_all(jobs, 1_000, 1, lambda: None)
    assert first.problem and "vanished" in first.problem.message
    assert second.problem and "not a regular file" in second.problem.message


@pytest.mark.parametrize("name", ["sp ace.py", "new\nline.py", os.fsdecode(b"bytes\xff.py"), "esc\x1b[31m.py"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_odd_names_keep_their_place(tmp_path: Path, name: str, jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "POOL_BYTES", 0)
    (tmp_path / name).write_text(FINE)
    (tmp_path / "other.py").write_text("def f(:\n")
    result = analyze([str(tmp_path)], Settings(jobs=jobs, min_confidence="low"))
    assert [finding.primary.path for finding in result.findings] == [name]
    assert [notice.path for notice in result.notices] == ["other.py"]


def test_minified_scripts_are_skipped(tmp_path: Path) -> None:
    (tmp_path / "bundle.js").write_text("x = '" + "y" * 5_001 + "'\n")
    (tmp_path / "lib.min.js").write_text("x = 1\n")
    notices_about(tmp_path)
    assert dict(analyze([str(tmp_path)]).skipped) == {"minified": 2}


def test_a_defect_in_one_file_does_not_cost_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: str, source: bytes) -> None:
        raise KeyError(path)

    monkeypatch.setattr("leaklint.frontend.extract", fail)
    problem = parse("a.py", b"x = 1\n").problem
    assert problem and problem.message.startswith("internal error, please report it: KeyError")


def _crash() -> Outcome:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def _think() -> Outcome:
    while True:
        pass


def test_a_crash_in_a_process_of_its_own_is_a_problem() -> None:
    problem = isolated.isolated(_crash, "a.py").problem
    assert problem and "crash" in problem.message


def test_a_process_of_its_own_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "CPU_LIMIT_SECONDS", 1)
    problem = isolated.isolated(_think, "a.py").problem
    assert problem and "too long" in problem.message


def test_a_worker_that_dies_costs_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "POOL_BYTES", 0)
    original = workers.extract_file

    def deadly(path: str, relative: str, limit: int) -> Outcome:
        return _crash() if relative == "deadly.py" else original(path, relative, limit)

    monkeypatch.setattr(workers, "extract_file", deadly)
    (tmp_path / "deadly.py").write_text("x = 1\n")
    (tmp_path / "other.py").write_text("x = 1\n")
    (notice,) = notices_about(tmp_path, jobs=2)
    assert notice.path == "deadly.py" and "crash" in notice.message


def test_settings_that_are_named_pipes_or_lead_out_are_not_opened(tmp_path: Path) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside.json"
    project.mkdir()
    outside.write_text("{")
    for name in (".gitignore", "package.json", "pyproject.toml"):
        os.mkfifo(project / name)
    (project / "tsconfig.json").symlink_to(outside)
    (project / "main.ts").write_text("export const x = 1;\n")
    assert [(n.path, n.message) for n in notices_about(project)] == [
        ("package.json", "not a regular file: not opened"),
    ]


def test_a_parser_that_does_not_come_to_an_end(tmp_path: Path) -> None:
    found = Path(__file__).parents[1] / "fuzz" / "inputs" / "tsx" / "parser_that_does_not_end"
    (tmp_path / "bad.tsx").write_bytes(found.read_bytes())
    (notice,) = notices_about(tmp_path)
    assert (notice.path, notice.level) == ("bad.tsx", "warning") and "does not come to an end" in notice.message
    assert notice.line >= 1
