"""Short ways to write down the facts that TypeScript tests expect."""

from __future__ import annotations

from typing import Any, TypeVar

from leaklint.facts import NOWHERE, Attr, Block, Call, Const, Expr, Fact, FileFacts, FunctionFacts, Name, Span, Stmt
from leaklint.facts import Arg as Argument
from leaklint.frontend.typescript import extract

F = TypeVar("F")


def without_places(fact: F) -> F:
    """``fact`` with every span replaced by ``NOWHERE``, so that shapes can be compared."""
    return _without_places(fact)  # type: ignore[no-any-return]


def _without_places(fact: Any) -> Any:
    if isinstance(fact, Span):
        return NOWHERE
    if isinstance(fact, tuple):
        return tuple(_without_places(item) for item in fact)
    if isinstance(fact, Fact):
        return type(fact)(*(_without_places(getattr(fact, field)) for field in fact.__struct_fields__))
    return fact


def read(source: str, path: str = "a.ts") -> FileFacts:
    """The facts of ``source``, without places; it must have no problems."""
    facts = extract(path, source.encode())
    assert facts.problems == ()
    return without_places(facts)


def body(source: str, path: str = "a.ts") -> Block:
    """The statements of the module ``source``."""
    return read(source, path).functions[0].body


def statement(source: str, path: str = "a.ts") -> Stmt:
    """The only statement of the module ``source``."""
    (only,) = body(source, path)
    return only


def value(source: str, path: str = "a.ts") -> Expr:
    """The fact of the expression ``source``."""
    assigned = statement(f"x = {source}", path)
    return assigned.value  # type: ignore[union-attr, return-value]


def function(source: str, name: str, path: str = "a.ts") -> FunctionFacts:
    """The function with this qualified name."""
    (found,) = [f for f in read(source, path).functions if f.qualname == name]
    return found


def n(name: str) -> Name:
    """A name."""
    return Name(name)


def s(text: str) -> Const:
    """A string."""
    return Const("str", text)


def num(text: str) -> Const:
    """A number."""
    return Const("number", text)


def dot(base: str, *names: str) -> Expr:
    """``base.name.name``."""
    expr: Expr = Name(base)
    for name in names:
        expr = Attr(expr, name)
    return expr


def call(func: Expr | str, *args: Expr, new: bool = False) -> Call:
    """A call with positional arguments."""
    callee = Name(func) if isinstance(func, str) else func
    return Call(callee, tuple(Argument(arg) for arg in args), NOWHERE, new)
