"""Functions, classes, interfaces and enumerations of TypeScript and JavaScript as facts."""

from __future__ import annotations

import pytest

from leaklint.facts import (
    NOWHERE,
    Assign,
    Bind,
    Call,
    ClassValue,
    Const,
    Define,
    DefineClass,
    Delete,
    Display,
    Evaluate,
    Field,
    Index,
    Lambda,
    Param,
    Return,
    Span,
)
from leaklint.frontend.typescript import extract
from tests.frontend.typescript_facts import body, call, dot, function, n, num, read, s

ALL = pytest.mark.parametrize("path", ["a.ts", "a.tsx", "a.js"])


@ALL
def test_a_function_declaration(path: str) -> None:
    facts = read("async function* f(a, b = 1, ...c) { return a }", path)
    f = facts.functions[1]
    assert facts.functions[0].body == (Define(1, NOWHERE),)
    assert (f.name, f.qualname, f.parent, f.cls) == ("f", "f", 0, -1)
    assert f.params == (Param("a"), Param("b", default=num("1")), Param("c", "star"))
    assert (f.is_async, f.is_generator, f.is_lambda) == (True, True, False)
    assert (f.receiver, f.binds, f.locals) == ("this", "", ("a", "b", "c", "this"))
    assert f.body == (Return(n("a"), NOWHERE),)


def test_parameters_with_types() -> None:
    f = function("function f(this: T, a: A, b?: B, c: C = d, ...e: E[]): Promise<R> {}", "f")
    assert f.params == (
        Param("a", annotation=n("A")),
        Param("b", annotation=n("B")),
        Param("c", annotation=n("C"), default=n("d")),
        Param("e", "star", annotation=Index(n("Array"), n("E"))),
    )
    assert f.returns == Index(n("Promise"), n("R"))


@ALL
def test_destructured_parameters_are_taken_apart_first(path: str) -> None:
    f = function("function f({ a, b: c = 1 }, [d]) { g() }", "f", path)
    assert f.params == (Param(""), Param(""))
    assert f.body == (
        Assign((Display("dict", (n("a"), n("c")), (s("a"), s("b"))),), n(""), NOWHERE),
        Assign((n("c"),), num("1"), NOWHERE, "??"),
        Assign((Display("list", (n("d"),)),), n(""), NOWHERE),
        Evaluate(call("g"), NOWHERE),
    )
    assert f.locals == ("a", "c", "d", "this")


@ALL
def test_arrows_have_no_this_of_their_own(path: str) -> None:
    facts = read("const f = async a => a; g(() => { h() }); i = function () {}", path)
    assert [(f.name, f.qualname, f.receiver, f.is_async) for f in facts.functions[1:]] == [
        ("f", "f", "", True),
        ("", "<lambda>", "", False),
        ("i", "i", "this", False),
    ]
    assert facts.functions[1].body == (Return(n("a"), NOWHERE),)
    assert all(f.is_lambda for f in facts.functions[1:])


def test_the_value_of_an_arrow_that_changes_something_is_a_statement() -> None:
    facts = read("f(() => (a.b = c)); f(() => delete a[b]); f(() => void g()); f(() => g())")
    assert [f.body for f in facts.functions[1:]] == [
        (Assign((dot("a", "b"),), n("c"), NOWHERE),),
        (Delete((Index(n("a"), n("b")),), NOWHERE),),
        (Evaluate(call("g"), NOWHERE),),
        (Return(call("g"), NOWHERE),),
    ]


def test_a_function_expression_that_speaks_of_itself_is_bound() -> None:
    facts = read("a(function tick() { a(tick) }); b(function other() {})")
    assert facts.functions[0].body == (
        Evaluate(call("a", Bind(n("tick"), Lambda(1))), NOWHERE),
        Evaluate(call("b", Lambda(2)), NOWHERE),
    )
    assert facts.functions[0].locals == ("tick",)


def test_functions_are_listed_in_source_order_and_know_their_surroundings() -> None:
    facts = read(
        "function a() { const b = () => { function c() {} }; class D { e() { return () => 1 } } } function f() {}"
    )
    assert [(f.qualname, f.parent) for f in facts.functions] == [
        ("<module>", -1),
        ("a", 0),
        ("a.b", 1),
        ("a.b.c", 2),
        ("a.D.e", 1),
        ("a.D.e.<lambda>", 4),
        ("f", 0),
    ]


def test_places_of_functions() -> None:
    facts = extract("a.ts", b"function f() {\n}\nconst g = () => 1;\nh((a) => 2);\n")
    assert [(f.span, f.end_line) for f in facts.functions[1:]] == [
        (Span(1, 10, 1, 11), 2),
        (Span(3, 7, 3, 8), 3),
        (Span(4, 3, 4, 6), 4),
    ]
    assert facts.lines == 4


@ALL
def test_a_class_with_fields_and_methods(path: str) -> None:
    source = "class A extends B { a = new Map(); static b = 1; #c; 'd' = 2; e() {} get f() { return 1 } set f(v) {} static g() {} }"
    facts = read(source, path)
    assert facts.functions[0].body == (DefineClass(0, NOWHERE),)
    cls = facts.classes[0]
    assert (cls.name, cls.qualname, cls.bases, cls.parent, cls.kind) == ("A", "A", (n("B"),), 0, "class")
    assert cls.fields == (
        Field("a", call("Map", new=True), None, False, NOWHERE),
        Field("b", num("1"), None, True, NOWHERE),
        Field("#c", None, None, False, NOWHERE),
        Field("d", num("2"), None, False, NOWHERE),
    )
    methods = [facts.functions[i] for i in cls.methods]
    assert [(m.qualname, m.role, m.binds, m.receiver, m.cls, m.parent) for m in methods] == [
        ("A.e", "", "instance", "this", 0, 0),
        ("A.f", "getter", "instance", "this", 0, 0),
        ("A.f", "setter", "instance", "this", 0, 0),
        ("A.g", "", "class", "this", 0, 0),
    ]


def test_a_class_with_types() -> None:
    source = "abstract class A<T> extends B<T> implements C, D<E> { private m: Map<string, X> = new Map(); abstract f(): void; g?: H; }"
    cls = read(source).classes[0]
    assert cls.bases == (n("B"), n("C"), n("D"))
    map_type = Index(n("Map"), Display("tuple", (n("string"), n("X"))))
    assert cls.fields == (
        Field("m", call("Map", new=True), map_type, False, NOWHERE),
        Field("g", None, n("H"), False, NOWHERE),
    )
    assert cls.methods == ()


def test_parameter_properties_are_fields_and_assignments() -> None:
    facts = read("class A { constructor(private readonly b: B, c: C, public d = 1) { f() } }")
    constructor = facts.functions[1]
    assert constructor.role == "constructor"
    assert constructor.params == (
        Param("b", annotation=n("B")),
        Param("c", annotation=n("C")),
        Param("d", default=num("1")),
    )
    assert constructor.body == (
        Assign((dot("this", "b"),), n("b"), NOWHERE),
        Assign((dot("this", "d"),), n("d"), NOWHERE),
        Evaluate(call("f"), NOWHERE),
    )
    assert [(f.name, f.annotation, f.value) for f in facts.classes[0].fields] == [
        ("b", n("B"), None),
        ("d", None, None),
    ]


@ALL
def test_an_arrow_property_is_a_field_whose_function_works_on_the_instance(path: str) -> None:
    facts = read(
        "class A { handle = async (a) => { this.m.set(a, () => this) }; static s = () => 1; constructor() {} }", path
    )
    fields = {field.name: field.value for field in facts.classes[0].fields}
    assert fields == {"handle": Lambda(1), "s": Lambda(3)}
    handle, inner, shared, constructor = facts.functions[1:]
    assert (handle.name, handle.qualname, handle.cls, handle.receiver, handle.binds) == (
        "handle",
        "A.handle",
        0,
        "this",
        "instance",
    )
    assert handle.parent == facts.functions.index(constructor)
    assert (inner.parent, inner.receiver, inner.cls) == (1, "", -1)
    assert (shared.parent, shared.binds) == (0, "class")


def test_an_arrow_property_without_a_constructor_belongs_to_the_enclosing_function() -> None:
    facts = read("function f() { return class A { b = () => this } }")
    assert (facts.functions[2].qualname, facts.functions[2].parent) == ("f.A.b", 1)


@ALL
def test_a_static_block_runs_behind_its_class(path: str) -> None:
    facts = read("class A { static { this.b = 1 } }", path)
    assert facts.functions[0].body == (DefineClass(0, NOWHERE), Evaluate(Call(Lambda(1), (), NOWHERE), NOWHERE))
    assert (facts.functions[1].cls, facts.functions[1].binds, facts.functions[1].parent) == (0, "class", 0)


@ALL
def test_class_expressions_take_the_name_they_are_bound_to(path: str) -> None:
    facts = read("const A = class extends B {}; f(class C {}); f(class {})", path)
    assert [(c.name, c.qualname) for c in facts.classes] == [("A", "A"), ("C", "C"), ("", "<class>")]
    assert facts.functions[0].body[0] == Assign((n("A"),), ClassValue(0), NOWHERE, constant=True)


@ALL
def test_decorators(path: str) -> None:
    facts = read("@a class A { @b() c() {} @d e = 1; f() {} }", path)
    assert facts.classes[0].decorators == (n("a"),)
    assert [f.decorators for f in facts.functions[1:]] == [(call("b"),), ()]


def test_computed_member_names() -> None:
    facts = read("class A { [Symbol.dispose]() {} [kB] = 1 }")
    assert facts.functions[1].name == "[Symbol.dispose]"
    assert facts.classes[0].fields[0].name == "[kB]"


def test_an_interface_has_the_fields_it_declares() -> None:
    facts = read("interface A extends B, C<D> { a: string; readonly b?: X[]; c(): void; new (): A; [key: string]: E }")
    cls = facts.classes[0]
    assert (cls.name, cls.kind, cls.bases, cls.methods) == ("A", "interface", (n("B"), n("C")), ())
    assert [(f.name, f.annotation) for f in cls.fields] == [("a", n("string")), ("b", Index(n("Array"), n("X")))]
    assert facts.functions[0].body == (DefineClass(0, NOWHERE),)


def test_an_enumeration_is_a_class_with_shared_members() -> None:
    facts = read("export const enum A { B, C = 'c' }")
    cls = facts.classes[0]
    assert (cls.name, cls.kind, cls.bases) == ("A", "class", (n("Enum"),))
    assert [(f.name, f.value, f.shared) for f in cls.fields] == [("B", Const("number"), True), ("C", s("c"), True)]


def test_overloads_are_left_out() -> None:
    facts = read("function f(a: string): void; function f(a: any) { return a } class A { g(): void; g(a?: B) {} }")
    assert [f.qualname for f in facts.functions] == ["<module>", "f", "A.g"]


def test_a_nested_declaration_is_a_local_of_its_function() -> None:
    assert "g" in function("function f() { function g() {} }", "f").locals
    assert body("f()") == (Evaluate(call("f"), NOWHERE),)
