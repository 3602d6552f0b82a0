"""Expressions of TypeScript and JavaScript as facts."""

from __future__ import annotations

import pytest

from leaklint.facts import (
    NOWHERE,
    Arg,
    Assign,
    Attr,
    Await,
    Bind,
    Branch,
    Call,
    Const,
    Delete,
    Display,
    Evaluate,
    Expr,
    Index,
    Lambda,
    Operation,
    Span,
    Star,
    Stmt,
    Yield,
)
from leaklint.frontend.typescript import extract
from tests.frontend.typescript_facts import call, dot, n, num, s, statement, value, without_places

NONE = Const("none")
ALL = pytest.mark.parametrize("path", ["a.ts", "a.tsx", "a.js"])

EXPRESSIONS: list[tuple[str, Expr]] = [
    ("a.b", dot("a", "b")),
    ("a?.b", dot("a", "b")),
    ("a /* c */ . /* d */ b", dot("a", "b")),
    ("this.#map", dot("this", "#map")),
    ("this[kStore]", dot("this", "[kStore]")),
    ("this['name']", dot("this", "name")),
    ("this[name]", Index(n("this"), n("name"))),
    ("a[Symbol.dispose]", dot("a", "[Symbol.dispose]")),
    ("a['b']", Index(n("a"), s("b"))),
    ("a?.[b]", Index(n("a"), n("b"))),
    ("f()", call("f")),
    ("f?.(a)", call("f", n("a"))),
    ("f(a, // why\n b)", call("f", n("a"), n("b"))),
    ("f(...a)", Call(n("f"), (Arg(n("a"), star="*"),), NOWHERE)),
    ("new Map()", call("Map", new=True)),
    ("new Map", call("Map", new=True)),
    ("new a.B(c)", call(dot("a", "B"), n("c"), new=True)),
    ("(0, a.f)(b)", call(dot("a", "f"), n("b"))),
    ("await import('./x')", Await(call("import", s("./x")))),
    ("super.close()", call(dot("super", "close"))),
    ("import.meta.url", dot("import", "meta", "url")),
    ("tag`a${b}`", call("tag", s("a"), n("b"))),
    ("`a${b}c`", Operation("format", (s("a"), n("b"), s("c")))),
    ("`a`", s("a")),
    ("``", s("")),
    (r"'a\n\x41\u{42}\'\q'", s("a\nAB'q")),
    ("'" + "a" * 130 + "'", s("a" * 120)),
    ("/a+/g", Const("regex")),
    ("0xff", num("0xff")),
    ("-1", num("-1")),
    ("true", Const("bool", "true")),
    ("null", NONE),
    ("undefined", NONE),
    ("void 0", NONE),
    ("!a", Operation("not", (n("a"),))),
    ("-a", Operation("neg", (n("a"),))),
    ("typeof a", Operation("typeof", (n("a"),))),
    ("a === b", Operation("==", (n("a"), n("b")))),
    ("a !== b", Operation("!=", (n("a"), n("b")))),
    ("a in b", Operation("in", (n("a"), n("b")))),
    ("a instanceof B", Operation("instanceof", (n("a"), n("B")))),
    ("a % b", Operation("%", (n("a"), n("b")))),
    ("a && b && c", Operation("and", (n("a"), n("b"), n("c")))),
    ("a || b", Operation("or", (n("a"), n("b")))),
    ("a ?? b", Operation("??", (n("a"), n("b")))),
    ("a - b - c", Operation("-", (Operation("-", (n("a"), n("b"))), n("c")))),
    ("a ? b : c", Operation("if", (n("a"), n("b"), n("c")))),
    ("(a, b)", Operation("other", (n("a"), n("b")))),
    ("[a, ...b, ,]", Display("list", (n("a"), Star(n("b"))))),
    (
        "{ a, b: c, [d]: e, 'f': g, 1: h, ...i }",
        Display(
            "dict",
            (n("a"), n("c"), n("e"), n("g"), n("h"), Star(n("i"))),
            (s("a"), s("b"), n("d"), s("f"), num("1"), None),
        ),
    ),
    ("f(a = b)", call("f", Bind(n("a"), n("b")))),
    ("f(a ??= b)", call("f", Bind(n("a"), n("b"), "??"))),
    ("f(a++)", call("f", Bind(n("a"), num("1"), "+"))),
    ("((a))", n("a")),
]


@ALL
@pytest.mark.parametrize(("source", "expected"), EXPRESSIONS, ids=[source for source, _ in EXPRESSIONS])
def test_expression(source: str, expected: Expr, path: str) -> None:
    assert value(f"({source})", path) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a as B", n("a")),
        ("a satisfies B", n("a")),
        ("a!", n("a")),
        ("a!.b!.c", dot("a", "b", "c")),
        ("new Map<string, Set<X>>()", call("Map", new=True)),
        ("f<string>(a)", call("f", n("a"))),
        ("{} as Record<string, X>", Display("dict", (), ())),
    ],
)
def test_types_in_expressions_are_dropped(source: str, expected: Expr) -> None:
    assert value(source) == value(source, "a.tsx") == expected


def test_a_type_assertion_is_dropped() -> None:
    assert value("<B>a") == n("a")


def test_jsx_keeps_the_embedded_expressions_in_order() -> None:
    source = "<A b={c} {...d}>text {e()} <B.C f={<G h={i} />} />{/* none */}</A>"
    nested = Display("list", (n("i"),))
    expected = Display("list", (n("c"), Star(n("d")), call("e"), nested))
    assert value(source, "a.tsx") == value(source, "a.jsx") == expected


def test_a_constant_that_holds_a_symbol_names_a_member() -> None:
    source = b"const store = Symbol('s'); class A { [store] = 1; f() { this[store]; this[other] } }"
    facts = without_places(extract("a.ts", source))
    assert [field.name for field in facts.classes[0].fields] == ["[store]"]
    assert facts.functions[1].body == (
        Evaluate(dot("this", "[store]"), NOWHERE),
        Evaluate(Index(n("this"), n("other")), NOWHERE),
    )


STATEMENTS: list[tuple[str, Stmt]] = [
    ("f()", Evaluate(call("f"), NOWHERE)),
    ("void f()", Evaluate(call("f"), NOWHERE)),
    ("await f()", Evaluate(Await(call("f")), NOWHERE)),
    ("a = b", Assign((n("a"),), n("b"), NOWHERE)),
    ("a.b = c = d", Assign((dot("a", "b"), n("c")), n("d"), NOWHERE)),
    ("a ||= b", Assign((n("a"),), n("b"), NOWHERE, "or")),
    ("a ??= b", Assign((n("a"),), n("b"), NOWHERE, "??")),
    ("a += b", Assign((n("a"),), n("b"), NOWHERE, "+")),
    ("a[b] >>>= c", Assign((Index(n("a"), n("b")),), n("c"), NOWHERE, ">>>")),
    ("a++", Assign((n("a"),), num("1"), NOWHERE, "+")),
    ("--a.b", Assign((dot("a", "b"),), num("1"), NOWHERE, "-")),
    ("delete a[b]", Delete((Index(n("a"), n("b")),), NOWHERE)),
    ("delete a?.b", Delete((dot("a", "b"),), NOWHERE)),
    (
        "[a.b, , ...c] = d",
        Assign((Display("list", (dot("a", "b"), value("new.target"), Star(n("c")))),), n("d"), NOWHERE),
    ),
    ("({ a, b: c.d } = e)", Assign((Display("dict", (n("a"), dot("c", "d")), (s("a"), s("b"))),), n("e"), NOWHERE)),
    ("a && f()", Branch(n("a"), (Evaluate(call("f"), NOWHERE),), (), NOWHERE)),
    ("a || (b = c)", Branch(n("a"), (), (Assign((n("b"),), n("c"), NOWHERE),), NOWHERE)),
    (
        "a ? f() : delete b.c",
        Branch(n("a"), (Evaluate(call("f"), NOWHERE),), (Delete((dot("b", "c"),), NOWHERE),), NOWHERE),
    ),
]


@ALL
@pytest.mark.parametrize(("source", "expected"), STATEMENTS, ids=[source for source, _ in STATEMENTS])
def test_expression_statement(source: str, expected: Stmt, path: str) -> None:
    assert statement(f"{source};", path) == expected


def test_a_default_in_a_pattern_is_an_assignment_behind_it() -> None:
    facts = without_places(extract("a.js", b"[a = 1] = b"))
    target = Display("list", (n("a"),))
    assert facts.functions[0].body == (
        Assign((target,), n("b"), NOWHERE),
        Assign((n("a"),), num("1"), NOWHERE, "??"),
    )


def test_yield_and_its_delegation() -> None:
    facts = without_places(extract("a.js", b"function* g() { yield a; yield* b; yield }"))
    assert facts.functions[1].is_generator
    assert facts.functions[1].body == tuple(
        Evaluate(given, NOWHERE) for given in (Yield(n("a")), Yield(n("b"), True), Yield(None))
    )


def test_methods_of_an_object_literal_are_lambdas() -> None:
    facts = extract("a.ts", b"x = { a() {}, get b() { return 1 }, async *c() {}, d: () => 1, [e]: () => 2 }")
    shape = [(f.name, f.role, f.is_async, f.is_generator, f.receiver) for f in facts.functions[1:]]
    assert shape == [
        ("a", "", False, False, "this"),
        ("b", "getter", False, False, "this"),
        ("c", "", True, True, "this"),
        ("d", "", False, False, ""),
        ("", "", False, False, ""),
    ]
    assert all(f.is_lambda for f in facts.functions[1:])
    assigned = facts.functions[0].body[0]
    assert isinstance(assigned, Assign)
    assert isinstance(assigned.value, Display)
    assert assigned.value.items == tuple(Lambda(i) for i in range(1, 6))


def test_the_span_of_a_call_covers_it_all() -> None:
    facts = extract("a.ts", b"  a\n    .b(\n c)")
    evaluated = facts.functions[0].body[0]
    assert isinstance(evaluated, Evaluate)
    assert isinstance(evaluated.value, Call)
    assert evaluated.value.span == evaluated.span == Span(1, 3, 3, 4)


def test_attributes_keep_the_private_sign() -> None:
    assert value("#x in y", "a.ts") == Operation("in", (n("#x"), n("y")))
    assert value("other.#x", "a.ts") == Attr(n("other"), "#x")


@pytest.mark.parametrize("path", ["a.ts", "a.tsx"])
def test_an_awaited_call_with_type_arguments(path: str) -> None:
    (found,) = extract(path, b"await f<T>(a)").functions[0].body
    assert found == Evaluate(Await(Call(n("f"), (Arg(n("a")),), Span(1, 7, 1, 14))), Span(1, 1, 1, 14))
