"""Type annotations as expressions: ``Map<string, X>`` is ``Index(Name("Map"), Display("tuple", ...))``."""

from __future__ import annotations

from tree_sitter import Node

from leaklint.facts import Attr, Display, Expr, Field, Index, Name, Operation
from leaklint.frontend.typescript.lowering import OPAQUE, TYPES, Lowering


def type_arguments(low: Lowering, nodes: list[Node]) -> list[Expr]:
    """The facts for the types among ``nodes``; punctuation and comments are skipped."""
    return [lower(low, node) for node in nodes if (lower := low.types.get(node.kind_id))]


def heritage_types(low: Lowering, node: Node) -> list[Expr]:
    """The types in an ``extends`` or ``implements`` clause, without their type arguments."""
    return [base.base if isinstance(base, Index) else base for base in type_arguments(low, node.children)]


def member_fields(low: Lowering, node: Node) -> list[Field]:
    """The properties of an interface or object type; signatures of methods are left out."""
    fields: list[Field] = []
    for child in node.named_children:
        place = child.child_by_field_name("name") if child.type == "property_signature" else None
        if place:
            annotation = low.type(child.child_by_field_name("type"))
            fields.append(Field(low.word(place).strip("'\""), None, annotation, False, low.span(place)))
    return fields


@TYPES("type_identifier", "identifier", "predefined_type")
def named(low: Lowering, node: Node) -> Expr:
    return low.name(node)


@TYPES("type_annotation", "parenthesized_type", "readonly_type", "optional_type", "rest_type")
def wrapped(low: Lowering, node: Node) -> Expr:
    inner = type_arguments(low, node.children)
    return inner[0] if inner else OPAQUE


@TYPES("nested_type_identifier", "nested_identifier")
def nested(low: Lowering, node: Node) -> Expr:
    children = node.children
    return Attr(low.type(children[0]) or OPAQUE, low.word(children[-1]))


@TYPES("generic_type")
def generic(low: Lowering, node: Node) -> Expr:
    children = node.children
    return _index(low.type(children[0]) or OPAQUE, type_arguments(low, children[-1].children))


@TYPES("array_type")
def array(low: Lowering, node: Node) -> Expr:
    return Index(Name("Array"), low.type(node.children[0]) or OPAQUE)


@TYPES("tuple_type")
def tuple_type(low: Lowering, node: Node) -> Expr:
    return Display("tuple", tuple(type_arguments(low, node.children)))


@TYPES("union_type", "intersection_type")
def union(low: Lowering, node: Node) -> Expr:
    """Nested to the left in the tree, one operation here, however many members there are."""
    number, members = node.kind_id, list[Expr]()
    op = "|" if node.type == "union_type" else "&"
    while node.kind_id == number:
        operands = [child for child in node.children if child.kind_id in low.types]
        members.extend(type_arguments(low, operands[1:])[::-1])
        if not operands:
            break
        if len(operands) == 1 or operands[0].kind_id != number:
            members.append(low.type(operands[0]) or OPAQUE)
            break
        node = operands[0]
    return Operation(op, tuple(reversed(members)))


@TYPES("literal_type")
def literal(low: Lowering, node: Node) -> Expr:
    return low.only(node)


@TYPES("template_literal_type")
def template(low: Lowering, node: Node) -> Expr:
    return Name("string")


@TYPES("object_type")
def object_type(low: Lowering, node: Node) -> Expr:
    """``{ [key: K]: V }`` is ``Record<K, V>``; any other object type is opaque."""
    members = [child for child in node.named_children if child.type != "comment"]
    if len(members) != 1 or members[0].type != "index_signature":
        return OPAQUE
    key = members[0].child_by_field_name("index_type")
    if key is None:
        clause = next((child for child in members[0].children if child.type == "mapped_type_clause"), None)
        key = clause.child_by_field_name("type") if clause else None
    return _index(Name("Record"), [low.type(key) or OPAQUE, low.type(members[0].child_by_field_name("type")) or OPAQUE])


@TYPES(
    "function_type",
    "constructor_type",
    "conditional_type",
    "lookup_type",
    "type_query",
    "index_type_query",
    "infer_type",
    "this_type",
    "existential_type",
    "flow_maybe_type",
    "member_expression",
    "call_expression",
)
def other(low: Lowering, node: Node) -> Expr:
    return OPAQUE


def _index(base: Expr, arguments: list[Expr]) -> Expr:
    return Index(base, arguments[0] if len(arguments) == 1 else Display("tuple", tuple(arguments)))
