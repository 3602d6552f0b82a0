"""What Python expressions become."""

from __future__ import annotations

import warnings

import pytest

from leaklint.facts import Assign, Const
from leaklint.frontend.python.literals import MAX_TEXT
from tests.frontend.python_shapes import body, expr, expression, function, read


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("name", "name"),
        ("(True, False, None, ..., 1, 2.5, 3j)", "tuple<true, false, none, ellipsis, 1, 2.5, 3j>"),
        ("a.b.c", "a.b.c"),
        ("a[b]", "a[b]"),
        ("a[b, c]", "a[tuple<b, c>]"),
        ("a[b,]", "a[tuple<b>]"),
        ("a[*b]", "a[tuple<*b>]"),
        ("a[:1]", "a[(slice none 1 none)]"),
        ("a[1::2, ...]", "a[tuple<(slice 1 none 2), ellipsis>]"),
        ("f(a, *b, c=d, **e)", "f(a, *b, c=d, **e)"),
        ("f(x for x in y)", "f(generator<x for x in y>)"),
        ("[a, *b]", "list<a, *b>"),
        ("()", "tuple<>"),
        ("{a, b}", "set<a, b>"),
        ("{}", "dict<>"),
        ("{a: b, **c}", "dict<a: b, *c>"),
        ("not a", "(not a)"),
        ("-1", "(neg 1)"),
        ("~a", "(~ a)"),
        ("+a", "(other a)"),
        ("a + b - c", "(- (+ a b) c)"),
        ("a // b ** c @ d", "(@ (// a (** b c)) d)"),
        ("a | b & c ^ d << e >> g % h", "(| a (^ (& b c) (>> (<< d e) (% g h))))"),
        ("a and b and c or d", "(or (and a b c) d)"),
        ("a or (b or c)", "(or a (or b c))"),
        ("a < b", "(< a b)"),
        ("a < b() <= c", "(and (< a b()) (<= b() c))"),
        ("a in b, a not in b, a is b, a is not b", "tuple<(in a b), (not in a b), (is a b), (is not a b)>"),
        ("a == b, a != b, a > b, a >= b", "tuple<(== a b), (!= a b), (> a b), (>= a b)>"),
        ("a if b else c", "(if b a c)"),
        ("[a for b, c in d if e if f for g in h]", "list<a for tuple<b, c> in d if e if f for g in h>"),
        ("{a for a in b}", "set<a for a in b>"),
        ("{a: b for a in c}", "dict<a, b for a in c>"),
        ("(n := f())", "(n := f())"),
        ("lambda: x", "lambda#1"),
    ],
)
def test_shape(source: str, expected: str) -> None:
    assert expression(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("'a\\n\\x41\\u00e9\\N{BULLET}\\101\\q'", "a\nA\u00e9\u2022A\\q"),
        ("r'a\\n'", "a\\n"),
        ("'''a\n'b'''", "a\n'b"),
        ("'a\\\nb'", "ab"),
        ("'a' \"b\" u'c'", "abc"),
        ("'\\ud800'", "\ufffd"),
        ("'\\N{no such name}'", "\ufffd"),
        ("''", ""),
        (f"'{'x' * 500}'", "x" * MAX_TEXT),
    ],
)
def test_string_value(source: str, expected: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (statement,) = read(f"v = {source}").functions[0].body
    assert isinstance(statement, Assign)
    assert statement.value == Const("str", expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("f'a{b}c'", "(format 'a' b 'c')"),
        ("f'{a!r:>{b}}{{x}}\\t'", "(format a b '{x}\\t')"),
        ("rf'{a=}\\t'", "(format a '\\\\t')"),
        ("'a' f'{b}' 'c'", "(format 'a' b 'c')"),
        ("t'{a}!'", "(format a '!')"),
        ("b'a' b'b'", "bytes"),
        ("'a' + b", "(+ 'a' b)"),
    ],
)
def test_pieces_of_strings(source: str, expected: str) -> None:
    assert body(f"v = {source}") == [f"v = {expected}"]


def test_await_and_yield() -> None:
    source = "async def f():\n    await a\n    x = yield\n    yield b\ndef g():\n    yield from c\ndef h(): return 1\n"
    assert body(source, 1) == ["await a", "x = yield -", "yield b"]
    assert body(source, 2) == ["yield from c"]
    assert [f.is_generator for f in read(source).functions] == [False, True, True, False]
    assert [f.is_async for f in read(source).functions] == [False, True, False, False]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("int", "int"),
        ("'Foo'", "Foo"),
        ("'pkg.Foo'", "pkg.Foo"),
        ("'None'", "none"),
        ("'Foo | None'", "(| Foo none)"),
        ("'''\n  dict[str,\n  int]\n'''", "dict[tuple<str, int>]"),
        ("'dict[str, ' 'int]'", "dict[tuple<str, int>]"),
        ("dict[str, 'list[\"Foo\"]']", "dict[tuple<str, list[Foo]>]"),
        ("Literal['a', 'b'] | 'Foo'", "(| Literal[tuple<'a', 'b'>] Foo)"),
        ("t.Literal['a']", "t.Literal['a']"),
        ("Annotated['Foo', 'meta', g(1)]", "Annotated[tuple<Foo, 'meta', g(1)>]"),
        ("Annotated[list['Foo'], 'm']", "Annotated[tuple<list[Foo], 'm'>]"),
        ("'Annotated[int, g(1)]'", "Annotated[tuple<int, g(1)>]"),
        ("'not a type'", "'not a type'"),
        ("'a' f'{b}'", "(format 'a' b)"),
        ("Callable[[int, 'Foo'], None]", "Callable[tuple<list<int, Foo>, none>]"),
    ],
)
def test_annotation(source: str, expected: str) -> None:
    (statement,) = read(f"v: {source}").functions[0].body
    assert isinstance(statement, Assign)
    assert expr(statement.annotation) == expected
    found = function(f"def f(p: {source}) -> {source}: pass", "f")
    assert (expr(found.params[0].annotation), expr(found.returns)) == (expected, expected)


def test_a_string_beside_an_annotation_is_a_string() -> None:
    assert body("v: 'Foo' = 'Bar'") == ["v: Foo = 'Bar'"]


def test_a_hostile_annotation_is_a_string() -> None:
    hostile = "[" * 100_000
    assert body(f"v: '{hostile}'") == [f"v: {hostile[:MAX_TEXT]!r} = -"]
