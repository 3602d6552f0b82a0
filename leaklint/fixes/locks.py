"""A dictionary of locks by key becomes one that drops a lock when nobody holds it any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import libcst as cst

from leaklint.facts import Span
from leaklint.findings import Edit, Finding, Mend
from leaklint.fixes.imports import meaning, name_from
from leaklint.fixes.names import Path, is_plain, uses
from leaklint.fixes.source import Source

_LOCKS = frozenset({"Lock", "RLock", "Semaphore", "BoundedSemaphore"})
"""Of threading and asyncio: what is as good as new when nobody holds it, and what weak references can be made of."""


class Table(NamedTuple):
    """A dictionary that is made once: its declaration, how a lock for it is made, and all other places it stands at."""

    made: cst.Assign | cst.AnnAssign
    lock: str
    uses: tuple[Path, ...]


def weak_locks(source: Source, finding: Finding) -> Mend | None:
    """Makes the dictionary of ``finding`` a ``WeakValueDictionary``; None unless all who take a lock from it hold it.

    It is not safe: other files may take locks too.
    """
    table = _table(source, finding)
    weak = name_from(source, "weakref", "WeakValueDictionary")
    if table is None or weak is None:
        return None
    edits = [edit for use in table.uses for edit in _taken(source, use, table.lock) or (None,)]
    named = _named(source, table.made)
    if None in edits or named is None:
        return None
    assert table.made.value is not None
    made = [
        source.replace(table.made.value, f"{weak.written}()"),
        *(source.replace(one, weak.written) for one in named),
    ]
    title = f"Keep each lock of `{finding.container}` only while somebody holds it"
    kept = tuple(dict.fromkeys(edit for edit in edits if edit and edit != _NOTHING))
    return Mend(title=title, safe=False, edits=(*made, *kept, *weak.edits))


_NOTHING = Edit(span=Span(0, 0, 0, 0), text="")
"""Stands for a place that may stay as it is."""


# -- the dictionary --------------------------------------------------------------------------------------------


def _table(source: Source, finding: Finding) -> Table | None:
    path = _grown(source, finding)
    if path is None:
        return None
    found = {use: _made(source, use) for use in uses(source, path)}
    made = [statement for statement in found.values() if statement]
    others = tuple(use for use, statement in found.items() if not statement)
    locks = {lock for use in others for lock in _locks(source, use)} | {
        lock for one in made for lock in _default(source, one)
    }
    return Table(made[0], locks.pop(), others) if len(made) == 1 and len(locks) == 1 and "" not in locks else None


def _grown(source: Source, finding: Finding) -> Path | None:
    """The dictionary that grows in the line of ``finding``."""
    if finding.rule not in {"LEAK002", "LEAK003"}:
        return None
    here = finding.primary.span
    lines = range(here.line, here.end_line + 1)
    names: list[Path] = [name for line in lines for name in source.on_line(line, cst.Name)]
    names += [attribute for line in lines for attribute in source.on_line(line, cst.Attribute)]
    return next((one for one in names if source.code(one) == finding.container), None)


def _made(source: Source, use: Path) -> cst.Assign | cst.AnnAssign | None:
    """The assignment of a new, empty dictionary to ``use``."""
    above = source.parent(use)
    statement = source.parent(above) if isinstance(above, cst.AssignTarget) else above
    if not isinstance(statement, (cst.Assign, cst.AnnAssign)):
        return None
    match statement.value:
        case cst.Dict(elements=[]) | cst.Call(func=cst.Name(value="dict"), args=[]):
            return statement
    return statement if _default(source, statement) else None


def _default(source: Source, made: cst.Assign | cst.AnnAssign) -> Iterator[str] | tuple[str, ...]:
    """How a ``defaultdict`` makes a lock; nothing for a plain dictionary."""
    match made.value:
        case cst.Call(func=func, args=[cst.Arg(value=factory)]) if (
            meaning(source, "collections", func) == "defaultdict"
        ):
            if isinstance(factory, cst.Lambda):
                return (_lock(source, factory.body),)
            return (f"{source.code(factory)}()" if _is_lock(source, factory) else "",)
    return ()


def _locks(source: Source, use: Path) -> Iterator[str]:
    """How the lock is made that is put in at ``use``; an empty text for anything else that is put in."""
    parent = source.parent(use)
    call = source.parent(parent) if isinstance(parent, cst.Attribute) else None
    if isinstance(call, cst.Call) and isinstance(parent, cst.Attribute) and parent.attr.value == "setdefault":
        yield _lock(source, call.args[1].value) if len(call.args) == 2 else ""
    target = source.parent(parent) if isinstance(parent, cst.Subscript) else None
    statement = source.parent(target) if isinstance(target, cst.AssignTarget) else None
    if isinstance(statement, cst.Assign) and isinstance(statement.value, cst.Name):
        yield from _assigned(source, statement, statement.value.value)
    elif isinstance(statement, cst.Assign):
        yield _lock(source, statement.value)


def _assigned(source: Source, statement: cst.Assign, name: str) -> Iterator[str]:
    """The locks that the variable ``name`` is given in the function of ``statement``."""
    func = source.function_of(statement)
    for one in source.inside(func, cst.Assign) if func else ():
        is_it = any(isinstance(target.target, cst.Name) and target.target.value == name for target in one.targets)
        lock = _lock(source, one.value)
        if is_it and lock:
            yield lock


def _lock(source: Source, value: cst.BaseExpression) -> str:
    """The text of ``value`` if it makes a lock."""
    is_made = isinstance(value, cst.Call) and _is_lock(source, value.func)
    return source.code(value) if is_made else ""


def _is_lock(source: Source, func: cst.BaseExpression) -> bool:
    return any(meaning(source, module, func) in _LOCKS for module in ("asyncio", "threading"))


def _named(source: Source, made: cst.Assign | cst.AnnAssign) -> list[cst.BaseExpression] | None:
    """The name of the type in the declaration, if one is written; None where it cannot be replaced."""
    annotation = made.annotation.annotation if isinstance(made, cst.AnnAssign) else None
    if annotation is None:
        return []
    name = annotation.value if isinstance(annotation, cst.Subscript) else annotation
    if source.code(name) == "dict" or "Dict" in meaning(source, "typing", name):
        return [name]
    return [name] if meaning(source, "collections", name) == "defaultdict" else None


# -- who takes a lock ------------------------------------------------------------------------------------------


def _taken(source: Source, use: Path, lock: str) -> tuple[Edit, ...]:
    """What must change where a lock is taken or put in, so that somebody holds it; nothing if that cannot be."""
    parent = source.parent(use)
    above = source.parent(parent) if parent else None
    match parent:
        case cst.NameItem():
            return (_NOTHING,)
        case cst.Arg():
            return (_NOTHING,) if isinstance(above, cst.Call) and source.code(above.func) == "len" else ()
        case cst.Attribute(attr=cst.Name(value="setdefault")):
            return (_NOTHING,) if above and _is_held(source, above) else ()
        case cst.Attribute(attr=cst.Name(value="get")):
            return (_NOTHING,) if above and _is_named(source, above) else ()
        case cst.ComparisonTarget(operator=cst.NotIn()):
            return _without_test(source, parent, use)
        case cst.Subscript() if isinstance(above, cst.AssignTarget):
            return _put(source, above, use)
        case cst.Subscript() if _is_held(source, parent) and is_plain(_key(parent)):
            return (source.replace(parent, f"{source.code(use)}.setdefault({source.code(_key(parent))}, {lock})"),)
    return ()


def _put(source: Source, target: cst.AssignTarget, use: Path) -> tuple[Edit, ...]:
    """``locks[key] = lock`` may stay where a variable holds the lock; behind a test it goes with the test."""
    statement = source.parent(target)
    assert isinstance(statement, cst.Assign)
    others = [one.target for one in statement.targets if one is not target]
    if isinstance(statement.value, cst.Name) or any(isinstance(one, cst.Name) for one in others):
        return (_NOTHING,)
    test = next((one for one in source.ancestors(target) if isinstance(one, cst.If)), None)
    return _without(source, test, use) if test else ()


def _without_test(source: Source, target: cst.ComparisonTarget, use: Path) -> tuple[Edit, ...]:
    comparison = source.parent(target)
    test = source.parent(comparison) if comparison else None
    return _without(source, test, use) if isinstance(test, cst.If) else ()


def _without(source: Source, test: cst.If, use: Path) -> tuple[Edit, ...]:
    """Takes out ``if key not in locks: locks[key] = Lock()``, where the lock is read by that key right behind it."""
    put = f"{source.code(use)}[{_tested_key(source, test, use)}]"
    body = test.body.body
    code = source.code(test)
    block = source.parent(test)
    is_all = len(body) == 1 and test.orelse is None and isinstance(test.test, cst.Comparison) and "#" not in code
    if (
        not is_all
        or not isinstance(block, cst.IndentedBlock)
        or not source.code(body[0]).strip().startswith(f"{put} = ")
    ):
        return ()
    behind: Sequence[cst.BaseStatement] = block.body[block.body.index(test) + 1 :]
    if not any(source.code(one) == put for line in behind for one in source.inside(line, cst.Subscript)):
        return ()
    span = source.span(test)
    last = source.span(body[0]).end_line
    return (Edit(span=Span(span.line, 1, last + 1, 1), text=""),)


def _tested_key(source: Source, test: cst.If, use: Path) -> str:
    match test.test:
        case cst.Comparison(left=key, comparisons=[cst.ComparisonTarget(operator=cst.NotIn(), comparator=holder)]):
            return source.code(key) if source.code(holder) == source.code(use) else ""
    return ""


def _key(node: cst.Subscript) -> cst.BaseExpression:
    match node.slice:
        case [cst.SubscriptElement(slice=cst.Index(value=key))]:
            return key
    return node


def _is_held(source: Source, node: cst.CSTNode, depth: int = 0) -> bool:
    """Whether a ``with``, a variable of the function, or whoever it is returned to keeps what ``node`` gives."""
    parent = source.parent(node)
    if isinstance(parent, cst.Await):
        return _is_held(source, parent, depth)
    if isinstance(parent, cst.Return) and depth < 3:
        func = source.function_of(parent)
        calls = [
            one for one in source.nodes(cst.Call) if func and source.code(one.func).split(".")[-1] == func.name.value
        ]
        return bool(calls) and all(_is_held(source, one, depth + 1) for one in calls)
    return (isinstance(parent, cst.WithItem) and parent.item is node) or _is_named(source, node)


def _is_named(source: Source, node: cst.CSTNode) -> bool:
    """Whether a variable of the function is given what ``node`` gives."""
    parent = source.parent(node)
    if source.function_of(node) is None:
        return False
    match parent:
        case cst.Assign(targets=targets):
            return any(isinstance(one.target, cst.Name) for one in targets)
    return isinstance(parent, cst.NamedExpr)
