"""A removal that stands behind what may leave moves into a ``finally`` around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from leaklint.facts import Span
from leaklint.findings import Edit, Finding, Mend, Site
from leaklint.fixes.source import Source

Lines = Sequence[cst.BaseStatement]

_EMPTIES = frozenset({"pop", "popitem", "clear"})


def release_in_finally(source: Source, finding: Finding) -> Mend | None:
    """Moves the removal of ``finding`` into a ``finally`` around all that stands between the growth and it.

    Both must be statements of one block. None where what lies between may remove as well, or changes a name that the
    removal needs. It is not safe: what runs when the function is left early was not run before.
    """
    if finding.removal is None or finding.removal.path != finding.primary.path:
        return None
    growth = _statement_at(source, finding.primary)
    removal = _statement_at(source, finding.removal)
    between = _between(source, growth, removal) if growth and removal else ()
    if not (growth and removal and between) or not _is_movable(source, removal, between):
        return None
    edits = tuple(_edits(source, growth, removal))
    text = source.code(removal.body[0])
    return Mend(title=f"Move `{text}` into a `finally`", safe=False, edits=edits) if edits else None


def _statement_at(source: Source, site: Site) -> cst.SimpleStatementLine | None:
    """The line with one statement in which ``site`` begins."""
    for line in source.nodes(cst.SimpleStatementLine):
        span = source.span(line)
        start, end = (span.line, span.column), (span.end_line, span.end_column)
        if start <= (site.span.line, site.span.column) <= end and len(line.body) == 1:
            return line
    return None


def _between(source: Source, growth: cst.SimpleStatementLine, removal: cst.SimpleStatementLine) -> Lines:
    """The statements between the two in the block of both; none where they are in different ones."""
    block = source.parent(growth)
    if not isinstance(block, cst.IndentedBlock) or source.parent(removal) is not block:
        return ()
    return block.body[block.body.index(growth) + 1 : block.body.index(removal)]


def _is_movable(source: Source, removal: cst.SimpleStatementLine, between: Lines) -> bool:
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
    return needed.isdisjoint(name for line in between for name in _bound(source, line))


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


def _bound(source: Source, line: cst.CSTNode) -> Iterator[str]:
    """The names that ``line`` may give another value."""
    targets: list[cst.CSTNode] = [one.target for one in source.inside(line, cst.AssignTarget)]
    targets += [one.target for one in source.inside(line, cst.AnnAssign)]
    targets += [one.target for one in source.inside(line, cst.AugAssign)]
    targets += [one.target for one in source.inside(line, cst.NamedExpr)]
    targets += [one.target for one in source.inside(line, cst.For)]
    targets += [one.target for one in source.inside(line, cst.Del)]
    targets += [one.name for one in source.inside(line, cst.AsName)]
    targets += [one.name for one in source.inside(line, cst.ImportAlias)]
    targets += [one.name for one in source.inside(line, cst.FunctionDef)]
    targets += [one.name for one in source.inside(line, cst.ClassDef)]
    return (name.value for target in targets for name in source.inside(target, cst.Name))


# -- the edits -------------------------------------------------------------------------------------------------


def _edits(source: Source, growth: cst.SimpleStatementLine, removal: cst.SimpleStatementLine) -> Iterator[Edit]:
    begin = source.span(growth)
    last = source.span(removal).end_line
    numbers = [n for n in range(begin.end_line + 1, last + 1) if source.lines[n - 1].strip()]
    margin = source.lines[begin.line - 1][: begin.column - 1]
    heads = {numbers[0]: "try:", source.span(removal).line - _comments_above(removal): "finally:"}
    fixed = set(_lines_inside_strings(source))
    for number in numbers:
        if number not in fixed:
            head = f"{margin}{heads[number]}{source.module.default_newline}" if number in heads else ""
            yield Edit(span=Span(number, 1, number, 1), text=head + source.module.default_indent)


def _comments_above(line: cst.SimpleStatementLine) -> int:
    """How many comment lines stand right above ``line``."""
    count = 0
    for above in reversed(line.leading_lines):
        if above.comment is None:
            break
        count += 1
    return count


def _lines_inside_strings(source: Source) -> Iterator[int]:
    """The lines that begin inside a string: white space there is part of it."""
    for kind in (cst.SimpleString, cst.FormattedString):
        for text in source.nodes(kind):
            span = source.span(text)
            yield from range(span.line + 1, span.end_line + 1)
