"""The linked program: files, functions and classes with their neighbours, found by name.

A :class:`Program` wraps the facts of all files; nothing is copied. Everything that costs is computed when it is first
asked for and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from leaklint.analysis.flow.guards import Op, operations
from leaklint.analysis.linking.bindings import Binding, bindings_of
from leaklint.analysis.linking.modules import ModuleIndex
from leaklint.analysis.linking.titles import NAMELESS, receivers, title_of
from leaklint.analysis.linking.walk import blocks, every, expressions, statements
from leaklint.catalog.models import Library, Models
from leaklint.facts import (
    Alias,
    Assign,
    Attr,
    Block,
    Call,
    ClassFacts,
    Expr,
    FileFacts,
    FunctionFacts,
    Loop,
    Name,
    Span,
)


class Func:
    """A function of the program. Compared by identity."""

    def __init__(self, file: File, facts: FunctionFacts, index: int) -> None:
        self.file = file
        self.facts = facts
        self.index = index
        self.name = facts.name
        self.qualname = facts.qualname
        self.locals = frozenset(facts.locals)
        self._owners: dict[str, Func | None] = {}

    @cached_property
    def title(self) -> str:
        """What messages call the function: its name, or for a nameless one what it is handed or assigned to."""
        return (
            self.qualname
            if NAMELESS not in self.qualname
            else title_of(self.facts, self.file.handed.get(self.index, ""))
        )

    @property
    def parent(self) -> Func | None:
        """The enclosing function; None for a module body."""
        return self.file.functions[self.facts.parent] if self.facts.parent >= 0 else None

    @property
    def cls(self) -> Cls | None:
        """The class whose body holds this function."""
        return self.file.classes[self.facts.cls] if self.facts.cls >= 0 else None

    @property
    def is_module(self) -> bool:
        return self.facts.parent < 0

    @property
    def is_constructor(self) -> bool:
        return self.facts.role == "constructor"

    @cached_property
    def ops(self) -> tuple[Op, ...]:
        """Everything the function does, in evaluation order."""
        return operations(self.facts)

    @cached_property
    def own_bindings(self) -> dict[str, list[Binding]]:
        """Every name this function binds (its own and outer ones), with what it binds it to."""
        return bindings_of(self.facts, self.file.facts)

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """The names that stand in its expressions."""
        found = (e for s in statements(self.facts.body) for x in expressions(s) for e in every(x))
        return frozenset(e.id for e in found if isinstance(e, Name))

    @cached_property
    def loops_around(self) -> dict[int, tuple[Loop, ...]]:
        """For the identity of each statement inside loops: the loops around it, outermost first."""
        found: dict[int, tuple[Loop, ...]] = {}
        _note_loops(self.facts.body, (), found)
        return found

    def chain(self) -> Iterator[Func]:
        """This function and its enclosing ones, innermost first; the module body last."""
        func: Func | None = self
        while func is not None:
            yield func
            func = func.parent

    def owner_of(self, name: str) -> Func | None:
        """The function in whose scope ``name`` lives, as seen from here; None for a builtin."""
        if not name:
            return self if sum(not p.name for p in self.facts.params) == 1 else None  # the one parameter taken apart
        if name not in self._owners:
            self._owners[name] = next((func for func in self.chain() if name in func.locals), None)
        return self._owners[name]

    @cached_property
    def method_of(self) -> Cls | None:
        """The class whose instance or class object the receiver names, looking outwards through nested functions."""
        for func in self.chain():
            if func.facts.receiver:
                return func.cls
        return None

    def __repr__(self) -> str:
        return f"<{self.file.path}:{self.qualname}>"


def _note_loops(block: Block, around: tuple[Loop, ...], found: dict[int, tuple[Loop, ...]]) -> None:
    for stmt in block:
        if around:
            found[id(stmt)] = around
        inside = (*around, stmt) if isinstance(stmt, Loop) else around
        for inner in blocks(stmt):
            _note_loops(inner, inside, found)


class Cls:
    """A class of the program. Compared by identity."""

    def __init__(self, file: File, facts: ClassFacts, index: int) -> None:
        self.file = file
        self.facts = facts
        self.index = index
        self.name = facts.name
        self.bases: list[Cls] = []
        self.external_bases: list[str] = []
        self.subclasses: list[Cls] = []

    @cached_property
    def methods(self) -> dict[str, Func]:
        """Methods declared in this class itself; of an accessor pair the getter."""
        found: dict[str, Func] = {}
        for index in self.facts.methods:
            func = self.file.functions[index]
            if func.name not in found or func.facts.role == "getter":
                found[func.name] = func
        return found

    @cached_property
    def mro(self) -> list[Cls]:
        """This class and its bases in the program, nearest first (depth first, each once)."""
        found: list[Cls] = []
        stack = [self]
        while stack:
            cls = stack.pop(0)
            if cls not in found:
                found.append(cls)
                stack = [*cls.bases, *stack]
        return found

    @cached_property
    def family(self) -> list[Cls]:
        """This class and everything derived from it."""
        found: list[Cls] = []
        stack = [self]
        while stack:
            cls = stack.pop()
            if cls not in found:
                found.append(cls)
                stack.extend(cls.subclasses)
        return found

    @cached_property
    def ancestors(self) -> list[str]:
        """Dotted names of library classes this class derives from, at any distance."""
        return [name for cls in self.mro for name in cls.external_bases]

    def find(self, name: str) -> Func | None:
        """The method ``name`` of this class or of the nearest base that has it."""
        for cls in self.mro:
            if name in cls.methods:
                return cls.methods[name]
        return None

    @cached_property
    def constructors(self) -> list[Func]:
        """The functions that run when an instance is made."""
        for cls in self.mro:
            found = [f for f in cls.methods.values() if f.is_constructor]
            if found:
                return found
        return []

    @cached_property
    def body(self) -> Func:
        """The function in whose body the class stands."""
        return self.file.functions[self.facts.parent]

    def __repr__(self) -> str:
        return f"<class {self.file.path}:{self.facts.qualname}>"


class File:
    """One file of the program."""

    def __init__(self, facts: FileFacts) -> None:
        self.facts = facts
        self.path = facts.path
        self.functions = [Func(self, f, i) for i, f in enumerate(facts.functions)]
        self.classes = [Cls(self, c, i) for i, c in enumerate(facts.classes)]
        self.exports: dict[str, Expr] = {e.name: e.value for e in facts.exports}

    @cached_property
    def handed(self) -> dict[int, str]:
        """For the number of each function that is handed or assigned to something: that, as people would write it."""
        return receivers(self.facts)

    @property
    def body(self) -> Func:
        """The module body."""
        return self.functions[0]

    @cached_property
    def bindings(self) -> dict[tuple[int, str], list[tuple[Func, Binding]]]:
        """For (index of the owning function, name): every binding of that name, wherever in the file it stands."""
        found: dict[tuple[int, str], list[tuple[Func, Binding]]] = {}
        for func in self.functions:
            for name, bound in func.own_bindings.items():
                owner = func.owner_of(name) or self.body
                found.setdefault((owner.index, name), []).extend((func, b) for b in bound)
        return found


class FieldSource(NamedTuple):
    """One place where a field gets a value. ``shared``: the class itself holds it. ``op`` as in an assignment."""

    scope: Func
    value: Expr | None
    annotation: Expr | None
    span: Span
    shared: bool
    op: str = ""


class Program:
    """All files, each with the library models that hold in it."""

    def __init__(self, files: Sequence[FileFacts], library: Library, aliases: Sequence[Alias] = ()) -> None:
        self.files = [File(f) for f in sorted(files, key=lambda f: f.path)]
        self.by_path = {f.path: f for f in self.files}
        aliased = {f.path for f in self.files if not f.facts.search_path}
        self.modules = ModuleIndex((f.path for f in self.files), aliases, aliased)
        self._models = {f.path: library.of(f.facts.language, f.path) for f in self.files}

    def models(self, file: File) -> Models:
        """The library models that hold in ``file``."""
        return self._models[file.path]

    @cached_property
    def functions(self) -> list[Func]:
        return [func for file in self.files for func in file.functions]

    @cached_property
    def classes(self) -> list[Cls]:
        return [cls for file in self.files for cls in file.classes]

    @cached_property
    def by_name(self) -> dict[str, list[Func]]:
        """Functions that are methods, by their name (for receivers whose type is not known)."""
        found: dict[str, list[Func]] = {}
        for func in self.functions:
            if func.facts.cls >= 0 and func.name:
                found.setdefault(func.name, []).append(func)
        return found

    def calls_of_methods(self, names: Iterable[str]) -> Iterator[tuple[Func, Op, Attr]]:
        """Every call of a method with one of ``names``, with what is called, in the order of the program."""
        found = sorted(number for name in set(names) for number in self._methods_called.get(name, ()))
        return (self._method_calls[number] for number in found)

    @cached_property
    def _method_calls(self) -> list[tuple[Func, Op, Attr]]:
        return [
            (func, op, op.node.func)
            for func in self.functions
            for op in func.ops
            if op.kind == "call" and isinstance(op.node, Call) and isinstance(op.node.func, Attr)
        ]

    @cached_property
    def _methods_called(self) -> dict[str, list[int]]:
        """The numbers of the calls of methods, by the name of the method."""
        found: dict[str, list[int]] = {}
        for number, (_, _, callee) in enumerate(self._method_calls):
            found.setdefault(callee.name, []).append(number)
        return found

    @cached_property
    def _fields(self) -> dict[tuple[int, str], list[FieldSource]]:
        """For (identity of the class, name): where the field gets its value, class bodies first."""
        found: dict[tuple[int, str], list[FieldSource]] = {}
        for cls in self.classes:
            for field in cls.facts.fields:
                source = FieldSource(cls.body, field.value, field.annotation, field.span, field.shared)
                found.setdefault((id(cls), field.name), []).append(source)
        for func in self.functions:
            for cls, name, source in _assigned_fields(func):
                found.setdefault((id(cls), name), []).append(source)
        return found

    def field_sources(self, cls: Cls, name: str) -> list[FieldSource]:
        """Where field ``name`` of objects of ``cls`` gets its value, in the class, its bases and derived classes."""
        return [s for one in self._relatives(cls) for s in self._fields.get((id(one), name), ())]

    def field_owner(self, cls: Cls, name: str) -> Cls:
        """The most basic class that gives the field a value: one field, one owner."""
        owners = [one for one in cls.mro if (id(one), name) in self._fields]
        return owners[-1] if owners else cls

    def only_owner(self, name: str) -> Cls | None:
        """The class whose field is meant by ``name`` whatever it is asked of; None if several classes have such a field."""
        owners = self._owners.get(name, set())
        return next(iter(owners)) if len(owners) == 1 else None

    @cached_property
    def _owners(self) -> dict[str, set[Cls]]:
        """For the name of a field: the most basic classes that give it a value."""
        classes = {id(cls): cls for cls in self.classes}
        found: dict[str, set[Cls]] = {}
        for number, name in self._fields:
            found.setdefault(name, set()).add(self.field_owner(classes[number], name))
        return found

    def _relatives(self, cls: Cls) -> list[Cls]:
        return [*cls.mro, *[c for c in cls.family if c is not cls]]


def _assigned_fields(func: Func) -> Iterator[tuple[Cls, str, FieldSource]]:
    """Assignments to attributes of the receiver, and of a new object inside a constructor."""
    cls = func.method_of
    if cls is None:
        return
    for op in func.ops:
        target = op.node
        if op.kind != "assign" or not isinstance(target, Attr) or not isinstance(target.base, Name):
            continue
        owner = func.owner_of(target.base.id)
        if owner is None or not (owner.facts.receiver == target.base.id or (owner is func and func.is_constructor)):
            continue
        stmt = op.stmt
        if isinstance(stmt, Assign):
            shared = owner.facts.binds == "class" and owner.facts.receiver == target.base.id
            yield cls, target.name, FieldSource(func, stmt.value, stmt.annotation, stmt.span, shared, stmt.op)


def link_classes(program: Program, resolve_base: Callable[[Cls, Expr], Cls | str | None]) -> None:
    """Connect every class with its bases and subclasses."""
    for cls in program.classes:
        for expr in cls.facts.bases:
            base = resolve_base(cls, expr)
            if isinstance(base, Cls) and base is not cls:
                cls.bases.append(base)
                base.subclasses.append(cls)
            elif isinstance(base, str):
                cls.external_bases.append(base)
