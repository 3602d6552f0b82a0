"""What is said of the exits of small programs. (``test_flow_oracle`` compares with executions.)"""

from __future__ import annotations

from dataclasses import replace

import pytest

from leaklint.analysis.flow.exits import Verdict, released
from leaklint.analysis.flow.guards import operations
from leaklint.analysis.flow.ways import Way
from tests.analysis.flow_programs import calls, exits, function_of, known, named

EVERY_EXIT = {
    "straight on": "grow(); release()",
    "a call that cannot raise between": "grow(); safe(1); x = y.z; release()",
    "finally": """
        grow()
        try:
            await work()
            if x: return 1
        finally:
            release()
    """,
    "growth inside the try": """
        try:
            work()
            grow()
            await work()
        finally:
            safe()
            release()
    """,
    "awaiting the growth and the release": """
        await grow()
        try:
            work()
        finally:
            await release()
    """,
    "all handlers and the success path": """
        grow()
        try:
            await work()
        except BaseException:
            release()
            raise
        release()
    """,
    "errors and cancellation apart": """
        grow()
        try:
            await work()
        except CancelledError:
            release()
            raise
        except Exception as error:
            release()
            raise error
        else:
            release()
    """,
    "both arms": """
        grow()
        if x:
            release()
            return
        else:
            release()
        work()
    """,
    "a with that releases": """
        with releasing():
            grow()
            work()
    """,
    "a with after the growth": """
        grow()
        with releasing(), other():
            return work()
    """,
    "a guard that asks for the entry": """
        grow()
        try:
            work()
        finally:
            if key in c:
                release()
    """,
    "left early where the entry is gone": """
        grow()
        try:
            work()
        finally:
            if key not in c:
                return
            release()
    """,
    "in one pass": """
        while True:
            grow()
            try:
                if work(): continue
                if work(): break
            finally:
                release()
    """,
    "broken out of the loop": """
        while True:
            grow()
            if x: break
            release()
        release()
    """,
    "as long as it is there": """
        grow()
        while key in c:
            release()
    """,
    "nested": """
        try:
            grow()
            try:
                work()
            finally:
                work()
        finally:
            release()
    """,
    "a raise that is caught": """
        grow()
        try:
            raise ValueError(safe())
        except Exception:
            pass
        release()
    """,
}


@pytest.mark.parametrize("name", EVERY_EXIT)
def test_released_on_every_exit(name: str) -> None:
    body = EVERY_EXIT[name]
    body = body if "\n" in body else "        " + body
    assert exits("    async def f(x):\n" + body).verdict is Verdict.EVERY_EXIT


def verdict(body: str, fresh: bool = True) -> Verdict:
    return exits("    async def f(x):\n" + body, fresh).verdict


@pytest.mark.parametrize("kind", ["await", "yield", "return", "raise", "call"])
def test_a_gap_before_the_try(kind: str) -> None:
    between = {
        "await": "await work()",
        "yield": "yield",
        "return": "\n        if x: return",
        "raise": "\n        if x: raise E",
        "call": "y = work(); z = c[y]",
    }
    found = exits(f"""
    async def f(x):
        work(); grow(); {between[kind]}
        try:
            work()
        finally:
            release()
    """)
    assert (found.verdict, found.gap) == (Verdict.GAP, kind)


def test_the_worst_of_a_gap_counts_and_a_with_that_releases_protects_too() -> None:
    found = exits("""
    async def f(x):
        with lock:
            grow()
            work()
        await work()
        with releasing():
            work()
    """)
    assert (found.verdict, found.gap) == (Verdict.GAP, "await")


def test_behind_the_try_it_is_no_gap() -> None:
    body = """
        grow()
        work()
        try:
            work()
        except Exception:
            release()
        return
    """
    assert verdict(body) is Verdict.SOME_EXITS


def test_a_release_behind_a_test_is_guarded() -> None:
    found = exits("""
    def f(x):
        grow()
        try:
            work()
        finally:
            if x:
                release()
    """)
    assert found.verdict is Verdict.GUARDED
    assert named(found.guard, "x")


def test_a_release_before_an_early_return_is_no_guard() -> None:
    body = """
        grow()
        if x:
            release()
            return
        return safe()
    """
    assert verdict(body) is Verdict.SOME_EXITS


def test_only_before() -> None:
    found = exits("def f():\n    release()\n    grow()\n    work()\n")
    assert found.verdict is Verdict.BEFORE
    assert found.before is not None
    assert found.before.position == ((0, ""),)
    assert verdict("        if x: release()\n        grow()\n") is Verdict.NONE


def test_no_release_follows() -> None:
    found = exits("def f():\n    grow()\n    return work()\n")
    assert found.verdict is Verdict.NONE
    assert [path.way for path in found.kept] == [Way.ERROR, Way.RETURN]


def test_with_one_key_a_later_pass_or_the_end_of_the_loop_releases() -> None:
    body = """
        try:
            for y in (1, 2):
                grow()
        finally:
            release()
    """
    assert verdict(body) is Verdict.SOME_EXITS
    assert verdict(body, fresh=False) is Verdict.EVERY_EXIT


def test_an_inner_finally_covers_only_what_is_inside() -> None:
    body = """
        grow()
        try:
            work()
            try:
                work()
            finally:
                release()
        finally:
            safe()
    """
    assert verdict(body) is Verdict.SOME_EXITS


def test_a_return_in_finally_does_not_lose_the_entry_from_sight() -> None:
    body = """
        try:
            try:
                grow()
                work()
            finally:
                return 1
        except BaseException:
            release()
    """
    assert verdict(body) is Verdict.NONE


def kept_without_cancellation(middle: str) -> set[Way]:
    function = function_of(f"""
    async def f(x):
        grow()
        try:
            {middle}
        except:
            release()
            raise
        release()
    """)
    growth = next(op for op in operations(function) if calls(op, "grow"))
    return {path.way for path in released(function, growth, replace(known(), cancellation=False)).kept}


def test_where_nothing_is_cancelled_a_handler_sees_all_but_the_end_of_a_generator() -> None:
    assert kept_without_cancellation("await work()") == set()
    assert kept_without_cancellation("yield") == {Way.CLOSE}


def test_without_cancellation_handlers_of_errors_are_enough() -> None:
    function = function_of("""
    async def f(x):
        grow()
        try:
            await work()
        except Exception:
            release()
            raise
        release()
    """)
    growth = next(op for op in operations(function) if calls(op, "grow"))
    assert released(function, growth, replace(known(), cancellation=False)).verdict is Verdict.EVERY_EXIT
    assert released(function, growth, known()).verdict is Verdict.SOME_EXITS


KEPT_THOUGH_IT_LOOKS_SAFE = {
    "the with may swallow what the handlers would see": """
        try:
            with other():
                grow()
                raise E
        except BaseException:
            release()
    """,
    "a finally goes on raising what it was entered with": """
        try:
            work()
        finally:
            grow()
        release()
    """,
    "a variable may hold a cancellation": """
        y = safe()
        grow()
        try:
            raise y
        except Exception:
            release()
    """,
    "what is iterated is evaluated once": """
        for y in release():
            grow()
    """,
    "a handler of one type does not catch all": """
        grow()
        try:
            work()
        except ValueError:
            release()
            raise
        release()
    """,
}


@pytest.mark.parametrize("name", KEPT_THOUGH_IT_LOOKS_SAFE)
def test_not_called_safe(name: str) -> None:
    assert verdict(KEPT_THOUGH_IT_LOOKS_SAFE[name], fresh=False) is not Verdict.EVERY_EXIT
