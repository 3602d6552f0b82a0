"""A removal that nobody wrote goes into a ``finally`` around the rest of the block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

from leaklint.findings import Edit, Finding, Mend
from leaklint.fixes.blocks import Lines, bound, in_try, lines_behind, margin_of, rest_of_block, statement_at
from leaklint.fixes.names import Path, is_path, is_plain, names_in, unused, uses
from leaklint.fixes.source import Source


class Addition(NamedTuple):
    """``text`` removes what ``line`` adds; ``needed`` are the names that must still mean the same then.

    ``hoisted``: an argument that gets a name of its own first, and that name.
    """

    line: cst.SimpleStatementLine
    text: str
    needed: frozenset[str]
    hoisted: tuple[cst.BaseExpression, str] | None = None


def removal_added(source: Source, finding: Finding) -> Mend | None:
    """Removes what ``finding`` names when the rest of its block is left, whichever way; None where that may be wrong.

    That is where the rest of the block does not work with it to its end: an answer that is given at once, a key that
    others learn of and come back with. It is never safe: only a person knows that nobody needs the entry later.
    """
    if finding.removal or any(site.label == "it grows here too" for site in finding.related):
        return None
    line = statement_at(source, finding.primary)
    if line is None or source.function_of(line) is None:
        return None
    rest = rest_of_block(source, line)
    addition = _listener(source, finding, line) if finding.undo else _entry(source, finding, line, rest)
    if addition is None or not _works(source, rest):
        return None
    if not addition.needed.isdisjoint(name for one in rest for name in bound(source, one)):
        return None
    return Mend(title=f"Add `{addition.text}` in a `finally`", safe=False, edits=tuple(_edits(source, addition, rest)))


def _works(source: Source, rest: Lines) -> bool:
    """Whether the rest waits for something, as work does that is over when the block is left."""
    kinds = (cst.Await, cst.Yield, cst.Asynchronous, cst.With, cst.While)
    return any(True for line in rest for kind in kinds for _ in source.inside(line, kind)) or any(
        True for line in rest[:-1] for _ in source.inside(line, cst.Call)
    )


def _edits(source: Source, addition: Addition, rest: Lines) -> Iterator[Edit]:
    margin, newline = margin_of(source, addition.line), source.module.default_newline
    if addition.hoisted:
        value, name = addition.hoisted
        yield source.insert_before(addition.line, f"{name} = {source.code(value)}{newline}{margin}")
        yield source.replace(value, name)
    last = source.span(rest[-1]).end_line
    yield from in_try(source, addition.line, last, {})
    yield lines_behind(source, last, [f"{margin}finally:", f"{margin}{source.module.default_indent}{addition.text}"])


# -- listeners -------------------------------------------------------------------------------------------------


def _listener(source: Source, finding: Finding, line: cst.SimpleStatementLine) -> Addition | None:
    statement, undo = line.body[0], finding.undo
    call = statement.value if isinstance(statement, cst.Expr) else None
    if not (undo and isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute) and is_path(call.func)):
        return None
    values = [argument.value for argument in call.args[: undo.arguments]]
    written = [source.code(value) for value in values]
    hoisted = None
    for number, value in enumerate(values):
        if number == undo.callback and isinstance(value, (cst.Call, cst.Lambda)):
            hoisted = value, unused(source, "listener")
            written[number] = hoisted[1]
        elif not is_plain(value):
            return None
    emitter = source.code(call.func.value)
    removals = (source.parent(name) for name in source.named(undo.method))
    if any(source.code(one) == f"{emitter}.{undo.method}" and _is_called(source, one) for one in removals if one):
        return None  # there is a removal, of something else: a person must say which is meant
    text = f"{emitter}.{undo.method}({', '.join(written)})"
    return Addition(line, text, frozenset(names_in(source, call.func).union(*_names(source, values, hoisted))), hoisted)


def _is_called(source: Source, func: cst.CSTNode) -> bool:
    call = source.parent(func)
    return isinstance(call, cst.Call) and call.func is func


def _names(
    source: Source, values: list[cst.BaseExpression], hoisted: tuple[cst.BaseExpression, str] | None
) -> Iterator[set[str]]:
    return (names_in(source, value) for value in values if not hoisted or value is not hoisted[0])


# -- entries ---------------------------------------------------------------------------------------------------


def _entry(source: Source, finding: Finding, line: cst.SimpleStatementLine, rest: Lines) -> Addition | None:
    taken = _taken(line.body[0])
    if finding.rule != "LEAK002" or taken is None:
        return None
    holder, key, method = taken
    if not is_plain(key) or not all(_is_looked_at(source, use, line, rest) for use in uses(source, holder)):
        return None
    if method == "pop" and not (_is_made_here(finding) and _stays_here(source, key, holder, rest)):
        return None
    default = ", None" if method == "pop" else ""
    text = f"{source.code(holder)}.{method}({source.code(key)}{default})"
    return Addition(line, text, frozenset(names_in(source, key) | names_in(source, holder)))


def _taken(statement: cst.BaseSmallStatement) -> tuple[Path, cst.BaseExpression, str] | None:
    """The container and the key or element that ``statement`` puts into it, and the method that takes it out again."""
    match statement:
        case cst.Assign(
            targets=[
                cst.AssignTarget(
                    target=cst.Subscript(value=holder, slice=[cst.SubscriptElement(slice=cst.Index(value=key))])
                )
            ]
        ):
            method = "pop"
        case cst.Expr(
            value=cst.Call(func=cst.Attribute(value=holder, attr=cst.Name(value="add")), args=[cst.Arg(value=key)])
        ):
            method = "discard"
        case _:
            return None
    return (holder, key, method) if isinstance(holder, (cst.Name, cst.Attribute)) and is_path(holder) else None


def _is_made_here(finding: Finding) -> bool:
    """Whether each key is new, so that nobody else can know it yet."""
    return any(one.question == "keys" and one.value.startswith("generated:") for one in finding.answers)


_WHOLE = frozenset({"len", "list", "sorted", "sum", "tuple", "set", "dict", "any", "all", "bool"})
_VIEWS = frozenset({"values", "keys", "items", "copy"})


def _is_looked_at(source: Source, use: Path, line: cst.SimpleStatementLine, rest: Lines) -> bool:
    """Whether the container is only made, gone over or measured there, or used by the block itself."""
    if any(one is line or one in rest for one in source.ancestors(use)):
        return True
    parent = source.parent(use)
    match parent:
        case cst.AssignTarget() | cst.AnnAssign() | cst.NameItem():
            return True
        case cst.For(iter=over) | cst.CompFor(iter=over):
            return over is use
        case cst.Attribute(attr=cst.Name(value=name)):
            return name in _VIEWS
        case cst.Arg():
            call = source.parent(parent)
            return isinstance(call, cst.Call) and isinstance(call.func, cst.Name) and call.func.value in _WHOLE
    return False


def _stays_here(source: Source, key: cst.BaseExpression, holder: Path, rest: Lines) -> bool:
    """Whether the key reaches nobody who could still come with it when the block is left."""
    names = names_in(source, key)
    return all(
        _is_passing(source, name, source.code(holder))
        for line in rest
        for name in source.inside(line, cst.Name)
        if name.value in names
    )


def _is_passing(source: Source, name: cst.Name, holder: str) -> bool:
    parent = source.parent(name)
    if isinstance(parent, cst.Index):
        element = source.parent(parent)
        subscript = source.parent(element) if element else None
        return isinstance(subscript, cst.Subscript) and source.code(subscript.value) == holder
    call = source.parent(parent) if isinstance(parent, cst.Arg) else None
    if not isinstance(call, cst.Call):
        return False
    is_own = isinstance(call.func, cst.Attribute) and source.code(call.func.value) == holder
    return is_own or isinstance(source.parent(call), cst.Await) or _is_told(source, call)


def _is_told(source: Source, call: cst.Call) -> bool:
    """A line of a log: a call whose result nobody uses, on something that is called so."""
    return isinstance(source.parent(call), cst.Expr) and "log" in source.code(call.func).lower()
