"""Places the parser could not read."""

from __future__ import annotations

from tree_sitter import Node

from leaklint.facts import Problem
from leaklint.frontend.typescript.text import Text

_MOST = 3


def syntax_problems(text: Text, root: Node) -> list[Problem]:
    """The first syntax errors of a file, outermost ones only."""
    problems: list[Problem] = []
    open_nodes = [root] if root.has_error else []
    while open_nodes and len(problems) < _MOST:
        node = open_nodes.pop()
        if node.is_missing:
            problems.append(_problem(text, node, f"syntax error: `{node.type}` is missing"))
        elif node.is_error and node.parent is not None:
            problems.append(_problem(text, node, "syntax error"))
        else:
            open_nodes.extend(child for child in reversed(node.children) if child.has_error or child.is_missing)
    if root.has_error and not problems:
        problems.append(_problem(text, root, "syntax error"))
    return problems


def _problem(text: Text, node: Node, message: str) -> Problem:
    place = text.span(node)
    return Problem(message, place.line, place.column)
