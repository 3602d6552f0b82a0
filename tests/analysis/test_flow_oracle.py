"""Where the analysis says "released on every exit", no execution of a random program may end with the entry in."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaklint import facts
from leaklint.analysis.flow.exits import Exits, Verdict, released
from leaklint.analysis.flow.guards import operations
from tests.analysis.flow_executor import kept_sites
from tests.analysis.flow_generator import program
from tests.analysis.flow_programs import calls, function_of, known


def judged(source: str, fresh: bool) -> dict[int, Exits]:
    """What the analysis says of each growth site of ``source``."""
    function = function_of(source)
    growths = [op for op in operations(function) if calls(op, "grow")]
    return {_site(op.node): released(function, op, known(fresh)) for op in growths}


def _site(call: facts.Expr | None) -> int:
    assert isinstance(call, facts.Call)
    number = call.args[0].value
    assert isinstance(number, facts.Const)
    return int(number.text)


def wrongly_safe(source: str, mode: str, fresh: bool, most_runs: int = 150) -> set[int]:
    """The growth sites that are called safe and are not."""
    safe = {site for site, exits in judged(source, fresh).items() if exits.verdict is Verdict.EVERY_EXIT}
    return safe & kept_sites(source, mode, fresh, most_runs).kept if safe else set()


@pytest.mark.parametrize("fresh", [True, False])
@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(choice=st.randoms(use_true_random=False))
def test_what_is_called_safe_is_safe(choice: random.Random, fresh: bool) -> None:
    mode, source = program(choice)
    assert not wrongly_safe(source, mode, fresh), source


LEAKS = {
    "cancelled": (
        "async",
        "async def f(x, c):\n    grow(1)\n    try:\n        await work()\n    except Exception:\n        pass\n    release()\n",
    ),
    "closed": ("generator", "def f(x, c):\n    grow(1)\n    yield\n    release()\n"),
    "swallowed": (
        "sync",
        "def f(x, c):\n    with context():\n        grow(1)\n        work()\n        release()\n",
    ),
    "no pass": ("sync", "def f(x, c):\n    grow(1)\n    for i in x.many:\n        release()\n"),
}


@pytest.mark.parametrize("name", LEAKS)
def test_the_executor_finds_the_exits_that_keep_the_entry(name: str) -> None:
    mode, source = LEAKS[name]
    assert kept_sites(source, mode, fresh=True, most_runs=100).kept == {1}
    assert judged(source, fresh=True)[1].verdict is not Verdict.EVERY_EXIT


def test_the_executor_knows_the_keys_of_a_loop() -> None:
    source = "def f(x, c):\n    try:\n        for i in x.many:\n            grow(1)\n    finally:\n        release()\n"
    assert kept_sites(source, "sync", fresh=True, most_runs=100).kept == {1}
    assert kept_sites(source, "sync", fresh=False, most_runs=100).kept == set()
