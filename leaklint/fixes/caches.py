"""``functools.cache`` and ``maxsize=None`` become an ``lru_cache`` of a size."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from leaklint.findings import Edit, Finding, Mend
from leaklint.fixes.blocks import bound, statement_at
from leaklint.fixes.imports import imported, imports, meaning, widened
from leaklint.fixes.names import names_in
from leaklint.fixes.source import Source

_VALUES = frozenset(
    {"bool", "bytes", "complex", "float", "frozenset", "int", "None", "str", "tuple", "Optional", "Union"}
)
"""Types whose equal objects are as good as one object."""


def bounded_cache(source: Source, finding: Finding, size: int) -> Mend | None:
    """Bounds the cache of the function that ``finding`` names to ``size`` results; None where that may not be right.

    It is safe where the result is declared to be a plain value. Where a function calls itself, an evicted result may
    cost a whole computation, and a coroutine that is computed again is another one: both are left alone.
    """
    func = _function(source, finding)
    if func is None:
        return _applied(source, finding, size)
    if func.asynchronous or _calls_itself(source, func):
        return None
    for decorator in func.decorators:
        edits = _bounded(source, decorator.decorator, size)
        if edits:
            is_safe = _is_value(func.returns) and not _is_method(source, func)
            return Mend(title=f"Keep at most {size} results of `{func.name.value}`", safe=is_safe, edits=edits)
    return None


def _applied(source: Source, finding: Finding, size: int) -> Mend | None:
    """``page = cache(load)``: the same of a call that stands in the line of ``finding``."""
    line = statement_at(source, finding.primary) if finding.rule == "LEAK003" else None
    for call in source.inside(line, cst.Call) if line else ():
        edits = _bounded(source, call.func, size) if len(call.args) == 1 else ()
        if edits and line and isinstance(call.args[0].value, (cst.Name, cst.Attribute)):
            wrapped = _defined(source, call.args[0].value)
            if wrapped and (wrapped.asynchronous or not set(bound(source, line)).isdisjoint(names_in(source, wrapped))):
                return None
            is_safe = wrapped is not None and _is_value(wrapped.returns)
            return Mend(title=f"Keep at most {size} results of `{finding.container}`", safe=is_safe, edits=edits)
    return None


def _defined(source: Source, function: cst.Name | cst.Attribute) -> cst.FunctionDef | None:
    """The function of the module that a bare name means."""
    named = (one for one in source.module.body if isinstance(one, cst.FunctionDef) and isinstance(function, cst.Name))
    return next((one for one in named if one.name.value == source.code(function)), None)


def _function(source: Source, finding: Finding) -> cst.FunctionDef | None:
    here = finding.primary.span
    named = (source.parent(name) for name in source.on_line(here.line, cst.Name) if source.span(name) == here)
    return next((one for one in named if isinstance(one, cst.FunctionDef)), None)


def _calls_itself(source: Source, func: cst.FunctionDef) -> bool:
    return any(name.value == func.name.value for name in source.inside(func.body, cst.Name))


def _is_method(source: Source, func: cst.FunctionDef) -> bool:
    block = source.parent(func)
    return block is not None and isinstance(source.parent(block), cst.ClassDef)


def _is_value(returns: cst.Annotation | None) -> bool:
    """Whether nothing but plain values are named in the annotation."""
    return returns is not None and _names_values(returns.annotation)


def _names_values(node: cst.BaseExpression) -> bool:
    match node:
        case cst.Name(value=name):
            return name in _VALUES
        case cst.Ellipsis():
            return True
        case cst.BinaryOperation(left=left, operator=cst.BitOr(), right=right):
            return _names_values(left) and _names_values(right)
        case cst.Subscript(value=value, slice=elements):
            inner = [element.slice for element in elements]
            return _names_values(value) and all(isinstance(i, cst.Index) and _names_values(i.value) for i in inner)
    return False


def _bounded(source: Source, decorator: cst.BaseExpression, size: int) -> tuple[Edit, ...]:
    """The edits that bound what ``decorator`` caches; none where it is no unbounded cache of functools."""
    if isinstance(decorator, cst.Call):
        if meaning(source, "functools", decorator.func) == "lru_cache":
            return tuple(source.replace(value, str(size)) for value in _no_limit(decorator))
        return ()
    if meaning(source, "functools", decorator) != "cache":
        return ()
    if isinstance(decorator, cst.Attribute):
        return (source.replace(decorator.attr, f"lru_cache(maxsize={size})"),)
    known = next((name for name, meant in imported(source, "functools") if meant == "lru_cache"), None)
    if known:
        return (source.replace(decorator, f"{known}(maxsize={size})"),)
    if source.named("lru_cache"):
        return ()  # it means something else here
    return source.replace(decorator, f"lru_cache(maxsize={size})"), _import(source, decorator)


def _no_limit(call: cst.Call) -> Iterator[cst.BaseExpression]:
    for number, argument in enumerate(call.args):
        is_limit = argument.keyword.value == "maxsize" if argument.keyword else number == 0
        if is_limit and isinstance(argument.value, cst.Name) and argument.value.value == "None":
            yield argument.value


def _import(source: Source, decorator: cst.BaseExpression) -> Edit:
    """Brings in ``lru_cache``: in the place of a ``cache`` that nothing else uses, or behind the other names."""
    aliases = [alias for names in imports(source, "functools") for alias in names]
    is_cache = [alias for alias in aliases if alias.name.value == "cache" and not alias.asname]
    if len(is_cache) == 1 and list(_uses(source, "cache")) == [decorator]:
        return source.replace(is_cache[0].name, "lru_cache")
    return widened(source, aliases, "lru_cache")


def _uses(source: Source, name: str) -> Iterator[cst.Name]:
    """Where the variable ``name`` stands, but for its import."""
    for node in source.named(name):
        parent = source.parent(node)
        if not isinstance(parent, cst.ImportAlias) and not (isinstance(parent, cst.Attribute) and parent.attr is node):
            yield node
