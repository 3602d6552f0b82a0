"""TypeScript and JavaScript: a ``Map`` that keeps results drops the oldest before it takes one more in."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from leaklint.findings import Finding, Mend
from leaklint.fixes.script import Script, inside
from leaklint.fixes.script_uses import declarator_of, is_path, unused, uses

_LOOKS = frozenset({"has", "get", "set", "size", "clear", "delete"})


def bounded_map(script: Script, finding: Finding, size: int) -> Mend | None:
    """Makes the ``Map`` of ``finding`` keep at most ``size`` results; None where they may be more than results.

    It is not safe: a result that is computed again is another object.
    """
    growth = script.statement_at(finding.primary.span) if finding.rule == "LEAK003" else None
    holder = _filled(script, growth) if growth else None
    if growth is None or holder is None or any(site.label == "it grows here too" for site in finding.related):
        return None
    others = [use for use in uses(script, holder) if not _is_made(script, use)]
    made = [use for use in uses(script, holder) if _is_made(script, use)]
    if len(made) != 1 or not all(_is_lookup(script, use) for use in others):
        return None
    text = script.newline.join(_lines(script, growth, script.code(holder), size))
    title = f"Keep at most {size} results in `{finding.container}`"
    return Mend(title=title, safe=False, edits=(script.insert_before(growth, text),))


def _lines(script: Script, growth: Node, holder: str, size: int) -> Iterator[str]:
    margin, step, end = script.margin(growth), script.step(growth), script.end(growth)
    oldest = unused(script, "oldest")
    yield f"for (const {oldest} of {holder}.keys()) {{"
    yield f"{margin}{step}if ({holder}.size < {size}) break{end}"
    yield f"{margin}{step}{holder}.delete({oldest}){end}"
    yield f"{margin}}}"
    yield margin


def _filled(script: Script, growth: Node) -> Node | None:
    """The container of ``holder.set(key, value)``, where the value is a result: awaited, or what a function gives."""
    call = growth.named_children[0]
    func = call.child_by_field_name("function") if call.type == "call_expression" else None
    arguments = call.child_by_field_name("arguments")
    if func is None or arguments is None or func.type != "member_expression" or len(arguments.named_children) != 2:
        return None
    method, holder = func.child_by_field_name("property"), func.child_by_field_name("object")
    if method is None or holder is None or script.code(method) != "set" or not is_path(holder):
        return None
    return holder if _is_result(script, arguments.named_children[1], growth) else None


def _is_result(script: Script, value: Node, growth: Node) -> bool:
    if value.type == "identifier":
        declared = declarator_of(script, value, growth)
        given = declared.child_by_field_name("value") if declared else None
        return given is not None and given.type != "identifier" and _is_result(script, given, growth)
    if value.type == "await_expression":
        return not any(True for _ in inside(value, "new_expression"))
    return value.type in {"object", "array", "string", "template_string", "binary_expression"} and not any(
        True for _ in inside(value, "new_expression", "arrow_function", "function_expression")
    )


def _is_made(script: Script, use: Node) -> bool:
    parent = use.parent
    value = parent.child_by_field_name("value") if parent else None
    return value is not None and value != use and script.code(value).startswith("new Map")


def _is_lookup(script: Script, use: Node) -> bool:
    parent = use.parent
    asked = parent.child_by_field_name("property") if parent and parent.type == "member_expression" else None
    return asked is not None and asked != use and script.code(asked) in _LOOKS
