"""The language server, as an editor sees it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from lsprotocol import types

from leaklint.catalog.pages import find

from ..cli.leaky import CLEAN, LEAKY
from ..fixes.programs import CACHE
from .editor import editor

PLAIN = CACHE.replace("\t", "    ")

STORE = """\
sessions: dict[str, str] = {}


def remember(session_id: str, query: str) -> None:
    sessions[session_id] = query
"""
SERVER = """\
from mcp.server.fastmcp import FastMCP
from store import remember

mcp = FastMCP("demo")


@mcp.tool()
async def search(session_id: str, query: str) -> str:
    remember(session_id, query)
    return query
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "server.py").write_text(CLEAN)
    (tmp_path / "store.py").write_text(STORE)
    return tmp_path


def test_a_leak_is_shown_while_it_is_typed_and_goes_when_it_is_mended(project: Path) -> None:
    async def talk() -> None:
        path = project / "server.py"
        async with editor(project) as one:
            one.open(path)
            one.type(path, LEAKY)
            (leak,) = await one.diagnostics(path)
            assert (leak.code, leak.source, leak.severity) == ("LEAK002", "leaklint", types.DiagnosticSeverity.Warning)
            assert leak.range == types.Range(types.Position(8, 4), types.Position(8, 33))
            assert "_sessions" in leak.message
            one.type(path, CLEAN)
            assert await one.diagnostics(path) == []
        assert path.read_text() == CLEAN

    asyncio.run(talk())


def test_related_places_lie_in_other_files_and_lead_there(project: Path) -> None:
    async def talk() -> None:
        async with editor(project) as one:
            one.open(project / "server.py", SERVER)
            (leak,) = await one.diagnostics(project / "store.py")
            related = {(item.location.uri, item.location.range.start.line) for item in leak.related_information or ()}
            assert {((project / "store.py").as_uri(), 0), ((project / "server.py").as_uri(), 7)} <= related
            one.close(project / "server.py")
            assert await one.diagnostics(project / "store.py") == []

    asyncio.run(talk())


def test_the_page_of_the_rule_is_shown_on_hover(project: Path) -> None:
    page = find("LEAK002")
    assert page

    async def talk() -> None:
        path = project / "server.py"
        async with editor(project) as one:
            one.open(path, LEAKY)
            await one.diagnostics(path)
            text = await one.hover(path, 8, 10)
            assert text and text.startswith("# LEAK002 ") and page.markdown in text
            assert await one.hover(path, 9, 4) is None

    asyncio.run(talk())


@pytest.mark.parametrize(("encoding", "column"), [("utf-16", 14), ("utf-8", 16)])
def test_columns_count_what_the_editor_counts(project: Path, encoding: str, column: int) -> None:
    text = LEAKY.replace("    _sessions[", "    s = '\U0001f600'; _sessions[")

    async def talk() -> None:
        async with editor(project, [encoding]) as one:
            one.open(project / "server.py", text)
            (leak,) = await one.diagnostics(project / "server.py")
            assert leak.range.start == types.Position(8, column)

    asyncio.run(talk())


def test_a_file_that_needs_a_process_of_its_own_is_read_too(project: Path) -> None:
    (project / "long.py").write_text("x = " + " + ".join(["1"] * 400) + "\n")

    async def talk() -> None:
        async with editor(project) as one:
            one.open(project / "server.py", LEAKY)
            assert len(await one.diagnostics(project / "server.py")) == 1

    asyncio.run(talk())


def test_a_wrong_configuration_is_said_and_the_server_goes_on(project: Path) -> None:
    path, settings = project / "server.py", project / "leaklint.toml"
    settings.write_text("selct = []\n")

    async def talk() -> None:
        async with editor(project) as one:
            one.open(path, LEAKY)
            while not one.messages:
                await asyncio.sleep(0.05)
            assert "leaklint.toml:1: unknown key 'selct'" in one.messages[0]
            settings.unlink()
            one.type(path, LEAKY + "\n")
            assert len(await one.diagnostics(path)) == 1

    asyncio.run(talk())


def test_the_fix_is_offered_as_an_action(project: Path) -> None:
    async def talk() -> None:
        path = project / "server.py"
        async with editor(project) as one:
            one.open(path, PLAIN)
            (leak,) = await one.diagnostics(path)
            line = leak.range.start.line
            (action,) = await one.actions(path, line)
            assert action.is_preferred and action.kind == types.CodeActionKind.QuickFix
            assert action.edit and action.edit.changes
            (edits,) = action.edit.changes.values()
            assert {edit.new_text for edit in edits} == {"lru_cache(maxsize=1024)", "lru_cache"}
            assert await one.actions(path, line + 2) == []

    asyncio.run(talk())


def test_what_is_no_source_is_passed_over(project: Path) -> None:
    (project / "notes.md").write_text("")

    async def talk() -> None:
        async with editor(project) as one:
            one.open(project / "notes.md")
            one.open(project / "server.py", LEAKY)
            assert len(await one.diagnostics(project / "server.py")) == 1
        assert one.messages == []

    asyncio.run(talk())


def test_without_the_library_the_command_says_what_to_install() -> None:
    script = "import sys; sys.modules['pygls'] = None; from leaklint.cli.server import run_server; run_server()"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "mcp-leaklint[lsp]" in done.stderr
