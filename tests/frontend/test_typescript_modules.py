"""Imports and exports of ES modules and CommonJS as facts."""

from __future__ import annotations

import pytest

from leaklint.facts import (
    NOWHERE,
    Assign,
    ClassValue,
    Define,
    DefineClass,
    Evaluate,
    Export,
    Import,
    ImportedName,
    Lambda,
    Stmt,
)
from leaklint.frontend.typescript.specifiers import split_specifier
from tests.frontend.typescript_facts import body, call, dot, n, num, read

ALL = pytest.mark.parametrize("path", ["a.ts", "a.tsx", "a.js"])


@pytest.mark.parametrize(
    ("specifier", "up", "parts"),
    [
        ("./a/b.js", 1, ("a", "b")),
        ("./a", 1, ("a",)),
        ("./a.service", 1, ("a.service",)),
        ("./a/index.ts", 1, ("a",)),
        ("./index.mjs", 1, ()),
        (".", 1, ()),
        ("./", 1, ()),
        ("..", 2, ()),
        ("../x", 2, ("x",)),
        ("../../x.d.ts", 3, ("x",)),
        ("./a/../b", 1, ("b",)),
        ("events", 0, ("events",)),
        ("node:events", 0, ("events",)),
        ("node:fs/promises", 0, ("fs", "promises")),
        ("socket.io", 0, ("socket.io",)),
        ("chart.js", 0, ("chart.js",)),
        ("@scope/pkg/sub.js", 0, ("@scope", "pkg", "sub")),
        ("#internal/x.js", 0, ("#internal", "x")),
        (".hidden", 0, (".hidden",)),
    ],
)
def test_specifier(specifier: str, up: int, parts: tuple[str, ...]) -> None:
    assert split_specifier(specifier) == (up, parts)


def imports(*names: tuple[str, str], up: int = 1, typing_only: bool = False) -> Import:
    return Import(tuple(ImportedName(local, up, ("m",), name) for local, name in names), NOWHERE, typing_only)


IMPORTS: list[tuple[str, Stmt]] = [
    ("import a from './m'", imports(("a", "default"))),
    ("import * as a from './m'", imports(("a", ""))),
    ("import a, { b, c as d } from './m.js'", imports(("a", "default"), ("b", "b"), ("d", "c"))),
    ("import { default as a, 'x-y' as b } from './m'", imports(("a", "default"), ("b", "x-y"))),
    ("import './m'", imports(("", ""))),
    ("import a from 'm'", imports(("a", "default"), up=0)),
    ("export * from '../m'", imports(("*", "*"), up=2)),
    ("export * as a from './m'", imports(("a", ""))),
    ("export { a, b as c } from './m'", imports(("a", "a"), ("c", "b"))),
    ("export { default } from './m'", imports(("default", "default"))),
    ("const a = require('./m')", imports(("a", ""))),
    ("const { a, b: c } = require('./m')", imports(("a", "a"), ("c", "b"))),
    ("const a = require('./m').b", imports(("a", "b"))),
    ("require('./m')", imports(("", ""))),
    ("const a = __importDefault(require('./m'))", imports(("a", ""))),
    ("const a = tslib_1.__importStar(require('./m'))", imports(("a", ""))),
    ("__exportStar(require('./m'), exports)", imports(("*", "*"))),
]


@ALL
@pytest.mark.parametrize(("source", "expected"), IMPORTS, ids=[source for source, _ in IMPORTS])
def test_import(source: str, expected: Stmt, path: str) -> None:
    facts = read(source, path)
    assert facts.functions[0].body == (expected,)
    assert isinstance(expected, Import)
    assert facts.functions[0].locals == tuple(
        sorted(name.local for name in expected.names if name.local not in ("", "*"))
    )
    assert facts.exports == ()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import type { A } from './m'", (imports(("A", "A"), typing_only=True),)),
        ("import type A from './m'", (imports(("A", "default"), typing_only=True),)),
        ("import { a, type B } from './m'", (imports(("a", "a")), imports(("B", "B"), typing_only=True))),
        ("export type { A } from './m'", (imports(("A", "A"), typing_only=True),)),
        ("import a = require('./m')", (imports(("a", "")),)),
        ("import a = b.c", (Assign((n("a"),), dot("b", "c"), NOWHERE, constant=True),)),
    ],
)
def test_typescript_imports(source: str, expected: tuple[Stmt, ...]) -> None:
    assert body(source) == body(source, "a.tsx") == expected


def test_require_with_anything_computed_is_no_import() -> None:
    assert body("const a = require(b)") == (Assign((n("a"),), call("require", n("b")), NOWHERE, constant=True),)


@ALL
def test_exports_under_the_own_name_say_nothing(path: str) -> None:
    facts = read("export const a = 1; export function b() {} export class C {} const d = 2; export { d }", path)
    assert facts.exports == ()
    assert facts.functions[0].locals == ("C", "a", "b", "d")


@ALL
@pytest.mark.parametrize(
    ("source", "statement", "exports"),
    [
        ("export { a as b, c }", None, (Export("b", n("a")),)),
        ("export { a as default }", None, (Export("default", n("a")),)),
        ("export default a", None, (Export("default", n("a")),)),
        ("export default function a() {}", Define(1, NOWHERE), (Export("default", n("a")),)),
        ("export default class A {}", DefineClass(0, NOWHERE), (Export("default", n("A")),)),
        (
            "export default class extends B {}",
            Assign((n("default"),), ClassValue(0), NOWHERE, constant=True),
            (),
        ),
        ("export default async () => 1", Assign((n("default"),), Lambda(1), NOWHERE, constant=True), ()),
        ("export default function () {}", Assign((n("default"),), Lambda(1), NOWHERE, constant=True), ()),
        ("export default f()", Assign((n("default"),), call("f"), NOWHERE, constant=True), ()),
        ("exports.a = b", Assign((dot("exports", "a"),), n("b"), NOWHERE), (Export("a", n("b")),)),
        ("module.exports.a = b", Assign((dot("module", "exports", "a"),), n("b"), NOWHERE), (Export("a", n("b")),)),
        ("exports.a = void 0", Assign((dot("exports", "a"),), call("x").func, NOWHERE), ()),
    ],
)
def test_export(source: str, statement: Stmt | None, exports: tuple[Export, ...], path: str) -> None:
    facts = read(source, path)
    assert facts.exports == exports
    assert len(facts.functions[0].body) == (statement is not None)
    if statement and "void" not in source:
        assert facts.functions[0].body == (statement,)


def test_a_nameless_default_class_is_called_default() -> None:
    facts = read("export default class extends B {}")
    assert (facts.classes[0].name, facts.functions[0].locals) == ("default", ("default",))


@ALL
def test_module_exports_offers_the_module_itself_and_its_properties(path: str) -> None:
    facts = read("module.exports = { a, b: f(), c() {} }", path)
    assigned = facts.functions[0].body[0]
    assert isinstance(assigned, Assign)
    assert assigned.value is not None
    assert facts.exports == (
        Export("", assigned.value),
        Export("default", assigned.value),
        Export("a", n("a")),
        Export("b", call("f")),
        Export("c", Lambda(1)),
    )


def test_module_exports_beside_exports() -> None:
    facts = read("exports = module.exports = a; exports.b = 1", "a.js")
    assert facts.exports == (Export("", n("a")), Export("default", n("a")), Export("b", num("1")))


def test_export_assignment() -> None:
    facts = read("export = a")
    assert facts.exports == (Export("", n("a")), Export("default", n("a")))
    assert facts.functions[0].body == (Evaluate(n("a"), NOWHERE),)


def test_exports_inside_a_function_are_no_exports_of_the_module() -> None:
    assert read("function f(exports) { exports.a = 1 }", "a.js").exports == ()


def test_a_decorator_before_export() -> None:
    assert read("@a() export class B {}").classes[0].decorators == (call("a"),)


def test_a_re_export_as_compilers_write_it() -> None:
    source = """
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.a = void 0;
    const x_1 = require("./x");
    Object.defineProperty(exports, "a", { enumerable: true, get: function () { return x_1.a; } });
    """
    assert read(source, "a.js").exports == (Export("a", dot("x_1", "a")),)
