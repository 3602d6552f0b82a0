"""Listeners: which emitter, which callback, what becomes of the handle, and why it may happen only once."""

from __future__ import annotations

import pytest
from analysis.programs import findings_in

HEAD = """
import logging
from mcp.server.fastmcp import FastMCP
from pyee.asyncio import AsyncIOEventEmitter
from .bus import connect
mcp = FastMCP("x")
bus = AsyncIOEventEmitter()
log = logging.getLogger("x")
"""


def _of(body: str) -> list[str]:
    return [f.container for f in findings_in(HEAD + body) if f.rule == "LEAK001"]


@pytest.mark.parametrize("made_in", ["Panel(bus)", "Panel(AsyncIOEventEmitter())"])
def test_an_emitter_handed_to_a_constructor_is_that_of_the_caller(made_in: str) -> None:
    body = f"""
class Panel:
    def __init__(self, emitter):
        self.emitter = emitter
        self.emitter.on("x", self.show)
    def show(self): ...
@mcp.tool()
def t(): return {made_in}.emitter
"""
    assert _of(body) == (["self.emitter"] if "bus" in made_in else [])


GUARDS = {
    "if any(isinstance(h, Own) for h in log.handlers): return": [],
    "log.handlers.clear()": [],
    "if not log.propagate: print('quiet')": ["log"],
}


@pytest.mark.parametrize("guard", GUARDS)
def test_looked_at_or_emptied_before(guard: str) -> None:
    body = f"class Own(logging.Handler): ...\n@mcp.tool()\ndef t():\n    {guard}\n    log.addHandler(Own())\n"
    assert _of(body) == GUARDS[guard]


def test_removing_another_function_removes_nothing() -> None:
    body = """
@mcp.tool()
def t():
    def one(): ...
    def two(): ...
    bus.on("x", one)
    bus.remove_listener("x", {0})
"""
    assert _of(body.format("one")) == []
    assert _of(body.format("two")) == ["bus"]


def test_an_object_made_when_it_is_first_asked_for_registers_once() -> None:
    body = """
import atexit
class Store:
    def __init__(self): atexit.register(self.close)
    def close(self): ...
_store = None
def store():
    global _store
    {0}
    return _store
@mcp.tool()
def t(): return store()
"""
    assert _of(body.format("if _store is None:\n        _store = Store()")) == []
    assert _of(body.format("_store = Store()")) == ["atexit"]
