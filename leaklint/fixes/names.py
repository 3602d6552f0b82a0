"""Where a variable or an attribute of a Python file stands, and what is done with it there."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from leaklint.fixes.source import Source

Path = cst.Name | cst.Attribute
"""A variable, or an attribute of one: what has one text and can be read again."""


def is_path(node: cst.CSTNode) -> bool:
    """Whether ``node`` is a name, or names joined by dots."""
    return isinstance(node, cst.Name) or (isinstance(node, cst.Attribute) and is_path(node.value))


def is_plain(node: cst.CSTNode) -> bool:
    """Whether ``node`` means the same when it is written twice: names, literals, and tuples of them."""
    if isinstance(node, cst.Tuple):
        return all(isinstance(one, cst.Element) and is_plain(one.value) for one in node.elements)
    return is_path(node) or isinstance(node, (cst.SimpleString, cst.Integer))


def last_name(node: Path) -> str:
    """``self._subs`` is ``_subs``."""
    return node.attr.value if isinstance(node, cst.Attribute) else node.value


def uses(source: Source, path: Path) -> Iterator[Path]:
    """Everything in the file that may mean ``path``: the same variable, or an attribute of that name of any object."""
    for name in source.named(last_name(path)):
        parent = source.parent(name)
        if isinstance(parent, cst.Attribute) and parent.attr is name:
            yield parent
        elif isinstance(path, cst.Name) and not _is_label(parent, name):
            yield name


def _is_label(parent: cst.CSTNode | None, name: cst.Name) -> bool:
    """The name of a keyword argument or of a parameter."""
    return (isinstance(parent, cst.Arg) and parent.keyword is name) or isinstance(parent, cst.Param)


def names_in(source: Source, node: cst.CSTNode) -> set[str]:
    """All names in ``node``."""
    return {name.value for name in source.inside(node, cst.Name)}


def unused(source: Source, wish: str) -> str:
    """``wish``, or a name like it that stands nowhere in the file."""
    number = 2
    name = wish
    while source.named(name):
        name, number = f"{wish}_{number}", number + 1
    return name
