"""Walks over facts: the parts of an expression, the expressions and blocks of a statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from leaklint.facts import (
    Assert,
    Assign,
    Attr,
    Await,
    Bind,
    Block,
    Branch,
    Call,
    Comprehension,
    Const,
    Delete,
    Display,
    Evaluate,
    Expr,
    Index,
    Loop,
    Name,
    Operation,
    Raise,
    Return,
    Star,
    Stmt,
    Try,
    With,
    Yield,
)


def _of_call(e: Call) -> tuple[Expr, ...]:
    return (e.func, *[a.value for a in e.args])


def _of_display(e: Display) -> tuple[Expr, ...]:
    return (*[k for k in e.keys if k is not None], *e.items)


def _of_comprehension(e: Comprehension) -> tuple[Expr, ...]:
    clauses = [part for c in e.clauses for part in (c.over, c.target, *c.conditions)]
    return (*clauses, *e.elements)


_PARTS: dict[type, Callable[[Any], tuple[Expr, ...]]] = {
    Attr: lambda e: (e.base,),
    Index: lambda e: (e.base, e.key),
    Call: _of_call,
    Display: _of_display,
    Operation: lambda e: e.operands,
    Await: lambda e: (e.value,),
    Yield: lambda e: (e.value,) if e.value is not None else (),
    Star: lambda e: (e.value,),
    Comprehension: _of_comprehension,
    Bind: lambda e: (e.value, e.target),
}


def parts(expr: Expr) -> tuple[Expr, ...]:
    """The direct sub-expressions, in the order they are evaluated."""
    get = _PARTS.get(type(expr))
    return get(expr) if get else ()


def inner(expr: Expr) -> Iterator[Expr]:
    """Like :func:`every`, without the expressions that have no parts (names, constants, lambdas)."""
    stack = [expr]
    while stack:
        one = stack.pop()
        get = _PARTS.get(type(one))
        if get:
            yield one
            stack.extend(reversed(get(one)))


def every(expr: Expr | None) -> Iterator[Expr]:
    """``expr`` and all expressions in it, outermost first; the bodies of lambdas are not entered."""
    if expr is None:
        return
    stack = [expr]
    while stack:
        one = stack.pop()
        yield one
        get = _PARTS.get(type(one))
        if get:
            stack.extend(reversed(get(one)))


def _maybe(value: Expr | None) -> tuple[Expr, ...]:
    return () if value is None else (value,)


_EXPRESSIONS: dict[type, Callable[[Any], tuple[Expr, ...]]] = {
    Assign: lambda s: (*_maybe(s.value), *s.targets),
    Evaluate: lambda s: (s.value,),
    Delete: lambda s: s.targets,
    Return: lambda s: _maybe(s.value),
    Raise: lambda s: _maybe(s.value),
    Assert: lambda s: (s.test,),
    Branch: lambda s: (s.test,),
    Loop: lambda s: (s.over, *_maybe(s.target)),
    Try: lambda s: tuple(t for h in s.handlers for t in h.types),
    With: lambda s: tuple(e for i in s.items for e in (i.value, *_maybe(i.target))),
}

_BLOCKS: dict[type, Callable[[Any], tuple[Block, ...]]] = {
    Branch: lambda s: (s.body, s.orelse),
    Loop: lambda s: (s.body, s.orelse),
    Try: lambda s: (s.body, *[h.body for h in s.handlers], s.orelse, s.final),
    With: lambda s: (s.body,),
}


def expressions(stmt: Stmt) -> tuple[Expr, ...]:
    """The expressions that stand in the statement itself, not in its blocks."""
    get = _EXPRESSIONS.get(type(stmt))
    return get(stmt) if get else ()


def blocks(stmt: Stmt) -> tuple[Block, ...]:
    """The blocks of a compound statement."""
    get = _BLOCKS.get(type(stmt))
    return get(stmt) if get else ()


def statements(block: Block) -> Iterator[Stmt]:
    """All statements of a block and of the blocks in it, in source order."""
    for stmt in block:
        yield stmt
        get = _BLOCKS.get(type(stmt))
        if get:
            for inner in get(stmt):
                yield from statements(inner)


def dotted(expr: Expr) -> str:
    """The expression as people would write it, shortened: ``self._leases``, ``pool.get()[...]``."""
    if isinstance(expr, Name):
        return expr.id
    if isinstance(expr, Attr):
        return dotted(expr.base) + (expr.name if expr.name.startswith("[") else "." + expr.name)
    if isinstance(expr, Index):
        return f"{dotted(expr.base)}[{_short(expr.key)}]"
    if isinstance(expr, Call):
        return f"{dotted(expr.func)}({', '.join(_short(a.value) for a in expr.args[:2])})"
    if isinstance(expr, Await):
        return dotted(expr.value)
    return _short(expr)


def _short(expr: Expr) -> str:
    if isinstance(expr, Const):
        return f'"{expr.text}"' if expr.kind == "str" else expr.text or expr.kind.capitalize()
    if isinstance(expr, (Name, Attr, Index)):
        return dotted(expr)
    if isinstance(expr, Call):
        return f"{dotted(expr.func)}(...)"
    return "..."


def argument_of(call: Call, index: int, name: str) -> Expr | None:
    """The expression a call passes for the parameter number ``index`` called ``name``."""
    if any(a.star for a in call.args):
        return None
    named = next((a.value for a in call.args if a.name == name), None)
    if named is not None:
        return named
    positional = [a.value for a in call.args if not a.name]
    return positional[index] if index < len(positional) else None
