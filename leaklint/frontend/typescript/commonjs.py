"""CommonJS: ``require`` as an import, assignments to ``exports`` as exports. Also what compilers make of ES modules."""

from __future__ import annotations

from tree_sitter import Node

from leaklint.facts import (
    Attr,
    Call,
    Const,
    Display,
    Export,
    Expr,
    Import,
    ImportedName,
    Lambda,
    Name,
    Return,
    Span,
    Stmt,
)
from leaklint.frontend.typescript.lowering import Lowering
from leaklint.frontend.typescript.specifiers import split_specifier
from leaklint.frontend.typescript.strings import string_value

MODULE_EXPORTS = Attr(Name("module"), "exports")
_EXPORTS = Name("exports")
_GET = Const("str", "get")
_HELPERS = ("__import", "_interopRequire", "__toESM")
_EXPORT_STAR = "__exportStar"


def required(low: Lowering, node: Node) -> str | None:
    """The specifier in ``require("x")``, also inside a compiler's helper (``__importDefault(require("x"))``)."""
    if node.type != "call_expression":
        return None
    children = node.children
    function = children[0]
    arguments = [child for child in children[-1].children if child.kind_id in low.expressions]
    if function.type not in {"identifier", "member_expression"} or not arguments:
        return None
    name = low.word(function if function.type == "identifier" else function.children[-1])
    if name == "require" and len(arguments) == 1 and arguments[0].type == "string":
        return string_value(low.word(arguments[0]))
    return required(low, arguments[0]) if name.startswith(_HELPERS) else None


def require_declaration(low: Lowering, declarator: Node, span: Span) -> Import | None:
    """``const x = require("y")``, ``const { a, b: c } = require("y")``, ``const z = require("y").z`` as an import."""
    value = declarator.child_by_field_name("value")
    place = declarator.child_by_field_name("name")
    if value is None or place is None:
        return None
    taken = ""
    if value.type == "member_expression" and value.children[0].type == "call_expression":
        taken = low.word(value.children[-1])
        value = value.children[0]
    specifier = required(low, value)
    if specifier is None:
        return None
    up, parts = split_specifier(specifier)
    if place.type == "identifier":
        low.declare(place)
        return Import((ImportedName(low.word(place), up, parts, taken),), span)
    pairs = _plain_pairs(low, place) if not taken else None
    if pairs is None:
        return None
    low.scope.locals.update(local for _, local in pairs)
    return Import(tuple(ImportedName(local, up, parts, name) for name, local in pairs), span)


def _plain_pairs(low: Lowering, pattern: Node) -> list[tuple[str, str]] | None:
    """``{ a, b: c }`` as pairs of a name and its local name; None if there is anything else in the pattern."""
    pairs: list[tuple[str, str]] = []
    for child in pattern.named_children:
        if child.type == "shorthand_property_identifier_pattern":
            pairs.append((low.word(child), low.word(child)))
        elif child.type == "pair_pattern" and child.children[-1].type == "identifier":
            pairs.append((low.word(child.children[0]), low.word(child.children[-1])))
        elif child.type != "comment":
            return None
    return pairs if pattern.type == "object_pattern" else None


def require_effect(low: Lowering, node: Node, span: Span) -> Stmt | None:
    """``require("x")`` for its effect, and ``__exportStar(require("x"), exports)``."""
    if low.scope.index != 0:
        return None
    star = low.text_of(node.children[0]).endswith(_EXPORT_STAR)
    arguments = [child for child in node.children[-1].children if child.kind_id in low.expressions]
    specifier = required(low, arguments[0] if star and arguments else node)
    if specifier is None:
        return None
    up, parts = split_specifier(specifier)
    name = "*" if star else ""
    return Import((ImportedName(name, up, parts, name),), span)


def export_from_assignment(low: Lowering, target: Expr, value: Expr) -> None:
    """Note what ``module.exports = value``, ``exports.a = value`` and ``module.exports.a = value`` offer."""
    if target == MODULE_EXPORTS:
        low.exports.append(Export("", value))
        low.exports.append(Export("default", value))
        if isinstance(value, Display) and value.kind == "dict":
            low.exports.extend(
                Export(key.text, item)
                for key, item in zip(value.keys, value.items, strict=True)
                if isinstance(key, Const) and key.kind == "str"
            )
    elif isinstance(target, Attr) and target.base in (_EXPORTS, MODULE_EXPORTS) and value != Const("none"):
        low.exports.append(Export(target.name, value))


def export_from_call(low: Lowering, call: Call) -> None:
    """Note what ``define(exports, "a", { get: function () { return value } })`` offers: a re-export, as compilers write it."""
    if len(call.args) != 3 or call.args[0].value != _EXPORTS:
        return
    name, description = call.args[1].value, call.args[2].value
    if not isinstance(name, Const) or not isinstance(description, Display) or _GET not in description.keys:
        return
    getter = description.items[description.keys.index(_GET)]
    function = low.functions[getter.function] if isinstance(getter, Lambda) else None
    if function and len(function.body) == 1 and isinstance(function.body[0], Return) and function.body[0].value:
        low.exports.append(Export(name.text, function.body[0].value))
