"""Whole files: problems, directives, encodings, hostile input."""

from __future__ import annotations

import msgspec
import pytest

from leaklint.facts import Assign, Call, Directive, Evaluate, FileFacts, Problem, Span
from leaklint.frontend.typescript import extract

ALL = pytest.mark.parametrize("path", ["a.ts", "a.mts", "a.cts", "a.tsx", "a.js", "a.mjs", "a.cjs", "a.jsx"])


def names(facts: FileFacts) -> list[str]:
    return [function.qualname for function in facts.functions]


@ALL
def test_every_extension_is_read(path: str) -> None:
    facts = extract(path, b"export const f = () => 1\n")
    assert (facts.path, facts.language, facts.problems, facts.lines) == (path, "typescript", (), 1)
    assert names(facts) == ["<module>", "f"]


def test_types_are_no_javascript_and_jsx_is_no_typescript() -> None:
    assert extract("a.js", b"let a: B<C> = 1").problems
    assert extract("a.ts", b"a = <B c={d}>e</B>").problems


@ALL
def test_a_syntax_error_has_a_place_and_the_rest_is_read(path: str) -> None:
    facts = extract(path, b"function a() {}\nlet x = ) ;\nfunction b() { c() }\n")
    assert [problem.line for problem in facts.problems] == [2]
    assert names(facts) == ["<module>", "a", "b"]


def test_at_most_three_syntax_errors_are_told() -> None:
    facts = extract("a.ts", b"let a = );\n" * 9)
    assert [problem.line for problem in facts.problems] == [1, 2, 3]


def test_a_missing_brace_is_named() -> None:
    facts = extract("a.ts", b"function f() { g()")
    assert facts.problems == (Problem("syntax error: `}` is missing", 1, 19),)
    assert names(facts) == ["<module>", "f"]


def test_functions_in_a_file_that_is_all_error_are_still_read() -> None:
    facts = extract("a.ts", b"class A { f() { this.m.set(1, 2) } \n g() { \n if (")
    assert facts.problems
    assert facts.functions[0].name == "<module>"


def test_directives() -> None:
    source = (
        "f(); // leaklint: ignore LEAK001\n  /* leaklint: ignore */\n// other\n/** leaklint: x */ g()\n'leaklint: no'\n"
    )
    facts = extract("a.ts", source.encode())
    assert facts.directives == (
        Directive(Span(1, 6, 1, 33), "leaklint: ignore LEAK001", False),
        Directive(Span(2, 3, 2, 25), "leaklint: ignore", True),
        Directive(Span(4, 1, 4, 19), "leaklint: x", False),
    )


def evaluated(facts: FileFacts) -> Evaluate:
    (only,) = facts.functions[0].body
    assert isinstance(only, Evaluate)
    return only


def test_columns_count_code_points() -> None:
    facts = extract("a.ts", "/* é😀 */ f('ü'); // leaklint: x\n".encode())
    assert evaluated(facts).span == Span(1, 10, 1, 17)
    assert facts.directives[0].span == Span(1, 18, 1, 32)


def test_a_byte_order_mark_is_no_column() -> None:
    assert evaluated(extract("a.ts", b"\xef\xbb\xbff()")).span == Span(1, 1, 1, 4)


def test_utf_16_with_a_byte_order_mark() -> None:
    assert isinstance(evaluated(extract("a.ts", "\ufefff()".encode("utf-16-le"))).value, Call)


def test_bytes_that_are_no_text_are_replaced() -> None:
    facts = extract("a.ts", b"/* \xff\xfe */ f('\xff')\n")
    assert facts.problems == ()
    assert evaluated(facts).span == Span(1, 10, 1, 16)


@pytest.mark.parametrize(
    "source", [b"", b"\n", b"#!/usr/bin/env node\n", b"\x00", b"\xff", b"\\", b"`${", b"/*", b"<", b"}"]
)
@ALL
def test_odd_files_are_read(path: str, source: bytes) -> None:
    assert extract(path, source).functions[0].name == "<module>"


DEEP = {
    "parentheses": "(" * 5000 + ")" * 5000,
    "arrays": "x = " + "[" * 5000 + "]" * 5000,
    "objects": "x = " + "{a:" * 5000 + "1" + "}" * 5000,
    "calls": "f(" * 5000 + ")" * 5000,
    "chain": "a" + ".b()" * 5000,
    "members": "x = a" + ".b" * 5000,
    "sum": "x = 1" + "+1" * 5000,
    "mixed": "x = 1" + "+1-1" * 5000,
    "conditional": "x = " + "a ? b : " * 5000 + "c",
    "blocks": "{" * 5000 + "}" * 5000,
    "else": "if (a) {}" + " else if (a) {}" * 5000,
    "arrows": "x = " + "() => " * 5000 + "1",
    "functions": "function f() {" * 2000 + "}" * 2000,
    "classes": "x = " + "class { a = " * 2000 + "1" + "}" * 2000,
    "assignments": "a = " * 5000 + "1",
    "patterns": "let " + "[" * 3000 + "a" + "]" * 3000 + " = b",
    "templates": "x = " + "`${" * 2000 + "1" + "}`" * 2000,
    "unary": "x = " + "!" * 5000 + "a",
    "types": "let a: " + "A<" * 3000 + "B" + ">" * 3000,
    "union": "let a: A" + " | A" * 5000,
    "jsx": "x = " + "<a>" * 2000 + "</a>" * 2000,
    "error": "(" * 5000,
}


@pytest.mark.parametrize("name", DEEP)
@pytest.mark.parametrize("path", ["a.ts", "a.tsx", "a.js"])
def test_deep_nesting_harms_nothing(name: str, path: str) -> None:
    facts = extract(path, f"before();\n{DEEP[name]}\n;function after() {{}}\n".encode())
    assert facts.functions[0].body
    decoded = msgspec.json.decode(msgspec.json.encode(facts), type=FileFacts)
    assert decoded == facts


def test_a_statement_nested_too_deeply_is_told_and_the_others_are_read() -> None:
    facts = extract("a.js", f"before();\n{'f(' * 5000}{')' * 5000};\nconst after = () => 1;\n".encode())
    assert [(p.line, p.column) for p in facts.problems] == [(2, 1)]
    assert "nested too deeply" in facts.problems[0].message
    assert names(facts)[-1] == "after"
    assert facts.functions[0].locals == ("after",)


def test_long_chains_of_one_operator_are_read() -> None:
    facts = extract("a.js", b"x = 1" + b" + 1" * 5000)
    assert facts.problems == ()
    assert isinstance(facts.functions[0].body[0], Assign)


def test_a_missing_name_binds_nothing() -> None:
    facts = extract("a.ts", b"const {a: } = b; function f(,) {}")
    assert facts.problems
    assert all("" not in function.locals for function in facts.functions)
