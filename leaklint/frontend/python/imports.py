"""Import statements: the names they bind and the modules these come from."""

from __future__ import annotations

import libcst as cst

from leaklint.facts import Import, ImportedName, Stmt
from leaklint.frontend.python.lowering import Lowering

_PACKAGE = "__init__"


def lower_import(low: Lowering, node: cst.Import | cst.LazyImport, out: list[Stmt]) -> None:
    """``import a.b`` binds ``a``, the top package; ``import a.b as c`` binds ``c``, the module itself."""
    names = []
    for alias in node.names:
        parts = _dotted(alias.name)
        local = _local(alias)
        names.append(ImportedName(local or parts[0], 0, _module(parts) if local else parts[:1]))
    _finish(low, node, names, out)


def lower_import_from(low: Lowering, node: cst.ImportFrom | cst.LazyImportFrom, out: list[Stmt]) -> None:
    """``from ..a import b as c``; each leading dot is one directory up, the first being the file's own."""
    up = len(node.relative)
    parts = _module(_dotted(node.module)) if node.module is not None else ()
    if isinstance(node.names, cst.ImportStar):
        names = [ImportedName("*", up, parts, "*")]
    else:
        taken = [(_dotted(alias.name)[0], _local(alias)) for alias in node.names]
        names = [ImportedName(local or name, up, parts, name) for name, local in taken]
    _finish(low, node, names, out)


def _finish(low: Lowering, node: cst.CSTNode, names: list[ImportedName], out: list[Stmt]) -> None:
    low.frame.bound.update(name.local for name in names if name.local != "*")
    out.append(Import(tuple(names), low.span(node), low.typing_only))


def _local(alias: cst.ImportAlias) -> str:
    name = None if alias.asname is None else alias.asname.name
    return name.value if isinstance(name, cst.Name) else ""


def _dotted(node: cst.CSTNode) -> tuple[str, ...]:
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    assert isinstance(node, cst.Name)
    return (node.value, *reversed(parts))


def _module(parts: tuple[str, ...]) -> tuple[str, ...]:
    return parts[:-1] if parts[-1] == _PACKAGE else parts
