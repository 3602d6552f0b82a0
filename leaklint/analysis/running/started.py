"""Whether a function ever comes to run: something that runs calls, starts or registers it, and no option keeps it off."""

from __future__ import annotations

from leaklint.analysis.flow.guards import Guard, guards
from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.places import Places
from leaklint.analysis.linking.program import Cls, Func, Program
from leaklint.analysis.linking.uses import Use
from leaklint.analysis.linking.values import Instance
from leaklint.analysis.linking.walk import argument_of
from leaklint.facts import Attr, Call, Const, Display, Expr, Name, Operation

_NONE = Const("none")
_REQUIRED = Const("str")
"""An empty text as default is a credential or an address that must be given, no switch."""
_DEEP = 3
"""How many options that come from options are followed."""


class Started:
    """Answers and remembers what comes to run with the options as they are by default."""

    def __init__(self, program: Program, graph: CallGraph, places: Places) -> None:
        self._program = program
        self._graph = graph
        self._places = places
        self._memo: dict[tuple[int, bool], bool] = {}

    def comes_to_run(self, func: Func) -> bool:
        """Whether some way leads from a module body, an entry point or a main function to ``func``."""
        return self._search(func, mentions=True)

    def is_seen_to_run(self, func: Func) -> bool:
        """As ``comes_to_run``, where a class that is only handed on by name is not seen to be made."""
        return self._search(func, mentions=False)

    def _search(self, func: Func, mentions: bool) -> bool:
        key = (id(func), mentions)
        if key not in self._memo:
            self._memo[key] = self._reaches_start(func, mentions)
        return self._memo[key]

    def _reaches_start(self, func: Func, mentions: bool) -> bool:
        edge, seen = [func], {id(func)}
        while edge:
            one = edge.pop()
            if self._starts(one):
                return True
            for before in self._before(one, mentions):
                if id(before) not in seen:
                    seen.add(id(before))
                    edge.append(before)
        return False

    def _starts(self, func: Func) -> bool:
        models = self._program.models(func.file)
        return func.is_module or (func.facts.cls < 0 and models.is_a("main", func.name))

    def _before(self, func: Func, mentions: bool) -> list[Func]:
        """What calls, starts or registers ``func``."""
        uses = [u for u in self._graph.uses(func) if u.entry is None or u.entry.scope != "teardown"]
        found = [u.caller for u in uses if not self._kept_off(u)]
        if func.is_constructor and func.cls is not None:
            family = func.cls.family
            found += [s.func for c in family for s in self._graph.sites(c)]
            found += [f for c in family for f, _ in self._graph.mentions(c) if mentions]
        return found

    # -- options -----------------------------------------------------------------------------------------------

    def _kept_off(self, use: Use) -> bool:
        """The call stands behind an option that is off by default and that nobody turns on."""
        op = next((o for o in use.caller.ops if o.stmt is use.stmt), None)
        if op is None:
            return False
        return any(self._fails(use.caller, guard) for guard in guards(use.caller.facts, op.position))

    def _fails(self, func: Func, guard: Guard) -> bool:
        outcome = self._outcome(func, guard.test)
        return outcome is not None and outcome is not guard.taken

    def _outcome(self, func: Func, test: Expr) -> bool | None:
        """What the test gives with all options at their defaults; None if that is not known."""
        if isinstance(test, Operation) and test.op == "not":
            inner = self._outcome(func, test.operands[0])
            return None if inner is None else not inner
        if isinstance(test, Operation) and test.op in {"and", "or"}:
            decides = test.op == "or"
            found = [self._outcome(func, o) for o in test.operands]
            return decides if decides in found else None if None in found else not decides
        if isinstance(test, Operation) and len(test.operands) == 2:
            return self._compared(func, test)
        value = self._default(func, test, 0) if isinstance(test, (Name, Attr)) else None
        return None if value is None else _is_true(value)

    def _compared(self, func: Func, test: Operation) -> bool | None:
        value = self._default(func, test.operands[0], 0)
        other = test.operands[1]
        if value is None or not isinstance(other, Const):
            return None
        if test.op in {"is", "=="}:
            return value == other
        if test.op in {"is not", "!="}:
            return value != other
        return False if test.op == ">" and other.text == "0" and not _is_true(value) else None

    def _default(self, func: Func, expr: Expr, depth: int) -> Const | None:
        """The constant that an option is, unless somebody gives it another value."""
        if isinstance(expr, Const):
            return None if expr == _REQUIRED else expr
        if depth > _DEEP:
            return None
        if isinstance(expr, Name):
            return self._parameter(func, expr.id, "", depth)
        if isinstance(expr, Attr):
            passed = self._parameter(func, expr.base.id, expr.name, depth) if isinstance(expr.base, Name) else None
            base = self._places.type_of(func, expr.base)
            if passed is None and isinstance(base, (Instance, Cls)):
                return self._field(base.cls if isinstance(base, Instance) else base, expr.name, depth)
            return passed
        return None

    def _field(self, cls: Cls, name: str, depth: int) -> Const | None:
        given = [s for s in self._program.field_sources(cls, name) if s.value is not None]
        found = [self._default(s.scope, s.value, depth + 1) for s in given if s.value is not None]
        return _agreed(found)

    def _parameter(self, func: Func, name: str, option: str, depth: int) -> Const | None:
        """What a parameter is (or its property ``option``), by its default and by what the calls pass."""
        owner = func.owner_of(name)
        if owner is None:
            return None
        index = next((i for i, p in enumerate(owner.facts.params) if p.name == name), -1)
        if index < 0:
            return None
        default = owner.facts.params[index].default
        calls = self._calls(owner)
        if not calls:
            return None
        found: list[Const | None] = []
        for caller, call in calls:
            arg = argument_of(call, index, name)
            given, scope = (arg, caller) if arg is not None else (default, owner)
            found.append(_property(given, option) if option else self._given(scope, given, depth))
        return _agreed(found)

    def _given(self, scope: Func, value: Expr | None, depth: int) -> Const | None:
        return None if value is None else self._default(scope, value, depth + 1)

    def _calls(self, func: Func) -> list[tuple[Func, Call]]:
        found = [(u.caller, u.call) for u in self._graph.uses(func) if u.call is not None and u.kind != "mention"]
        if func.is_constructor and func.cls is not None:
            found += [(s.func, s.call) for c in func.cls.family for s in self._graph.sites(c)]
        return found


def _property(given: Expr | None, option: str) -> Const | None:
    """A property that an object literal does not have is undefined."""
    if not isinstance(given, Display) or given.kind != "dict" or None in given.keys:
        return None
    for key, value in zip(given.keys, given.items, strict=True):
        if isinstance(key, Const) and key.text == option:
            return value if isinstance(value, Const) else None
    return _NONE


def _agreed(found: list[Const | None]) -> Const | None:
    """One value, if all are known and alike true or false."""
    known = [f for f in found if f is not None]
    if not known or len(known) < len(found) or len({_is_true(k) for k in known}) > 1:
        return None
    return known[0]


def _is_true(value: Const) -> bool:
    return value.kind != "none" and value.text not in {"false", "0", "0.0", ""}
