"""Statements: declarations, branches, loops, exits."""

from __future__ import annotations

from tree_sitter import Node

from leaklint.facts import (
    Assign,
    Block,
    Branch,
    Const,
    Expr,
    Handler,
    Jump,
    Loop,
    Name,
    Raise,
    Return,
    Stmt,
    Try,
    With,
    WithItem,
)
from leaklint.frontend.typescript.annotations import heritage_types
from leaklint.frontend.typescript.classes import add_interface, asserted_type
from leaklint.frontend.typescript.commonjs import require_declaration
from leaklint.frontend.typescript.lowering import OPAQUE, STATEMENTS, Lowering
from leaklint.frontend.typescript.patterns import assign_pattern, declare_pattern
from leaklint.frontend.typescript.switch import LEAVE

FOREVER = Const("bool", "true")


@STATEMENTS("expression_statement")
def expression_statement(low: Lowering, node: Node, out: list[Stmt]) -> None:
    for child in node.children:
        kind = child.kind_id
        if kind in low.expressions:
            low.effect(child, low.span(node), out)
        elif kind in low.statements:
            low.statements[kind](low, child, out)


@STATEMENTS("lexical_declaration", "variable_declaration")
def declaration(low: Lowering, node: Node, out: list[Stmt]) -> None:
    children = node.children
    constant = children[0].type == "const"
    declarators = [child for child in children[1:] if child.type == "variable_declarator"]
    for declarator in declarators:
        _declarator(low, declarator, node if len(declarators) == 1 else declarator, constant, out)


def _declarator(low: Lowering, node: Node, whole: Node, constant: bool, out: list[Stmt]) -> None:
    span = low.span(whole)
    place, *rest = node.children
    value = rest[-1] if rest and rest[-1].kind_id in low.expressions else None
    imported = require_declaration(low, node, span) if value and low.mentions_require else None
    if imported:
        out.append(imported)
        return
    target, defaults = declare_pattern(low, place)
    # Without a type there are the sign and the value.
    annotation = (
        next((low.type(child) for child in rest if child.type == "type_annotation"), None) if len(rest) != 2 else None
    )
    annotation = annotation or asserted_type(low, value)
    lowered = low.value(value, place if place.type == "identifier" else None) if value else None
    out.append(Assign((target,), lowered, span, annotation=annotation, constant=constant))
    out.extend(defaults)


@STATEMENTS("ambient_declaration")
def ambient(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """``declare const x: T``; what is declared of other modules is skipped."""
    for child in node.children:
        if child.type in {"lexical_declaration", "variable_declaration", "class_declaration", "interface_declaration"}:
            low.statements[child.kind_id](low, child, out)


@STATEMENTS("type_alias_declaration")
def type_alias(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """An object type is an interface; any other type is a value of its name, unless the name has one already."""
    place, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if place is None or value is None or low.word(place) in low.scope.locals:
        return
    lowered = low.type(value)
    if value.type == "object_type" and lowered == OPAQUE:
        add_interface(low, node, (), value, out)
    elif value.type == "intersection_type":
        _intersection(low, node, value, out)
    elif lowered not in (None, OPAQUE):
        out.append(Assign((low.declare(place),), lowered, low.span(node), constant=True))


def _intersection(low: Lowering, node: Node, value: Node, out: list[Stmt]) -> None:
    """``A & { b: T }`` is an interface with the base ``A``."""
    own = next((child for child in value.named_children if child.type == "object_type"), None)
    bases = tuple(base for base in heritage_types(low, value) if base != OPAQUE)
    add_interface(low, node, bases, own, out)


@STATEMENTS("internal_module", "module")
def namespace(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """The statements of a namespace run where it stands."""
    out.extend(low.body(node.child_by_field_name("body")))


@STATEMENTS("statement_block", "ERROR", "with_statement")
def nested_block(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """A bare block; in an error node, whatever could be read."""
    out.extend(low.block(node.children))


@STATEMENTS("labeled_statement")
def labeled(low: Lowering, node: Node, out: list[Stmt]) -> None:
    out.extend(low.body(node.children[-1]))


@STATEMENTS("if_statement")
def if_statement(low: Lowering, node: Node, out: list[Stmt]) -> None:
    test = node.child_by_field_name("condition")
    otherwise = node.child_by_field_name("alternative")
    out.append(
        Branch(
            low.expr(test) if test else OPAQUE,
            low.body(node.child_by_field_name("consequence")),
            low.body(otherwise.children[-1]) if otherwise else (),
            low.span(node),
        )
    )


@STATEMENTS("for_statement")
def for_statement(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """The initialiser, then a while loop with the step at the end of its body."""
    initializer = node.child_by_field_name("initializer")
    condition, step = node.child_by_field_name("condition"), node.child_by_field_name("increment")
    if initializer:
        if initializer.kind_id in low.statements:
            low.statements[initializer.kind_id](low, initializer, out)
        elif initializer.kind_id in low.expressions:
            low.effect(initializer, low.span(initializer), out)
    test = (
        low.expr(condition.children[0] if condition.type == "expression_statement" else condition)
        if condition
        else OPAQUE
    )
    body = list(_loop_body(low, node.child_by_field_name("body")))
    if step:
        low.effect(step, low.span(step), body)
    out.append(Loop("while", None, FOREVER if test == OPAQUE else test, tuple(body), (), low.span(node)))


@STATEMENTS("for_in_statement")
def for_in(low: Lowering, node: Node, out: list[Stmt]) -> None:
    place, over = node.child_by_field_name("left"), node.child_by_field_name("right")
    if place is None or over is None:
        return
    kind = node.child_by_field_name("kind")
    target, defaults = declare_pattern(low, place) if kind else assign_pattern(low, place)
    values = low.expr(over)
    body = (*defaults, *_loop_body(low, node.child_by_field_name("body")))
    usings = low.text.usings
    if kind and kind.start_byte in usings:
        body = (With((WithItem(target),), body, low.span(node), usings[kind.start_byte]),)
    is_async = any(child.type == "await" for child in node.children)
    out.append(Loop("for", target, values, body, (), low.span(node), is_async))


@STATEMENTS("while_statement", "do_statement")
def while_statement(low: Lowering, node: Node, out: list[Stmt]) -> None:
    test = node.child_by_field_name("condition")
    body = _loop_body(low, node.child_by_field_name("body"))
    out.append(Loop("while", None, low.expr(test) if test else OPAQUE, body, (), low.span(node)))


def _loop_body(low: Lowering, node: Node | None) -> Block:
    scope = low.scope
    outer, scope.in_switch = scope.in_switch, False
    body = low.body(node)
    scope.in_switch = outer
    return body


@STATEMENTS("try_statement")
def try_statement(low: Lowering, node: Node, out: list[Stmt]) -> None:
    body = low.body(node.child_by_field_name("body"))
    handler, final = node.child_by_field_name("handler"), node.child_by_field_name("finalizer")
    out.append(
        Try(
            body,
            (_handler(low, handler),) if handler else (),
            (),
            low.body(final.children[-1]) if final else (),
            low.span(node),
        )
    )


def _handler(low: Lowering, node: Node) -> Handler:
    """``catch`` takes everything; a pattern takes the error apart first."""
    parameter = node.child_by_field_name("parameter")
    prologue: list[Stmt] = []
    name = ""
    if parameter:
        target, defaults = declare_pattern(low, parameter)
        if isinstance(target, Name):
            name = target.id
        else:
            prologue = [Assign((target,), OPAQUE, low.span(parameter)), *defaults]
    return Handler((), name, (*prologue, *low.body(node.child_by_field_name("body"))), low.span(node))


@STATEMENTS("return_statement")
def return_statement(low: Lowering, node: Node, out: list[Stmt]) -> None:
    out.append(Return(_value(low, node), low.span(node)))


@STATEMENTS("throw_statement")
def throw_statement(low: Lowering, node: Node, out: list[Stmt]) -> None:
    out.append(Raise(_value(low, node), low.span(node)))


def _value(low: Lowering, node: Node) -> Expr | None:
    values = low.exprs(node.children)
    return values[0] if values else None


@STATEMENTS("break_statement")
def break_statement(low: Lowering, node: Node, out: list[Stmt]) -> None:
    leaves_switch = low.scope.in_switch and not node.child_by_field_name("label")
    out.append(Jump(LEAVE if leaves_switch else "break", low.span(node)))


@STATEMENTS("continue_statement")
def continue_statement(low: Lowering, node: Node, out: list[Stmt]) -> None:
    out.append(Jump("continue", low.span(node)))
