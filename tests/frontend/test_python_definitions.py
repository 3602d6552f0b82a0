"""Functions, classes and the names that belong to them."""

from __future__ import annotations

import pytest

from leaklint.facts import Span
from tests.frontend.python_shapes import body, expr, field, function, param, read


def test_parameters() -> None:
    found = function("def f(a, b: int = 1, /, c=2, *d, e, g: str = 'x', **h): pass", "f")
    assert [param(p) for p in found.params] == [
        "positional a: - = -",
        "positional b: int = 1",
        "positional c: - = 2",
        "star d: - = -",
        "keyword e: - = -",
        "keyword g: str = 'x'",
        "kwstar h: - = -",
    ]
    assert found.locals == ("a", "b", "c", "d", "e", "g", "h")
    assert [param(p) for p in function("def f(*, a): pass", "f").params] == ["keyword a: - = -"]


METHODS = """\
class C:
    def __init__(self, a): pass
    def __post_init__(self): pass
    def __new__(cls): pass
    def __init_subclass__(cls): pass
    def plain(this, a): pass
    def starred(*args): pass
    @classmethod
    def of(cls, a): pass
    @staticmethod
    def free(a): pass
    @property
    def size(self): pass
    @size.setter
    def size(self, value): pass
    @other.setter
    def size2(self, value): pass
"""


def test_methods() -> None:
    found = read(METHODS)
    assert [(f.name, f.receiver, f.binds, f.role, [p.name for p in f.params]) for f in found.functions[1:]] == [
        ("__init__", "self", "instance", "constructor", ["a"]),
        ("__post_init__", "self", "instance", "constructor", []),
        ("__new__", "cls", "class", "constructor", []),
        ("__init_subclass__", "cls", "class", "", []),
        ("plain", "this", "instance", "", ["a"]),
        ("starred", "", "instance", "", ["args"]),
        ("of", "cls", "class", "", ["a"]),
        ("free", "", "", "", ["a"]),
        ("size", "self", "instance", "getter", []),
        ("size", "self", "instance", "setter", ["value"]),
        ("size2", "self", "instance", "", ["value"]),
    ]
    assert found.classes[0].methods == tuple(range(1, 12))
    assert {f.cls for f in found.functions[1:]} == {0}
    assert "this" in function(METHODS, "C.plain").locals
    assert body(METHODS) == ["class#0"]


def test_nesting() -> None:
    source = """\
def outer():
    class Local:
        def method(self):
            def inner(self): pass
            return lambda x: x
    return Local
"""
    found = read(source)
    assert [(f.qualname, f.parent, f.cls, f.receiver) for f in found.functions] == [
        ("<module>", -1, -1, ""),
        ("outer", 0, -1, ""),
        ("outer.Local.method", 1, 0, "self"),
        ("outer.Local.method.inner", 2, -1, ""),
        ("outer.Local.method.<lambda>", 2, -1, ""),
    ]
    assert [(c.qualname, c.parent) for c in found.classes] == [("outer.Local", 1)]
    assert body(source, 2) == ["def#3", "return lambda#4"]
    assert found.functions[4].is_lambda
    assert found.functions[4].name == ""


def test_decorators_and_places() -> None:
    source = "@a\n@b(1)\nasync def  f(\n    x,\n):\n    pass\n    # end\n\n\n@c\nclass K: pass\n"
    found = read(source)
    assert [expr(d) for d in found.functions[1].decorators] == ["a", "b(1)"]
    assert (found.functions[1].span, found.functions[1].end_line) == (Span(3, 12, 3, 13), 6)
    assert [expr(d) for d in found.classes[0].decorators] == ["c"]
    assert found.classes[0].span == Span(11, 7, 11, 8)
    assert found.functions[0].body[0].span == Span(3, 1, 6, 9)


def test_columns_are_code_points() -> None:
    (statement,) = read("\ufeffs = '\U0001f600é'; f()").functions[0].body[1:]
    assert statement.span == Span(1, 11, 1, 14)


def test_class_head() -> None:
    (found,) = read("class A(B, c.D[int], *E, metaclass=M, **kw): pass").classes
    assert [expr(base) for base in found.bases] == ["B", "c.D[int]", "*E"]
    assert [(arg.name, arg.star, expr(arg.value)) for arg in found.keywords] == [
        ("metaclass", "", "M"),
        ("", "**", "kw"),
    ]


FIELDS = """\
class A:
    'doc'
    a = b = {}
    c: 'list[int]'
    d: int = 1
    e, g = 1, {}
    h, *i = make()
    a |= other
    j.k = l["m"] = 2
    class Inner: pass
    register(a)
    if new:
        n = []
        def m(self): pass
    else:
        from o import p
    type Q = int
"""


def test_class_body() -> None:
    found = read(FIELDS)
    assert [field(f) for f in found.classes[0].fields] == [
        "a: - = dict<>",
        "b: - = dict<>",
        "c: list[int] = -",
        "d: int = 1",
        "e: - = 1",
        "g: - = dict<>",
        "h: - = (other make())",
        "i: - = (other make())",
        "a: - = (| a other)",
        "Inner: - = class#1",
        "n: - = list<>",
        "Q: - = int",
    ]
    assert all(f.shared for f in found.classes[0].fields)
    assert found.classes[0].fields[2].span == Span(4, 5, 4, 19)
    assert found.classes[0].methods == (1,)
    assert body(FIELDS) == [
        "j.k = l['m'] = 2",
        "register(a)",
        "if new",
        "  pass",
        "else",
        "  import p=o:p",
        "class#0",
    ]
    assert found.functions[0].locals == ("A", "p")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = 1; b.c = 2; d[e] = 3", "a"),
        ("a, (b, *c) = [d, e] = f", "a b c d e"),
        ("a: int", "a"),
        ("a += 1", "a"),
        ("for a, b in c: pass", "a b"),
        ("with a as b, c as (d, e), g as h.i: pass", "b d e"),
        ("try: pass\nexcept A as b: pass", "b"),
        ("import a.b, c as d\nfrom e import g as h", "a d h"),
        ("def a(b): c = 1", "a"),
        ("class A(b): c = 1", "A"),
        ("match a:\n    case [b, *c] | {'d': b, **c} as e: pass", "b c e"),
        ("match a:\n    case K(b, d=[e]): pass", "b e"),
        ("if (a := b): pass", "a"),
        ("[a for a, b in c]; {d: e for d in e}", "a b d"),
        ("del a, b[c]", "a"),
        ("global a\na = b = 1", "b"),
        ("nonlocal a\na = b = 1", "b"),
        ("lambda a: (b := a)", ""),
        ("type A = int", "A"),
    ],
)
def test_locals(source: str, names: str) -> None:
    lines = "".join(f"        {line}\n" for line in source.splitlines())
    found = read(f"def outer():\n    a = 0\n    def f():\n{lines}")
    assert found.functions[2].locals == tuple(names.split())


def test_globals_belong_to_the_module() -> None:
    found = read("def f():\n    global a, b\n    a = 1\n")
    assert [f.locals for f in found.functions] == [("a", "f"), ()]


def test_indexes_follow_the_source() -> None:
    source = "@d(lambda: 0)\ndef f(a=lambda: 1): pass\nclass K:\n    x = lambda: 2\n    def m(self): pass\n"
    found = read(source)
    assert [(f.qualname, f.span.line) for f in found.functions[1:]] == [
        ("<lambda>", 1),
        ("f", 2),
        ("<lambda>", 2),
        ("K.<lambda>", 4),
        ("K.m", 5),
    ]
