"""Links the facts of all files into one program."""

from __future__ import annotations

from collections.abc import Sequence

from leaklint.analysis.linking.callees import given_types
from leaklint.analysis.linking.program import Cls, Program, link_classes
from leaklint.analysis.linking.values import External, Resolver
from leaklint.analysis.linking.walk import dotted
from leaklint.catalog.models import Library
from leaklint.facts import Alias, Call, Expr, FileFacts, Index


def link(files: Sequence[FileFacts], library: Library, aliases: Sequence[Alias] = ()) -> tuple[Program, Resolver]:
    """The program of ``files``, and a resolver for it."""
    program = Program(files, library, aliases)
    first = Resolver(program)

    def base_of(cls: Cls, expr: Expr) -> Cls | str | None:
        while isinstance(expr, (Index, Call)):
            expr = expr.base if isinstance(expr, Index) else expr.func
        value = first.resolve(cls.body, expr)
        if isinstance(value, Cls):
            return value
        return value.name if isinstance(value, External) else dotted(expr)

    link_classes(program, base_of)
    return program, Resolver(program, given_types(program))
