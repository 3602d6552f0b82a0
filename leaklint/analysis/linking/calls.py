"""The call graph: who calls, starts, registers or merely mentions each function, and where classes are instantiated."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple, TypeVar

from leaklint.analysis.linking.callees import CalleeNames, argument_at, handed_over, last_segment, unique
from leaklint.analysis.linking.imports import Imports
from leaklint.analysis.linking.program import Cls, File, Func, Program
from leaklint.analysis.linking.uses import Handed, Kind, Slot, Use, slot_of, slots_of
from leaklint.analysis.linking.values import Bound, External, Instance, Object, Resolver, Value
from leaklint.analysis.linking.walk import blocks, every, expressions, parts
from leaklint.catalog.schema import Deferred, Entry, Spawn
from leaklint.facts import (
    Assign,
    Attr,
    Await,
    Block,
    Branch,
    Call,
    Const,
    Display,
    Evaluate,
    Expr,
    Index,
    Lambda,
    Name,
    Operation,
    Raise,
    Return,
    Stmt,
    With,
)

_FEW = 6
"""A method name that at most this many classes define is taken for a call of each of them when the receiver is unknown."""


class Site(NamedTuple):
    """A call that makes an object of a class."""

    func: Func
    call: Call
    stmt: Stmt


class CallGraph:
    """Uses of functions, callees of calls, and instantiation sites of a program."""

    def __init__(self, program: Program, resolver: Resolver) -> None:
        self._program = program
        self._resolver = resolver
        self._names_of = CalleeNames(program, resolver)
        self.imports = Imports(program)
        self._uses: dict[int, list[Use]] = {}
        self._sites: dict[int, list[Site]] = {}
        self._mentioned: dict[int, list[tuple[Func, Stmt]]] = {}
        self._callees: dict[int, tuple[Func, ...]] = {}
        self._scripts: dict[int, bool] = {}
        self._outgoing: dict[int, list[tuple[Func, Use]]] = {}
        self._handed = Handed()
        self.names = {f.name for f in program.functions if f.name} | {c.name for c in program.classes}
        """What an expression must end in to mention a function or class of the program."""
        self._getters = {f.name for f in program.functions if f.facts.role == "getter"}
        for func in program.functions:
            _Visitor(self, func).block(func.facts.body)
        for func in program.functions:
            self._declared(func)
        for target, use in list(self._handed.settled(self.uses)):
            self.add(target, use)

    # -- answers -----------------------------------------------------------------------------------------------

    def uses(self, func: Func) -> list[Use]:
        """Every way ``func`` comes to run; empty if nothing in the program mentions it."""
        return self._uses.get(id(func), [])

    def sites(self, cls: Cls) -> list[Site]:
        """Where objects of ``cls`` itself are made."""
        return self._sites.get(id(cls), [])

    def mentions(self, cls: Cls) -> list[tuple[Func, Stmt]]:
        """Where the class is handed on as a value (a factory, a table, a type to construct later)."""
        return self._mentioned.get(id(cls), [])

    def callees(self, call: Call) -> tuple[Func, ...]:
        """The functions of the program that ``call`` may run."""
        return self._callees.get(id(call), ())

    def outgoing(self, func: Func) -> list[tuple[Func, Use]]:
        """The functions that ``func`` makes run, now or later."""
        return self._outgoing.get(id(func), [])

    @cached_property
    def has_entries(self) -> bool:
        """Whether the program is a server: some function of it is an entry point that clients reach."""
        return any(u.entry is not None and u.entry.scope == "call" for found in self._uses.values() for u in found)

    def is_script(self, file: File) -> bool:
        """Whether the file is run as a program and holds no entry point: it works something off and ends."""
        if id(file) not in self._scripts:
            serves = any(u.entry is not None for f in file.functions for u in self.uses(f))
            self._scripts[id(file)] = self._asks_for_main(file) and not serves
        return self._scripts[id(file)]

    def _asks_for_main(self, file: File) -> bool:
        guards = self._program.models(file).names["script_guards"]
        tests = [s.test for s in file.body.facts.body if isinstance(s, Branch)]
        return any(isinstance(e, Name) and guards.first(e.id) for t in tests for e in every(t))

    def _can_reach(self, caller: File, target: File) -> bool:
        """Whether code of ``caller`` can get at an object of ``target``: what only a script makes stays in what it imports."""
        if caller is target or not self._asks_for_main(target) or self.imports.back.get(target.path):
            return True
        return caller.path in self.imports.reached(target.path)

    def names_of(self, func: Func, expr: Expr) -> tuple[str, ...]:
        """Dotted names under which models may know the callee ``expr``; ``*.name`` for an unknown receiver."""
        return self._names_of.of(func, expr)

    # -- what function an expression stands for ----------------------------------------------------------------

    def callables(self, func: Func, expr: Expr) -> list[Func]:
        """The functions that running ``expr`` later may run: a function, a method, a partial, a made coroutine."""
        if isinstance(expr, Await):
            return self.callables(func, expr.value)
        if isinstance(expr, Operation) and expr.op in {"if", "or", "and", "??"}:
            return [f for o in expr.operands for f in self.callables(func, o)]
        if isinstance(expr, Call):
            return self._of_call(func, expr)
        value = self._resolver.resolve(func, expr)
        return self._functions(value)

    def _of_call(self, func: Func, call: Call) -> list[Func]:
        value = self._resolver.resolve(func, call.func)
        name = value.name if isinstance(value, External) else ""
        if name and self._program.models(func.file).is_a("partial", name) and call.args:
            return self.callables(func, call.args[0].value)
        if isinstance(value, (Func, Bound)):
            made = self._resolver.resolve(func, call)
            return [made] if isinstance(made, Func) else self._functions(value)
        if isinstance(call.func, Attr) and call.func.name == "bind":
            return self.callables(func, call.func.base)
        return [f for a in call.args for f in self.callables(func, a.value)] if name else []

    def _functions(self, value: Value | None) -> list[Func]:
        if isinstance(value, Func):
            return [value]
        if isinstance(value, Bound):
            return self._overridden(value)
        if isinstance(value, Instance):
            method = value.cls.find("__call__")
            return [method] if method else []
        return []

    def _overridden(self, bound: Bound) -> list[Func]:
        found = [bound.func]
        for cls in bound.owner.family:
            method = cls.methods.get(bound.func.name)
            if method is not None and method not in found:
                found.append(method)
        if _is_abstract(bound.func):
            found += [f for f in self.by_method_name(bound.func.name) if f not in found]
        return found

    def by_method_name(self, name: str) -> list[Func]:
        """All methods of that name, if they are few enough for the name to mean something."""
        found = self._program.by_name.get(name, [])
        return found if len(found) <= _FEW else []

    # -- filling -----------------------------------------------------------------------------------------------

    def add(self, target: Func, use: Use) -> None:
        """Record that ``use`` makes ``target`` run."""
        self._uses.setdefault(id(target), []).append(use)
        self._outgoing.setdefault(id(use.caller), []).append((target, use))

    def visit_call(self, func: Func, call: Call, stmt: Stmt) -> set[int]:
        """Record what ``call`` runs; returns the identities of argument expressions that a model accounts for."""
        value = self._resolver.resolve(func, call.func)
        targets: list[Func] = []
        kind: Kind = "call"
        if isinstance(value, Cls):
            self._sites.setdefault(id(value), []).append(Site(func, call, stmt))
            targets, kind = value.constructors, "construct"
        elif value is not None:
            targets = self._functions(value)
        if not targets and isinstance(call.func, Attr) and not isinstance(value, (Cls, Object)):
            targets, kind = self._by_name(func, call.func), "maybe"
        for target in targets:
            self.add(target, Use(kind, func, call, stmt))
        if targets:
            self._callees[id(call)] = tuple(targets)
            self._handed.forwards(func, call, tuple(targets))
        else:
            self._handed.runs(slot_of(func, call.func), Use("call", func, call, stmt))
        return self._modelled(func, call, stmt)

    def _by_name(self, func: Func, callee: Attr) -> list[Func]:
        models = self._program.models(func.file)
        if callee.name not in self._program.by_name or models.is_container_method(callee.name):
            return []
        base = self._resolver.resolve(func, callee.base)
        if isinstance(base, (Instance, Cls, File)) or (isinstance(base, Object) and base.type in _PLAIN):
            return []
        if isinstance(base, (External, Object)) and models.types.first(
            base.name if isinstance(base, External) else base.type
        ):
            return []
        found = self.by_method_name(callee.name)
        alike = [f for f in found if f.file.facts.language == func.file.facts.language and not f.is_constructor]
        return [f for f in alike if self._can_reach(func.file, f.file)]

    def _modelled(self, func: Func, call: Call, stmt: Stmt) -> set[int]:
        models = self._program.models(func.file)
        known: set[int] = set()
        callee = call.func.func if isinstance(call.func, Call) else call.func
        if not models.knows_call(last_segment(callee)):
            return known
        names = self.names_of(func, callee)
        if isinstance(call.func, Call):
            for row in (r for n in names for r in models.entries.all(n) if r.form == "decorator"):
                self._register(func, call, stmt, [a.value for a in call.args], known, entry=row)
            return known
        for row, value in handed_over(models, names, call):
            self._register(func, call, stmt, [value], known, entry=row)
        for spawn in _each_once(models.spawns.all(n) for n in names):
            self._register(func, call, stmt, argument_at(call, spawn.argument, spawn.keyword), known, spawn=spawn)
        for deferred in _each_once(models.deferred.all(n) for n in names):
            self._register(func, call, stmt, argument_at(call, deferred.argument, ""), known, deferred=deferred)
        return known

    def _register(
        self,
        func: Func,
        call: Call,
        stmt: Stmt,
        values: list[Expr],
        known: set[int],
        entry: Entry | None = None,
        spawn: Spawn | None = None,
        deferred: Deferred | None = None,
    ) -> None:
        kind: Kind = "entry" if entry else "spawn" if spawn else "deferred"
        use = Use(kind, func, call, stmt, entry, spawn, deferred)
        for value in values:
            self._handed.runs(slot_of(func, value), use)
            for target in self.callables(func, value):
                known.add(id(value))
                self.add(target, use)

    def assigned(self, func: Func, stmt: Assign) -> bool:
        """Record a function assigned to an attribute or item that a model calls an entry point."""
        models = self._program.models(func.file)
        found = False
        for target in stmt.targets:
            attr = target.base if isinstance(target, Index) else target
            form = "item" if isinstance(target, Index) else "attribute"
            if stmt.value is None or not isinstance(attr, Attr) or not models.entries.knows(attr.name):
                continue
            rows = (r for n in (*self.names_of(func, attr), f"*.{attr.name}") for r in models.entries.all(n))
            row = next((r for r in rows if r.form == form), None)
            for one in self.callables(func, stmt.value) if row is not None else ():
                found = True
                self.add(one, Use("entry", func, None, stmt, entry=row))
        return found

    def mention(self, func: Func, expr: Expr, stmt: Stmt, consumed: bool, slots: tuple[Slot, ...] = ()) -> None:
        """Record a function or class that is named without being called.

        ``consumed``: it is handed to something that runs it on the spot as far as we know (a builtin, our own code);
        ``slots``: the parameters of our own code that it is handed over in.
        """
        value = self._resolver.resolve(func, expr)
        if isinstance(value, Cls):
            self._mentioned.setdefault(id(value), []).append((func, stmt))
            return
        for target in self._functions(value):
            use = Use("call" if consumed else "mention", func, None, stmt)
            if slots:
                self._handed.hands(target, slots, use)
            else:
                self.add(target, use)

    def getter(self, func: Func, expr: Attr, stmt: Stmt) -> None:
        """Record the reading of a computed attribute."""
        if expr.name not in self._getters:
            return
        base = self._resolver.resolve(func, expr.base)
        if isinstance(base, (Instance, Cls)):
            cls = base.cls if isinstance(base, Instance) else base
            method = cls.find(expr.name)
            if method is not None and method.facts.role == "getter":
                self.add(method, Use("call", func, None, stmt))

    def entered(self, func: Func, expr: Expr, stmt: Stmt) -> None:
        """Record the methods that a ``with`` statement runs."""
        value = self._resolver.resolve(func, expr)
        if isinstance(value, Instance):
            for name in ("__enter__", "__aenter__", "__exit__", "__aexit__"):
                method = value.cls.find(name)
                if method is not None:
                    self.add(method, Use("call", func, None, stmt))

    def _declared(self, func: Func) -> None:
        """Entry points by decorator or by the name and class of a method."""
        models = self._program.models(func.file)
        outer = func.parent or func
        for decorator in func.facts.decorators:
            callee = decorator.func if isinstance(decorator, Call) else decorator
            names = self.names_of(outer, callee)
            for row in unique(r for n in names for r in models.entries.all(n)):
                if row.form == "decorator":
                    self.add(func, Use("entry", outer, entry=row))
            for target in self._functions(self._resolver.resolve(outer, callee)):
                self.add(target, Use("call", outer))
        if func.cls is None or not func.name:
            return
        names = tuple({f"*.{func.name}", *self._names_of.of_method(func.cls, func.name)})
        for row in unique(r for n in names for r in models.entries.all(n)):
            if row.form == "method" and {p.name for p in func.facts.params} >= set(row.parameters):
                self.add(func, Use("entry", outer, entry=row))


_PLAIN = frozenset({"str", "number", "bool", "bytes", "int", "float", "list", "dict", "set", "tuple"})


class _Visitor:
    """Walks one function and tells the graph about every call and mention."""

    def __init__(self, graph: CallGraph, func: Func) -> None:
        self._graph = graph
        self._func = func
        self._known: set[int] = set()

    def block(self, block: Block) -> None:
        for stmt in block:
            if isinstance(stmt, Assign) and self._graph.assigned(self._func, stmt):
                continue
            if isinstance(stmt, With):
                for item in stmt.items:
                    self._graph.entered(self._func, item.value, stmt)
            for expr in expressions(stmt) if not _names_a_function(stmt) else ():
                self.expression(expr, stmt, False)
            for inner in blocks(stmt):
                self.block(inner)

    def expression(self, expr: Expr, stmt: Stmt, consumed: bool, slots: tuple[Slot, ...] = ()) -> None:
        if isinstance(expr, Const) or (id(expr) in self._known and not isinstance(expr, Call)):
            return
        if isinstance(expr, Call):
            self._call(expr, stmt)
        elif isinstance(expr, Name):
            if expr.id in self._graph.names:
                self._graph.mention(self._func, expr, stmt, consumed, slots)
        elif isinstance(expr, Attr):
            if expr.name in self._graph.names:
                self._graph.mention(self._func, expr, stmt, consumed, slots)
                self._graph.getter(self._func, expr, stmt)
            self.expression(expr.base, stmt, True)
        elif isinstance(expr, Lambda):
            self._graph.mention(self._func, expr, stmt, consumed, slots)
        elif slots and isinstance(expr, Display) and expr.kind == "dict":
            for key, item in zip(expr.keys, expr.items, strict=True):
                self.expression(item, stmt, False, tuple(s.named(key) for s in slots))
        else:
            inside = isinstance(expr, Operation) and isinstance(stmt, (Branch, Raise))
            for part in parts(expr):
                self.expression(part, stmt, inside)

    def _call(self, call: Call, stmt: Stmt) -> None:
        self._known |= self._graph.visit_call(self._func, call, stmt)
        callee = call.func
        if isinstance(callee, Attr):
            self.expression(callee.base, stmt, True)
        elif not isinstance(callee, Name):
            self.expression(callee, stmt, True)
        builtin = isinstance(callee, Name) and self._func.owner_of(callee.id) is None
        callees = self._graph.callees(call)
        inline = builtin or (bool(callees) and not self._keeps(call))
        for number, arg in enumerate(call.args):
            self.expression(arg.value, stmt, inline, slots_of(callees, number, arg))

    def _keeps(self, call: Call) -> bool:
        """A constructor keeps what it is handed, and what a constructor hands on is kept for later."""
        return self._func.is_constructor or any(f.is_constructor for f in self._graph.callees(call))


def _names_a_function(stmt: Stmt) -> bool:
    """``const f = () => ...`` defines a function; it hands it to nobody."""
    return (
        isinstance(stmt, Assign) and isinstance(stmt.value, Lambda) and all(isinstance(t, Name) for t in stmt.targets)
    )


def _is_abstract(func: Func) -> bool:
    """A body that only documents, raises or gives a constant is there to be overridden."""
    for stmt in func.facts.body:
        if isinstance(stmt, Evaluate) and not isinstance(stmt.value, (Call, Await)):
            continue
        if isinstance(stmt, Raise) or (isinstance(stmt, Return) and stmt.value is None):
            continue
        return False
    return True


R = TypeVar("R")


def _each_once(found: Iterable[list[R]]) -> list[R]:
    rows: list[R] = []
    for row in (r for some in found for r in some):
        if not any(row is other for other in rows):
            rows.append(row)
    return rows
