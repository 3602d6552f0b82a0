"""What each kind of statement becomes."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from leaklint.facts import (
    Assert,
    Assign,
    Attr,
    Block,
    Branch,
    Const,
    Delete,
    Display,
    Evaluate,
    Expr,
    Handler,
    Jump,
    Loop,
    Name,
    Operation,
    Raise,
    Return,
    Star,
    Stmt,
    Try,
    With,
    WithItem,
)
from leaklint.frontend.python.annotations import annotation
from leaklint.frontend.python.expressions import BINARY, KEYWORDS
from leaklint.frontend.python.imports import lower_import, lower_import_from
from leaklint.frontend.python.lowering import Lowering, StatementTable
from leaklint.frontend.python.patterns import case_test
from leaklint.frontend.python.scopes import ClassBody

AUGMENTED: dict[type[cst.CSTNode], str] = {
    getattr(cst, f"{operator.__name__}Assign"): sign for operator, sign in BINARY.items()
}
"""Operators of augmented assignments, without the equals sign."""

_TYPING_ONLY = "TYPE_CHECKING"
_FOREVER = KEYWORDS["True"]


# --------------------------------------------------------------------------------------------------------------
# Simple statements


def _expression(low: Lowering, node: cst.Expr, out: list[Stmt]) -> None:
    value = low.expr(node.value)
    if not isinstance(value, Const):  # documentation, or the ``...`` of an empty body
        out.append(Evaluate(value, low.span(node)))


def _assign(low: Lowering, node: cst.Assign, out: list[Stmt]) -> None:
    value = low.expr(node.value)
    targets = low.exprs(target.target for target in node.targets)
    _store(low, Assign(targets, value, low.span(node)), out)


def _annotated(low: Lowering, node: cst.AnnAssign, out: list[Stmt]) -> None:
    span = low.span(node)
    declared = annotation(low, node.annotation)
    value = low.optional(node.value)
    _store(low, Assign((low.expr(node.target),), value, span, annotation=declared), out)


def _augmented(low: Lowering, node: cst.AugAssign, out: list[Stmt]) -> None:
    value = low.expr(node.value)
    _store(low, Assign((low.expr(node.target),), value, low.span(node), AUGMENTED[type(node.operator)]), out)


def _type_alias(low: Lowering, node: cst.TypeAlias, out: list[Stmt]) -> None:
    span = low.span(node)
    _store(low, Assign((low.expr(node.name),), low.expr(node.value), span), out)


def _store(low: Lowering, assign: Assign, out: list[Stmt]) -> None:
    """An assignment binds names of the function; straight in a class body its names are fields instead."""
    if low.class_body is None:
        for target in assign.targets:
            low.frame.bind(target)
        out.append(assign)
        return
    others = tuple(target for target in assign.targets if not _declare(low.class_body, target, assign.value, assign))
    if others:
        out.append(Assign(others, assign.value, assign.span, assign.op, assign.annotation))


def _declare(body: ClassBody, target: Expr, value: Expr | None, assign: Assign) -> bool:
    """Adds the fields a target names; false for an attribute or an item, which is no field."""
    if isinstance(target, Name):
        if assign.op and value is not None:
            value = Operation(assign.op, (target, value))
        body.add_field(target.id, value, assign.annotation, assign.span)
        return True
    if isinstance(target, Star):
        return _declare(body, target.value, value, assign)
    if not isinstance(target, Display):
        return False
    values = _unpacked(target, value)
    declared = [_declare(body, item, part, assign) for item, part in zip(target.items, values, strict=True)]
    return all(declared)


def _unpacked(target: Display, value: Expr | None) -> Sequence[Expr | None]:
    """The parts of a value that is written out item by item; else each part is computed from the whole."""
    if isinstance(value, Display) and value.kind in ("tuple", "list") and len(value.items) == len(target.items):
        starred = any(isinstance(item, Star) for item in (*value.items, *target.items))
        return [Operation("other", (value,))] * len(target.items) if starred else value.items
    return [None if value is None else Operation("other", (value,))] * len(target.items)


def _delete(low: Lowering, node: cst.Del, out: list[Stmt]) -> None:
    target = low.target(node.target)
    targets = target.items if isinstance(target, Display) else (target,)
    out.append(Delete(targets, low.span(node)))


def _return(low: Lowering, node: cst.Return, out: list[Stmt]) -> None:
    out.append(Return(low.optional(node.value), low.span(node)))


def _raise(low: Lowering, node: cst.Raise, out: list[Stmt]) -> None:
    out.append(Raise(low.optional(node.exc), low.span(node)))


def _assert(low: Lowering, node: cst.Assert, out: list[Stmt]) -> None:
    out.append(Assert(low.expr(node.test), low.span(node)))


def _break(low: Lowering, node: cst.Break, out: list[Stmt]) -> None:
    out.append(Jump("break", low.span(node)))


def _continue(low: Lowering, node: cst.Continue, out: list[Stmt]) -> None:
    out.append(Jump("continue", low.span(node)))


def _pass(low: Lowering, node: cst.Pass, out: list[Stmt]) -> None:
    pass


def _disown(low: Lowering, node: cst.Global | cst.Nonlocal, out: list[Stmt]) -> None:
    if low.frame is low.module or low.class_body is not None:
        return
    names = {item.name.value for item in node.names}
    low.frame.elsewhere |= names
    if isinstance(node, cst.Global):
        low.frame.of_module |= names


# --------------------------------------------------------------------------------------------------------------
# Compound statements


def _if(low: Lowering, node: cst.If, out: list[Stmt]) -> None:
    test = low.expr(node.test)
    negated = isinstance(test, Operation) and test.op == "not"
    typing = _is_typing_only(test.operands[0] if isinstance(test, Operation) and negated else test)
    span = low.span(node)
    body = _block_for_types(low, node.body, typing and not negated)
    out.append(Branch(test, body, _orelse(low, node.orelse, typing and negated), span))


def _orelse(low: Lowering, node: cst.If | cst.Else | None, typing_only: bool = False) -> Block:
    if isinstance(node, cst.If):
        arm: list[Stmt] = []
        _if(low, node, arm)
        return tuple(arm)
    return () if node is None else _block_for_types(low, node.body, typing_only)


def _is_typing_only(test: Expr) -> bool:
    return _TYPING_ONLY in (test.id if isinstance(test, Name) else "", test.name if isinstance(test, Attr) else "")


def _block_for_types(low: Lowering, suite: cst.BaseSuite, typing_only: bool) -> Block:
    outer = low.typing_only
    low.typing_only = outer or typing_only
    block = low.block(suite)
    low.typing_only = outer
    return block


def _for(low: Lowering, node: cst.For, out: list[Stmt]) -> None:
    over = low.expr(node.iter)
    target = low.target(node.target)
    span = low.span(node)
    body = low.block(node.body)
    out.append(Loop("for", target, over, body, _orelse(low, node.orelse), span, node.asynchronous is not None))


def _while(low: Lowering, node: cst.While, out: list[Stmt]) -> None:
    test = low.expr(node.test)
    if isinstance(test, Const) and test.kind == "number" and test.text.isdecimal() and int(test.text):
        test = _FOREVER
    span = low.span(node)
    body = low.block(node.body)
    out.append(Loop("while", None, test, body, _orelse(low, node.orelse), span))


def _try(low: Lowering, node: cst.Try | cst.TryStar, out: list[Stmt]) -> None:
    span = low.span(node)
    body = low.block(node.body)
    handlers = tuple([_handler(low, handler) for handler in node.handlers])
    orelse = _orelse(low, node.orelse)
    final = low.block(node.finalbody.body) if node.finalbody is not None else ()
    out.append(Try(body, handlers, orelse, final, span))


def _handler(low: Lowering, node: cst.ExceptHandler | cst.ExceptStarHandler) -> Handler:
    kinds = low.optional(node.type)
    types = () if kinds is None else kinds.items if isinstance(kinds, Display) else (kinds,)
    name = "" if node.name is None else low.target(node.name.name)
    span = low.span(node)
    return Handler(types, name.id if isinstance(name, Name) else "", low.block(node.body), span)


def _with(low: Lowering, node: cst.With, out: list[Stmt]) -> None:
    items = tuple([_with_item(low, item) for item in node.items])
    span = low.span(node)
    out.append(With(items, low.block(node.body), span, node.asynchronous is not None))


def _with_item(low: Lowering, node: cst.WithItem) -> WithItem:
    return WithItem(low.expr(node.item), None if node.asname is None else low.target(node.asname.name))


def _match(low: Lowering, node: cst.Match, out: list[Stmt]) -> None:
    subject = low.expr(node.subject)
    arms: list[tuple[Expr | None, Block, cst.MatchCase]] = []
    for case in node.cases:
        test = case_test(low, subject, case)
        arms.append((test, low.block(case.body), case))
    rest: Block = ()
    for test, body, case in reversed(arms):
        rest = body if test is None else (Branch(test, body, rest, low.span(case)),)
    out.extend(rest)


STATEMENTS: StatementTable = {
    cst.AnnAssign: _annotated,
    cst.Assert: _assert,
    cst.Assign: _assign,
    cst.AugAssign: _augmented,
    cst.Break: _break,
    cst.Continue: _continue,
    cst.Del: _delete,
    cst.Expr: _expression,
    cst.For: _for,
    cst.Global: _disown,
    cst.If: _if,
    cst.Import: lower_import,
    cst.ImportFrom: lower_import_from,
    cst.LazyImport: lower_import,
    cst.LazyImportFrom: lower_import_from,
    cst.Match: _match,
    cst.Nonlocal: _disown,
    cst.Pass: _pass,
    cst.Raise: _raise,
    cst.Return: _return,
    cst.Try: _try,
    cst.TryStar: _try,
    cst.TypeAlias: _type_alias,
    cst.While: _while,
    cst.With: _with,
}
"""Every statement but definitions, which ``definitions`` adds."""
