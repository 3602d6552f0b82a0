"""Imports that a fix needs: found, widened or added."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import libcst as cst
from libcst.helpers import get_full_name_for_node

from leaklint.findings import Edit
from leaklint.fixes.blocks import lines_behind
from leaklint.fixes.source import Source


class Known(NamedTuple):
    """How ``name`` of a module is written in a file, and the edits that must be made for it to be known."""

    written: str
    edits: tuple[Edit, ...] = ()


def name_from(source: Source, module: str, name: str) -> Known | None:
    """``name`` of ``module``; None where the file means something else by it."""
    for local, meant in imported(source, module):
        if meant == name:
            return Known(local)
    for local in module_names(source, module):
        return Known(f"{local}.{name}")
    if source.named(name):
        return None
    aliases = [alias for names in imports(source, module) for alias in names]
    if aliases:
        return Known(name, (widened(source, aliases, name),))
    return Known(name, (_import_line(source, f"from {module} import {name}"),))


def widened(source: Source, aliases: Sequence[cst.ImportAlias], name: str) -> Edit:
    """``name`` behind the last of the names that are imported."""
    last = aliases[-1]
    return source.insert_behind(last.asname.name if last.asname else last.name, f", {name}")


def imports(source: Source, module: str) -> Iterator[Sequence[cst.ImportAlias]]:
    """The names of each ``from module import ...`` at the top of the file."""
    for statement in _top(source):
        if isinstance(statement, cst.ImportFrom) and not isinstance(statement.names, cst.ImportStar):
            if isinstance(statement.module, cst.Name) and statement.module.value == module and not statement.relative:
                yield statement.names


def imported(source: Source, module: str) -> Iterator[tuple[str, str]]:
    """What each name from ``module`` is called here, and what it means."""
    for names in imports(source, module):
        for alias in names:
            yield alias.evaluated_alias or alias.evaluated_name, alias.evaluated_name


def module_names(source: Source, module: str) -> Iterator[str]:
    """What ``module`` itself is called here."""
    for statement in source.nodes(cst.Import):
        for alias in statement.names:
            if alias.evaluated_name == module:
                yield alias.evaluated_alias or module


def meaning(source: Source, module: str, node: cst.BaseExpression) -> str:
    """The name in ``module`` that ``node`` means; empty if it means something else."""
    if isinstance(node, cst.Name):
        return dict(imported(source, module)).get(node.value, "")
    if isinstance(node, cst.Attribute) and source.code(node.value) in set(module_names(source, module)):
        return node.attr.value
    return ""


def _top(source: Source) -> Iterator[cst.BaseSmallStatement]:
    for line in source.module.body:
        yield from line.body if isinstance(line, cst.SimpleStatementLine) else ()


def _import_line(source: Source, text: str) -> Edit:
    """A new line in its place among the imports of the standard library, else above all imports, else above the code."""
    newline = source.module.default_newline
    first = _first_section(source)
    if not first:
        return _above_code(source, text)
    if not _is_standard(first[0]):
        return source.insert_before(first[0], text + newline * 2)
    later = (line for line in first if not _is_standard(line) or (_is_from(line) and source.code(line.body[0]) > text))
    behind = next(later, None)
    return source.insert_before(behind, text + newline) if behind else _behind(source, first[-1], [text])


def _is_standard(line: cst.SimpleStatementLine) -> bool:
    return _module(line).partition(".")[0] in sys.stdlib_module_names


def _above_code(source: Source, text: str) -> Edit:
    """Below what must stand first: the docstring, imports from the future."""
    lines = [line for line in source.module.body[:2] if isinstance(line, cst.SimpleStatementLine)]
    above = [line for line in lines if _is_future(line) or _is_docstring(line)]
    if above:
        return _behind(source, above[-1], ["", text])
    newline = source.module.default_newline
    return source.insert_before(source.module.body[0], text + newline * 2)


def _behind(source: Source, line: cst.SimpleStatementLine, texts: list[str]) -> Edit:
    return lines_behind(source, source.span(line).end_line, texts)


def _first_section(source: Source) -> list[cst.SimpleStatementLine]:
    """The first imports of the file up to an empty line, without those from the future."""
    found: list[cst.SimpleStatementLine] = []
    for line in source.module.body:
        is_import = isinstance(line, cst.SimpleStatementLine) and isinstance(line.body[0], (cst.Import, cst.ImportFrom))
        if found and (not is_import or any(above.comment is None for above in line.leading_lines)):
            break
        if isinstance(line, cst.SimpleStatementLine) and is_import and not _is_future(line):
            found.append(line)
    return found


def _is_from(line: cst.SimpleStatementLine) -> bool:
    return isinstance(line.body[0], cst.ImportFrom)


def _module(line: cst.SimpleStatementLine) -> str:
    statement = line.body[0]
    if isinstance(statement, cst.Import):
        return statement.names[0].evaluated_name
    return (
        get_full_name_for_node(statement.module) or ""
        if isinstance(statement, cst.ImportFrom) and statement.module
        else ""
    )


def _is_future(line: cst.SimpleStatementLine) -> bool:
    return _is_from(line) and _module(line) == "__future__"


def _is_docstring(line: cst.SimpleStatementLine) -> bool:
    statement = line.body[0]
    return isinstance(statement, cst.Expr) and isinstance(statement.value, cst.SimpleString)
