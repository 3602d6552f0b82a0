"""TypeScript and JavaScript: what is removed too rarely, or never, is removed in a ``finally``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tree_sitter import Node

from leaklint.findings import Edit, Finding, Mend
from leaklint.fixes.script import Script, above, behind, inside
from leaklint.fixes.script_uses import assigned, is_looked_at, is_path, is_plain, names, stays_here, unused, uses

_WORK = ("await_expression", "yield_expression", "while_statement", "do_statement")


def release_in_finally(script: Script, finding: Finding) -> Mend | None:
    """Ends the leak of ``finding`` by a removal in a ``finally``; None where that may be wrong.

    It is not safe: what runs when the function is left early was not run before.
    """
    if finding.removal and finding.removal.path == finding.primary.path:
        return _moved(script, finding)
    if finding.removal or any(site.label == "it grows here too" for site in finding.related):
        return None
    return _added(script, finding)


# -- a removal that is there -----------------------------------------------------------------------------------


def _moved(script: Script, finding: Finding) -> Mend | None:
    growth = script.statement_at(finding.primary.span)
    removal = script.statement_at(finding.removal.span) if finding.removal else None
    if growth is None or removal is None or removal.type != "expression_statement":
        return None
    rest = behind(growth)
    is_other = sum(script.code(one) == script.code(removal) for line in rest for one in inside(line, removal.type)) != 1
    if is_other or not script.are_alone(rest) or _changes(script, removal, rest):
        return None
    edits = _around(script, growth, removal, rest) if removal in rest else _of_try(script, removal, rest)
    text = script.code(removal).rstrip(";")
    return Mend(title=f"Move `{text}` into a `finally`", safe=False, edits=tuple(edits)) if edits else None


def _around(script: Script, growth: Node, removal: Node, rest: Sequence[Node]) -> list[Edit]:
    """A ``try`` around all between the two; around the rest of the block where that needs what stands between."""
    number = rest.index(removal)
    between, later = rest[:number], rest[number + 1 :]
    if not between:
        return []
    text = script.code(removal).rstrip(";")
    span = script.span(removal)
    declared = {name for line in between for name in _declared(script, line)}
    if declared.isdisjoint(name for line in later for name in names(script, line)):
        edits = script.in_try(growth, span.line - 1)
        return [*edits, script.replace(removal, script.finally_text(growth, text).removeprefix(script.margin(growth)))]
    last = script.span(later[-1]).end_line
    lines = range(span.line, span.end_line + 1)
    edits = script.in_try(growth, last, lines)
    return [*edits, script.without_lines(removal), script.behind_line(last, script.finally_text(growth, text))]


def _of_try(script: Script, removal: Node, rest: Sequence[Node]) -> list[Edit]:
    """The removal in the body of a ``try`` that follows moves to the ``finally`` of it, which is new."""
    body = removal.parent
    statement = body.parent if body else None
    if statement is None or statement.type != "try_statement" or not rest or statement != rest[0]:
        return []
    if body != statement.child_by_field_name("body") or statement.child_by_field_name("finalizer"):
        return []
    text = script.finally_text(statement, script.code(removal)).lstrip().removeprefix("}")
    end = statement.children[-1]
    return [script.without_lines(removal), script.insert_behind(end, text)]


def _declared(script: Script, line: Node) -> Iterator[str]:
    """What ``line`` declares for the rest of its block."""
    if line.type in {"lexical_declaration", "class_declaration", "function_declaration", "using_declaration"}:
        yield from names(script, line)


def _changes(script: Script, removal: Node, rest: Sequence[Node]) -> bool:
    needed = names(script, removal)
    return not needed.isdisjoint(name for line in rest for name in assigned(script, line))


# -- a removal that nobody wrote -------------------------------------------------------------------------------


class Addition(NamedTuple):
    """``text`` removes what is added; ``needed`` are names that must still mean the same then.

    ``hoisted``: an argument that gets a name of its own first, and that name.
    """

    text: str
    needed: frozenset[str]
    hoisted: tuple[Node, str] | None = None


def _added(script: Script, finding: Finding) -> Mend | None:
    growth = script.statement_at(finding.primary.span)
    rest = behind(growth) if growth else []
    if growth is None or growth.type != "expression_statement" or not rest or not script.are_alone(rest):
        return None
    addition = _listener(script, finding, growth) if finding.undo else _entry(script, finding, growth, rest)
    if addition is None or not _works(rest):
        return None
    if not addition.needed.isdisjoint(name for line in rest for name in assigned(script, line)):
        return None
    edits = tuple(_edits(script, growth, addition, rest))
    return Mend(title=f"Add `{addition.text}` in a `finally`", safe=False, edits=edits)


def _works(rest: Sequence[Node]) -> bool:
    """Whether the rest waits for something, as work does that is over when the block is left."""
    waits = any(True for line in rest for _ in inside(line, *_WORK))
    return waits or any(True for line in rest[:-1] for _ in inside(line, "call_expression"))


def _edits(script: Script, growth: Node, addition: Addition, rest: Sequence[Node]) -> Iterator[Edit]:
    if addition.hoisted:
        value, name = addition.hoisted
        head = f"const {name}{_type(script, growth, value)} = {script.code(value)}{script.end(growth)}{script.newline}{script.margin(growth)}"
        yield script.insert_before(growth, head)
        yield script.replace(value, name)
    last = script.span(rest[-1]).end_line
    yield from script.in_try(growth, last)
    yield script.behind_line(last, script.finally_text(growth, addition.text))


def _type(script: Script, growth: Node, value: Node) -> str:
    """The type that the parameters of a function have where it stands, if they have none of their own."""
    is_typed = value.type == "call_expression" or _says_types(value) or _is_plain_script(script)
    func = growth.named_children[0].child_by_field_name("function")
    return "" if is_typed or func is None else f": Parameters<typeof {script.code(func)}>[1]"


def _listener(script: Script, finding: Finding, growth: Node) -> Addition | None:
    call, undo = growth.named_children[0], finding.undo
    func = call.child_by_field_name("function") if call.type == "call_expression" else None
    arguments = call.child_by_field_name("arguments")
    emitter = func.child_by_field_name("object") if func and func.type == "member_expression" else None
    if not (undo and func and emitter and arguments and is_path(emitter)):
        return None
    values = arguments.named_children[: undo.arguments]
    written = [script.code(value) for value in values]
    hoisted = None
    for number, value in enumerate(values):
        if number == undo.callback and _can_have_a_name(script, value, emitter):
            hoisted = value, unused(script, "listener")
            written[number] = hoisted[1]
        elif not is_plain(value):
            return None
    text = f"{script.code(emitter)}.{undo.method}({', '.join(written)})"
    if any(_is_call_of(script, one, script.code(emitter)) for one in script.named(undo.method)):
        return None  # there is a removal, of something else: a person must say which is meant
    plain = [value for value in values if not hoisted or value != hoisted[0]]
    return Addition(text, frozenset(name for one in (emitter, *plain) for name in names(script, one)), hoisted)


def _is_call_of(script: Script, method: Node, emitter: str) -> bool:
    """Whether ``method`` stands in ``emitter.method(...)``."""
    member = method.parent
    call = member.parent if member and member.type == "member_expression" else None
    base = member.child_by_field_name("object") if member else None
    is_called = call is not None and call.child_by_field_name("function") == member
    return is_called and base is not None and script.code(base) == emitter


def _can_have_a_name(script: Script, value: Node, emitter: Node) -> bool:
    """A call, or a function that needs no type from the place where it stands, or can be given it."""
    if value.type == "call_expression":
        return True
    if value.type not in {"arrow_function", "function_expression"}:
        return False
    return _is_plain_script(script) or _says_types(value) or _is_new_emitter(script, emitter)


def _is_plain_script(script: Script) -> bool:
    return script.path.endswith(("js", "jsx"))


def _says_types(function: Node) -> bool:
    """Whether each parameter has a type of its own."""
    parameters = function.child_by_field_name("parameters")
    return parameters is not None and all(
        one.child_by_field_name("type") or one.child_by_field_name("value") for one in parameters.named_children
    )


def _is_new_emitter(script: Script, emitter: Node) -> bool:
    """Whether the file makes it as ``new EventEmitter()``, whose listeners take anything, and says no more of it."""
    parents = [one.parent for one in script.named(script.code(emitter))]
    made = [one for one in parents if one is not None and one.type == "variable_declarator"]
    texts = [script.code(one).split("=", 1) for one in made if _named(script, one) == script.code(emitter)]
    return len(texts) == 1 and [text.strip() for text in texts[0]] == [script.code(emitter), "new EventEmitter()"]


def _named(script: Script, declarator: Node) -> str:
    name = declarator.child_by_field_name("name")
    return script.code(name) if name else ""


def _entry(script: Script, finding: Finding, growth: Node, rest: Sequence[Node]) -> Addition | None:
    taken = _taken(script, growth.named_children[0])
    if finding.rule != "LEAK002" or taken is None:
        return None
    holder, key, is_element, text = taken
    here = [growth, *rest]
    if not is_path(holder) or not is_plain(key):
        return None
    others = [use for use in uses(script, holder) if not any(one in here for one in above(use))]
    if not all(is_looked_at(script, use) for use in others):
        return None
    is_new = any(one.question == "keys" and one.value.startswith("generated:") for one in finding.answers)
    if not is_element and not (is_new and stays_here(script, key, holder, rest)):
        return None
    return Addition(text, names(script, holder) | names(script, key))


def _taken(script: Script, node: Node) -> tuple[Node, Node, bool, str] | None:
    """The container, what is put into it, whether that is an element and no key, and the text that takes it out."""
    if node.type == "assignment_expression":
        target = node.child_by_field_name("left")
        holder = target.child_by_field_name("object") if target and target.type == "subscript_expression" else None
        key = target.child_by_field_name("index") if target and holder else None
        return (holder, key, False, f"delete {script.code(target)}") if holder and key and target else None
    func = node.child_by_field_name("function") if node.type == "call_expression" else None
    arguments = node.child_by_field_name("arguments")
    if func is None or func.type != "member_expression" or arguments is None or not arguments.named_children:
        return None
    holder, method = func.child_by_field_name("object"), func.child_by_field_name("property")
    if holder is None or method is None or script.code(method) not in {"set", "add"}:
        return None
    key = arguments.named_children[0]
    return holder, key, script.code(method) == "add", f"{script.code(holder)}.delete({script.code(key)})"
