"""By what names the models know a callee, which of its arguments they speak of, and what they pass to those."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from leaklint.analysis.linking.program import Cls, Func, Program
from leaklint.analysis.linking.values import Bound, External, Instance, Object, Resolver
from leaklint.catalog.models import Models
from leaklint.catalog.schema import Entry
from leaklint.facts import Attr, Call, Display, Expr, Name

Given = dict[tuple[int, int], str]
"""For (identity of a function, number of a parameter): the type of what a library passes for it."""


class CalleeNames:
    """Finds the dotted names of callees."""

    def __init__(self, program: Program, resolver: Resolver) -> None:
        self._program = program
        self._resolver = resolver

    def of(self, func: Func, expr: Expr) -> tuple[str, ...]:
        """Dotted names under which models may know the callee ``expr``; ``*.name`` for an unknown receiver."""
        value = self._resolver.resolve(func, expr)
        if isinstance(value, External):
            return self._external(func, expr, value)
        if isinstance(value, Bound):
            return self.of_method(value.owner, value.func.name)
        if isinstance(value, Func):
            return (value.name,)
        if isinstance(value, Cls):
            return (value.name, *value.ancestors)
        if isinstance(value, (Object, Instance)):
            return ()
        return self._unresolved(func, expr)

    def of_method(self, cls: Cls, method: str) -> tuple[str, ...]:
        """The names of a method of a class: under the class and everything it derives from."""
        owners = [*(c.name for c in cls.mro), *cls.ancestors]
        owners += [b for a in cls.ancestors for b in self._bases_of(cls.body, a) if b not in owners]
        return tuple(f"{owner}.{method}" for owner in owners)

    def _unresolved(self, func: Func, expr: Expr) -> tuple[str, ...]:
        if not isinstance(expr, Attr):
            return ()
        base = self._resolver.resolve(func, expr.base)
        if isinstance(base, (Instance, Cls)):
            cls = base.cls if isinstance(base, Instance) else base
            names = self.of_method(cls, expr.name)
            return (*names, f"*.{expr.name}") if _is_foreign(cls) else names
        return (f"*.{expr.name}",)

    def _external(self, func: Func, expr: Expr, value: External) -> tuple[str, ...]:
        if not isinstance(expr, Attr):
            return (value.name,)
        base = self._resolver.resolve(func, expr.base)
        if isinstance(base, (Instance, Cls)):
            return self.of_method(base.cls if isinstance(base, Instance) else base, expr.name)
        names = [value.name]
        if isinstance(base, Object):
            names += [f"{b}.{expr.name}" for b in self._bases_of(func, base.type)]
        models = self._program.models(func.file)
        if not isinstance(base, Object) or not (models.types.first(base.type) or models.containers.first(base.type)):
            names.append(f"*.{expr.name}")
        return tuple(names)

    def _bases_of(self, func: Func, name: str) -> list[str]:
        models = self._program.models(func.file)
        found: list[str] = []
        stack = [name]
        while stack and len(found) < 20:
            row = models.types.first(stack.pop())
            for base in row.bases if row else ():
                if base not in found:
                    found.append(base)
                    stack.append(base)
        return found


def _is_foreign(cls: Cls) -> bool:
    """Whether the program only says what objects look like that others make: an interface that no class of it bears."""
    return cls.facts.kind == "interface" and len(cls.family) == 1


def last_segment(callee: Expr) -> str:
    """The last segment of a callee as it is written."""
    return callee.name if isinstance(callee, Attr) else callee.id if isinstance(callee, Name) else ""


def unique(rows: Iterable[Entry]) -> list[Entry]:
    """The rows in their order, each once."""
    found: list[Entry] = []
    for row in rows:
        if not any(row is other for other in found):
            found.append(row)
    return found


def handed_over(models: Models, names: tuple[str, ...], call: Call) -> list[tuple[Entry, Expr]]:
    """The arguments of ``call`` that entry rows speak of, each with the row that knows most of it.

    A row about the event that is named beats one about every event, a longer pattern a shorter one.
    """
    rows = unique(row for name in names for row in models.entries.all(name))
    found: list[tuple[Entry, Expr]] = []
    for row in sorted(rows, key=lambda r: not r.events):
        for value in _chosen(call, row):
            if not any(value is other for _, other in found):
                found.append((row, value))
    return found


def argument_at(call: Call, index: int, keyword: str) -> list[Expr]:
    """The argument at ``index`` (-1: every positional one) or under ``keyword``."""
    positional = [a.value for a in call.args if not a.name]
    named = [a.value for a in call.args if a.name and (a.name == keyword or index < 0)]
    if index < 0:
        return positional + named
    return [*positional[index : index + 1], *named]


def _chosen(call: Call, row: Entry) -> list[Expr]:
    """The argument expressions that the entry row speaks of."""
    if row.form == "argument":
        if row.events and not any(_text(a.value) in row.events for a in call.args[:1]):
            return []
        return argument_at(call, row.argument, "")
    if row.form != "keyword":
        return []
    found = [a.value for a in call.args if a.name in row.keywords]
    for arg in call.args:
        if isinstance(arg.value, Display) and arg.value.kind == "dict":
            found += [v for k, v in zip(arg.value.keys, arg.value.items, strict=False) if _text(k) in row.keywords]
    return found


def _text(expr: Expr | None) -> str:
    text = getattr(expr, "text", "")
    return text if isinstance(text, str) else ""


def given_types(program: Program) -> Given:
    """What functions are passed: by the names of their parameters, and by what libraries pass to those handed to them."""
    given: Given = {key: name for func in program.functions for key, name in _conventional(program, func)}
    resolver = Resolver(program, given)
    names = CalleeNames(program, resolver)
    for func in program.functions:
        models = program.models(func.file)
        for op in func.ops:
            if op.kind != "call" or not isinstance(op.node, Call) or not models.gives_to(last_segment(op.node.func)):
                continue
            for row, value in handed_over(models, names.of(func, op.node.func), op.node):
                for target in _functions(resolver, func, value):
                    given.update(_passed(target, row))
    return given


def _conventional(program: Program, func: Func) -> Iterator[tuple[tuple[int, int], str]]:
    params = func.facts.params
    for row in program.models(func.file).conventions:
        first = params[: len(row.parameters)]
        if tuple(p.name for p in first) == row.parameters and all(p.annotation is None for p in first):
            yield from (((id(func), number), name) for number, name in enumerate(row.types))


def _functions(resolver: Resolver, func: Func, value: Expr) -> Iterator[Func]:
    found = resolver.resolve(func, value)
    if isinstance(found, Func):
        yield found
    elif isinstance(found, Bound):
        yield found.func


def _passed(target: Func, row: Entry) -> Iterator[tuple[tuple[int, int], str]]:
    for number, (param, name) in enumerate(zip(target.facts.params, row.gives, strict=False)):
        if name and param.annotation is None:
            yield (id(target), number), name
