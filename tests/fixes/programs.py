"""Programs with leaks that can be mended. Each prints what it does, with a stand-in for the library it names."""

HEAD = """\
from mcp.server.fastmcp import FastMCP

mcp = FastMCP("demo")
"""

STAND_IN = """\
class FastMCP:
    def __init__(self, name: str) -> None:
        pass

    def tool(self):
        return lambda function: function
"""

CACHE = f"""\
from functools import cache
{HEAD}
calls: list[str] = ["started"]


@cache
def page(url: str) -> str:  # kept
\tprint("computed", url)
\treturn url * 2


@mcp.tool()
def read(url: str) -> str:
\treturn page(url)


if __name__ == "__main__":
\tprint(read("a"), read("b"), read("a"), page.cache_info().misses)
"""

MODULE_CACHE = CACHE.replace("from functools import cache", "import functools as ft").replace("@cache", "@ft.cache")
KEYWORD_CACHE = CACHE.replace("import cache", "import (\n    lru_cache as memo,\n)").replace(
    "@cache", "@memo(maxsize=None, typed=True)"
)
POSITION_CACHE = CACHE.replace("import cache", "import lru_cache").replace("@cache", "@lru_cache(None)")
SHARED_IMPORT = CACHE.replace("import cache", "import (\n    cache,  # both\n    partial,\n)").replace(
    "calls:", "again = partial(cache, len)\ncalls:"
)

ENTRY = f"""\
import asyncio
import uuid
{HEAD}
running: dict[str, str] = {{}}


async def answer(query: str) -> str:
    if query == "bad":
        raise ValueError(query)
    return query.upper()


@mcp.tool()
async def run(query: str) -> str:
    request_id = str(uuid.uuid4())
    running[request_id] = query

    # ask
    text = '''
  two lines''' + await answer(
        query
    )
    if query == "early":
        return "early"
    # and forget
    del running[request_id]  # done
    return text


async def main() -> None:
    print(await run("good"), len(running))
    for query in ("bad", "early"):
        try:
            print(await run(query))
        except ValueError as error:
            print("failed", error)
    print("LEFT", len(running))


if __name__ == "__main__":
    asyncio.run(main())
"""

LISTENER = f"""\
import asyncio
import io
import logging
{HEAD}
log = logging.getLogger("demo")


async def answer(query: str) -> str:
    log.warning("asked %s", query)
    if query == "bad":
        raise ValueError(query)
    return query.upper()


@mcp.tool()
async def run(query: str) -> str:
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    log.addHandler(handler)
    said = await answer(query)
    log.removeHandler(handler)
    return said + text.getvalue()


async def main() -> None:
    print(await run("good"), len(log.handlers))
    try:
        await run("bad")
    except ValueError as error:
        print("failed", error)
    print("LEFT", len(log.handlers))


if __name__ == "__main__":
    asyncio.run(main())
"""
