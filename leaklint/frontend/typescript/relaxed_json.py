"""JSON as compilers and editors read it: with comments and trailing commas.

The JavaScript grammar that is here anyway reads all of that, so no other parser is needed.
"""

from __future__ import annotations

import json
from typing import TypeAlias

from tree_sitter import Node

from leaklint.frontend.typescript.grammar import Endless, grammar_for

Json: TypeAlias = "dict[str, Json] | list[Json] | str | float | bool | None"

_WORDS: dict[str, Json] = {"true": True, "false": False, "null": None}


class JsonError(Exception):
    """The text is no JSON, however read. ``line`` and ``column`` (code points) count from 1."""

    def __init__(self, line: int, column: int) -> None:
        super().__init__("not valid JSON")
        self.line = line
        self.column = column


def read_json(source: bytes) -> Json:
    """The value in ``source`` (UTF-8).

    Raises:
        JsonError: there is no value, or something else than a value.
    """
    text = source.decode("utf-8-sig", errors="replace")
    try:
        return json.loads(text)  # type: ignore[no-any-return]
    except (json.JSONDecodeError, RecursionError):
        return _read_relaxed(text)


def _read_relaxed(text: str) -> Json:
    # In parentheses, on lines of their own, an object is an expression and a last comment ends.
    try:
        root = grammar_for("a.js").parse(b"(\n" + text.encode() + b"\n)").root_node
    except Endless as error:
        raise JsonError(max(error.line - 1, 1), 1) from None
    statement = next((child for child in root.named_children if child.type == "expression_statement"), root)
    expression = next((child for child in statement.named_children if child.type == "parenthesized_expression"), root)
    values = [child for child in expression.named_children if child.type != "comment"]
    if root.has_error or len(values) != 1:
        raise _error(_first_error(root) or root)
    try:
        return _value(values[0])
    except RecursionError:
        raise _error(values[0]) from None


def _error(node: Node) -> JsonError:
    row, column = node.start_point
    return JsonError(max(row, 1), column + 1)


def _first_error(root: Node) -> Node | None:
    node = root
    while not (node.is_error or node.is_missing):
        inner = next((child for child in node.children if child.has_error or child.is_missing), None)
        if inner is None:
            return None
        node = inner
    return node


def _value(node: Node) -> Json:
    kind, text = node.type, (node.text or b"").decode()
    if kind == "object":
        pairs = [child for child in node.named_children if child.type != "comment"]
        return dict(_pair(pair) for pair in pairs)
    if kind == "array":
        return [_value(child) for child in node.named_children if child.type != "comment"]
    if kind == "string" and text.startswith('"'):
        return _parsed(node, text)
    if kind in _WORDS:
        return _WORDS[kind]
    if kind in {"number", "unary_expression"}:
        return _parsed(node, text)
    raise _error(node)


def _pair(node: Node) -> tuple[str, Json]:
    key = node.child_by_field_name("key") if node.type == "pair" else None
    value = node.child_by_field_name("value")
    if key is None or value is None or key.type != "string":
        raise _error(node)
    return str(_value(key)), _value(value)


def _parsed(node: Node, text: str) -> Json:
    try:
        return json.loads(text)  # type: ignore[no-any-return]
    except json.JSONDecodeError:
        raise _error(node) from None
