"""``import`` and ``export`` of ES modules."""

from __future__ import annotations

from tree_sitter import Node

from leaklint.facts import Assign, DefineClass, Evaluate, Export, Import, ImportedName, Name, Span, Stmt
from leaklint.frontend.typescript.classes import lower_class
from leaklint.frontend.typescript.commonjs import MODULE_EXPORTS, export_from_assignment
from leaklint.frontend.typescript.lowering import STATEMENTS, Lowering
from leaklint.frontend.typescript.specifiers import split_specifier
from leaklint.frontend.typescript.strings import string_value


class _Names:
    """The names of one import or re-export, parted into those of values and those of types only."""

    def __init__(self, low: Lowering, source: Node, types_only: bool) -> None:
        self._low = low
        self._up, self._parts = split_specifier(string_value(low.word(source)))
        self._types_only = types_only
        self._values: list[ImportedName] = []
        self._types: list[ImportedName] = []

    def add(self, local: str, name: str, is_type: bool = False) -> None:
        """Bind ``local`` to ``name`` of the module."""
        if local not in {"", "*"}:
            self._low.scope.locals.add(local)
        chosen = self._types if is_type or self._types_only else self._values
        chosen.append(ImportedName(local, self._up, self._parts, name))

    def finish(self, span: Span, out: list[Stmt]) -> None:
        """Append the import statements."""
        if self._values:
            out.append(Import(tuple(self._values), span))
        if self._types:
            out.append(Import(tuple(self._types), span, typing_only=True))


@STATEMENTS("import_statement")
def import_statement(low: Lowering, node: Node, out: list[Stmt]) -> None:
    children = node.children
    source = node.child_by_field_name("source")
    clause = next((child for child in children if child.type in {"import_clause", "import_require_clause"}), None)
    source = source or (clause.child_by_field_name("source") if clause else None)
    if source is None:
        return
    names = _Names(low, source, any(child.type in {"type", "typeof"} for child in children))
    if clause is None:
        names.add("", "")
    elif clause.type == "import_require_clause":
        names.add(low.word(clause.children[0]), "")
    else:
        _clause(low, clause, names)
    names.finish(low.span(node), out)


def _clause(low: Lowering, clause: Node, names: _Names) -> None:
    for child in clause.named_children:
        if child.type == "identifier":
            names.add(low.word(child), "default")
        elif child.type == "namespace_import":
            names.add(low.word(child.children[-1]), "")
        elif child.type == "named_imports":
            _specifiers(low, child, names)


def _specifiers(low: Lowering, node: Node, names: _Names) -> None:
    """``{ a, b as c, type D }`` of an import or a re-export."""
    for child in node.named_children:
        name = child.child_by_field_name("name")
        if name is None:
            continue
        local = child.child_by_field_name("alias") or name
        is_type = any(part.type in {"type", "typeof"} for part in child.children)
        names.add(_text(low, local), _text(low, name), is_type)


def _text(low: Lowering, node: Node) -> str:
    """A name in an import or export; it may be a string."""
    text = low.word(node)
    return string_value(text) if node.type == "string" else text


@STATEMENTS("import_alias")
def import_alias(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """``import x = A.B``."""
    parts = [child for child in node.children if child.is_named and child.type != "comment"]
    if len(parts) == 2:
        value = low.type(parts[1])
        out.append(Assign((low.declare(parts[0]),), value, low.span(node), constant=True))


@STATEMENTS("export_statement")
def export_statement(low: Lowering, node: Node, out: list[Stmt]) -> None:
    source = node.child_by_field_name("source")
    declaration = node.child_by_field_name("declaration")
    words = {child.type for child in node.children if not child.is_named}
    if source is not None:
        _re_export(low, node, source, words, out)
    elif declaration is not None:
        _declaration(low, node, declaration, "default" in words, out)
    elif "default" in words:
        _default(low, node, out)
    elif "=" in words:
        value = low.only(node)
        export_from_assignment(low, MODULE_EXPORTS, value)
        out.append(Evaluate(value, low.span(node)))
    else:
        _export_clause(low, node)


def _re_export(low: Lowering, node: Node, source: Node, words: set[str], out: list[Stmt]) -> None:
    """A re-exported name is bound in the module under the name it is exported by."""
    names = _Names(low, source, "type" in words)
    for child in node.named_children:
        if child.type == "export_clause":
            _specifiers(low, child, names)
        elif child.type == "namespace_export":
            names.add(_text(low, child.children[-1]), "")
    if "*" in words:
        names.add("*", "*")
    names.finish(low.span(node), out)


def _export_clause(low: Lowering, node: Node) -> None:
    for clause in node.named_children:
        for child in clause.named_children if clause.type == "export_clause" else ():
            name = child.child_by_field_name("name")
            alias = child.child_by_field_name("alias")
            if name and alias and _text(low, alias) != low.word(name):
                low.exports.append(Export(_text(low, alias), low.name(name)))


def _declaration(low: Lowering, node: Node, declaration: Node, is_default: bool, out: list[Stmt]) -> None:
    """``export <declaration>``; a decorator may stand in front of ``export``."""
    decorators = tuple(low.only(child) for child in node.children if child.type == "decorator")
    name = declaration.child_by_field_name("name")
    if decorators and name:
        low.declare(name)
        out.append(DefineClass(lower_class(low, declaration, low.word(name), name, decorators), low.span(declaration)))
    elif declaration.kind_id in low.statements:
        low.statements[declaration.kind_id](low, declaration, out)
    if is_default and name:
        low.exports.append(Export("default", low.name(name)))


def _default(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """``export default value`` binds the name ``default``, which no variable can have."""
    place = next((child for child in node.children if child.type == "default"), None)
    value = node.child_by_field_name("value")
    if place is None or value is None:
        return
    lowered = low.value(value, place)
    if isinstance(lowered, Name):
        low.exports.append(Export("default", lowered))
    else:
        out.append(Assign((low.declare(place),), lowered, low.span(node), constant=True))
