"""What a configuration changes, and what is said about one that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from leaklint.config import Configuration, ConfigurationError
from leaklint.config.read import read
from leaklint.engine import Settings, analyze

LEAK = "_seen = []\n\ndef add(x):\n    _seen.append(x)\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    for folder in ("src", "legacy", "tests", "build"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "server.py").write_text(LEAK)
    return tmp_path


def reported(project: Path, configuration: str, *, isolated: bool = False) -> list[str]:
    """The files with findings when ``project`` is analysed under ``configuration``."""
    (project / "leaklint.toml").write_text('min-confidence = "low"\n' + configuration)
    return [finding.primary.path for finding in analyze([str(project)], Settings(isolated=isolated)).findings]


@pytest.mark.parametrize(
    ("configuration", "files"),
    [
        ("", ["legacy/server.py", "src/server.py"]),
        ('ignore = ["LEAK002"]', []),
        ('ignore = ["entry-without-delete"]', []),
        ('select = ["LEAK001"]', []),
        ('select = ["LEAK002"]', ["legacy/server.py", "src/server.py"]),
        ('per-file-ignores = {"legacy/" = ["LEAK002"]}', ["src/server.py"]),
        ('extend-exclude = ["/legacy"]', ["src/server.py"]),
        ('exclude = ["src/"]', ["build/server.py", "legacy/server.py"]),
        ("tests = true", ["legacy/server.py", "src/server.py", "tests/server.py"]),
    ],
)
def test_settings(project: Path, configuration: str, files: list[str]) -> None:
    assert reported(project, configuration) == files


@pytest.mark.parametrize(
    ("settings", "is_reported"),
    [
        (Settings(min_confidence="low", select=("LEAK002",)), True),
        (Settings(min_confidence="low", select=("LEAK001", "entry-without-delete")), True),
        (Settings(min_confidence="low", select=("LEAK001",)), False),
        (Settings(min_confidence="low", select=("LEAK002",), ignore=("entry-without-delete",)), False),
        (Settings(min_confidence="low"), False),
    ],
)
def test_the_command_line_has_the_last_word_about_rules(project: Path, settings: Settings, is_reported: bool) -> None:
    (project / "leaklint.toml").write_text('ignore = ["LEAK002"]\n')
    assert bool(analyze([str(project)], settings).findings) == is_reported


def test_the_nearest_configuration_holds(project: Path) -> None:
    (project / "legacy" / "pyproject.toml").write_text('[tool.leaklint]\nignore = ["LEAK002"]\n')
    (project / "src" / "pyproject.toml").write_text("[tool.other]\n")
    assert reported(project, "") == ["src/server.py"]
    assert analyze([str(project / "legacy")], Settings(min_confidence="low")).findings == ()


def test_isolated_reads_none(project: Path) -> None:
    assert reported(project, "no sense", isolated=True) == ["legacy/server.py", "src/server.py"]


def test_errors_have_a_place_and_a_suggestion(project: Path) -> None:
    path = project / "leaklint.toml"
    path.write_text('ignore = []\nselct = ["LEAK001"]\n')
    with pytest.raises(ConfigurationError) as caught:
        analyze([str(project)])
    assert (caught.value.path, caught.value.line) == (str(path), 2)
    assert caught.value.message == "unknown key 'selct': did you mean 'select'?"


def test_errors_further_down_are_notices(project: Path) -> None:
    (project / "legacy" / "leaklint.toml").write_text("selct = []\n")
    (project / "src" / "pyproject.toml").write_text("[tool\n")
    result = analyze([str(project)], Settings(min_confidence="low"))
    assert [(notice.path, notice.line) for notice in result.notices] == [
        ("legacy/leaklint.toml", 1),
        ("src/pyproject.toml", 1),
    ]
    assert all(notice.message.startswith("configuration ignored: ") for notice in result.notices)
    assert len(result.findings) == 2


def test_another_programs_file_that_cannot_be_parsed_is_a_notice(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool\n")
    (notice,) = analyze([str(project)]).notices
    assert (notice.path, notice.line) == ("pyproject.toml", 1)


def test_a_file_without_our_table_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool.other]\n")
    assert read(str(path)) is None
    path.write_text("[tool.leaklint]\n")
    assert read(str(path)) == Configuration()


SERVER = """\
from mcp.server.fastmcp import FastMCP

from bus_library import Bus

mcp = FastMCP("demo")
bus = Bus()


@mcp.tool()
def search(text: str) -> str:
    bus.enlist(lambda event: print(text, event))
    return text
"""
PAIR = '[[models.pair]]\nacquire = ["Bus.enlist"]\nrelease = ["Bus.dismiss"]\n'


@pytest.fixture
def monorepo(tmp_path: Path) -> Path:
    """Two packages with the same server, in one repository."""
    (tmp_path / ".git").mkdir()
    for package in ("one", "two"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "server.py").write_text(SERVER)
        (tmp_path / package / "leaklint.toml").write_text("")
    return tmp_path


def leaking(root: Path, *paths: str, cache: str = "") -> list[str]:
    """The files with a listener that stays, when ``paths`` of the monorepo are analysed together."""
    result = analyze([str(root / path) for path in paths or ("",)], Settings(cache=cache))
    base = Path(result.root)
    return [str((base / f.primary.path).relative_to(root)) for f in result.findings if f.rule == "LEAK001"]


def test_models_hold_below_their_configuration_only(monorepo: Path) -> None:
    assert leaking(monorepo) == []
    (monorepo / "one" / "leaklint.toml").write_text(PAIR)
    assert leaking(monorepo) == leaking(monorepo, "one", "two") == ["one/server.py"]
    assert leaking(monorepo, "two/server.py") == []


def test_models_of_a_configuration_further_up_hold_as_well(monorepo: Path) -> None:
    (monorepo / "leaklint.toml").write_text(PAIR)
    assert leaking(monorepo) == ["one/server.py", "two/server.py"]
    assert leaking(monorepo, "two") == leaking(monorepo, "two/server.py") == ["two/server.py"]
    (monorepo / "one" / "leaklint.toml").write_text(PAIR + "weak = true\n")
    assert leaking(monorepo) == ["two/server.py"], "the nearest one has the last word"


def test_kept_answers_know_where_models_hold(monorepo: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    cache = str(tmp_path_factory.mktemp("cache"))
    for package in ("one", "two"):
        other = "two" if package == "one" else "one"
        (monorepo / package / "leaklint.toml").write_text(PAIR)
        (monorepo / other / "leaklint.toml").write_text("")
        assert leaking(monorepo, cache=cache) == [f"{package}/server.py"]


def test_words_of_keys_hold_below_their_configuration_only(monorepo: Path) -> None:
    text = "_kept = {}\n\n\ndef keep(gizmo):\n    _kept[gizmo] = 1\n"
    for package in ("one", "two"):
        (monorepo / package / "server.py").write_text(text)
    (monorepo / "one" / "leaklint.toml").write_text('[models.roles]\nopen = ["gizmo"]\n')
    found = analyze([str(monorepo)], Settings(min_confidence="low")).findings
    assert [(f.primary.path, f.confidence) for f in found] == [("one/server.py", "high"), ("two/server.py", "medium")]


def test_a_configuration_further_up_that_is_wrong_is_a_notice(monorepo: Path) -> None:
    (monorepo / "leaklint.toml").write_text("selct = []\n")
    (notice,) = analyze([str(monorepo / "one")]).notices
    assert (notice.path, notice.line) == ("../leaklint.toml", 1)
