"""Operations in order, the tests and loops around a place, and what always runs before it."""

from __future__ import annotations

from textwrap import dedent

import pytest

from leaklint import facts
from leaklint.analysis.flow.guards import (
    always_before,
    block_after,
    dominates,
    enclosing,
    guards,
    loops,
    operations,
    statement_at,
)
from leaklint.analysis.flow.operations import Op
from tests.analysis.flow_programs import calls, function_of


def kinds(source: str) -> list[str]:
    body = "".join(f"    {line}\n" for line in dedent(source).strip().splitlines())
    return [op.kind for op in operations(function_of("async def f(x):\n" + body))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x.y = f(g())", "call call assign"),
        ("c[k()] = v()", "call call assign"),
        ("c[k] += v()", "load call assign"),
        ("a, *b = f()", "call iterate assign assign"),
        ("a, b = b, a", "assign assign"),
        ("a = b = f()", "call assign assign"),
        ("del c[k()], d", "call delete delete"),
        ("return await f()", "call await return"),
        ("raise E(x[0])", "load call raise"),
        ("assert f()", "call assert"),
        ("x = yield f()", "call yield assign"),
        ("f(*a, k=g())", "call call"),
        ("y = [g(i) for i in h() if p(i)]", "call iterate assign call call assign"),
        ("y = lambda: f()", "assign"),
        ("def g():\n    f()", "define"),
        ("if f(): g()\nelse: h()", "call call call"),
        ("for i in f():\n    break", "call iterate assign jump"),
        ("while f():\n    continue", "call jump"),
        ("with a() as b, c:\n    d()", "call enter assign enter call"),
        ("try: a()\nexcept E: b()\nelse: c()\nfinally: d()", "call call call call"),
        ("if (n := f()): pass", "call assign"),
        ("s = f'{g()} {x.y}'", "call assign"),
        ("x = 1\ny: int\n'text'\npass", "assign"),
    ],
)
def test_operations_come_in_the_order_of_evaluation(source: str, expected: str) -> None:
    assert kinds(source) == expected.split()


def test_what_may_be_skipped_is_conditional() -> None:
    function = function_of("def f():\n    a() and b()\n    c() if d() else e()\n    [g() for _ in h()]\n")
    found = {op.node.func.id: op.conditional for op in operations(function) if isinstance(op.node, facts.Call)}  # type: ignore[union-attr]
    assert found == {"a": False, "b": True, "d": False, "c": True, "e": True, "h": False, "g": True}


def test_a_sum_of_ten_thousand_terms_needs_no_recursion() -> None:
    total: facts.Expr = facts.Name("x")
    for _ in range(10_000):
        total = facts.Operation("+", (total, facts.Call(facts.Name("f"), (), facts.NOWHERE)))
    body = (facts.Evaluate(total, facts.NOWHERE),)
    function = facts.FunctionFacts("f", "f", 0, -1, (), body, facts.NOWHERE, ())
    assert len(operations(function)) == 10_000


PLACES = """
def f(x):
    first()
    with lock:
        inside()
        if x:
            return early()
    for item in x:
        if item:
            then()
            continue
        elif x.y:
            other()
        else:
            last()
        behind()
    try:
        risky()
    except E:
        handle()
    else:
        fine()
    finally:
        clean()
    after(arg())
"""


def place(name: str) -> Op:
    return next(op for op in operations(function_of(PLACES)) if calls(op, name))


def test_positions_name_the_arms() -> None:
    assert place("first").position == ((0, ""),)
    assert place("inside").position == ((1, "with"), (0, ""))
    assert place("other").position == ((2, "body"), (0, "orelse"), (0, "body"), (0, ""))
    assert place("handle").position == ((3, "handler0"), (0, ""))
    assert [place(name).position[0] for name in ("risky", "fine", "clean")] == [
        (3, "body"),
        (3, "orelse"),
        (3, "final"),
    ]


def test_loops_and_enclosing_statements_are_found_outermost_first() -> None:
    function = function_of(PLACES)
    assert [loop.kind for loop in loops(function, place("other").position)] == ["for"]
    assert loops(function, place("after").position) == []
    around = enclosing(function, place("other").position)
    assert [(type(stmt).__name__, arm) for stmt, arm in around] == [
        ("Loop", "body"),
        ("Branch", "orelse"),
        ("Branch", "body"),
    ]


def test_the_statement_at_a_place_and_those_after_it() -> None:
    function = function_of(PLACES)
    assert statement_at(function, place("risky").position) == place("risky").stmt
    assert [type(stmt).__name__ for stmt in block_after(function, place("inside").position)] == ["Branch"]
    assert block_after(function, place("after").position) == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("first", []),
        ("early", [("x", True, False)]),
        ("then", [("x", False, True), ("item", True, False)]),
        ("other", [("x", False, True), ("item", False, False), ("x.y", True, False)]),
        ("behind", [("x", False, True), ("item", False, True)]),
        ("after", [("x", False, True)]),
    ],
)
def test_guards(name: str, expected: list[tuple[str, bool, bool]]) -> None:
    def text(test: facts.Expr) -> str:
        return f"{text(test.base)}.{test.name}" if isinstance(test, facts.Attr) else getattr(test, "id", "?")

    found = guards(function_of(PLACES), place(name).position)
    assert [(text(guard.test), guard.taken, guard.passed) for guard in found] == expected


def test_assertions_and_while_tests_are_guards() -> None:
    function = function_of("def f(x, y):\n    assert x\n    while y:\n        g()\n")
    op = next(op for op in operations(function) if calls(op, "g"))
    found = guards(function, op.position)
    assert [(guard.test, guard.taken, guard.passed) for guard in found] == [
        (facts.Name("x"), True, True),
        (facts.Name("y"), True, False),
    ]


@pytest.mark.parametrize(
    ("first", "later", "expected"),
    [
        ("first", "after", True),
        ("first", "other", True),
        ("after", "first", False),
        ("inside", "after", True),
        ("early", "after", False),
        ("then", "behind", False),
        ("risky", "handle", False),
        ("risky", "clean", False),
        ("first", "first", False),
        ("clean", "after", True),
        ("arg", "after", True),
        ("after", "arg", False),
    ],
)
def test_what_always_runs_before(first: str, later: str, expected: bool) -> None:
    assert always_before(place(first), place(later)) is expected


def test_a_test_runs_before_both_arms() -> None:
    function = function_of("def f():\n    if a():\n        b()\n    else:\n        c()\n")
    a, b, c = operations(function)
    assert dominates(a.position, b.position)
    assert dominates(a.position, c.position)
    assert not dominates(b.position, c.position)
