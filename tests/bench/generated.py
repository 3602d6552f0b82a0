"""``python -m tests.bench.generated DIRECTORY [FILES] [LINES]``: write a project of any size, always the same.

20,000 files and 5 million lines unless told otherwise. Each file is a module of a server: containers, a class that keeps
them, handlers that grow and release them, and work that grows nothing; it imports two modules before it. ``measure``
says whether the cost of a line stays the same when the project grows.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

FILES, LINES = 20_000, 5_000_000
_FILES_A_PACKAGE = 100

_HEAD = '''\
"""Module {number} of a generated server."""

import asyncio
import uuid

from mcp.server.fastmcp import FastMCP

from {first} import Store{a}
from {second} import work_{b}_0

mcp = FastMCP("server-{number}")
_in_flight: dict[str, float] = {{}}
_names: dict[str, str] = {{}}


class Store{number}:
    """Keeps what sessions ask for."""

    def __init__(self) -> None:
        self._kept: dict[str, list[str]] = {{}}

    def put(self, session_id: str, value: str) -> None:
        self._kept.setdefault(session_id, []).append(value)

    def close(self, session_id: str) -> None:
        self._kept.pop(session_id, None)


_store = Store{number}()


@mcp.tool()
async def ask_{number}(session_id: str, query: str) -> str:
    """Answers a query."""
    request_id = str(uuid.uuid4())
    _in_flight[request_id] = 1.0
    _store.put(session_id, query)
    try:
        await asyncio.sleep(0)
        return str(work_{b}_0(len(query), [1, 2, 3]))
    finally:
        del _in_flight[request_id]


@mcp.tool()
async def remember_{number}(session_id: str, name: str) -> str:
    """Keeps a name for ever."""
    _names[session_id] = name
    Store{a}().put(session_id, name)
    return name

'''
_BODY = '''
def work_{number}_{part}(count: int, values: list[int]) -> int:
    """Adds up what is asked for."""
    total = 0
    for index, value in enumerate(values):
        if index > count and value % 2 == 0:
            total += value * {part}
        elif value < 0:
            raise ValueError(f"{{value}} is below zero")
    try:
        table = {{str(value): value + total for value in values}}
        total += max(table.values(), default=0)
    except (KeyError, TypeError) as error:
        print("part {part}", error, sep=": ", flush=True)
    return total if total > 0 else sum(values[:count])

'''


def write(target: Path, files: int, lines: int) -> None:
    """Write ``files`` modules with about ``lines`` lines together below ``target``, which must not be there yet."""
    target.mkdir(parents=True)
    (target / "leaklint.toml").touch()
    for number in range(files):
        path = target.joinpath(*_module(number).split(".")).with_suffix(".py")
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(_text(number, lines // files)))


def _module(number: int) -> str:
    return f"package{number // _FILES_A_PACKAGE}.module{number}"


def _text(number: int, lines: int) -> Iterator[str]:
    a, b = number // 2, number * 2 // 3
    yield _HEAD.format(number=number, a=a, b=b, first=_module(a), second=_module(b))
    for part in range(max((lines - _HEAD.count("\n")) // _BODY.count("\n"), 1)):
        yield _BODY.format(number=number, part=part)


if __name__ == "__main__":
    write(Path(sys.argv[1]), *(int(word) for word in sys.argv[2:] or (FILES, LINES)))
