"""What messages call a function that has no name."""

from __future__ import annotations

from collections.abc import Iterator

from leaklint.analysis.linking.walk import dotted, every, expressions, statements
from leaklint.facts import Assign, Attr, Call, Const, FileFacts, FunctionFacts, Lambda, Name, Stmt

NAMELESS = "<lambda>"
"""How front ends spell a nameless function in a qualified name."""

_LONG = 60
"""How many characters of a name or of a text a message bears."""


def title_of(function: FunctionFacts, handed_to: str) -> str:
    """The title of a function whose qualified name holds a nameless one; ``handed_to``: what it is handed to, if anything.

    What has a name of its own is called by the names around it; else by what it is handed to, or by its line (from 1).
    """
    if function.name:
        return ".".join(part for part in function.qualname.split(".") if part != NAMELESS)
    return handed_to or f"callback at line {function.span.line}"


def receivers(file: FileFacts) -> dict[int, str]:
    """For the number of each function that is handed to a call or assigned: that call, or the name it is assigned to."""
    found: dict[int, str] = {}
    for function in file.functions:
        for stmt in statements(function.body):
            for number, text in _handed(stmt):
                found.setdefault(number, text)
    return found


def _handed(stmt: Stmt) -> Iterator[tuple[int, str]]:
    if isinstance(stmt, Assign) and isinstance(stmt.value, Lambda):
        yield from ((stmt.value.function, dotted(t)) for t in stmt.targets if isinstance(t, (Attr, Name)))
    for expr in (e for x in expressions(stmt) for e in every(x)):
        if isinstance(expr, Call):
            yield from ((a.value.function, _short(expr)) for a in expr.args if isinstance(a.value, Lambda))


def _short(call: Call) -> str:
    """The call without its arguments, but for a text in front (a path, an event)."""
    name = dotted(call.func)
    if len(name) > _LONG or name.startswith("..."):
        name = call.func.name if isinstance(call.func, Attr) else "call"
    first = call.args[0].value if call.args else None
    told = isinstance(first, Const) and first.kind == "str" and len(first.text) <= _LONG
    return f"{name}({dotted(first)}, ...)" if first is not None and told else f"{name}(...)"
