"""Comments that speak to leaklint."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from leaklint.facts import Directive
from leaklint.frontend.typescript.text import Text

_MARK = "leaklint:"


def read_directives(text: Text, root: Node) -> tuple[Directive, ...]:
    """The comments that start with ``leaklint:``, in source order."""
    if _MARK.encode() not in text.data:
        return ()
    return tuple(directive for node in _comments(root) if (directive := _directive(text, node)))


def _comments(root: Node) -> Iterator[Node]:
    open_nodes = [root]
    while open_nodes:
        node = open_nodes.pop()
        if node.type == "comment":
            yield node
        else:
            open_nodes.extend(reversed(node.children))


def _directive(text: Text, node: Node) -> Directive | None:
    raw = text.data[node.start_byte : node.end_byte].decode()
    content = (raw[2:-2].lstrip("*") if raw.startswith("/*") else raw.lstrip("/")).strip()
    if not content.startswith(_MARK):
        return None
    start = text.data.rfind(b"\n", 0, node.start_byte) + 1
    end = text.data.find(b"\n", node.end_byte)
    before, after = text.data[start : node.start_byte], text.data[node.end_byte : end if end >= 0 else None]
    return Directive(text.span(node), content, not before.strip() and not after.strip())
