"""Which functions make an object each time they run, and which only where there is none yet."""

from __future__ import annotations

from leaklint.analysis.flow.guards import Op, conjuncts, guards
from leaklint.analysis.linking.calls import CallGraph, Site
from leaklint.analysis.linking.membership import membership
from leaklint.analysis.linking.program import Cls, Func, Program
from leaklint.analysis.linking.uses import Use
from leaklint.analysis.linking.walk import every, expressions
from leaklint.facts import Assign, Attr, Call, Const, Display, Expr, Index, Name, Operation, Stmt


class Makers:
    """Finds the functions that make objects of a class."""

    def __init__(self, program: Program, graph: CallGraph) -> None:
        self._program = program
        self._graph = graph
        self._memo: dict[int, set[int]] = {}
        self._again: dict[int, bool] = {}

    def of(self, cls: Cls) -> set[int]:
        """Identities of the functions that run once for each object of ``cls`` (or of a class derived from it).

        They make it, are constructors that make one through a function they call, or always get a new one from such a
        function. A function that looks first if there is one already runs again for the same object.
        """
        if id(cls) not in self._memo:
            self._memo[id(cls)] = self._of(cls)
        return self._memo[id(cls)]

    def _of(self, cls: Cls) -> set[int]:
        sites = [s for c in cls.family for s in self._graph.sites(c)]
        again = {id(s.func) for s in sites if self._looks_first(s)}
        makers = {id(s.func): s.func for s in sites if id(s.func) not in again}
        giving = {id(s.func) for s in sites if _gives_new(s) and not self._keeps_results(s.func)}
        found = set(makers)
        for maker in makers.values():
            uses = [u for u in self._graph.uses(maker) if u.kind in {"call", "construct"}]
            found |= {id(u.caller) for u in uses if u.caller.is_constructor or (id(maker) in giving and _always(u))}
        return found

    def _looks_first(self, site: Site) -> bool:
        if id(site.call) not in self._again:
            self._again[id(site.call)] = self._finds_or_makes(site)
        return self._again[id(site.call)]

    def _finds_or_makes(self, site: Site) -> bool:
        """``c.setdefault(k, C())``, ``x = x or C()``, ``if k not in c: c[k] = C()``, ``if x is None: x = C()``."""
        if self._is_default(site):
            return True
        op = _operation(site)
        if op is None:
            return False
        if op.conditional and isinstance(site.stmt, Assign) and _is_fallback(site):
            return True
        tests = [c for g in guards(site.func.facts, op.position) if not g.passed for c in conjuncts(g.test, g.taken)]
        return any(self._says_absent(site, test, taken) for test, taken in tests)

    def _is_default(self, site: Site) -> bool:
        """Whether it is handed to a method that puts it in only where nothing is under the key."""
        models = self._program.models(site.func.file)
        calls = [e for x in expressions(site.stmt) for e in every(x) if isinstance(e, Call)]
        return any(
            isinstance(call.func, Attr)
            and models.plain_growth(call.func.name) == "memo"
            and any(a.value is site.call for a in call.args[1:])
            for call in calls
        )

    def _says_absent(self, site: Site, test: Expr, taken: bool) -> bool:
        """Whether the test asks for what gets the object: a key that is not there, a variable that may hold one."""
        asked = membership(self._program.models(site.func.file), test)
        if asked is not None:
            return asked.negated is taken and any(_fills(op.stmt, asked.container) for op in site.func.ops)
        return isinstance(site.stmt, Assign) and any(e in site.stmt.targets for e in every(test))

    def _keeps_results(self, func: Func) -> bool:
        """Whether the function is cached, so that its callers get what was made before."""
        caches, outer = self._program.models(func.file).caches, func.parent or func
        callees = [d.func if isinstance(d, Call) else d for d in func.facts.decorators]
        return any(caches.first(n) is not None for c in callees for n in self._graph.names_of(outer, c))


def made_when_absent(site: Site) -> bool:
    """``if _store is None: _store = Store()`` for a name of the module or of the class: it is made once."""
    func, stmt = site.func, site.stmt
    if not isinstance(stmt, Assign) or len(stmt.targets) != 1 or stmt.value is not site.call:
        return False
    target = stmt.targets[0]
    if isinstance(target, Name):
        owner = func.owner_of(target.id)
        shared = owner is not None and owner.is_module and not func.is_module
    else:
        shared = isinstance(target, Attr) and _is_class(func, target.base)
    op = _operation(site)
    if not shared or op is None:
        return False
    return any(any(e == target for e in every(g.test)) for g in guards(func.facts, op.position))


def _operation(site: Site) -> Op | None:
    return next((o for o in site.func.ops if o.kind == "call" and o.node is site.call), None)


def _gives_new(site: Site) -> bool:
    """Whether the function returns what it makes, by itself or as one of several things, or else nothing in its place.

    A variable that lives longer, or that was asked before, may hold what was made at another time.
    """
    func, op = site.func, _operation(site)
    targets = [t for t in site.stmt.targets if isinstance(t, Name)] if isinstance(site.stmt, Assign) else []
    asked = [e for g in guards(func.facts, op.position) for e in every(g.test)] if op is not None else []
    names = {t.id for t in targets if func.owner_of(t.id) is func and t not in asked}

    def is_new(value: Expr) -> bool:
        return value is site.call or (isinstance(value, Name) and value.id in names)

    given = [o.node for o in func.ops if o.kind == "return" and o.node is not None]
    lists = [value.items if isinstance(value, Display) else (value,) for value in given]
    numbers = [n for items in lists for n, item in enumerate(items) if is_new(item)]
    if not numbers:
        return False
    others = [items[numbers[0]] for items in lists if numbers[0] < len(items)]
    return all(is_new(one) or (isinstance(one, Const) and one.kind == "none") for one in others)


def _always(use: Use) -> bool:
    """Whether each run of the caller makes the call, apart from early exits."""
    op = next((o for o in use.caller.ops if o.kind == "call" and o.node is use.call), None)
    if op is None or op.conditional:
        return False
    return all(g.passed for g in guards(use.caller.facts, op.position))


def _is_class(func: Func, base: object) -> bool:
    """Whether the name is that of the class whose method this is, by itself or as the receiver."""
    if not isinstance(base, Name) or func.cls is None:
        return False
    return base.id == func.cls.name or (func.facts.binds == "class" and base.id == func.facts.receiver)


def _is_fallback(site: Site) -> bool:
    """The object is what ``or`` and ``??`` give where the first operand is nothing."""
    found = (e for x in expressions(site.stmt) for e in every(x) if isinstance(e, Operation) and e.op in {"or", "??"})
    return any(o is site.call for e in found for o in e.operands[1:])


def _fills(stmt: Stmt, container: Expr) -> bool:
    """Whether the statement stores into the container by a key."""
    return isinstance(stmt, Assign) and any(isinstance(t, Index) and t.base == container for t in stmt.targets)
