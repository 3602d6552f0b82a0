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

NEW_ENTRY = ENTRY.replace(
    """    # and forget
    del running[request_id]  # done
""",
    "",
).replace('print(await run("good"), len(running))', 'print(await run("good"))')
NEW_ENTRY_FIXED = NEW_ENTRY.replace(
    """
    # ask
    text = '''
  two lines''' + await answer(
        query
    )
    if query == "early":
        return "early"
    return text
""",
    """
    try:
        # ask
        text = '''
  two lines''' + await answer(
            query
        )
        if query == "early":
            return "early"
        return text
    finally:
        running.pop(request_id, None)
""",
)

NEW_ELEMENT = NEW_ENTRY.replace("running: dict[str, str] = {}", "running: set[str] = set()").replace(
    "running[request_id] = query", "running.add(request_id)"
)
NEW_ELEMENT_FIXED = NEW_ENTRY_FIXED.replace("running: dict[str, str] = {}", "running: set[str] = set()")
NEW_ELEMENT_FIXED = NEW_ELEMENT_FIXED.replace("running[request_id] = query", "running.add(request_id)").replace(
    "running.pop(request_id, None)", "running.discard(request_id)"
)

NEW_LISTENER = LISTENER.replace("    log.removeHandler(handler)\n", "").replace(
    ", len(log.handlers))\n    try", ")\n    try"
)
NEW_LISTENER_FIXED = NEW_LISTENER.replace(
    """    said = await answer(query)
    return said + text.getvalue()
""",
    """    try:
        said = await answer(query)
        return said + text.getvalue()
    finally:
        log.removeHandler(handler)
""",
)
NAMELESS_LISTENER = NEW_LISTENER.replace(
    """    handler = logging.StreamHandler(text)
    log.addHandler(handler)
""",
    "    log.addHandler(logging.StreamHandler(text))\n",
)
NAMELESS_LISTENER_FIXED = NEW_LISTENER_FIXED.replace("handler =", "listener =").replace("(handler)", "(listener)")

LOCKS = f"""\
import asyncio
{HEAD}
locks: dict[str, asyncio.Lock] = {{}}
order: list[str] = ["start"]


@mcp.tool()
async def save(url: str, text: str) -> str:
    async with locks.setdefault(url, asyncio.Lock()):
        print("begin", text)
        await asyncio.sleep(0.01)
        print("end", text)
    return text


async def main() -> None:
    print(await asyncio.gather(save("u", "one"), save("u", "two"), save("v", "three")))
    print("LEFT", len(locks))


if __name__ == "__main__":
    asyncio.run(main())
"""
LOCKS_FIXED = LOCKS.replace("import asyncio\n", "import asyncio\nfrom weakref import WeakValueDictionary\n", 1).replace(
    "dict[str, asyncio.Lock] = {}", "WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()"
)
DEFAULT_LOCKS = LOCKS.replace("import asyncio\n", "import asyncio\nfrom collections import defaultdict\n", 1)
DEFAULT_LOCKS = DEFAULT_LOCKS.replace(": dict[str, asyncio.Lock] = {}", " = defaultdict(asyncio.Lock)").replace(
    "locks.setdefault(url, asyncio.Lock())", "locks[url]"
)
DEFAULT_LOCKS_FIXED = DEFAULT_LOCKS.replace(
    "import defaultdict\n", "import defaultdict\nfrom weakref import WeakValueDictionary\n"
)
DEFAULT_LOCKS_FIXED = DEFAULT_LOCKS_FIXED.replace("defaultdict(asyncio.Lock)", "WeakValueDictionary()").replace(
    "locks[url]", "locks.setdefault(url, asyncio.Lock())"
)
TESTED_LOCKS = LOCKS.replace(
    "    async with locks.setdefault(url, asyncio.Lock()):\n",
    "    async with lock_of(url):\n",
).replace(
    "@mcp.tool()\n",
    """def lock_of(url: str) -> asyncio.Lock:
    if url not in locks:
        locks[url] = asyncio.Lock()
    return locks[url]


@mcp.tool()
""",
)
TESTED_LOCKS_FIXED = LOCKS_FIXED.replace(
    "    async with locks.setdefault(url, asyncio.Lock()):\n",
    "    async with lock_of(url):\n",
).replace(
    "@mcp.tool()\n",
    """def lock_of(url: str) -> asyncio.Lock:
    return locks.setdefault(url, asyncio.Lock())


@mcp.tool()
""",
)

RING = f"""\
import time
{HEAD}
asked: list[str] = []


@mcp.tool()
def ask(question: str) -> str:
    asked.append(question)
    return question.upper()


if __name__ == "__main__":
    print(ask("one"), ask("two"), ask("three"))
    print([one for one in asked], asked[-1], bool(asked), time.time() > 0)
    print("LEFT", len(asked))
"""
RING_FIXED = RING.replace("import time\n", "import time\nfrom collections import deque\n").replace(
    "list[str] = []", "deque[str] = deque(maxlen=1024)"
)

APPLIED_CACHE = CACHE.replace("@cache\ndef page", "def load").replace(
    "\n\n\n@mcp", "\n\n\npage = cache(load)\n\n\n@mcp"
)
APPLIED_NUMBER = APPLIED_CACHE.replace("import cache", "import lru_cache").replace("= cache", "= lru_cache(None)")

OF_TRY = ENTRY.replace(
    """
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
""",
    """    try:
        text = await answer(query)
        if query == "early":
            return "early"
        del running[request_id]  # done
        return text
    except ValueError as error:
        raise ValueError("refused") from error
""",
)
OF_TRY_FIXED = OF_TRY.replace("        del running[request_id]  # done\n", "").replace(
    "from error\n", "from error\n    finally:\n        del running[request_id]  # done\n"
)
