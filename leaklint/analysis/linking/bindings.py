"""What each name of a function is bound to."""

from __future__ import annotations

from typing import Literal, NamedTuple

from leaklint.analysis.linking.walk import blocks, expressions, inner
from leaklint.facts import (
    Assign,
    Attr,
    Bind,
    Block,
    Comprehension,
    Const,
    Define,
    DefineClass,
    Display,
    Expr,
    FileFacts,
    FunctionFacts,
    Import,
    ImportedName,
    Loop,
    Name,
    Param,
    Star,
    Stmt,
    Try,
    With,
)

Kind = Literal["value", "part", "element", "context", "caught", "param", "receiver", "define", "class", "import"]


class Binding(NamedTuple):
    """One binding of a name.

    ``value``: bound to ``expr``; ``part``: to a part of ``expr`` (unpacking; ``number`` says which, -1 unknown);
    ``element``: to what iterating ``expr`` yields; ``context``: to what entering ``expr`` gives; ``param``: parameter
    ``number`` (``expr`` is its default); ``define`` / ``class``: function or class number ``number``.
    """

    kind: Kind
    expr: Expr | None = None
    number: int = -1
    annotation: Expr | None = None
    imported: ImportedName | None = None
    stmt: Stmt | None = None
    op: str = ""


def bindings_of(function: FunctionFacts, file: FileFacts) -> dict[str, list[Binding]]:
    """Every name that ``function`` of ``file`` binds, parameters included, in source order."""
    found: dict[str, list[Binding]] = {}
    if function.receiver:
        found[function.receiver] = [Binding("receiver")]
    for index, param in enumerate(function.params):
        _bind_param(found, index, param)
    _bind_block(found, function.body, file)
    return found


def _bind_param(found: dict[str, list[Binding]], index: int, param: Param) -> None:
    bound = Binding("param", param.default, index, param.annotation)
    found.setdefault(param.name, []).append(bound)


def _bind_block(found: dict[str, list[Binding]], block: Block, file: FileFacts) -> None:
    for stmt in block:
        for expr in expressions(stmt):
            _bind_inside(found, expr, stmt)
        _bind_statement(found, stmt, file)
        for block_inside in blocks(stmt):
            _bind_block(found, block_inside, file)


def _bind_statement(found: dict[str, list[Binding]], stmt: Stmt, file: FileFacts) -> None:
    if isinstance(stmt, Assign):
        for target in stmt.targets:
            _bind_target(found, target, Binding("value", stmt.value, -1, stmt.annotation, None, stmt, stmt.op))
    elif isinstance(stmt, Loop) and stmt.target is not None:
        _bind_target(found, stmt.target, Binding("element", stmt.over, stmt=stmt))
    elif isinstance(stmt, With):
        for item in stmt.items:
            if item.target is not None:
                _bind_target(found, item.target, Binding("context", item.value, stmt=stmt))
    elif isinstance(stmt, Try):
        for handler in stmt.handlers:
            if handler.name:
                found.setdefault(handler.name, []).append(Binding("caught", stmt=stmt))
    elif isinstance(stmt, Import):
        for imported in stmt.names:
            found.setdefault(imported.local, []).append(Binding("import", imported=imported, stmt=stmt))
    elif isinstance(stmt, Define):
        name = file.functions[stmt.function].name
        found.setdefault(name, []).append(Binding("define", number=stmt.function, stmt=stmt))
    elif isinstance(stmt, DefineClass):
        name = file.classes[stmt.cls].name
        found.setdefault(name, []).append(Binding("class", number=stmt.cls, stmt=stmt))


def _bind_target(found: dict[str, list[Binding]], target: Expr, bound: Binding) -> None:
    if isinstance(target, Name):
        found.setdefault(target.id, []).append(bound)
    elif isinstance(target, Star):
        _bind_target(found, target.value, bound._replace(kind="part", number=-1))
    elif isinstance(target, Display):
        for index, item in enumerate(target.items):
            taken = _property(target, index, bound)
            if taken is not None:
                _bind_target(found, item, taken)
                continue
            inner = bound._replace(kind="part" if bound.kind == "value" else bound.kind, number=index)
            _bind_target(found, item, inner)


def _property(target: Display, index: int, bound: Binding) -> Binding | None:
    """``{ name: item } = value`` binds the item to ``value.name``."""
    key = target.keys[index] if target.kind == "dict" and target.keys else None
    if bound.kind != "value" or bound.expr is None or not isinstance(key, Const) or key.kind != "str":
        return None
    return bound._replace(expr=Attr(bound.expr, key.text), annotation=None)


def _bind_inside(found: dict[str, list[Binding]], expr: Expr, stmt: Stmt) -> None:
    for one in inner(expr):
        if isinstance(one, Bind):
            _bind_target(found, one.target, Binding("value", one.value, stmt=stmt, op=one.op))
        elif isinstance(one, Comprehension):
            for clause in one.clauses:
                _bind_target(found, clause.target, Binding("element", clause.over, stmt=stmt))
