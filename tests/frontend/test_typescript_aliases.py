"""Absolute module paths: packages of a workspace and path aliases of the compiler."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from leaklint.facts import Alias
from leaklint.frontend.typescript.aliases import ProjectAliases, read_aliases
from leaklint.frontend.typescript.relaxed_json import JsonError, read_json


def project(root: Path, files: Mapping[str, object]) -> ProjectAliases:
    """Write ``files`` (settings as objects or text, anything else as None) and read the aliases."""
    for path, content in files.items():
        if content is not None:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(content if isinstance(content, str) else json.dumps(content))
    return read_aliases(root, [path for path, content in files.items() if content is None])


def aliases(root: Path, files: Mapping[str, object]) -> tuple[Alias, ...]:
    found = project(root, files)
    assert found.problems == ()
    return found.aliases


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{"a": [1, -2.5, true, null, "x"]}', {"a": [1, -2.5, True, None, "x"]}),
        ('// one\n{ /* two */ "a": "b // c", "d": ["e",], } // three', {"a": "b // c", "d": ["e"]}),
        ('\ufeff{"a": "\\u00e9",}', {"a": "é"}),
        ('{"a": "' + "x" * 300 + '",}', {"a": "x" * 300}),
        ("[]", []),
    ],
)
def test_relaxed_json(source: str, expected: object) -> None:
    assert read_json(source.encode()) == expected


@pytest.mark.parametrize(
    "source", ["", "{", '{"a": }', "{a: 1}", "f()", '{"a": b}', "{} {}", "{'a': 1}", "{...a}", "[" * 9000]
)
def test_what_is_no_json_is_an_error(source: str) -> None:
    with pytest.raises(JsonError):
        read_json(source.encode())


def test_the_place_of_a_json_error() -> None:
    with pytest.raises(JsonError) as error:
        read_json(b'{\n  "a": b,\n}')
    assert (error.value.line, error.value.column) == (2, 8)


def test_paths_of_the_compiler(tmp_path: Path) -> None:
    settings = """{
      // the usual
      "compilerOptions": { "paths": { "@/*": ["./src/*"], "config": ["./src/settings.ts"], "@gone/*": ["./gone/*"], }, },
    }"""
    assert aliases(tmp_path, {"app/tsconfig.json": settings, "app/src/settings.ts": None}) == (
        Alias(("@",), ("app", "src"), ("app",), True),
        Alias(("config",), ("app", "src", "settings"), ("app",)),
    )


def test_base_url(tmp_path: Path) -> None:
    settings = {"compilerOptions": {"baseUrl": "src", "paths": {"~/*": ["lib/*", "other/*"]}}}
    files = {"tsconfig.json": settings, "src/a.ts": None, "src/lib/b.ts": None, "src/other/c.ts": None}
    assert aliases(tmp_path, files) == (
        Alias(("~",), ("src", "lib"), (), True),
        Alias(("~",), ("src", "other"), (), True),
        Alias((), ("src",), (), True),
    )


def test_paths_of_extended_settings_start_where_they_are_written(tmp_path: Path) -> None:
    files = {
        "base.json": {"compilerOptions": {"paths": {"@shared/*": ["shared/*"]}}},
        "app/tsconfig.json": {"extends": "../base"},
        "app/a.ts": None,
        "shared/b.ts": None,
    }
    assert aliases(tmp_path, files) == (Alias(("@shared",), ("shared",), ("app",), True),)


@pytest.mark.parametrize(
    "extends", ["@tsconfig/node20/tsconfig.json", "../../outside.json", "./tsconfig.json", 3, ["./a.json"]]
)
def test_settings_that_cannot_be_extended_are_passed_over(tmp_path: Path, extends: object) -> None:
    assert aliases(tmp_path, {"tsconfig.json": {"extends": extends}, "a.ts": None}) == ()


def test_what_is_malformed_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    files = {
        "package.json": '{ "name": ',
        "tsconfig.json": {"compilerOptions": {"paths": ["no"], "baseUrl": 3}},
        "lib/package.json": {"name": "lib", "main": "./b.js"},
        "lib/b.ts": None,
    }
    found = project(tmp_path, files)
    assert found.aliases == (Alias(("lib",), ("lib", "b")), Alias(("lib",), ("lib",), (), True))
    ((path, problem),) = found.problems
    assert (path, problem.message, problem.line) == ("package.json", "ignored: not valid JSON", 1)


def test_built_entries_lead_to_their_sources(tmp_path: Path) -> None:
    exports = {
        ".": {
            "require": {"types": "./dist/index.d.cts"},
            "import": {"types": "./dist/x.d.mts", "default": "./dist/index.mjs"},
        },
        "./stdio": {"import": "./dist/esm/stdio.js"},
        "./tools/*": "./dist/tools/*.js",
        "./gone": "./dist/gone.js",
        "./package.json": "./package.json",
    }
    files = {
        "packages/core/package.json": {"name": "@scope/core", "exports": exports},
        "packages/core/src/index.ts": None,
        "packages/core/src/stdio.ts": None,
        "packages/core/src/tools/a.ts": None,
    }
    core = ("packages", "core", "src")
    assert aliases(tmp_path, files) == (
        Alias(("@scope", "core"), core),
        Alias(("@scope", "core", "stdio"), (*core, "stdio")),
        Alias(("@scope", "core", "tools"), (*core, "tools"), (), True),
    )


def test_a_built_file_that_is_analysed_is_itself_the_target(tmp_path: Path) -> None:
    files = {"package.json": {"name": "a", "exports": "./dist/main.js"}, "dist/main.js": None, "src/main.ts": None}
    assert aliases(tmp_path, files) == (Alias(("a",), ("dist", "main")),)


def test_a_package_without_exports_opens_all_its_files(tmp_path: Path) -> None:
    files = {"p/package.json": {"name": "a", "main": "build/gone.js"}, "p/src/index.ts": None}
    assert aliases(tmp_path, files) == (Alias(("a",), ("p", "src")), Alias(("a",), ("p",), (), True))


def test_imports_of_a_package_hold_below_it(tmp_path: Path) -> None:
    files = {
        "p/package.json": {"imports": {"#db": "./src/db.ts", "#lib/*.js": {"default": "./src/lib/*.ts"}}},
        "p/src/db.ts": None,
        "p/src/lib/x.ts": None,
    }
    assert aliases(tmp_path, files) == (
        Alias(("#db",), ("p", "src", "db"), ("p",)),
        Alias(("#lib",), ("p", "src", "lib"), ("p",), True),
    )


@pytest.mark.parametrize(
    "package", [[], '"x"', {"name": 3}, {"name": "a", "exports": {"./x": None}}, {"name": "", "imports": []}]
)
def test_odd_packages_give_nothing(tmp_path: Path, package: object) -> None:
    assert aliases(tmp_path, {"package.json": package, "a.ts": None}) == ()
