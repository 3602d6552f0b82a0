"""Access paths: which object an expression names, followed through aliases.

Two expressions that name the same container have equal places: ``self._subs`` in two methods, an imported module-level
dict, a local that was bound to ``self._subs[channel]``.
"""

from __future__ import annotations

from typing import NamedTuple, Union

from leaklint.analysis.linking.bindings import Binding
from leaklint.analysis.linking.program import Cls, File, Func, Program
from leaklint.analysis.linking.values import Bound, External, Instance, Object, Resolver, Value
from leaklint.facts import Attr, Await, Bind, Call, Const, Display, Expr, Index, Name, Operation


class Global(NamedTuple):
    """A module-level name."""

    file: File
    name: str


class FieldOf(NamedTuple):
    """A field of the objects of a class (or of the class itself)."""

    cls: Cls
    name: str


class Local(NamedTuple):
    """A variable of a function that holds an object of its own."""

    func: Func
    name: str


class Parameter(NamedTuple):
    """What a caller passes."""

    func: Func
    number: int


class Library(NamedTuple):
    """An object that a library holds, by the dotted text that names it."""

    name: str


class Result(NamedTuple):
    """What a call or another expression gives, which nothing else names."""

    func: Func
    expr_id: int


Root = Union[Global, FieldOf, Local, Parameter, Library, Result]

ELEMENT = "[]"
_LIMIT = 20
"""How many aliases are followed; real chains are shorter than six."""


class Place(NamedTuple):
    """A root and the steps from it: ``.name`` for attributes, ``['k']`` for constant keys, ``[]`` for other elements."""

    root: Root
    path: tuple[str, ...] = ()

    def step(self, name: str) -> Place:
        return Place(self.root, (*self.path, name))

    @property
    def is_element(self) -> bool:
        """Whether this is an element of another container."""
        return ELEMENT in self.path

    @property
    def container(self) -> Place:
        """The container this is an element of (the place before the last ``[]``)."""
        last = len(self.path) - 1 - self.path[::-1].index(ELEMENT)
        return Place(self.root, self.path[:last])


class Places:
    """Finds places; remembers them."""

    def __init__(self, program: Program, resolver: Resolver) -> None:
        self._program = program
        self._resolver = resolver
        self._memo: dict[int, dict[int, tuple[Place | None, Expr]]] = {}
        self._depth = 0

    def of(self, func: Func, expr: Expr) -> Place | None:
        """The place that ``expr`` names, read in ``func``."""
        memo = self._memo.get(id(func))
        if memo is None:
            memo = self._memo[id(func)] = {}
        known = memo.get(id(expr))
        if known is not None:
            return known[0]
        if self._depth > _LIMIT:
            return None
        memo[id(expr)] = (None, expr)
        self._depth += 1
        try:
            place = self._of(func, expr)
        finally:
            self._depth -= 1
        memo[id(expr)] = (place, expr)
        return place

    def _of(self, func: Func, expr: Expr) -> Place | None:
        if isinstance(expr, Name):
            return self._name(func, expr.id)
        if isinstance(expr, Attr):
            return self._attribute(func, expr)
        if isinstance(expr, Index):
            base = self.of(func, expr.base)
            return base.step(_step(expr.key)) if base else None
        if isinstance(expr, Await) and self._looks_up(func, expr.value):
            return Place(Result(func, id(expr)))  # what has to be waited for lies elsewhere
        if isinstance(expr, (Await, Bind)):
            return self.of(func, expr.value)
        if isinstance(expr, Operation) and expr.op in {"or", "??", "and", "if"}:
            options = expr.operands[1:] if expr.op == "if" else expr.operands
            return next((p for p in (self.of(func, o) for o in options) if p is not None), None)
        if isinstance(expr, Call):
            return self._call(func, expr)
        return None

    def below(self, func: Func, expr: Expr, path: tuple[str, ...]) -> Place | None:
        """The place at ``path`` below the value of ``expr``; what an object literal names there is no object of its own."""
        if isinstance(expr, Display) and expr.kind == "dict" and path:
            value = _property(expr, path[0])
            return self.below(func, value, path[1:]) if value is not None else None
        base = self.of(func, expr)
        return Place(base.root, (*base.path, *path)) if base is not None else None

    # -- names -------------------------------------------------------------------------------------------------

    def _name(self, func: Func, name: str) -> Place | None:
        owner = func.owner_of(name)
        if owner is None:
            return Place(Library(name))
        bindings = owner.file.bindings.get((owner.index, name), [])
        if owner.is_module:
            return self._global(owner, name, bindings)
        kinds = {b.kind for _, b in bindings}
        if kinds == {"param"}:
            return Place(Parameter(owner, bindings[0][1].number))
        if kinds & {"receiver", "define", "class"}:
            return None
        return self._local(owner, name, bindings)

    def _global(self, owner: Func, name: str, bindings: list[tuple[Func, Binding]]) -> Place | None:
        for _, binding in bindings:
            if binding.kind == "import" and binding.imported is not None:
                return self._imported(owner.file, binding)
            if binding.kind in {"define", "class"}:
                return None
        return Place(Global(owner.file, name))

    def _imported(self, file: File, binding: Binding) -> Place | None:
        imported = binding.imported
        assert imported is not None
        path = self._program.modules.find(file.path, imported)
        if path is None:
            return Place(Library(".".join((*imported.parts, *([imported.name] if imported.name else [])))))
        module = self._program.by_path[path]
        return self.in_module(module, imported.name) if imported.name else None

    def in_module(self, module: File, name: str) -> Place | None:
        """The place of the module-level name ``name``."""
        if self._depth > _LIMIT:
            return None  # modules that import a name from each other in a circle
        self._depth += 1
        try:
            if name in module.exports:
                return self.of(module.body, module.exports[name])
            return self._name(module.body, name) if name in module.body.locals else None
        finally:
            self._depth -= 1

    def _local(self, owner: Func, name: str, bindings: list[tuple[Func, Binding]]) -> Place | None:
        for scope, binding in bindings:
            alias = self._alias(scope, binding)
            if alias is not None:
                return alias
        return Place(Local(owner, name))

    def _alias(self, func: Func, binding: Binding) -> Place | None:
        """The place another expression already gave to what is bound; None if the binding makes something new."""
        if binding.expr is None or binding.op:
            return None
        if binding.kind == "value":
            place = self.of(func, binding.expr)
            return place if place is None or not isinstance(place.root, Result) else None
        if binding.kind == "element":
            return self._iterated(func, binding.expr)
        if binding.kind == "import":
            return self._imported(func.file, binding)
        return None

    def _iterated(self, func: Func, over: Expr) -> Place | None:
        if isinstance(over, Call) and over.args and isinstance(over.func, Name):
            return self._iterated(func, over.args[0].value)
        if isinstance(over, Call) and isinstance(over.func, Attr) and over.func.name in {"values", "items", "entries"}:
            over = over.func.base
        elif not isinstance(over, (Name, Attr, Index)):
            return None
        base = self.of(func, over)
        return base.step(ELEMENT) if base else None

    # -- attributes and calls ----------------------------------------------------------------------------------

    def _attribute(self, func: Func, expr: Attr) -> Place | None:
        value = self._resolver.resolve(func, expr.base)
        if isinstance(value, Instance) and value.cls.facts.kind == "interface":
            base = self.of(func, expr.base)  # an interface makes no objects: the variable tells which one it is
            if base is not None and not isinstance(base.root, Result):
                return base.step("." + expr.name)
        if isinstance(value, (Instance, Cls)):
            cls = value.cls if isinstance(value, Instance) else value
            if cls.find(expr.name) is not None:
                return self._property(cls, expr.name)
            return Place(FieldOf(self._program.field_owner(cls, expr.name), expr.name))
        if isinstance(value, File):
            return self.in_module(value, expr.name)
        if isinstance(value, Object) and self._is_one(func, value):
            return Place(Library(value.type)).step("." + expr.name)
        base = self.of(func, expr.base)
        if base is not None:
            if isinstance(base.root, Library) and not base.path:
                return Place(Library(f"{base.root.name}.{expr.name}"))
            return base.step("." + expr.name)
        return None

    def _is_one(self, func: Func, value: Object) -> bool:
        """Whether a process has one object of the library type, so that it is the same however it is reached."""
        row = self._program.models(func.file).types.first(value.type)
        return row is not None and row.one

    def _property(self, cls: Cls, name: str) -> Place | None:
        method = cls.find(name)
        return self.returned(method) if method is not None and method.facts.role == "getter" else None

    def returned(self, func: Func) -> Place | None:
        """The place that ``func`` returns, if it returns something that outlives it."""
        for op in func.ops:
            if op.kind == "return" and op.node is not None:
                place = self.of(func, op.node)
                if place is not None and not isinstance(place.root, (Local, Parameter, Result)):
                    return place
        return None

    def _call(self, func: Func, call: Call) -> Place | None:
        models = self._program.models(func.file)
        if isinstance(call.func, Attr):
            base = self.of(func, call.func.base)
            if base is not None and models.reads_element(call.func.name):
                key = call.args[0].value if call.args else None
                return base.step(_step(key) if key is not None else ELEMENT)
        value = self._resolver.resolve(func, call.func)
        if isinstance(value, (Func, Bound)):
            target = value.func if isinstance(value, Bound) else value
            found = self.returned(target)
            if found is not None:
                return found
        if isinstance(value, External) and models.is_a("identity", value.name) and call.args:
            return self.of(func, call.args[-1].value)
        return Place(Result(func, id(call)))

    def _looks_up(self, func: Func, expr: Expr) -> bool:
        """``store.get(key)``, of something that is no code of the program."""
        if not isinstance(expr, Call) or not isinstance(expr.func, Attr):
            return False
        reads = self._program.models(func.file).reads_element(expr.func.name)
        return reads and not isinstance(self._resolver.resolve(func, expr.func), (Func, Bound))

    def type_of(self, func: Func, expr: Expr) -> Value | None:
        """Shorthand for the resolver."""
        return self._resolver.resolve(func, expr)


def _property(literal: Display, step: str) -> Expr | None:
    """What an object literal holds under the name of a ``.name`` step."""
    for key, value in zip(literal.keys, literal.items, strict=True):
        if isinstance(key, Const) and f".{key.text}" == step:
            return value
    return None


def _step(key: Expr) -> str:
    if isinstance(key, Const) and key.kind in {"str", "number"}:
        return f"[{key.text!r}]"
    return ELEMENT
