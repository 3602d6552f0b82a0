"""Functions, methods, lambdas and classes."""

from __future__ import annotations

import libcst as cst

from leaklint.facts import (
    Attr,
    ClassFacts,
    ClassValue,
    Define,
    DefineClass,
    Expr,
    FunctionFacts,
    Lambda,
    Name,
    Param,
    Return,
    Star,
    Stmt,
)
from leaklint.frontend.python.annotations import annotation
from leaklint.frontend.python.expressions import call_args
from leaklint.frontend.python.lowering import ExpressionTable, Lowering, StatementTable
from leaklint.frontend.python.scopes import ClassBody, Frame

_CONSTRUCTORS = ("__init__", "__post_init__", "__new__")
_CLASS_METHODS = ("__new__", "__init_subclass__", "__class_getitem__")
"""Methods that get the class without being marked so."""

_LAMBDA = "<lambda>"


def _function(low: Lowering, node: cst.FunctionDef, out: list[Stmt]) -> None:
    decorators = low.exprs(decorator.decorator for decorator in node.decorators)
    index, name, owner = low.reserve_function(), node.name.value, low.class_body
    span, place = low.span(node.name), low.span(node)
    binds = "" if owner is None else _binds(name, decorators)
    receiver, params = _receiver(_params(low, node.params), binds)
    returns = annotation(low, node.returns)
    frame = _frame(low, index, name, params, receiver)
    with low.inside(frame):
        body = low.block(node.body)
    low.functions[index] = FunctionFacts(
        name=name,
        qualname=frame.qualname,
        parent=low.frame.index,
        cls=-1 if owner is None else owner.index,
        params=params,
        body=body,
        span=span,
        locals=frame.locals(),
        receiver=receiver,
        binds=binds,
        role="" if owner is None else _role(name, decorators),
        decorators=decorators,
        returns=returns,
        is_async=node.asynchronous is not None,
        is_generator=frame.is_generator,
        end_line=place.end_line,
    )
    if owner is not None:
        owner.methods.append(index)
        return
    low.frame.bound.add(name)
    out.append(Define(index, place))


def _lambda(low: Lowering, node: cst.Lambda) -> Expr:
    index, span = low.reserve_function(), low.span(node)
    params = _params(low, node.params)
    frame = _frame(low, index, _LAMBDA, params, "")
    with low.inside(frame):
        body = (Return(low.expr(node.body), span),)
    low.functions[index] = FunctionFacts(
        name="",
        qualname=frame.qualname,
        parent=low.frame.index,
        cls=-1,
        params=params,
        body=body,
        span=span,
        locals=frame.locals(),
        is_generator=frame.is_generator,
        is_lambda=True,
        end_line=span.end_line,
    )
    return Lambda(index)


def _frame(low: Lowering, index: int, name: str, params: tuple[Param, ...], receiver: str) -> Frame:
    frame = Frame(index, low.qualname(name))
    frame.bound.update(param.name for param in params)
    if receiver:
        frame.bound.add(receiver)
    return frame


def _params(low: Lowering, node: cst.Parameters) -> tuple[Param, ...]:
    params = [_param(low, param, "positional") for param in (*node.posonly_params, *node.params)]
    if isinstance(node.star_arg, cst.Param):
        params.append(_param(low, node.star_arg, "star"))
    params.extend(_param(low, param, "keyword") for param in node.kwonly_params)
    if node.star_kwarg is not None:
        params.append(_param(low, node.star_kwarg, "kwstar"))
    return tuple(params)


def _param(low: Lowering, node: cst.Param, kind: str) -> Param:
    return Param(node.name.value, kind, annotation(low, node.annotation), low.optional(node.default))


def _receiver(params: tuple[Param, ...], binds: str) -> tuple[str, tuple[Param, ...]]:
    """Splits off the parameter that gets the instance or class; one taken by ``*args`` has no name."""
    if not binds or not params or params[0].kind != "positional":
        return "", params
    return params[0].name, params[1:]


def _binds(name: str, decorators: tuple[Expr, ...]) -> str:
    marks = {mark.id for mark in decorators if isinstance(mark, Name)}
    if "staticmethod" in marks:
        return ""
    return "class" if "classmethod" in marks or name in _CLASS_METHODS else "instance"


def _role(name: str, decorators: tuple[Expr, ...]) -> str:
    if name in _CONSTRUCTORS:
        return "constructor"
    for mark in decorators:
        if isinstance(mark, Name) and mark.id == "property":
            return "getter"
        if isinstance(mark, Attr) and mark.base == Name(name) and mark.name in ("getter", "setter"):
            return mark.name
    return ""


def _class(low: Lowering, node: cst.ClassDef, out: list[Stmt]) -> None:
    decorators = low.exprs(decorator.decorator for decorator in node.decorators)
    index, name, owner = low.reserve_class(), node.name.value, low.class_body
    span, place = low.span(node.name), low.span(node)
    bases = tuple([Star(arg.value) if arg.star else arg.value for arg in call_args(low, node.bases)])
    keywords = call_args(low, node.keywords)
    body = ClassBody(index, low.qualname(name))
    low.class_body = body
    low.lower_into(node.body.body, out)
    low.class_body = owner
    low.classes[index] = ClassFacts(
        name=name,
        qualname=body.qualname,
        parent=low.frame.index,
        bases=bases,
        fields=tuple(body.fields),
        methods=tuple(body.methods),
        span=span,
        decorators=decorators,
        keywords=keywords,
    )
    if owner is not None:
        owner.add_field(name, ClassValue(index), None, span)
        return
    low.frame.bound.add(name)
    out.append(DefineClass(index, place))


DEFINED_EXPRESSIONS: ExpressionTable = {cst.Lambda: _lambda}
DEFINED_STATEMENTS: StatementTable = {cst.ClassDef: _class, cst.FunctionDef: _function}
