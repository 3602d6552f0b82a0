"""Classes as they were written before there was a word for them: a function, and what is assigned to its ``prototype``."""

from __future__ import annotations

import re

from tree_sitter import Node

from leaklint.facts import Attr, Call, ClassFacts, Const, Expr, Field, Index, Name, Span
from leaklint.frontend.typescript.functions import Kind, lower_function
from leaklint.frontend.typescript.lowering import Lowering, Prototype
from leaklint.frontend.typescript.patterns import assign_pattern

_ASSIGNED = re.compile(rb"([\w$]+)\.prototype(?:\s*\.\s*[\w$]+|\[[^\]\n]*\])?\s*=(?!=)|\(\s*([\w$]+)\.prototype\s*,")
_PROTOTYPE = "prototype"
_PARENT = "__proto__"
_FUNCTIONS = frozenset({"function_expression", "generator_function"})


def assigned_prototypes(source: bytes) -> frozenset[str]:
    """The names before ``.prototype`` where something is put into it."""
    if b".prototype" not in source:
        return frozenset()
    return frozenset((m[1] or m[2]).decode(errors="replace") for m in _ASSIGNED.finditer(source))


def lower_constructor(low: Lowering, node: Node, place: Node | None) -> int | None:
    """The class that the function at ``node``, bound to the name at ``place``, makes objects of; None if it is none."""
    name = low.word(place) if place else ""
    if place is None or name not in low.assigned_prototypes or (low.scope.index, name) in low.prototypes:
        return None
    cls = low.add_class(name)
    made = low.prototypes[low.scope.index, name] = Prototype(cls, name, low.scope.index, low.span(place))
    kind = Kind("constructor", place, cls, binds="instance", role="constructor")
    made.methods.append(lower_function(low, node, kind)[0])
    return cls


def member_assignment(low: Lowering, node: Node) -> bool:
    """Take ``F.prototype.name = value`` and ``F.prototype = value`` into the class of ``F``; False if it is neither."""
    children = node.children
    place, value = children[0], children[-1]
    if not low.prototypes or place.type not in {"member_expression", "subscript_expression"}:
        return False
    target, _ = assign_pattern(low, place)
    made, name = _member(low, target)
    if made is None:
        return False
    if not name or name == _PARENT:
        made.bases.extend(_parents(low.expr(value)) if value.type != "object" else ())
        _add_members(low, made, value)
        return True
    while value.type == node.type:  # F.prototype.a = F.prototype.b = value
        value = value.children[-1]
    _add_member(low, made, name, value, low.span(place))
    return True


def members_given(low: Lowering, node: Node) -> bool:
    """Take the methods of ``anything(F.prototype, { name: function () {} })`` into the class of ``F``."""
    given = [child for child in node.children[-1].children if child.kind_id in low.expressions]
    if not low.prototypes or not given or given[0].type != "member_expression":
        return False
    made, name = _member(low, low.expr(given[0]))
    if made is None or name:
        return False
    for value in given[1:]:
        if value.type == "object":
            _add_members(low, made, value)
        else:
            made.bases.extend(_parents(low.expr(value)))
    return True


def finish_prototypes(low: Lowering) -> None:
    """Put the classes collected so far among those of the file."""
    for made in low.prototypes.values():
        low.classes[made.cls] = ClassFacts(
            name=made.name,
            qualname=low.class_name(made.cls),
            parent=made.parent,
            bases=tuple(made.bases),
            fields=tuple(made.fields),
            methods=tuple(made.methods),
            span=made.span,
        )


def _member(low: Lowering, target: Expr) -> tuple[Prototype | None, str]:
    """For ``F.prototype`` the class of ``F`` and no name, for a member of it also the name."""
    made = _class_of(low, target)
    if made is not None:
        return made, ""
    if isinstance(target, Attr):
        return _class_of(low, target.base), target.name
    if isinstance(target, Index) and isinstance(target.key, Name) and target.key.id in low.text.symbols:
        return _class_of(low, target.base), f"[{target.key.id}]"
    if isinstance(target, Index) and isinstance(target.key, Const):
        return _class_of(low, target.base), target.key.text
    return None, ""


def _class_of(low: Lowering, target: Expr) -> Prototype | None:
    if isinstance(target, Attr) and target.name == _PROTOTYPE and isinstance(target.base, Name):
        return low.prototypes.get((low.scope.index, target.base.id))
    return None


def _parents(value: Expr) -> list[Expr]:
    """The bases in ``Base.prototype``, ``anything(Base.prototype)`` and ``new Base()``."""
    if isinstance(value, Attr):
        return [value.base] if value.name == _PROTOTYPE else []
    if isinstance(value, Call):
        return [value.func] if value.new else [p for a in value.args for p in _parents(a.value)]
    return []


def _add_members(low: Lowering, made: Prototype, node: Node) -> None:
    """The members of an object literal."""
    for child in node.named_children if node.type == "object" else ():
        if child.type == "method_definition":
            place = child.child_by_field_name("name")
            if place is not None:
                _add_method(low, made, low.word(place), child, place)
        elif child.type == "pair":
            key, value = child.children[0], child.children[-1]
            _add_member(low, made, low.word(key).strip("\"'"), value, low.span(key))


def _add_member(low: Lowering, made: Prototype, name: str, value: Node, span: Span) -> None:
    if value.type in _FUNCTIONS:
        _add_method(low, made, name, value, None)
    elif name != "constructor":
        made.fields.append(Field(name, low.expr(value), None, True, span))


def _add_method(low: Lowering, made: Prototype, name: str, node: Node, place: Node | None) -> None:
    kind = Kind(name, place, made.cls, binds="instance")
    made.methods.append(lower_function(low, node, kind)[0])
