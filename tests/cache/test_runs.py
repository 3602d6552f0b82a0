"""A run with a cache answers as one without, whatever happened in between."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from cache import projects

from leaklint.cache import keys
from leaklint.engine import judging
from leaklint.extraction import pool


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return projects.make(tmp_path / "project")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def extracted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are parsed from here on."""
    names: list[str] = []
    original = pool.extract_file

    def note(path: str, relative: str, limit: int) -> object:
        names.append(relative)
        return original(path, relative, limit)

    monkeypatch.setattr(pool, "extract_file", note)
    return names


def test_the_project_has_something_to_report(project: Path) -> None:
    found = msgspec.json.decode(projects.answer(project, None))
    assert {finding["primary"]["path"] for finding in found["findings"]} >= {"server.py", "store.py"}
    assert [notice["path"] for notice in found["notices"]] == ["broken.py"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_cold_and_warm_are_equal(
    project: Path, cache: Path, jobs: int, extracted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "POOL_BYTES", 0)
    plain = projects.answer(project, None)
    assert projects.answer(project, cache, jobs=jobs) == plain
    extracted.clear()
    assert projects.answer(project, cache) == plain
    assert extracted == []


def _edit_source(project: Path) -> None:
    (project / "store.py").write_text("def keep(value: str) -> None:\n    print(value)\n")


def _rename(project: Path) -> None:
    (project / "store.py").rename(project / "storage.py")


def _edit_settings(project: Path) -> None:
    (project / "web/tsconfig.json").write_text('{"compilerOptions": {"paths": {}}}')


def _break_settings(project: Path) -> None:
    (project / "web/tsconfig.json").write_text("{")


def _add_settings(project: Path) -> None:
    (project / "web/package.json").write_text("{")


def _configure(project: Path) -> None:
    (project / "leaklint.toml").write_text('ignore = ["LEAK002"]\n')


EDITS: list[Callable[[Path], None]] = [
    _edit_source,
    _rename,
    _edit_settings,
    _break_settings,
    _add_settings,
    _configure,
]


@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_the_answer_is_new(project: Path, cache: Path, edit: Callable[[Path], None]) -> None:
    before = projects.answer(project, cache)
    edit(project)
    after = projects.answer(project, cache)
    assert after == projects.answer(project, None)
    assert (after == before) == (edit is _edit_settings)  # all others show in the report


def test_a_changed_file_is_the_only_one_read_again(project: Path, cache: Path, extracted: list[str]) -> None:
    projects.answer(project, cache)
    extracted.clear()
    _edit_source(project)
    projects.answer(project, cache)
    assert extracted == ["store.py"]


def test_a_moved_project_is_known_file_by_file(project: Path, cache: Path, extracted: list[str]) -> None:
    projects.answer(project, cache)
    extracted.clear()
    project.rename(project.parent / "moved")
    projects.answer(project.parent / "moved", cache)
    assert extracted == []


def count_judging(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one each time something is linked and judged from here on."""
    called: list[int] = []
    original = judging.analysis.analyze

    def note(*given: object) -> object:
        called.append(1)
        return original(*given)

    monkeypatch.setattr(judging.analysis, "analyze", note)
    return called


def test_other_models_judge_anew(project: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    projects.answer(project, cache)
    called = count_judging(monkeypatch)
    row = '[[tool.leaklint.models.names]]\nmain = ["search"]\nsource = "here"\n'
    for _ in range(2):
        (project / "pyproject.toml").write_text(row)
        projects.answer(project, cache)
    assert called == [1]


@pytest.mark.parametrize("what", ["program_digest", "rules_digest"])
def test_another_leaklint_or_other_rules_judge_anew(
    project: Path, cache: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    projects.answer(project, cache)
    before = projects.entries(cache)
    for module in ("leaklint.engine.memory", "leaklint.extraction.known"):
        if hasattr(sys.modules[module], what):
            monkeypatch.setattr(f"{module}.{what}", lambda: "0" * 64)
    called = count_judging(monkeypatch)
    projects.answer(project, cache)
    assert called == [1]
    assert len(projects.entries(cache)) > len(before)


def test_editing_rules_changes_their_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(keys.RULES, tmp_path / "rules")
    monkeypatch.setattr(keys, "RULES", str(tmp_path / "rules"))
    digests = [keys.rules_digest.__wrapped__()]
    model = next((tmp_path / "rules" / "models").rglob("*.toml"))
    status = model.stat()
    model.write_bytes(model.read_bytes().swapcase())
    os.utime(model, ns=(status.st_atime_ns, status.st_mtime_ns))
    digests.append(keys.rules_digest.__wrapped__())
    (tmp_path / "rules" / "models" / "more.toml").write_text("")
    digests.append(keys.rules_digest.__wrapped__())
    assert len(set(digests)) == 3


@pytest.mark.parametrize("content", [b"", b"\x80\x04N.", b"\x93\x00\x01", b"\xc1" * 99])
def test_damaged_caches_are_rebuilt(project: Path, cache: Path, content: bytes) -> None:
    plain = projects.answer(project, cache)
    for path in projects.entries(cache):
        path.write_bytes(content)
    assert projects.answer(project, cache) == plain
    assert all(path.read_bytes() != content for path in projects.entries(cache))


def test_sealed_nonsense_is_rebuilt(project: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from leaklint.cache.store import _MAGIC, _sealed

    plain = projects.answer(project, cache)
    nonsense = msgspec.msgpack.encode([1, {"a": None}])
    for path in projects.entries(cache):
        path.write_bytes(_sealed(path.parent.name + path.name, nonsense))
    assert projects.answer(project, cache) == plain
    assert all(
        path.read_bytes().startswith(_MAGIC) and nonsense not in path.read_bytes() for path in projects.entries(cache)
    )


def test_the_scanned_project_has_no_say(project: Path, cache: Path) -> None:
    for path in ("pyproject.toml", "leaklint.toml"):
        table = "[tool.leaklint]\n" if path == "pyproject.toml" else ""
        (project / path).write_text(f"{table}cache-dir = 'planted'\n")
        done = subprocess.run(
            projects.command(project, cache),
            check=False,
            cwd=project,
            capture_output=True,
            text=True,
            env=projects.environment(),
        )
        assert done.returncode == 2 and "unknown key 'cache-dir'" in done.stderr
        (project / path).unlink()
    assert not (project / "planted").exists()


def test_a_warm_run_imports_no_parser_and_links_nothing(project: Path, cache: Path) -> None:
    cold = projects.report(project, cache)
    warm = subprocess.run(
        projects.command(project, cache, "-X", "importtime"),
        capture_output=True,
        text=True,
        env=projects.environment(),
        check=True,
    )
    assert warm.stdout == cold
    imported = {line.rsplit("|", 1)[-1].strip() for line in warm.stderr.splitlines() if "import time:" in line}
    assert "leaklint.engine.memory" in imported
    heavy = ("libcst", "tree_sitter", "leaklint.analysis", "leaklint.extraction", "multiprocessing")
    assert [name for name in sorted(imported) if name.startswith(heavy)] == []


def test_runs_at_the_same_time_agree(project: Path, cache: Path) -> None:
    plain = projects.report(project, cache.with_name("other"))
    runs = [
        subprocess.Popen(
            projects.command(project, cache), stdout=subprocess.PIPE, env=projects.environment(), text=True
        )
        for _ in range(4)
    ]
    assert [run.communicate(timeout=60)[0] for run in runs] == [plain] * 4
    assert projects.report(project, cache) == plain


def test_info_and_clear(project: Path, cache: Path) -> None:
    projects.answer(project, cache)
    kept = len(projects.entries(cache))

    def say(word: str) -> str:
        line = [sys.executable, "-m", "leaklint", "cache", word, "--cache-dir", str(cache)]
        return subprocess.run(line, capture_output=True, text=True, check=True).stdout

    assert say("info").startswith(f"{cache}: {kept} entries, ")
    assert say("clear").startswith(f"{cache}: removed {kept} entries, ")
    assert say("info").startswith(f"{cache}: 0 entries, ")
    assert projects.entries(cache) == []
