"""Statements of TypeScript and JavaScript as facts."""

from __future__ import annotations

import pytest

from leaklint.facts import (
    NOWHERE,
    Assign,
    Attr,
    Block,
    Branch,
    Const,
    Define,
    Display,
    Evaluate,
    Expr,
    Handler,
    Index,
    Jump,
    Loop,
    Name,
    Opaque,
    Operation,
    Raise,
    Return,
    Star,
    Stmt,
    Try,
    With,
    WithItem,
)
from leaklint.frontend.typescript import extract
from tests.frontend.typescript_facts import body, call, dot, function, n, num, read, s, statement

ALL = pytest.mark.parametrize("path", ["a.ts", "a.tsx", "a.js"])
TRUE = Const("bool", "true")


def run(name: str) -> Evaluate:
    return Evaluate(call(name), NOWHERE)


def let(name: str, value: Expr | None, constant: bool = False, annotation: Expr | None = None) -> Assign:
    return Assign((n(name),), value, NOWHERE, annotation=annotation, constant=constant)


STATEMENTS: list[tuple[str, Block]] = [
    ("const a = 1, b = 2", (let("a", num("1"), True), let("b", num("2"), True))),
    ("let a", (let("a", None),)),
    ("var a = b", (let("a", n("b")),)),
    ("if (a) f()", (Branch(n("a"), (run("f"),), (), NOWHERE),)),
    (
        "if (a) { f() } else if (b) g(); else { h() }",
        (Branch(n("a"), (run("f"),), (Branch(n("b"), (run("g"),), (run("h"),), NOWHERE),), NOWHERE),),
    ),
    ("for (const a of b) f()", (Loop("for", n("a"), n("b"), (run("f"),), (), NOWHERE),)),
    ("for (a.b in c) f()", (Loop("for", dot("a", "b"), n("c"), (run("f"),), (), NOWHERE),)),
    ("for await (const a of b) {}", (Loop("for", n("a"), n("b"), (), (), NOWHERE, is_async=True),)),
    ("while (a) f()", (Loop("while", None, n("a"), (run("f"),), (), NOWHERE),)),
    ("do { f() } while (a)", (Loop("while", None, n("a"), (run("f"),), (), NOWHERE),)),
    ("for (;;) { break }", (Loop("while", None, TRUE, (Jump("break", NOWHERE),), (), NOWHERE),)),
    ("x: for (;;) { continue x }", (Loop("while", None, TRUE, (Jump("continue", NOWHERE),), (), NOWHERE),)),
    (
        "for (let i = 0; i < n; i++) f()",
        (
            let("i", num("0")),
            Loop(
                "while",
                None,
                Operation("<", (n("i"), n("n"))),
                (run("f"), Assign((n("i"),), num("1"), NOWHERE, "+")),
                (),
                NOWHERE,
            ),
        ),
    ),
    ("for (a = 1; ; ) {}", (Assign((n("a"),), num("1"), NOWHERE), Loop("while", None, TRUE, (), (), NOWHERE))),
    ("throw new E()", (Raise(call("E", new=True), NOWHERE),)),
    (
        "try { f() } catch (e) { g() } finally { h() }",
        (Try((run("f"),), (Handler((), "e", (run("g"),), NOWHERE),), (), (run("h"),), NOWHERE),),
    ),
    ("try { f() } catch { }", (Try((run("f"),), (Handler((), "", (), NOWHERE),), (), (), NOWHERE),)),
    (
        "try {} catch ({ a }) {}",
        (
            Try(
                (),
                (Handler((), "", (Assign((Display("dict", (n("a"),), (s("a"),)),), Opaque(), NOWHERE),), NOWHERE),),
                (),
                (),
                NOWHERE,
            ),
        ),
    ),
    ("{ f() }", (run("f"),)),
    (";;debugger", ()),
]


@ALL
@pytest.mark.parametrize(("source", "expected"), STATEMENTS, ids=[source for source, _ in STATEMENTS])
def test_statement(source: str, expected: Block, path: str) -> None:
    assert body(source, path) == expected


@ALL
def test_declared_patterns_with_their_defaults(path: str) -> None:
    facts = read("const { a, b: c = 1, d: [e, ...f], ...g } = h", path)
    inner = Display("list", (n("e"), Star(n("f"))))
    target = Display("dict", (n("a"), n("c"), inner, Star(n("g"))), (s("a"), s("b"), s("d"), None))
    assert facts.functions[0].body == (
        Assign((target,), n("h"), NOWHERE, constant=True),
        Assign((n("c"),), num("1"), NOWHERE, "??"),
    )
    assert facts.functions[0].locals == ("a", "c", "e", "f", "g")


def test_blocks_share_the_names_of_their_function() -> None:
    source = "function f(a) { if (a) { let b; { var c } } for (const d of a) { class E {} } try {} catch (g) {} }"
    assert function(source, "f").locals == ("E", "a", "b", "c", "d", "g", "this")


def test_function_declarations_are_hoisted_to_the_head_of_their_block() -> None:
    source = "f(); { g(); function g() {} } function f() {}"
    first = body(source)
    assert first == (Define(1, NOWHERE), Define(2, NOWHERE), run("f"), run("g"))
    assert [f.name for f in read(source).functions] == ["<module>", "g", "f"]


# ------------------------------------------------------------------------------------------------------------------
# switch


def equals(*values: str) -> Operation:
    tests = tuple(Operation("==", (n("a"), s(value))) for value in values)
    return tests[0] if len(tests) == 1 else Operation("or", tests)


@ALL
def test_switch_is_a_chain_of_branches(path: str) -> None:
    source = "switch (a) { case 'x': f(); break; case 'y': case 'z': { g(); break } default: h() }"
    inner = Branch(equals("y", "z"), (run("g"),), (run("h"),), NOWHERE)
    assert statement(source, path) == Branch(equals("x"), (run("f"),), (inner,), NOWHERE)


def test_what_a_break_in_a_branch_skips_stands_in_the_other_arm() -> None:
    source = "switch (a) { case 'x': if (b) { f(); break } g(); break }"
    expected = Branch(n("b"), (run("f"),), (run("g"),), NOWHERE)
    assert statement(source) == Branch(equals("x"), (expected,), (), NOWHERE)


def test_a_break_in_a_loop_in_a_switch_leaves_the_loop() -> None:
    source = "switch (a) { case 'x': while (b) { break } g() }"
    loop = Loop("while", None, n("b"), (Jump("break", NOWHERE),), (), NOWHERE)
    assert statement(source) == Branch(equals("x"), (loop, run("g")), (), NOWHERE)


def test_continue_and_a_labelled_break_in_a_switch_belong_to_the_loop_outside() -> None:
    source = "o: while (b) { switch (a) { case 'x': continue; case 'y': break o; case 'z': break } }"
    (loop,) = body(source)
    assert isinstance(loop, Loop)
    arms = {"x": (Jump("continue", NOWHERE),), "y": (Jump("break", NOWHERE),), "z": ()}
    chain: Block = ()
    for value in "zyx":
        chain = (Branch(equals(value), arms[value], chain, NOWHERE),)
    assert loop.body == chain


def test_no_jump_out_of_a_switch_is_left_over() -> None:
    source = "switch (a) { case 'x': try { if (b) { f(); break } else { g() } } finally { h() } i(); break }"
    kinds = [stmt for stmt in _all(body(source)) if isinstance(stmt, Jump)]
    assert kinds == []


def _all(block: Block) -> list[Stmt]:
    found: list[Stmt] = []
    for stmt in block:
        found.append(stmt)
        for field in stmt.__struct_fields__:
            inner = getattr(stmt, field)
            if isinstance(inner, tuple) and field in {"body", "orelse", "final"}:
                found.extend(_all(inner))
    return found


# ------------------------------------------------------------------------------------------------------------------
# using


@ALL
def test_using_holds_the_resource_for_the_rest_of_the_block(path: str) -> None:
    source = "function f() { g(); using a = b(); await using c = d(), e = h(); i() }"
    inner = With((WithItem(call("d"), n("c")), WithItem(call("h"), n("e"))), (run("i"),), NOWHERE, is_async=True)
    facts = function(source, "f", path)
    assert facts.body == (run("g"), With((WithItem(call("b"), n("a")),), (inner,), NOWHERE))
    assert facts.locals == ("a", "c", "e", "this")


@pytest.mark.parametrize("path", ["a.ts", "a.tsx"])
def test_using_with_a_type(path: str) -> None:
    assert body("using a: B = c(); f()", path) == (With((WithItem(call("c"), n("a")),), (run("f"),), NOWHERE),)


@ALL
def test_using_in_the_head_of_a_loop(path: str) -> None:
    held = With((WithItem(n("a")),), (run("f"),), NOWHERE)
    assert body("for (using a of b) f()", path) == (Loop("for", n("a"), n("b"), (held,), (), NOWHERE),)


@ALL
def test_using_as_an_ordinary_name(path: str) -> None:
    source = "let using = 1; using = 2; a.using = 3; f('using x = 1')"
    assert body(source, path) == (
        let("using", num("1")),
        Assign((n("using"),), num("2"), NOWHERE),
        Assign((dot("a", "using"),), num("3"), NOWHERE),
        Evaluate(call("f", s("using x = 1")), NOWHERE),
    )


def test_using_is_placed_where_it_stands() -> None:
    (held,) = extract("a.ts", b"await using a = b()").functions[0].body
    assert (held.span.column, held.span.end_column) == (7, 20)


# ------------------------------------------------------------------------------------------------------------------
# types

MAP = Index(n("Map"), Display("tuple", (n("string"), n("X"))))
TYPES: list[tuple[str, Expr]] = [
    ("string", n("string")),
    ("A.B", dot("A", "B")),
    ("Map<string, X>", MAP),
    ("Record<string, X>", Index(n("Record"), Display("tuple", (n("string"), n("X"))))),
    ("{ [key: string]: X }", Index(n("Record"), Display("tuple", (n("string"), n("X"))))),
    ("{ [K in Mode]: X }", Index(n("Record"), Display("tuple", (n("Mode"), n("X"))))),
    ("X[]", Index(n("Array"), n("X"))),
    ("readonly X[]", Index(n("Array"), n("X"))),
    ("Promise<X>", Index(n("Promise"), n("X"))),
    ("Promise<Map<string, X>>", Index(n("Promise"), MAP)),
    ("(A)", n("A")),
    ("[A, B]", Display("tuple", (n("A"), n("B")))),
    ("'a' | 'b' | 3 | null", Operation("|", (s("a"), s("b"), num("3"), Const("none")))),
    ("| 'a'\n | 'b'", Operation("|", (s("a"), s("b")))),
    ("A & B", Operation("&", (n("A"), n("B")))),
    ("`a${string}`", n("string")),
    ("{ a: string }", Opaque()),
    ("(a: A) => B", Opaque()),
    ("keyof typeof x", Opaque()),
    ("A extends B ? C : D", Opaque()),
]


@pytest.mark.parametrize("path", ["a.ts", "a.tsx"])
@pytest.mark.parametrize(("source", "expected"), TYPES, ids=[source for source, _ in TYPES])
def test_type(source: str, expected: Expr, path: str) -> None:
    assert body(f"let a: {source}", path) == (let("a", None, annotation=expected),)


@pytest.mark.parametrize(
    "source",
    [
        "const a = f<typeof import('m')>()",
        "let a: import('m').T[] = []",
        "let a: Map<string, import('../m.js').T[]>",
        "function f(): import('m').T[] {}",
        "export type * from './m'",
        "const a = b ? c : import('./m').then(d)",
    ],
)
def test_syntax_the_grammar_does_not_know_is_read(source: str) -> None:
    assert body(source) == body(source, "a.tsx") != ()


def test_a_dynamic_import_stays_one() -> None:
    assert body("import('m').then(a)") == (Evaluate(call(Attr(call("import", s("m")), "then"), n("a")), NOWHERE),)


def test_the_type_of_an_assertion_stands_in_for_a_missing_annotation() -> None:
    empty = Display("dict", (), ())
    record = Index(n("Record"), Display("tuple", (n("string"), n("X"))))
    assert body("const a = {} as Record<string, X>") == (let("a", empty, True, record),)
    assert body("const a = {} as const") == (let("a", empty, True),)


def test_type_aliases() -> None:
    facts = read("type Mode = 'a' | 'b'; type Box = { a: Map<string, X>; b(): void }; type Both = A & { c?: D }")
    assert facts.functions[0].body[0] == let("Mode", Operation("|", (s("a"), s("b"))), True)
    box, both = facts.classes
    assert (box.name, box.kind, [(f.name, f.annotation) for f in box.fields]) == ("Box", "interface", [("a", MAP)])
    assert (both.bases, [(f.name, f.annotation) for f in both.fields]) == ((n("A"),), [("c", n("D"))])


def test_a_type_with_the_name_of_a_value_leaves_the_value_alone() -> None:
    facts = read("const A = f(); type A = B<typeof A>; class C {} interface C extends D {}")
    assert len(facts.functions[0].body) == 2
    assert [c.kind for c in facts.classes] == ["class"]


def test_return_without_a_value() -> None:
    assert function("function f() { return }", "f").body == (Return(None, NOWHERE),)


def test_namespaces_and_ambient_declarations() -> None:
    source = (
        "namespace A { export const b = 1 } declare const c: D; declare module 'm' { const e: F } declare global {}"
    )
    assert body(source) == (let("b", num("1"), True), let("c", None, True, Name("D")))
