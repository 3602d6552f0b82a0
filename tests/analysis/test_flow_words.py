"""The exits that keep an entry, in words."""

from __future__ import annotations

import pytest

from leaklint.analysis.flow.exits import Verdict
from tests.analysis.flow_programs import exits

SOME_EXITS = {
    "only on success": ("grow(); work(); release()", "when the call raises (line 2)"),
    "only on success of an await": (
        "grow(); await work(); release()",
        "when the awaited call raises or is cancelled (line 2)",
    ),
    "cancelled": (
        """
        grow()
        try:
            await work()
        except Exception:
            release()
            raise
        release()
        """,
        "when it is cancelled at the await (line 5)",
    ),
    "another type": (
        """
        grow()
        try:
            work()
        except ValueError:
            release()
        else:
            release()
        """,
        "when the call raises an exception of another type (line 5)",
    ),
    "an early return": (
        """
        grow()
        if x:
            return
        release()
        """,
        "on the return (line 5)",
    ),
    "swallowed": (
        """
        grow()
        try:
            work()
            release()
        except Exception:
            pass
        """,
        "when the call raises and the exception is caught (line 5)",
    ),
    "not taken": (
        """
        grow()
        for y in (1, 2):
            release()
        """,
        "at the end of the function",
    ),
    "the next pass": (
        """
        for y in (1, 2):
            grow()
            if x: continue
            release()
        """,
        "on the next pass of the loop",
    ),
    "a raise": ("\n        grow()\n        if x: raise E\n        release()", "on the raise (line 4)"),
    "a step before the release in finally": (
        """
        grow()
        try:
            safe()
            pass
        finally:
            work()
            release()
        """,
        "when the call raises (line 8)",
    ),
    "the generator is closed": (
        """
        grow()
        try:
            yield
        except (Exception, CancelledError):
            pass
        release()
        """,
        "when the generator is closed at its yield (line 5)",
    ),
}


@pytest.mark.parametrize("name", SOME_EXITS)
def test_the_exits_that_keep_the_entry_are_named(name: str) -> None:
    body, words = SOME_EXITS[name]
    body = body if "\n" in body else "        " + body
    found = exits("    async def f(x):\n" + body)
    assert found.verdict is Verdict.SOME_EXITS
    assert found.which == (words,)
