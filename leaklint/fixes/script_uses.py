"""Where a variable or a property of a TypeScript or JavaScript file stands, and what is done with it there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tree_sitter import Node

from leaklint.fixes.script import Script, inside

_VIEWS = frozenset({"size", "values", "keys", "entries", "forEach", "length"})


def is_path(node: Node) -> bool:
    """Whether ``node`` is a name, or names joined by dots."""
    if node.type == "member_expression":
        base = node.child_by_field_name("object")
        return base is not None and is_path(base) and not any(one.type == "optional_chain" for one in node.children)
    return node.type in {"identifier", "this"}


def is_plain(node: Node) -> bool:
    """Whether ``node`` means the same when it is written twice."""
    return is_path(node) or node.type in {"string", "number"}


def names(script: Script, node: Node) -> frozenset[str]:
    """The variables that stand in ``node``."""
    return frozenset(script.code(one) for one in inside(node, "identifier", "shorthand_property_identifier"))


def assigned(script: Script, node: Node) -> Iterator[str]:
    """The variables that ``node`` gives another value."""
    for one in inside(node, "assignment_expression", "augmented_assignment_expression", "update_expression"):
        target = one.child_by_field_name("left") or one.child_by_field_name("argument")
        if target is not None and target.type not in {"member_expression", "subscript_expression"}:
            yield from names(script, target)


def unused(script: Script, wish: str) -> str:
    """``wish``, or a name like it that stands nowhere in the file."""
    number, name = 2, wish
    while script.named(name):
        name, number = f"{wish}{number}", number + 1
    return name


def uses(script: Script, path: Node) -> Iterator[Node]:
    """Everything in the file that may mean ``path``: the same variable, or a property of that name of any object."""
    last = path.child_by_field_name("property") if path.type == "member_expression" else path
    for name in script.named(script.code(last)) if last is not None else ():
        parent = name.parent
        is_property = parent is not None and parent.child_by_field_name("property") == name
        yield parent if is_property and parent else name


def is_looked_at(script: Script, use: Node) -> bool:
    """Whether the container is only made, gone over or measured there."""
    parent = use.parent
    if parent is None:
        return False
    if parent.type in {"variable_declarator", "public_field_definition", "field_definition"}:
        return parent.child_by_field_name("value") != use
    if parent.type == "for_in_statement":
        return parent.child_by_field_name("right") == use
    if parent.type == "member_expression":
        called = parent.child_by_field_name("property")
        return called is not None and script.code(called) in _VIEWS
    return parent.type == "spread_element"


def stays_here(script: Script, key: Node, holder: Node, rest: Sequence[Node]) -> bool:
    """Whether the key reaches nobody who could still come with it when the block is left."""
    wanted = names(script, key)
    found = (one for line in rest for one in inside(line, "identifier", "shorthand_property_identifier"))
    return all(_is_passing(script, one, script.code(holder)) for one in found if script.code(one) in wanted)


def _is_passing(script: Script, name: Node, holder: str) -> bool:
    parent = name.parent
    if parent is not None and parent.type == "subscript_expression":
        base = parent.child_by_field_name("object")
        return base is not None and base != name and script.code(base) == holder
    call = parent.parent if parent is not None and parent.type == "arguments" else None
    func = call.child_by_field_name("function") if call is not None and call.type == "call_expression" else None
    if call is None or func is None or call.parent is None:
        return False
    is_told = call.parent.type == "expression_statement" and script.code(func).startswith(("console.", "log"))
    return call.parent.type == "await_expression" or script.code(func).startswith(f"{holder}.") or is_told


def declarator_of(script: Script, name: Node, place: Node) -> Node | None:
    """The one declaration of ``name`` in the block that holds the statement ``place``."""
    block = place.parent
    found = inside(block, "variable_declarator") if block else ()
    named = [one for one in found if _is_called(script, one, script.code(name))]
    return named[0] if len(named) == 1 else None


def _is_called(script: Script, declarator: Node, name: str) -> bool:
    own = declarator.child_by_field_name("name")
    return own is not None and script.code(own) == name
