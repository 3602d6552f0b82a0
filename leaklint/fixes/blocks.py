"""Lines of a block: which statement stands somewhere, what it may change, and how a ``try`` is put around some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from leaklint.facts import Span
from leaklint.findings import Edit, Site
from leaklint.fixes.source import Source

Lines = Sequence[cst.BaseStatement]


def statement_at(source: Source, site: Site) -> cst.SimpleStatementLine | None:
    """The line with one statement in which ``site`` begins."""
    line = source.statement_on(site.span.line)
    if line is None or len(line.body) != 1:
        return None
    span = source.span(line)
    start, end = (span.line, span.column), (span.end_line, span.end_column)
    return line if start <= (site.span.line, site.span.column) <= end else None


def rest_of_block(source: Source, line: cst.SimpleStatementLine) -> Lines:
    """The statements behind ``line`` in its block; none where that is no indented block."""
    block = source.parent(line)
    return block.body[block.body.index(line) + 1 :] if isinstance(block, cst.IndentedBlock) else ()


def bound(source: Source, node: cst.CSTNode) -> Iterator[str]:
    """The names that ``node`` may give another value."""
    targets: list[cst.CSTNode] = [one.target for one in source.inside(node, cst.AssignTarget)]
    targets += [one.target for one in source.inside(node, cst.AnnAssign)]
    targets += [one.target for one in source.inside(node, cst.AugAssign)]
    targets += [one.target for one in source.inside(node, cst.NamedExpr)]
    targets += [one.target for one in source.inside(node, cst.For)]
    targets += [one.target for one in source.inside(node, cst.Del)]
    targets += [one.name for one in source.inside(node, cst.AsName)]
    targets += [one.name for one in source.inside(node, cst.ImportAlias)]
    targets += [one.name for one in source.inside(node, cst.FunctionDef)]
    targets += [one.name for one in source.inside(node, cst.ClassDef)]
    return (name.value for target in targets for name in source.inside(target, cst.Name))


def in_try(source: Source, above: cst.SimpleStatementLine, last: int, heads: dict[int, str]) -> Iterator[Edit]:
    """Indents what stands behind ``above`` up to line ``last``, with a ``try:`` before it.

    ``heads`` are lines to be written before a line of a number, as far out as ``above``.
    """
    begin = source.span(above)
    numbers = [n for n in range(begin.end_line + 1, last + 1) if source.lines[n - 1].strip()]
    heads = {numbers[0]: "try:", **heads}
    fixed = source.inside_strings
    for number in numbers:
        if number not in fixed:
            head = (
                f"{margin_of(source, above)}{heads[number]}{source.module.default_newline}" if number in heads else ""
            )
            yield Edit(span=Span(number, 1, number, 1), text=head + source.module.default_indent)


def margin_of(source: Source, line: cst.SimpleStatementLine) -> str:
    """The white space before ``line``."""
    begin = source.span(line)
    return source.lines[begin.line - 1][: begin.column - 1]


def lines_behind(source: Source, last: int, lines: Sequence[str]) -> Edit:
    """``lines``, as they are, behind the line of number ``last``."""
    text = source.lines[last - 1]
    column = len(text.rstrip("\r\n")) + 1
    return Edit(
        span=Span(last, column, last, column), text="".join(source.module.default_newline + line for line in lines)
    )
