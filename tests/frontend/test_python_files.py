"""Whole files: directives, bad input, and the share of the standard library that is read on every run."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path
from symtable import SymbolTable, symtable

import msgspec
import pytest

from leaklint.facts import Call, Directive, Evaluate, FileFacts, Span
from leaklint.frontend import LANGUAGES, extract

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))
SHARE = [STANDARD_LIBRARY / name for name in ("dataclasses.py", "json/decoder.py", "asyncio/queues.py", "selectors.py")]
_COMPREHENSIONS = {"listcomp", "setcomp", "dictcomp", "genexpr"}


def test_directives() -> None:
    source = b"""\
# leaklint: one
x = 1  #leaklint:two three
s = "# leaklint: no", f"{x}# leaklint: no"
f(  # a comment
    # leaklint: four
)
# not leaklint: five
def g():
    pass
    # leaklint: six
"""
    assert extract("a.py", source).directives == (
        Directive(Span(1, 1, 1, 16), "leaklint: one", True),
        Directive(Span(2, 8, 2, 27), "leaklint:two three", False),
        Directive(Span(5, 5, 5, 21), "leaklint: four", True),
        Directive(Span(10, 5, 10, 20), "leaklint: six", True),
    )


@pytest.mark.parametrize(
    ("source", "message", "line"),
    [
        (b"a = 1\nb = = 2\n", "syntax error: expected one of", 2),
        (b"def f(:\n    pass\n", "syntax error: expected one of", 1),
        (b"x = (\n", "syntax error: expected one of", 1),
        (b"a = 1\nb = $\n", "syntax error: '$' is not a valid character", 0),
        (b"a = 1\nb = '''x\n", "syntax error: unterminated triple-quoted", 0),
        (b"if a:\n    b\n  c\n", "syntax error: no matching outer block", 0),
        (b"a = 1\0\n", "syntax error: '\\0' is not a valid character", 0),
        (b"a = '\xe9'\n", "cannot decode: ", 0),
        (b"# coding: no-such\na = 1\n", "cannot decode: unknown encoding", 0),
        (b"# coding: rot13\na = 1\n", "cannot decode: ", 0),
        (b"# coding: unicode_escape\na = '\\ud800'\n", "cannot decode: ", 0),
        (b"\xef\xbb\xbf# coding: latin-1\n", "cannot decode: ", 0),
        (b"\xff\xfea\0", "cannot decode: ", 0),
        (b"print 'x'\n", "syntax error: expected one of", 1),
        (
            b"x = " + b"[" * 190 + b"a + b + c" + b"]" * 190 + b"\n" + b" or ".join([b"x"] * 1200),
            "nested too deeply",
            0,
        ),
    ],
)
def test_what_cannot_be_read(source: bytes, message: str, line: int) -> None:
    facts = extract("a.py", source)
    (problem,) = facts.problems
    assert problem.message.startswith(message)
    assert abs(problem.line - line) <= 1, "the parser blames the token after the wrong one"
    assert (problem.line == 0) == (line == 0)
    assert (len(facts.functions), facts.functions[0].body, facts.classes) == (1, (), ())


@pytest.mark.parametrize(
    ("source", "lines"),
    [(b"", 0), (b"\n", 1), (b"a", 1), (b"a\nb", 2), (b"a\r\nb\r\n", 2), (b"a\rb\r", 2), (b"\x0c\na\n", 2)],
)
def test_lines(source: bytes, lines: int) -> None:
    facts = extract("a.py", source)
    assert (facts.problems, facts.lines, facts.functions[0].end_line) == ((), lines, lines)


@pytest.mark.parametrize(
    "source", [b"# coding: latin-1\nf('\xe9')\n", b"\xef\xbb\xbf#\nf('\xc3\xa9')\n", b"#\rf('\xc3\xa9')\r"]
)
def test_encodings_and_line_ends(source: bytes) -> None:
    (statement,) = extract("a.py", source).functions[0].body
    assert isinstance(statement, Evaluate)
    assert isinstance(statement.value, Call)
    assert statement.value.span == Span(2, 1, 2, 7)


def test_dispatch() -> None:
    assert extract("a.py", b"").stub is False
    assert extract("a.pyi", b"").stub is True
    assert set(LANGUAGES.values()) == {"python", "typescript"}


def test_each_language_imports_only_its_own_parser() -> None:
    code = (
        "import sys, leaklint.frontend as f; print('libcst' in sys.modules);"
        "f.extract('a.py', b'x = 1'); print('libcst' in sys.modules, any('tree_sitter' in m for m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "False"]


@pytest.mark.parametrize("path", SHARE, ids=lambda path: path.name)
def test_standard_library(path: Path) -> None:
    source = path.read_bytes()
    facts = extract(path.name, source)
    assert facts.problems == ()
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(facts), type=FileFacts) == facts
    tables = list(_functions(symtable(source.decode(), path.name, "exec")))
    expected = sorted((table.get_name().replace("lambda", ""), sorted(_names(table))) for table in tables)
    assert sorted((function.name, list(function.locals)) for function in facts.functions[1:]) == expected


def _functions(table: SymbolTable) -> list[SymbolTable]:
    found = []
    for child in table.get_children():
        if child.get_type() == "function" and child.get_name() not in _COMPREHENSIONS:
            found.append(child)
        found.extend(_functions(child))
    return found


def _names(table: SymbolTable) -> set[str]:
    """What the compiler takes for local; the variables of a comprehension count as those of its function."""
    names = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_local()}
    for child in table.get_children():
        if child.get_name() in _COMPREHENSIONS:
            names |= {name for name in _names(child) if not name.startswith(".")}
    return names
