"""How long objects live: process > server > session > call, read off where they are made and where they are kept."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from leaklint.analysis.linking.calls import CallGraph, Site
from leaklint.analysis.linking.closures import gives_closures
from leaklint.analysis.linking.places import ELEMENT, FieldOf, Global, Library, Local, Parameter, Place, Places, Result
from leaklint.analysis.linking.program import Cls, File, Func, Program
from leaklint.analysis.linking.uses import Use
from leaklint.analysis.linking.values import Bound, External, Instance, Object, Resolver, Value
from leaklint.analysis.linking.walk import argument_of, every, expressions, parts, statements
from leaklint.analysis.running.origins import Origins
from leaklint.facts import (
    Assign,
    Attr,
    Await,
    Call,
    Const,
    Display,
    Expr,
    Index,
    Loop,
    Name,
    Operation,
    Return,
    Stmt,
    Yield,
)


class Level(IntEnum):
    """A place on the scale of lifetimes; longer is greater. Unknown compares as neither and is asked for by name."""

    CALL = 0
    SESSION = 1
    UNKNOWN = 2
    PROCESS = 3


class Lifetime(NamedTuple):
    """How long something lives, and in words why. ``frame``: nothing but a running function holds it."""

    level: Level
    why: str = ""
    frame: bool = False


_ENDS = {"request": Level.CALL, "stream": Level.CALL, "child": Level.CALL, "task": Level.CALL, "session": Level.SESSION}


class Lifetimes:
    """Finds and remembers lifetimes of classes, frames and places."""

    def __init__(
        self, program: Program, resolver: Resolver, graph: CallGraph, places: Places, origins: Origins
    ) -> None:
        self._program = program
        self._resolver = resolver
        self._graph = graph
        self._places = places
        self._origins = origins
        self._classes: dict[int, Lifetime] = {}
        self._frames: dict[int, Lifetime] = {}
        self._closures: dict[int, Lifetime] = {}

    # -- places ------------------------------------------------------------------------------------------------

    def of(self, func: Func, place: Place, owner: Place | None = None) -> Lifetime:
        """How long the container at ``place``, which ``func`` uses, lives; ``owner`` is the object it is a field of, as the code names it."""
        root = place.root
        if owner is not None and isinstance(owner.root, Global) and ELEMENT not in owner.path:
            return Lifetime(Level.PROCESS, f"the module {owner.root.file.path}")
        whole = self._root(func, root)
        if ELEMENT in place.path[:-1] and whole.level is Level.PROCESS and any(s.startswith(".") for s in place.path):
            return Lifetime(Level.SESSION, f"an element of {whole.why}")
        return whole

    def _root(self, func: Func, root: object) -> Lifetime:
        if isinstance(root, Global):
            return self._global(root)
        if isinstance(root, FieldOf):
            return self._field(root)
        if isinstance(root, Local):
            return self._captured(root.func, root.name) or self.frame(root.func)
        if isinstance(root, Library):
            return self._library(func, root.name)
        if isinstance(root, Parameter):
            return Lifetime(Level.CALL, "a caller passes it")
        return Lifetime(Level.UNKNOWN)

    def _global(self, root: Global) -> Lifetime:
        """A module-level name; what a context variable holds ends with its context."""
        ends = self._ends(root.file, self._resolver.name(root.file.body, root.name))
        return ends or Lifetime(Level.PROCESS, f"the module {root.file.path}")

    def _ends(self, file: File, value: Value | None) -> Lifetime | None:
        """What ends an object of a library type by itself; None if nothing known does."""
        row = self._program.models(file).types.first(value.type) if isinstance(value, Object) else None
        return Lifetime(_ENDS[row.ends], row.name) if row is not None and row.ends in _ENDS else None

    def _field(self, root: FieldOf) -> Lifetime:
        if self.is_shared(root):
            ends = self._ends(root.cls.file, self._resolver.field(root.cls, root.name))
            return ends or Lifetime(Level.PROCESS, f"the class {root.cls.name}")
        return self.cls(root.cls)

    def is_shared(self, root: FieldOf) -> bool:
        """Whether the class itself holds the field, not each of its objects."""
        sources = self._program.field_sources(root.cls, root.name)
        declared = any(s.shared and s.value is not None for s in sources) and not self._per_instance(root.cls)
        return declared and all(s.shared for s in sources)

    def _per_instance(self, cls: Cls) -> bool:
        """Whether values in the class body are defaults of each instance (dataclasses and the like)."""
        models = self._program.models(cls.file)
        names = [n for d in cls.facts.decorators for n in self._graph.names_of(cls.body, _callee(d))]
        return any(models.is_a("records", n) for n in [*names, *cls.ancestors])

    def _library(self, func: Func, name: str) -> Lifetime:
        row = self._program.models(func.file).types.first(name)
        if row is not None and row.ends in _ENDS:
            return Lifetime(_ENDS[row.ends], name)
        return Lifetime(Level.PROCESS, name)

    # -- frames ------------------------------------------------------------------------------------------------

    def frame(self, func: Func) -> Lifetime:
        """How long a local variable of ``func`` lives: as what runs the function."""
        if func.is_module:
            return Lifetime(Level.PROCESS, f"the module {func.file.path}")
        key = id(func)
        if key not in self._frames:
            self._frames[key] = Lifetime(Level.CALL)
            self._frames[key] = self._frame(func)
        return self._frames[key]

    def _frame(self, func: Func) -> Lifetime:
        models = self._program.models(func.file)
        if func.facts.parent == 0 and func.facts.cls < 0 and models.is_a("main", func.name):
            return Lifetime(Level.PROCESS, f"{func.title}, which runs once", True)
        scopes = {o.scope for o in self._origins.of(func)}
        if "unproven" in scopes and not scopes & {"call", "tick"} and self._runs_on(func):
            return Lifetime(Level.SESSION, f"a run of {func.title}, which goes on", True)
        if scopes & {"call", "tick", "unproven"}:
            return Lifetime(Level.CALL, f"a run of {func.title}", True)
        if "session" in scopes:
            return Lifetime(Level.SESSION, f"a run of {func.title}", True)
        return Lifetime(Level.PROCESS, f"{func.title}, which runs once", True)

    def _runs_on(self, func: Func) -> bool:
        """Whether a run of the function takes messages or waits as long as its session lasts."""
        loops = [s for s in statements(func.facts.body) if isinstance(s, Loop)]
        return any(self._origins.loops.pace(func, loop) and not loop.orelse for loop in loops)

    # -- classes -----------------------------------------------------------------------------------------------

    def cls(self, cls: Cls) -> Lifetime:
        """How long objects of ``cls`` (or of a class derived from it) live: the longest over where they are made."""
        key = id(cls)
        if key not in self._classes:
            self._classes[key] = Lifetime(Level.CALL)
            self._classes[key] = self._cls(cls)
        return self._classes[key]

    def _cls(self, cls: Cls) -> Lifetime:
        models = self._program.models(cls.file)
        if any(models.is_a("singleton_classes", n) for n in cls.ancestors):
            return Lifetime(Level.PROCESS, f"{cls.name}, of which there is one")
        ends = [row.ends for n in cls.ancestors for row in [models.types.first(n)] if row is not None]
        found = [self.site(s) for c in cls.family for s in self._graph.sites(c)]
        found += [self._built_by(c) for c in cls.family for s in c.methods.values() if self._makes_itself(c, s)]
        if any(e in _ENDS for e in ends) and not found:
            return Lifetime(next(_ENDS[e] for e in ends if e in _ENDS), cls.name)
        found = [f for f in found if f is not None]
        known = [f for f in found if f.level is not Level.UNKNOWN]
        if known and self._per_instance(cls):
            return min(known)
        if known:
            return _longest(known)
        if self._per_instance(cls):
            return Lifetime(Level.CALL, f"a record of {cls.name}, which nothing keeps")
        return Lifetime(Level.UNKNOWN, f"an object of {cls.name}")

    def one_per_process(self, cls: Cls) -> bool:
        """Whether there is a single object of ``cls``: one place makes it, and that runs once."""
        return self._single(cls, set())

    def _single(self, cls: Cls, seen: set[int]) -> bool:
        sites = [s for c in cls.family for s in self._graph.sites(c)]
        if len(sites) != 1 or id(cls) in seen or self.site(sites[0]).level is not Level.PROCESS:
            return False
        maker = sites[0].func
        owner = maker.method_of
        if self._origins.repeated(maker, owner):
            return False
        return owner is None or self._single(owner, seen | {id(cls)})

    def _makes_itself(self, cls: Cls, method: Func) -> bool:
        return method.name == "__new__"

    def _built_by(self, cls: Cls) -> Lifetime:
        """A class with its own ``__new__`` that keeps the object on the class is a singleton."""
        for name in [s for s in cls.methods if s == "__new__"]:
            for op in cls.methods[name].ops:
                if op.kind == "assign" and isinstance(op.node, Attr):
                    owner = self._resolver.resolve(cls.methods[name], op.node.base)
                    if isinstance(owner, Cls):
                        return Lifetime(Level.PROCESS, f"the one {cls.name}")
        return Lifetime(Level.UNKNOWN)

    # -- instantiation sites -----------------------------------------------------------------------------------

    def site(self, site: Site) -> Lifetime:
        """How long the object lives that is made at one place."""
        return self.kept(site.func, site.call, site.stmt, 0)

    def kept(self, func: Func, expr: Expr, stmt: Stmt, depth: int) -> Lifetime:
        """How long the value of ``expr`` in ``stmt`` is kept."""
        if depth > 6:
            return Lifetime(Level.UNKNOWN)
        holder = _holder_of(stmt, expr)
        if isinstance(holder, Call):
            return self._passed(func, holder, expr, stmt, depth)
        if isinstance(stmt, Return) or isinstance(holder, Yield):
            return self._given_back(func, depth)
        if isinstance(stmt, Assign) and stmt.value is not None and _contains(stmt.value, expr):
            found = [self._stored(func, t, depth) for t in stmt.targets]
            return max(found, key=lambda f: f.level)
        return self.frame(func)

    def _stored(self, func: Func, target: Expr, depth: int) -> Lifetime:
        if isinstance(target, Name):
            return self._named(func, target.id, depth)
        if isinstance(target, Attr):
            return self._in_field(func, target)
        if isinstance(target, Index):
            place = self._places.of(func, target.base)
            if place is None:
                return Lifetime(Level.UNKNOWN)
            held = self._root(func, place.root)
            return _as_element(held) if _is_open(target.key) else held
        if isinstance(target, Display):
            found = [self._stored(func, t, depth) for t in target.items]
            return max(found, key=lambda f: f.level, default=Lifetime(Level.UNKNOWN))
        return Lifetime(Level.UNKNOWN)

    def _in_field(self, func: Func, target: Attr) -> Lifetime:
        owner = self._resolver.resolve(func, target.base)
        if isinstance(owner, Instance):
            return self.cls(owner.cls)
        if isinstance(owner, Cls):
            return Lifetime(Level.PROCESS, f"the class {owner.name}")
        if isinstance(owner, Object):
            row = self._program.models(func.file).types.first(owner.type)
            if row is not None and row.ends in _ENDS:
                return Lifetime(_ENDS[row.ends], owner.type)
        place = self._places.of(func, target.base)
        if place is not None and not isinstance(place.root, (Result, Parameter, Local)):
            return self._root(func, place.root)
        return self.frame(func) if self.frame(func).level is Level.PROCESS else Lifetime(Level.UNKNOWN)

    def _named(self, func: Func, name: str, depth: int) -> Lifetime:
        """A local variable: as long as the frame, or as long as anything it is handed to."""
        owner = func.owner_of(name)
        if owner is None or owner.is_module:
            return Lifetime(Level.PROCESS, f"the module {func.file.path}")
        captured = self._captured(owner, name)
        found = [captured] if captured is not None else []
        closures = (f for f in owner.file.functions[owner.index + 1 :] if owner in f.chain() and name not in f.locals)
        for scope in (owner, *closures):
            for stmt in statements(scope.facts.body):
                found += [self.kept(scope, used, stmt, depth + 1) for used in _uses_of(stmt, name)]
        kept = [f for f in found if not f.frame]
        known = [f for f in kept if f.level is not Level.UNKNOWN]
        if known:
            return max(known)
        return Lifetime(Level.UNKNOWN, f"a variable of {owner.title}") if kept else self.frame(owner)

    def kept_beyond(self, root: Local) -> Lifetime | None:
        """How long the object in a local variable lives where it is put into something that outlives the function."""
        found = self._named(root.func, root.name, 0)
        return found if not found.frame and found.level in {Level.SESSION, Level.PROCESS} else None

    def _captured(self, func: Func, name: str) -> Lifetime | None:
        """A variable that a handler defined in ``func`` uses lives as long as the handler is registered.

        None if no handler uses it, or if ``func`` itself runs for each request.
        """
        if {o.scope for o in self._origins.of(func)} & {"call", "tick", "session"}:
            return None
        for inner in func.file.functions[func.index + 1 :]:
            if (
                func in inner.chain()
                and name not in inner.locals
                and self._stays_registered(inner)
                and _reads(inner, name)
            ):
                return Lifetime(Level.PROCESS, f"the handler {inner.title}, which uses it")
        return self._closed_over(func, name)

    def _stays_registered(self, handler: Func) -> bool:
        """Whether something keeps the handler that does not end soon."""
        return any(u.kind == "entry" and not self._ends_soon(u) for u in self._graph.uses(handler))

    def _ends_soon(self, use: Use) -> bool:
        """Whether the emitter that keeps the handler ends with a request, a stream, a child process or a task."""
        if use.call is None or not isinstance(use.call.func, Attr):
            return False
        emitter = self._resolver.resolve(use.caller, use.call.func.base)
        row = self._program.models(use.caller.file).types.first(emitter.type) if isinstance(emitter, Object) else None
        if row is not None and row.ends in _ENDS:
            return _ENDS[row.ends] is Level.CALL
        return self._program.models(use.caller.file).pairs.knows(use.call.func.name) and self._is_passed(use)

    def _is_passed(self, use: Use) -> bool:
        """Whether a listener is added to what a caller passes, and no caller is seen to pass what lasts."""
        assert use.call is not None and isinstance(use.call.func, Attr)
        place = self._places.of(use.caller, use.call.func.base)
        if place is None or not isinstance(place.root, Parameter):
            return False
        target, name = place.root.func, place.root.func.facts.params[place.root.number].name
        passed = [(u, argument_of(u.passes, place.root.number, name)) for u in self._graph.uses(target) if u.passes]
        found = [self._places.below(u.caller, arg, place.path) for u, arg in passed if arg is not None]
        return not any(p is not None and isinstance(p.root, (Global, FieldOf, Library)) for p in found)

    def _closed_over(self, func: Func, name: str) -> Lifetime | None:
        """A variable that is used by a function defined in ``func`` lives as long as what ``func`` gives back, if it gives back functions."""
        inside = [f for f in func.file.functions[func.index + 1 :] if func in f.chain() and name not in f.locals]
        if not any(_reads(f, name) for f in inside) or not gives_closures(func):
            return None
        once = self.frame(func)
        if once.level is Level.PROCESS:
            return once._replace(frame=False)
        kept = self._closures_of(func)
        return kept if kept.level is not Level.UNKNOWN else Lifetime(Level.UNKNOWN, f"what {func.title} gives back")

    def _closures_of(self, func: Func) -> Lifetime:
        """How long the functions are kept that ``func`` gives back; it may keep in a variable what it gives back to itself."""
        key = id(func)
        if key not in self._closures:
            self._closures[key] = Lifetime(Level.CALL)
            self._closures[key] = self._given_back(func, 0)
        return self._closures[key]

    def _given_back(self, func: Func, depth: int) -> Lifetime:
        """A returned object lives as long as the callers keep it."""
        models = self._program.models(func.file)
        decorators = [n for d in func.facts.decorators for n in self._graph.names_of(func.parent or func, _callee(d))]
        if any(models.caches.first(n) for n in decorators):
            return Lifetime(Level.PROCESS, f"the cache of {func.title}")
        found = []
        for use in _surest(self._graph.uses(func)):
            if use.call is not None and use.stmt is not None and use.kind in {"call", "maybe"}:
                found.append(self.kept(use.caller, use.call, use.stmt, depth + 1))
            elif use.entry is not None:
                level = {"once": Level.PROCESS, "session": Level.SESSION}.get(use.entry.scope, Level.CALL)
                found.append(Lifetime(level, use.entry.label))
        known = [f for f in found if f.level is not Level.UNKNOWN]
        return _longest(known) if known else Lifetime(Level.UNKNOWN)

    def _passed(self, func: Func, call: Call, expr: Expr, stmt: Stmt, depth: int) -> Lifetime:
        """An argument lives as long as what keeps it."""
        callee = self._resolver.resolve(func, call.func)
        if isinstance(callee, Cls):
            return self.kept(func, call, stmt, depth + 1)
        if isinstance(callee, (Func, Bound)):
            target = callee.func if isinstance(callee, Bound) else callee
            return self._kept_by(target, call, expr, depth) or self.frame(func)
        if isinstance(call.func, Attr) and self._program.models(func.file).is_container_method(call.func.name):
            place = self._places.of(func, call.func.base)
            if place is not None:
                return _as_element(self._root(func, place.root))
        if isinstance(callee, External) and callee.name.rsplit(".", 1)[-1][:1].isupper():
            return self.kept(func, call, stmt, depth + 1)
        return self.frame(func)

    def _kept_by(self, target: Func, call: Call, expr: Expr, depth: int) -> Lifetime | None:
        """What a called function of the program does with the parameter: stores it, or lets it go."""
        name = _parameter_for(target, call, expr)
        if not name:
            return None
        found = []
        for stmt in statements(target.facts.body):
            if isinstance(stmt, Assign) and isinstance(stmt.value, Name) and stmt.value.id == name:
                found += [self._stored(target, t, depth + 1) for t in stmt.targets if not isinstance(t, Name)]
            for used in _uses_of(stmt, name):
                holder = _holder_of(stmt, used)
                if isinstance(holder, Call) and isinstance(holder.func, Attr) and holder is not used:
                    found.append(
                        self._passed(target, holder, used, stmt, depth + 1) if depth < 4 else Lifetime(Level.UNKNOWN)
                    )
        known = [f for f in found if f.level is not Level.UNKNOWN]
        return max(known, key=lambda f: f.level) if known else None


def _surest(uses: list[Use]) -> list[Use]:
    """The uses without calls guessed by the method's name, where a call is known that names its class or object."""
    named = any(u.kind == "call" for u in uses)
    return [u for u in uses if u.kind != "maybe"] if named else uses


def _as_element(held: Lifetime) -> Lifetime:
    """How long one element lives of a container that lives so long: it may be taken out before."""
    return Lifetime(Level.SESSION, held.why) if held.level is Level.PROCESS else held


def _longest(found: list[Lifetime]) -> Lifetime:
    """The longest of several; where some are kept nowhere, those that only a frame holds say least when they are short."""
    kept = [f for f in found if not f.frame]
    if kept and max(kept).level > Level.CALL:
        return max(kept)
    return min(found) if any(f.level is Level.CALL for f in found) else max(found)


def _reads(func: Func, name: str) -> bool:
    """Whether the function itself uses the variable."""
    return name in func.mentioned


def _callee(decorator: Expr) -> Expr:
    return decorator.func if isinstance(decorator, Call) else decorator


def _is_open(key: Expr) -> bool:
    return not isinstance(key, Const)


def _parameter_for(target: Func, call: Call, expr: Expr) -> str:
    params = [p.name for p in target.facts.params]
    position = 0
    for arg in call.args:
        if arg.value is expr or _contains(arg.value, expr):
            if arg.name:
                return arg.name if arg.name in params else ""
            return params[position] if position < len(params) else ""
        position += not arg.name
    return ""


def _uses_of(stmt: Stmt, name: str) -> list[Expr]:
    """Loads of the variable in the statement that hand the object on as a whole."""
    return [e for x in expressions(stmt) for e in _handed_on(x) if isinstance(e, Name) and e.id == name]


def _handed_on(expr: Expr) -> list[Expr]:
    """Sub-expressions except those that only look into an object (``name.attr``, ``name[...]``, ``name()``)."""
    found = [expr]
    if isinstance(expr, (Attr, Index)):
        inner: list[Expr] = [] if isinstance(expr.base, Name) else [expr.base]
        inner += [expr.key] if isinstance(expr, Index) else []
    elif isinstance(expr, Call):
        inner = [] if isinstance(expr.func, Name) else [expr.func]
        inner += [a.value for a in expr.args]
    elif isinstance(expr, Operation) and expr.op not in {"or", "and", "if", "??"}:
        inner = []
    else:
        inner = list(parts(expr))
    return found + [e for i in inner for e in _handed_on(i)]


def _contains(outer: Expr, inner: Expr) -> bool:
    return any(e is inner for e in every(outer))


def _holder_of(stmt: Stmt, expr: Expr) -> Expr | None:
    """The nearest call (as its argument), yield or display around ``expr`` in the statement; awaits are looked through."""
    for outer in expressions(stmt):
        found: Expr | None = None
        if not _contains(outer, expr):
            continue
        for one in every(outer):
            if one is expr:
                return found
            if not _contains(one, expr):
                continue
            if (
                isinstance(one, Call)
                and any(_contains(a.value, expr) for a in one.args)
                or isinstance(one, Call)
                and not isinstance(one.func, Attr)
                or isinstance(one, Yield)
            ):
                found = one
            elif isinstance(one, (Await, Display, Operation)):
                continue
        return found
    return None
