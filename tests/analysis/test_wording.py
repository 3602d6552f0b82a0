"""What a finding says: when it grows, what does not take it out, and how that is mended."""

from __future__ import annotations

import pytest

from tests.analysis.programs import findings_in

START = """\
import asyncio
import logging
import time
from uuid import uuid4

from mcp.server.fastmcp import FastMCP

mcp = FastMCP("words")
kept = {}
seen = set()
lines = []


"""
NEVER_REMOVED = """\
@mcp.tool()
def issue(user: str) -> str:
    token = str(uuid4())
    kept[token] = user
    return token
"""
REMOVED_WHEN_READ = """\
@mcp.tool()
def issue(user: str) -> str:
    token = str(uuid4())
    kept[token] = (user, time.time() + 60)
    return token


@mcp.tool()
def load(token: str) -> str | None:
    entry = kept.get(token)
    if entry and entry[1] < time.time():
        del kept[token]
        return None
    return entry and entry[0]
"""
REMOVED_BY_NOBODY = """\
@mcp.tool()
def issue(user: str) -> str:
    token = str(uuid4())
    kept[token] = user
    return token


def revoke(token: str) -> None:
    kept.pop(token, None)
"""
REMOVED_ON_SUCCESS = """\
@mcp.tool()
async def work(text: str) -> str:
    token = str(uuid4())
    seen.add(token)
    await asyncio.sleep(1)
    seen.discard(token)
    return text
"""
A_SET = """\
@mcp.tool()
def see(session_id: str) -> bool:
    seen.add(session_id)
    return True
"""
A_LIST = """\
@mcp.tool()
def say(text: str) -> str:
    lines.append(text)
    return text
"""
AN_EARLIER_ENTRY = """\
@mcp.tool()
def toggle(session_id: str) -> bool:
    seen.discard(session_id)
    seen.add(session_id)
    return True
"""
MANY_EXITS = """\
@mcp.tool()
async def work(text: str) -> str:
    token = str(uuid4())
    kept[token] = text
    await asyncio.sleep(1)
    await asyncio.sleep(2)
    await asyncio.sleep(3)
    del kept[token]
    return text
"""


def only(program: str) -> tuple[str, str, str]:
    """Message, reason and mend of the one finding."""
    (finding,) = findings_in(START + program)
    return finding.message, finding.why, finding.fix


@pytest.mark.parametrize(
    ("program", "words"),
    [
        pytest.param(NEVER_REMOVED, "remove `kept[token]` in a `finally` if only this call needs it", id="never"),
        pytest.param(REMOVED_WHEN_READ, "remove what has expired from `kept` in a task that starts", id="when read"),
        pytest.param(REMOVED_BY_NOBODY, "call `revoke` where that is due", id="by nobody"),
        pytest.param(REMOVED_ON_SUCCESS, "remove `token` from `seen` in a `finally` around", id="on success"),
        pytest.param(A_SET, "remove `session_id` from `seen` in a `finally` if", id="a set keeps no order"),
        pytest.param(A_LIST, "keep only the newest items of `lines`", id="a list"),
    ],
)
def test_the_mend_is_one_for_this_leak(program: str, words: str) -> None:
    assert only(program)[2].startswith(words)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        pytest.param(REMOVED_BY_NOBODY, "and nothing calls `revoke`", id="a function in code marks"),
        pytest.param(AN_EARLIER_ENTRY, "and only an earlier entry of the same key is taken out", id="an earlier entry"),
        pytest.param(
            MANY_EXITS,
            "and it stays when the awaited call raises or is cancelled (line 18), "
            "when the awaited call raises or is cancelled (line 19) and in 1 more case",
            id="many exits",
        ),
    ],
)
def test_the_message_ends_with_what_does_not_take_it_out(program: str, words: str) -> None:
    assert only(program)[0].endswith(words)


@pytest.mark.parametrize("program", [NEVER_REMOVED, REMOVED_BY_NOBODY, REMOVED_ON_SUCCESS, MANY_EXITS])
def test_the_reason_does_not_say_again_what_the_message_says(program: str) -> None:
    message, why, _ = only(program)
    assert why.split("; ")[-1] not in message
    assert "lives as long as the process" in why


def test_a_loop_is_no_call() -> None:
    program = """\
async def listen(queue) -> None:
    while True:
        message = await queue.get()
        kept[str(uuid4())] = message


async def main(queue) -> None:
    asyncio.create_task(listen(queue))
    await mcp.run_stdio_async()
"""
    assert "at every round of the loop in `listen`" in only(program)[0]
