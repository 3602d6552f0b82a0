"""What an expression may evaluate to: a module, class, function, an instance, or something of a library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar, Union

from leaklint.analysis.linking.bindings import Binding
from leaklint.analysis.linking.program import Cls, File, Func, Program
from leaklint.facts import (
    Attr,
    Await,
    Bind,
    Call,
    ClassValue,
    Comprehension,
    Const,
    Display,
    Expr,
    ImportedName,
    Index,
    Lambda,
    Name,
    Operation,
)


class Instance(NamedTuple):
    """An object of a class of the program."""

    cls: Cls


class External(NamedTuple):
    """A name of a library (or a builtin), dotted: ``asyncio.create_task``."""

    name: str


class Object(NamedTuple):
    """An object of a library type. ``args`` are its type arguments, read in the scope of ``scope``."""

    type: str
    args: tuple[Expr, ...] = ()
    scope: Func | None = None


class Bound(NamedTuple):
    """A method of the program taken from an instance or class."""

    func: Func
    owner: Cls


Value = Union[Func, Cls, File, Instance, External, Object, Bound]

T = TypeVar("T")

_LIMIT = 24
"""How many steps one resolution may take before it gives up; real chains are shorter than ten."""


class Resolver:
    """Resolves names and expressions of a program, remembering what it found."""

    def __init__(self, program: Program, given: Mapping[tuple[int, int], str] | None = None) -> None:
        """``given``: for (identity of a function, number of a parameter) the library type of what is passed."""
        self.program = program
        self._given = given if given is not None else {}
        self._memo: dict[int, dict[int, tuple[Value | None, Expr]]] = {}
        self._names: dict[tuple[int, str], Value | None] = {}
        self._depth = 0

    # -- expressions -------------------------------------------------------------------------------------------

    def resolve(self, func: Func, expr: Expr | None) -> Value | None:
        """What ``expr`` evaluates to, read in ``func``; None if not known."""
        if expr is None or self._depth > _LIMIT:
            return None
        if isinstance(expr, Name):  # remembered by name
            return self._deeper(self.name, func, expr.id)
        memo = self._memo.get(id(func))
        if memo is None:
            memo = self._memo[id(func)] = {}
        known = memo.get(id(expr))
        if known is not None:
            return known[0]
        memo[id(expr)] = (None, expr)
        value = self._deeper(self._resolve, func, expr)
        memo[id(expr)] = (value, expr)
        return value

    def _deeper(self, step: Callable[[Func, T], Value | None], func: Func, what: T) -> Value | None:
        self._depth += 1
        try:
            return step(func, what)
        finally:
            self._depth -= 1

    def _resolve(self, func: Func, expr: Expr) -> Value | None:
        if isinstance(expr, Attr):
            base = self.resolve(func, expr.base)
            if isinstance(base, (Instance, Cls)) and self.program.models(func.file).is_a("class_of", f"*.{expr.name}"):
                return base.cls if isinstance(base, Instance) else None
            return self._of_literal(func, expr, base) or self.attribute(func, base, expr.name)
        if isinstance(expr, Call):
            return self._called(func, expr)
        if isinstance(expr, Await):
            return self.resolve(func, expr.value)
        if isinstance(expr, Lambda):
            return func.file.functions[expr.function]
        if isinstance(expr, ClassValue):
            return func.file.classes[expr.cls]
        if isinstance(expr, Bind):
            return self.resolve(func, expr.value)
        if isinstance(expr, Index):
            return self.element(self.resolve(func, expr.base))
        return self._composed(func, expr)

    def _of_literal(self, func: Func, expr: Attr, base: Value | None) -> Value | None:
        """A property of an object that is written down, also in the function that makes it."""
        if not isinstance(base, Object) or base.type != "dict":
            return None
        for scope, literal in self._literals(func, expr.base, 0):
            for key, value in zip(literal.keys, literal.items, strict=True):
                if isinstance(key, Const) and key.text == expr.name:
                    return self.resolve(scope, value)
        return None

    def _literals(self, func: Func, expr: Expr | None, depth: int) -> list[tuple[Func, Display]]:
        """The object literals that ``expr`` may be, each with the function in which it stands."""
        if depth > 3:
            return []
        if isinstance(expr, Display):
            return [(func, expr)] if expr.kind == "dict" else []
        if isinstance(expr, Await):
            return self._literals(func, expr.value, depth)
        if isinstance(expr, Name):
            owner = func.owner_of(expr.id)
            bound = owner.file.bindings.get((owner.index, expr.id), []) if owner is not None else []
            return [d for s, b in bound if b.kind == "value" for d in self._literals(s, b.expr, depth + 1)]
        made = self.resolve(func, expr.func) if isinstance(expr, Call) else None
        if not isinstance(made, Func):
            return []
        returned = [op.node for op in made.ops if op.kind == "return"]
        return [d for node in returned for d in self._literals(made, node, depth + 1)]

    def _composed(self, func: Func, expr: Expr) -> Value | None:
        if isinstance(expr, (Display, Comprehension)):
            return Object(expr.kind)
        if isinstance(expr, Const):
            return Object(expr.kind) if expr.kind in {"str", "number", "bool", "bytes"} else None
        if isinstance(expr, Operation):
            if expr.op in {"or", "??", "and"}:
                return self._first(func, expr.operands)
            if expr.op == "if":
                return self._first(func, expr.operands[1:])
            if expr.op == "format":
                return Object("str")
        return None

    def _first(self, func: Func, options: tuple[Expr, ...]) -> Value | None:
        return next((v for v in (self.resolve(func, o) for o in options) if v is not None), None)

    # -- names -------------------------------------------------------------------------------------------------

    def name(self, func: Func, name: str) -> Value | None:
        """What ``name`` means in ``func``."""
        owner = func.owner_of(name)
        if owner is None:
            starred = self._from_stars(func.file, name)
            return starred if starred is not None else External(name)
        key = (id(owner), name)
        if key not in self._names:
            self._names[key] = None
            self._names[key] = self._bound_name(owner, name)
        return self._names[key]

    def _bound_name(self, owner: Func, name: str) -> Value | None:
        bindings = owner.file.bindings.get((owner.index, name), [])
        for _, binding in bindings:
            if binding.annotation is not None:
                value = self.annotated(owner, binding.annotation)
                if value is not None:
                    return value
        for scope, binding in bindings:
            value = self._binding(scope, binding)
            if value is not None:
                return value
        return None

    def _binding(self, func: Func, binding: Binding) -> Value | None:
        kind = binding.kind
        if kind == "value" and not binding.op.strip("|+-"):
            return self.resolve(func, binding.expr)
        if kind == "define":
            return func.file.functions[binding.number]
        if kind == "class":
            return func.file.classes[binding.number]
        if kind == "import" and binding.imported is not None:
            return self.imported(func.file, binding.imported)
        if kind == "receiver" and func.cls is not None:
            return Instance(func.cls) if func.facts.binds == "instance" else func.cls
        if kind == "param" and (id(func), binding.number) in self._given:
            return Object(self._given[id(func), binding.number])
        if kind == "param":
            return self.resolve(func.parent or func, binding.expr)
        if kind == "element":
            return self._iterated(func, binding)
        if kind == "context":
            return self.entered(self.resolve(func, binding.expr))
        return None

    def _iterated(self, func: Func, binding: Binding) -> Value | None:
        over = binding.expr
        if isinstance(over, Call) and isinstance(over.func, Attr) and not over.args:
            container = self.resolve(func, over.func.base)
            if over.func.name == "items" and binding.number == 0:
                return self.element(container, key=True)
            if over.func.name == "keys":
                return self.element(container, key=True)
            if over.func.name in {"values", "items"}:
                return self.element(container)
        return self.element(self.resolve(func, over), key=True)

    def entered(self, value: Value | None) -> Value | None:
        """What ``with value as x`` binds: the return type of its enter method, or the object itself."""
        if isinstance(value, Instance):
            for name in ("__enter__", "__aenter__"):
                method = value.cls.find(name)
                if method is not None and method.facts.returns is not None:
                    return self.annotated(method, method.facts.returns) or value
        return value

    # -- imports -----------------------------------------------------------------------------------------------

    def imported(self, file: File, imported: ImportedName) -> Value | None:
        """The module, or the name of a module, that an import binds."""
        modules = self.program.modules
        path = modules.find(file.path, imported)
        if path is None:
            if imported.up == 0 and imported.name:
                below = modules.resolve(file.path, 0, (*imported.parts, imported.name))
                return self.program.by_path[below] if below else External(".".join((*imported.parts, imported.name)))
            if imported.up and imported.name:
                below = modules.resolve(file.path, imported.up, (*imported.parts, imported.name))
                if below:
                    return self.program.by_path[below]
            return External(".".join((*imported.parts, *([imported.name] if imported.name else []))))
        module = self.program.by_path[path]
        if not imported.name or imported.name == "*":
            return module
        found = self.member(module, imported.name)
        if found is not None:
            return found
        below = modules.resolve(file.path, imported.up, (*imported.parts, imported.name))
        if below:
            return self.program.by_path[below]
        # A file of the program may be called as the library is that the import means.
        return None if imported.up else External(".".join((*imported.parts, imported.name)))

    def member(self, module: File, name: str) -> Value | None:
        """What a module offers under ``name``."""
        if self._depth > _LIMIT:
            return None
        self._depth += 1
        try:
            if name in module.exports:
                return self.resolve(module.body, module.exports[name])
            if name in module.body.locals:
                return self.name(module.body, name)
            found = self._from_stars(module, name)
            if found is None and name == "default" and not module.exports:
                return module
            return found
        finally:
            self._depth -= 1

    def _from_stars(self, file: File, name: str) -> Value | None:
        for _, binding in file.bindings.get((0, "*"), []):
            if binding.imported is None:
                continue
            path = self.program.modules.find(file.path, binding.imported)
            if path and path != file.path:
                found = self.member(self.program.by_path[path], name)
                if found is not None:
                    return found
        return None

    # -- members -----------------------------------------------------------------------------------------------

    def attribute(self, func: Func, base: Value | None, name: str) -> Value | None:
        """What ``base.name`` is in ``func``."""
        if isinstance(base, File):
            found = self.member(base, name)
            if found is not None:
                return found
            folder = base.path.rsplit("/", 1)[0] + "/x" if "/" in base.path else "x"
            below = self.program.modules.resolve(folder, 1, (name,))
            return self.program.by_path[below] if below else None
        if isinstance(base, (Instance, Cls)):
            return self._class_attribute(base, name)
        if isinstance(base, External):
            return External(f"{base.name}.{name}")
        if isinstance(base, Object):
            return self._object_attribute(func, base, name)
        return None

    def _object_attribute(self, func: Func, base: Object, name: str) -> Value | None:
        row = self.program.models(func.file).types.first(base.type)
        if row is not None and name in row.attributes:
            return Object(row.attributes[name])
        return External(f"{base.type}.{name}")

    def _class_attribute(self, base: Instance | Cls, name: str) -> Value | None:
        cls = base.cls if isinstance(base, Instance) else base
        method = cls.find(name)
        if method is not None:
            if method.facts.role == "getter":
                return self.returned(method)
            return Bound(method, cls)
        return self.field(cls, name)

    def field(self, cls: Cls, name: str) -> Value | None:
        """The value of field ``name`` of objects of ``cls``, by annotation first, then by what is assigned."""
        if self._depth > _LIMIT:
            return None
        self._depth += 1
        try:
            return self._annotated_field(cls, name) or self._assigned_field(cls, name) or self._inherited(cls, name)
        finally:
            self._depth -= 1

    def _annotated_field(self, cls: Cls, name: str) -> Value | None:
        for source in self.program.field_sources(cls, name):
            if source.annotation is not None:
                value = self.annotated(source.scope, source.annotation)
                if value is not None:
                    return value
        return None

    def _assigned_field(self, cls: Cls, name: str) -> Value | None:
        for source in self.program.field_sources(cls, name):
            value = self.resolve(source.scope, source.value)
            if value is not None and not (isinstance(value, External) and source.value is None):
                return self._of_factory(source.scope, source.value, value)
        return None

    def _of_factory(self, scope: Func, expr: Expr | None, value: Value) -> Value:
        """``field(default_factory=dict)`` is a dict: a keyword that names a factory decides."""
        if isinstance(expr, Call) and isinstance(value, (External, Object)):
            for arg in expr.args:
                if arg.name == "default_factory":
                    made = self.instance_of(self.resolve(scope, arg.value))
                    return made if made is not None else value
        return value

    def _inherited(self, cls: Cls, name: str) -> Value | None:
        for ancestor in cls.ancestors:
            return External(f"{ancestor}.{name}")
        return None

    # -- calls and types ---------------------------------------------------------------------------------------

    def _called(self, func: Func, call: Call) -> Value | None:
        target = self.resolve(func, call.func)
        if isinstance(target, External):
            again = self._receiver_again(func, call) or self._looked_up(func, call)
            return again or self._external_call(func, call, target.name)
        return self.instance_of(target)

    def _receiver_again(self, func: Func, call: Call) -> Value | None:
        """The receiver of a library method that returns it, so that calls can be chained."""
        if not isinstance(call.func, Attr) or not self.program.models(func.file).is_a("fluent", f"*.{call.func.name}"):
            return None
        base = self.resolve(func, call.func.base)
        return base if isinstance(base, (Object, Instance)) else None

    def _looked_up(self, func: Func, call: Call) -> Value | None:
        """An element of a mapping, by the type of its values; by what is put in where nothing was, if that is given."""
        if not isinstance(call.func, Attr) or not call.args:
            return None
        models, method = self.program.models(func.file), call.func.name
        container = self.resolve(func, call.func.base) if models.reads_element(method) else None
        row = models.containers.first(container.type) if isinstance(container, Object) else None
        if row is None or row.kind != "mapping" or (method not in row.read and row.grow.get(method) != "memo"):
            return None
        found = self.element(container)
        if found is None and method in row.grow and len(call.args) > 1:
            return self.resolve(func, call.args[1].value)
        return found

    def _external_call(self, func: Func, call: Call, name: str) -> Value | None:
        models = self.program.models(func.file)
        row = models.returns.first(name)
        if row is not None:
            return Object(row.name)
        if models.is_a("class_of", name) and len(call.args) == 1:
            made = self.resolve(func, call.args[0].value)
            return made.cls if isinstance(made, Instance) else None
        if models.is_a("identity", name) and call.args:
            return self.resolve(func, call.args[-1].value)
        if models.containers.first(name) or models.types.first(name) or name.rsplit(".", 1)[-1][:1].isupper():
            return Object(name)
        return None

    def instance_of(self, value: Value | None) -> Value | None:
        """What calling ``value`` gives."""
        if isinstance(value, Cls):
            return Instance(value)
        if isinstance(value, Func):
            return self.returned(value)
        if isinstance(value, Bound):
            result = self.returned(value.func)
            if isinstance(result, Instance) and result.cls in value.owner.mro:
                return Instance(value.owner)
            return result
        if isinstance(value, External):
            return Object(value.name)
        return None

    def returned(self, func: Func) -> Value | None:
        """What ``func`` returns: by its annotation, else by its return statements."""
        key = (id(func), "\0return")
        if key not in self._names:
            self._names[key] = None
            self._names[key] = self._returned(func)
        return self._names[key]

    def _returned(self, func: Func) -> Value | None:
        value = self.annotated(func, func.facts.returns)
        if value is not None and not isinstance(value, External):
            return value
        for op in func.ops:
            if op.kind == "return" and op.node is not None:
                found = self.resolve(func, op.node)
                if found is not None:
                    return found
        return value

    def annotated(self, func: Func, annotation: Expr | None) -> Value | None:
        """An object of the annotated type, read in ``func``; wrappers such as Optional are looked through."""
        if annotation is None or self._depth > _LIMIT:
            return None
        if isinstance(annotation, Operation) and annotation.op == "|":
            return next((v for v in (self.annotated(func, o) for o in annotation.operands) if v is not None), None)
        if isinstance(annotation, Index):
            return self._generic(func, annotation)
        if isinstance(annotation, (Name, Attr)):
            named = self.resolve(func.parent or func if func.facts.parent >= 0 else func, annotation)
            if isinstance(named, Cls):
                return Instance(named)
            if isinstance(named, External) and named.name not in {"None", "Any", "typing.Any", "object"}:
                return Object(named.name)
            return named if isinstance(named, Object) else None
        return None

    def _generic(self, func: Func, annotation: Index) -> Value | None:
        key = annotation.key
        args = key.items if isinstance(key, Display) and key.kind == "tuple" else (key,)
        base = self.resolve(func.parent or func if func.facts.parent >= 0 else func, annotation.base)
        name = base.name if isinstance(base, External) else ""
        models = self.program.models(func.file)
        if name and models.is_a("transparent", name):
            return next((v for v in (self.annotated(func, a) for a in args) if v is not None), None)
        if isinstance(base, Cls):
            return Instance(base)
        if not name or models.is_a("type_of", name):
            return None
        return Object(name, tuple(args), func)

    def element(self, container: Value | None, key: bool = False) -> Value | None:
        """The type of the values of a container, from its type arguments; of its keys or items for ``key``."""
        if not isinstance(container, Object) or container.scope is None or not container.args:
            return None
        return self.annotated(container.scope, container.args[0 if key or len(container.args) == 1 else -1])
