"""``match`` statements: each case becomes a branch whose test compares the subject with a pattern."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import libcst as cst

from leaklint.facts import Bind, Display, Expr, Name, Opaque, Operation, Star
from leaklint.frontend.python.lowering import Lowering

_ANYTHING = Opaque()


def case_test(low: Lowering, subject: Expr, case: cst.MatchCase) -> Expr | None:
    """The test of a case; ``None`` when it takes whatever comes (``case _``)."""
    test = _compare(low, subject, case.pattern)
    if case.guard is None:
        return test
    guard = low.expr(case.guard)
    return guard if test is None else Operation("and", (test, guard))


def _compare(low: Lowering, subject: Expr, pattern: cst.MatchPattern) -> Expr | None:
    if isinstance(pattern, cst.MatchAs) and pattern.pattern is None and pattern.name is None:
        return None
    if isinstance(pattern, cst.MatchValue):
        return Operation("==", (subject, low.expr(pattern.value)))
    if isinstance(pattern, cst.MatchSingleton):
        return Operation("is", (subject, low.expr(pattern.value)))
    if isinstance(pattern, cst.MatchOr):
        tests = [_compare(low, subject, alternative.pattern) for alternative in pattern.patterns]
        return None if None in tests else Operation("or", tuple(test for test in tests if test is not None))
    return Operation("match", (subject, _pattern(low, pattern)))


def _pattern(low: Lowering, pattern: cst.CSTNode) -> Expr:
    return _PATTERNS[type(pattern)](low, pattern)


def _value(low: Lowering, pattern: cst.MatchValue | cst.MatchSingleton) -> Expr:
    return low.expr(pattern.value)


def _capture(low: Lowering, name: cst.Name | None) -> Expr:
    return _ANYTHING if name is None else low.target(name)


def _as(low: Lowering, pattern: cst.MatchAs) -> Expr:
    name = _capture(low, pattern.name)
    return Bind(name, _pattern(low, pattern.pattern)) if pattern.pattern is not None else name


def _element(low: Lowering, element: cst.MatchSequenceElement | cst.MatchOrElement) -> Expr:
    return _pattern(low, element.value if isinstance(element, cst.MatchSequenceElement) else element.pattern)


def _star(low: Lowering, element: cst.MatchStar) -> Expr:
    return Star(_capture(low, element.name))


def _or(low: Lowering, pattern: cst.MatchOr) -> Expr:
    return Operation("or", tuple(_element(low, alternative) for alternative in pattern.patterns))


def _sequence(low: Lowering, pattern: cst.MatchList | cst.MatchTuple) -> Expr:
    return Display("list", tuple(_pattern(low, element) for element in pattern.patterns))


def _mapping(low: Lowering, pattern: cst.MatchMapping) -> Expr:
    keys: list[Expr | None] = [low.expr(element.key) for element in pattern.elements]
    items = [_pattern(low, element.pattern) for element in pattern.elements]
    if pattern.rest is not None:
        keys.append(None)
        items.append(Star(_capture(low, pattern.rest)))
    return Display("dict", tuple(items), tuple(keys))


def _class(low: Lowering, pattern: cst.MatchClass) -> Expr:
    """The class and the patterns of its attributes; no call happens, so none is recorded."""
    attributes = [_pattern(low, element) for element in pattern.patterns]
    named = [Display("dict", (_pattern(low, element.pattern),), (Name(element.key.value),)) for element in pattern.kwds]
    return Operation("other", (low.expr(pattern.cls), *attributes, *named))


_PATTERNS: Mapping[type[cst.CSTNode], Callable[[Lowering, Any], Expr]] = {
    cst.MatchAs: _as,
    cst.MatchClass: _class,
    cst.MatchList: _sequence,
    cst.MatchMapping: _mapping,
    cst.MatchOr: _or,
    cst.MatchSequenceElement: _element,
    cst.MatchSingleton: _value,
    cst.MatchStar: _star,
    cst.MatchTuple: _sequence,
    cst.MatchValue: _value,
}
