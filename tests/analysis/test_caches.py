"""Cached functions: what their keys are, who keeps the cache, what bounds and what empties it."""

from __future__ import annotations

from analysis.programs import findings_in, reported

HEAD = """
from functools import cache, lru_cache
from cachetools import cached, cachedmethod, LRUCache
from mcp.server.fastmcp import FastMCP
mcp = FastMCP("x")
"""


def _of(body: str) -> list[str]:
    return [f.container for f in findings_in(HEAD + body) if f.rule == "LEAK003"]


def test_the_place_is_the_name_of_the_function_and_the_words_name_its_parameters() -> None:
    found = findings_in(
        HEAD + "@cache\ndef load(url, text): return 1\n@mcp.tool()\ndef t(url: str): return load(url, url)\n"
    )
    assert [(f.rule, f.container, f.primary.span.line, f.primary.span.column) for f in found] == [
        ("LEAK003", "load", 7, 5)
    ]
    assert "`url`, `text`" in found[0].message


def test_called_at_start_up_only() -> None:
    body = "@cache\ndef load(url): return 1\ndef main():\n    load(input())\nif __name__ == '__main__':\n    main()\n"
    assert _of(body) == []


def test_emptied_by_something_that_runs_again_and_again() -> None:
    body = """
import asyncio
@cache
def load(url): return 1
@mcp.tool()
def t(url: str): return load(url)
async def sweep():
    while True:
        await asyncio.sleep(60)
        {0}
async def main():
    asyncio.create_task(sweep())
"""
    assert _of(body.format("load.cache_clear()")) == []
    assert _of(body.format("pass")) == ["load"]


def test_a_function_made_in_each_call_takes_its_cache_with_it() -> None:
    body = "@mcp.tool()\ndef t(url: str):\n    @cache\n    def load(part: str): return 1\n    return [load(p) for p in url]\n"
    assert _of(body) == []


def test_a_method_of_the_one_object_without_parameters() -> None:
    body = """
class Store:
    {0}
    def all(self, *, {1}): return 1
store = Store()
@mcp.tool()
def t(url: str): return store.all({2})
"""
    assert _of(body.format("@cache", "deep: bool", "deep=True")) == []
    assert _of(body.format("@cache", "url: str", "url=url")) == ["all"]


def test_a_container_of_each_object_dies_with_it() -> None:
    body = """
class Page:
    def __init__(self): self.cache = {{}}
    @cachedmethod(lambda self: self.cache)
    def part(self, query: str): return 1
{0}
@mcp.tool()
def t(query: str): return {1}.part(query)
"""
    assert _of(body.format("", "Page()")) == []
    assert _of(body.format("page = Page()", "page")) == ["part"]


def test_the_given_container_decides() -> None:
    body = "kept = {0}\n@cached(kept)\ndef load(url): return 1\n@mcp.tool()\ndef t(url: str): return load(url)\n"
    assert _of(body.format("LRUCache(maxsize=100)")) == []
    assert _of(body.format("{}")) == ["load"]
    assert _of(body.format("{}") + "    \ndef more(url: str):\n    kept.clear()\nmcp.tool()(more)\n") == ["load"]


def test_applied_to_a_function_of_a_library() -> None:
    body = "from geo import far\nnear = lru_cache(maxsize={0})(far)\n@mcp.tool()\ndef t(query: str): return near({1})\n"
    assert reported(HEAD + body.format("None", "query")) == [("LEAK003", 7)]
    assert _of(body.format("100", "query")) == []
    assert _of(body.format("None", "'home'")) == []


def test_a_cache_kept_in_a_field_by_the_constructor() -> None:
    body = """
class Store:
    def __init__(self):
        self.load = lru_cache(maxsize=None)(self._load)
    def _load(self, url: str): return 1
{0}
@mcp.tool()
def t(url: str): return {1}.load(url)
"""
    assert _of(body.format("store = Store()", "store")) == ["self.load"]
    assert _of(body.format("", "Store()")) == []
