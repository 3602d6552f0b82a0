"""What Python statements become."""

from __future__ import annotations

import pytest

from tests.frontend.python_shapes import body


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = b = c", ["a = b = c"]),
        ("a, (b, *c) = d", ["tuple<a, tuple<b, *c>> = d"]),
        ("a: int", ["a: int = -"]),
        ("a.b: int = 1", ["a.b: int = 1"]),
        ("a += 1; b[c] |= d; e //= 2; g >>= 1; h @= i", ["a += 1", "b[c] |= d", "e //= 2", "g >>= 1", "h @= i"]),
        ("type A[T] = list[T]", ["A = list[T]"]),
        ("'doc'\n...\n1\npass", []),
        ("del a, b[c], d.e", ["del a, b[c], d.e"]),
        ("del (a, b)", ["del a, b"]),
        ("assert a, b", ["assert a"]),
        ("raise", ["raise -"]),
        ("raise A from b", ["raise A"]),
        ("if a: b()\nelif c: d()\nelse: e()", ["if a", "  b()", "else", "  if c", "    d()", "  else", "    e()"]),
        ("for a, b in c:\n    break\nelse: d()", ["for tuple<a, b> in c", "  break", "else", "  d()"]),
        ("while a: continue", ["while a", "  continue"]),
        ("while True: pass", ["while true", "  pass"]),
        ("while 1: pass", ["while true", "  pass"]),
        ("while 0: pass", ["while 0", "  pass"]),
        ("with a: pass", ["with a", "  pass"]),
        ("with a as b, c as (d, e): pass", ["with a as b, c as tuple<d, e>", "  pass"]),
        ("with (a as b, c,): pass", ["with a as b, c", "  pass"]),
        ("with (a, c): pass", ["with a, c", "  pass"]),
        (
            "try: a()\nexcept (B, C) as d: e()\nexcept F: g()\nexcept: h()\nelse: i()\nfinally: j()",
            ["try", "  a()", "except B, C as d", "  e()", "except F", "  g()", "except", "  h()"]
            + ["else", "  i()", "finally", "  j()"],
        ),
        ("try: a()\nexcept* B as c: pass", ["try", "  a()", "except B as c", "  pass"]),
        ("try: a()\nexcept B, C: pass", ["try", "  a()", "except B, C", "  pass"]),
    ],
)
def test_shape(source: str, expected: list[str]) -> None:
    assert body(source) == expected


def test_async_forms() -> None:
    source = "async def f():\n    async for a in b: pass\n    async with c as d: pass\n    return e\n"
    assert body(source, 1) == ["async for a in b", "  pass", "async with c as d", "  pass", "return e"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a", "import a=a"),
        ("import a.b", "import a=a"),
        ("import a.b as c, d", "import c=a.b, d=d"),
        ("from a.b import c, d as e", "import c=a.b:c, e=a.b:d"),
        ("from . import a", "import a=.:a"),
        ("from ..a import (b,)", "import b=..a:b"),
        ("from ... import a", "import a=...:a"),
        ("from a import *", "import *=a:*"),
        ("from .a.__init__ import b", "import b=.a:b"),
    ],
)
def test_import(source: str, expected: str) -> None:
    assert body(source) == [expected]


def test_imports_for_types_only() -> None:
    source = (
        "if TYPE_CHECKING:\n    import a\nelse:\n    import b\n"
        "if not typing.TYPE_CHECKING: import c\nelif d: import e\nelse: import g\nimport h\n"
    )
    assert [line.strip() for line in body(source) if "import" in line] == [
        "typing import a=a",
        "import b=b",
        "import c=c",
        "import e=e",
        "import g=g",
        "import h=h",
    ]


def test_else_of_not_type_checking() -> None:
    source = "if not TYPE_CHECKING: import a\nelse: import b\n"
    assert body(source) == ["if (not TYPE_CHECKING)", "  import a=a", "else", "  typing import b=b"]


@pytest.mark.parametrize(
    ("case", "test"),
    [
        ("1", "(== s 1)"),
        ("E.A", "(== s E.A)"),
        ("'a' | 'b'", "(or (== s 'a') (== s 'b'))"),
        ("None", "(is s none)"),
        ("x", "(match s x)"),
        ("[a, *b]", "(match s list<a, *b>)"),
        ("a, _", "(match s list<a, ?>)"),
        ("{'k': v, **rest}", "(match s dict<'k': v, *rest>)"),
        ("P(a, k=b)", "(match s (other P a dict<k: b>))"),
        ("P() as p", "(match s (p := (other P)))"),
        ("[1 | 2, None]", "(match s list<(or 1 2), none>)"),
        ("1 if g", "(and (== s 1) g)"),
        ("_ if g", "g"),
    ],
)
def test_case(case: str, test: str) -> None:
    assert body(f"match s:\n    case {case}: a()\n    case _: b()\n") == [f"if {test}", "  a()", "else", "  b()"]


def test_cases_are_a_chain() -> None:
    source = "match s:\n    case 1: a()\n    case 2: b()\n"
    assert body(source) == ["if (== s 1)", "  a()", "else", "  if (== s 2)", "    b()"]
