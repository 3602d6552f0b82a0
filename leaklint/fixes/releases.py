"""A removal that stands behind what may leave moves into a ``finally`` around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from leaklint.facts import Span
from leaklint.findings import Edit, Finding, Mend
from leaklint.fixes.blocks import Lines, bound, in_try, lines_behind, rest_of_block, statement_at
from leaklint.fixes.source import Source

_EMPTIES = frozenset({"pop", "popitem", "clear"})


def release_in_finally(source: Source, finding: Finding) -> Mend | None:
    """Moves the removal of ``finding`` into a ``finally`` around all that stands between the growth and it.

    Both must be statements of one block. None where what lies between may remove as well, or changes a name that the
    removal needs. It is not safe: what runs when the function is left early was not run before.
    """
    if finding.removal is None or finding.removal.path != finding.primary.path:
        return None
    growth = statement_at(source, finding.primary)
    removal = statement_at(source, finding.removal)
    if growth is None or removal is None:
        return None
    following = _try_behind(source, growth, removal)
    between = _besides(following, removal) if following else _between(source, growth, removal)
    if not between or not _is_movable(source, removal, between):
        return None
    edits = tuple(_out_of_try(source, following, removal) if following else _edits(source, growth, removal))
    text = source.code(removal.body[0])
    return Mend(title=f"Move `{text}` into a `finally`", safe=False, edits=edits) if edits else None


def _between(source: Source, growth: cst.SimpleStatementLine, removal: cst.SimpleStatementLine) -> Lines:
    """The statements between the two in the block of both; none where they are in different ones."""
    rest = rest_of_block(source, growth)
    return rest[: rest.index(removal)] if removal in rest else ()


def _try_behind(source: Source, growth: cst.SimpleStatementLine, removal: cst.SimpleStatementLine) -> cst.Try | None:
    """The ``try`` right behind the growth that holds the removal among more in its body, and has no ``finally``."""
    following = next(iter(rest_of_block(source, growth)), None)
    if not isinstance(following, cst.Try) or following.finalbody is not None:
        return None
    body = following.body
    return following if removal in body.body and len(body.body) > 1 and not removal.leading_lines else None


def _besides(following: cst.Try, removal: cst.SimpleStatementLine) -> Sequence[cst.CSTNode]:
    """The parts of ``following`` but for the removal."""
    rest: list[cst.CSTNode] = [line for line in following.body.body if line is not removal]
    return [*rest, *following.handlers, *([following.orelse] if following.orelse else [])]


def _is_movable(source: Source, removal: cst.SimpleStatementLine, between: Sequence[cst.CSTNode]) -> bool:
    target = _target(removal.body[0])
    if target is None:
        return False
    holder, method = target
    for line in between:
        if any(source.code(at.value) == source.code(holder) for at in _deleted(source, line)):
            return False
        for call in source.inside(line, cst.Call):
            func = call.func
            if isinstance(func, cst.Attribute) and source.code(func.value) == source.code(holder):
                if func.attr.value == method or func.attr.value in _EMPTIES:
                    return False
    needed = {name.value for name in source.inside(removal, cst.Name)}
    return needed.isdisjoint(name for line in between for name in bound(source, line))


def _target(statement: cst.BaseSmallStatement) -> tuple[cst.BaseExpression, str] | None:
    """What the removal takes something out of, and the method it calls (empty for ``del``); None for other shapes."""
    if isinstance(statement, cst.Del) and isinstance(statement.target, cst.Subscript):
        return statement.target.value, ""
    value = statement.value if isinstance(statement, cst.Expr) else None
    call = value.expression if isinstance(value, cst.Await) else value
    if isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute):
        return call.func.value, call.func.attr.value
    return None


def _deleted(source: Source, line: cst.CSTNode) -> Iterator[cst.Subscript]:
    for statement in source.inside(line, cst.Del):
        yield from source.inside(statement, cst.Subscript)


# -- the edits -------------------------------------------------------------------------------------------------


def _edits(source: Source, growth: cst.SimpleStatementLine, removal: cst.SimpleStatementLine) -> Iterator[Edit]:
    there = source.span(removal)
    return in_try(source, growth, there.end_line, {there.line - _comments_above(removal): "finally:"})


def _out_of_try(source: Source, following: cst.Try, removal: cst.SimpleStatementLine) -> Iterator[Edit]:
    """Takes the removal out of the body of ``following`` and gives it a ``finally`` with it."""
    there, end = source.span(removal), source.span(following).end_line
    yield Edit(span=Span(there.line, 1, there.end_line + 1, 1), text="")
    margin = source.lines[source.span(following).line - 1][: source.span(following).column - 1]
    text = "".join(source.lines[there.line - 1 : there.end_line]).strip()
    yield lines_behind(source, end, [f"{margin}finally:", f"{margin}{source.module.default_indent}{text}"])


def _comments_above(line: cst.SimpleStatementLine) -> int:
    """How many comment lines stand right above ``line``."""
    count = 0
    for above in reversed(line.leading_lines):
        if above.comment is None:
            break
        count += 1
    return count
