"""From what set the keys of a growth are drawn: constants, a finite set, configuration, or an open stream of new ones."""

from __future__ import annotations

from leaklint.analysis.flow.guards import Op
from leaklint.analysis.linking.bindings import Binding
from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.places import FieldOf, Global, Library, Place, Places
from leaklint.analysis.linking.program import Cls, File, Func, Program
from leaklint.analysis.linking.values import External, Resolver
from leaklint.analysis.linking.walk import argument_of, dotted, every
from leaklint.analysis.questions.key_checks import KeyChecks
from leaklint.analysis.questions.key_types import KeyTypes
from leaklint.analysis.questions.keyspace import (
    CLOSED,
    GENERIC,
    UNKNOWN,
    Keys,
    KeySpace,
    container_words,
    is_generic,
    role_of,
    words_of,
)
from leaklint.facts import Assign, Attr, Await, Bind, Call, Const, Display, Expr, Index, Lambda, Name, Operation

_DEEP = 5
"""How many variables, parameters and results are followed."""


class KeyReader:
    """Reads key expressions."""

    def __init__(self, program: Program, resolver: Resolver, graph: CallGraph, places: Places) -> None:
        self._program = program
        self._resolver = resolver
        self._graph = graph
        self._places = places
        self.types = KeyTypes(program, resolver)
        self.checks = KeyChecks(program, places, self._of)

    def read(self, func: Func, key: Expr, op: Op, place: Place) -> Keys:
        """The key space of ``key`` where ``op`` of ``func`` puts an entry into the container at ``place``."""
        checked = self.checks.read(func, key, op, place)
        found = checked or self._of(func, key, 0)
        if found.told is not None and _is_kept(op, key, found.told):
            found = UNKNOWN._replace(why=found.why.split(",", 1)[0])
        if found.space is KeySpace.UNKNOWN and is_generic(key):
            words = container_words(place)
            if words:
                return self._role(func, words, f"the container's name {words!r}") or found
        return found

    # -- expressions -------------------------------------------------------------------------------------------

    def _of(self, func: Func, expr: Expr, depth: int) -> Keys:
        if isinstance(expr, Const):
            return Keys(KeySpace.CONSTANT, "the key is a constant")
        if isinstance(expr, Bind) and expr.op:
            return self._counted(func, expr)
        if isinstance(expr, (Await, Bind)):
            return self._of(func, expr.value, depth)
        if isinstance(expr, Lambda):
            return Keys(KeySpace.GENERATED, "each key is a new function")
        if isinstance(expr, Display):
            return self._combined(func, expr.items, depth)
        if isinstance(expr, Operation):
            return self._operation(func, expr, depth)
        typed = self.types.of_value(func, self._resolver.resolve(func, expr))
        if typed is not None:
            return typed
        if isinstance(expr, Call):
            return self._call(func, expr, depth)
        if isinstance(expr, Name):
            return self._name(func, expr, depth)
        if isinstance(expr, Attr):
            return self._attribute(func, expr, depth)
        if isinstance(expr, Index):
            return self._index(func, expr, depth)
        return UNKNOWN

    def _counted(self, func: Func, expr: Bind) -> Keys:
        """``++last`` and ``last--``: new each time, unless the count begins again with each call."""
        owner = func.owner_of(expr.target.id) if isinstance(expr.target, Name) else None
        if expr.op in {"+", "-"} and owner is not func:
            return Keys(KeySpace.GENERATED, "each key is counted up")
        return UNKNOWN

    def _operation(self, func: Func, expr: Operation, depth: int) -> Keys:
        if expr.op in {"==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not", "not", "instanceof"}:
            return Keys(KeySpace.FINITE, "the key is true or false")
        operands = expr.operands[1:] if expr.op == "if" else expr.operands
        return self._combined(func, operands, depth)

    def _combined(self, func: Func, parts: tuple[Expr, ...], depth: int) -> Keys:
        """A compound key is as open as its most open part."""
        found = [self._of(func, p, depth) for p in parts]
        return max(found, key=lambda k: k.space, default=Keys(KeySpace.CONSTANT, "the key is a constant"))

    def _call(self, func: Func, call: Call, depth: int) -> Keys:
        models = self._program.models(func.file)
        names = self._graph.names_of(func, call.func)
        last = call.func.name if isinstance(call.func, Attr) else getattr(call.func, "id", "")
        for name in (*names, last):
            if models.is_a("generates", name):
                return Keys(KeySpace.GENERATED, f"each key is new ({dotted(call)})")
            if models.is_a("digests", name):
                return self._digest(func, call, depth)
            if models.is_a("configuration", name):
                return Keys(KeySpace.CONFIG, f"the key comes from the configuration ({dotted(call.func)})")
            if models.is_a("identities", name):
                return _identity(call)
        if not call.args and last[:1].isupper():
            return Keys(KeySpace.GENERATED, f"each key is a new object ({dotted(call)})")
        if self._graph.callees(call):
            return self._result(func, call, depth)
        if isinstance(call.func, Attr):
            return self._method(func, call, call.func, depth)
        if len(call.args) >= 1:
            return self._combined(func, tuple(a.value for a in call.args), depth)
        return self._role(func, last, f"the name {last!r}") or UNKNOWN

    def _digest(self, func: Func, call: Call, depth: int) -> Keys:
        """A digest is as open as what it digests, as far as that is known to be few."""
        inner = call.func.base if isinstance(call.func, Attr) and not call.args else call
        given = tuple(a.value for a in inner.args) if isinstance(inner, Call) else ()
        found = self._combined(func, given, depth)
        few = KeySpace.CONSTANT < found.space < KeySpace.UNKNOWN
        return found if few else Keys(KeySpace.DIGEST, f"the key is a digest ({dotted(call.func)})")

    def _method(self, func: Func, call: Call, callee: Attr, depth: int) -> Keys:
        """``text.lower()`` is as open as ``text``; ``headers.get("x-session-id")`` is told by the word asked for."""
        words = [a.value.text for a in call.args if isinstance(a.value, Const) and a.value.kind == "str"]
        told = self._asked_of(func, callee.base, words[0], depth) if words else None
        if told is not None:
            return told
        if words and self._program.models(func.file).reads_element(callee.name):
            return UNKNOWN
        of_module = self._is_module(func, callee.base)
        if words or not call.args:
            inner = UNKNOWN if of_module else self._of(func, callee.base, depth)
            return (
                inner
                if inner.space is not KeySpace.UNKNOWN
                else self._role(func, callee.name, f"the name {callee.name!r}") or inner
            )
        values = tuple(a.value for a in call.args)
        if of_module:
            return self._combined(func, values, depth)
        return self._role(func, callee.name, f"the name {callee.name!r}") or self._combined(func, values, depth)

    def _result(self, func: Func, call: Call, depth: int) -> Keys:
        """What a function of the program returns."""
        target = self._graph.callees(call)[0]
        named = self._role(func, target.name, f"the name {target.name!r}")
        if depth < 3:
            returned = [op.node for op in target.ops if op.kind == "return" and op.node is not None]
            found = self._combined(target, tuple(returned), depth + 1)
            if found.space is not KeySpace.UNKNOWN and returned:
                return found
        return named or UNKNOWN

    # -- names -------------------------------------------------------------------------------------------------

    def _name(self, func: Func, expr: Name, depth: int) -> Keys:
        owner = func.owner_of(expr.id)
        named = self._role(func, expr.id, f"the name {expr.id!r}")
        if owner is None or depth > _DEEP:
            return named or UNKNOWN
        bindings = owner.file.bindings.get((owner.index, expr.id), [])
        if bindings and all(_is_made_once(scope, b) for scope, b in bindings):
            return Keys(KeySpace.CONSTANT, "the key is a constant")
        if owner is func and bindings and all(_is_function(b) for _, b in bindings):
            return Keys(KeySpace.GENERATED, f"each key is a new function ({expr.id})")
        found = [k for scope, b in bindings for k in [self._bound(scope, expr.id, b, depth)] if k is not None]
        best = max(found, key=lambda k: k.space, default=UNKNOWN)
        told = named is not None and depth == 0 and not any(_is_composed(b.expr) for _, b in bindings)
        if best.space is KeySpace.UNKNOWN or (best.proof == "named" and told):
            return named or best
        return best

    def _bound(self, func: Func, name: str, binding: Binding, depth: int) -> Keys | None:
        if binding.kind == "param":
            return self._parameter(func, binding, depth)
        if binding.kind == "import":
            return Keys(KeySpace.CONSTANT, "the key is an imported name")
        if binding.expr is None or _is_respelled(binding.expr, name):
            return None
        if binding.kind == "element":
            return self._iterated(func, binding.expr, depth)
        if binding.kind in {"value", "part"}:
            if isinstance(binding.expr, Const) and binding.expr.kind in {"none", "bool"}:
                return None
            if binding.kind == "part" and isinstance(binding.expr, Display) and binding.number >= 0:
                items = binding.expr.items
                return self._of(func, items[binding.number], depth + 1) if binding.number < len(items) else None
            if binding.kind == "part" and binding.number >= 0:
                returned = self._returned_part(func, binding.expr, binding.number, depth)
                if returned is not None:
                    return returned
            if binding.op == "+":
                return Keys(KeySpace.GENERATED, "each key is counted up")
            return self._of(func, binding.expr, depth + 1)
        return None

    def _returned_part(self, func: Func, expr: Expr, number: int, depth: int) -> Keys | None:
        """One of several things that a function of the program returns together: ``issuer, uri = resolve(provider)``."""
        call = expr.value if isinstance(expr, Await) else expr
        callees = self._graph.callees(call) if isinstance(call, Call) and depth < _DEEP else ()
        if len(callees) != 1:
            return None
        given = [op.node for op in callees[0].ops if op.kind == "return" and op.node is not None]
        parts = [e.items[number] for e in given if isinstance(e, Display) and number < len(e.items)]
        if not parts or len(parts) < len(given):
            return None
        return self._combined(callees[0], tuple(parts), depth + 1)

    def _iterated(self, func: Func, over: Expr, depth: int) -> Keys | None:
        """The element of something that is iterated: a table, the configuration, or data."""
        if isinstance(over, Display):
            return self._combined(func, over.items, depth + 1)
        base: Expr = over
        while isinstance(base, Call):
            base = base.func.base if isinstance(base.func, Attr) else base.args[0].value if base.args else Name("")
        place = self._places.of(func, base) if isinstance(base, (Name, Attr, Index)) else None
        if place is not None and isinstance(place.root, Global) and self.checks.is_table(place):
            return Keys(KeySpace.FINITE, f"the key is one of {dotted(base)}")
        if place is not None and isinstance(place.root, (Global, FieldOf)):
            return Keys(KeySpace.ROLE_ENTITY, f"the key is one of those in {dotted(base)}", "assumed")
        passed = self._passed_tables(func, base)
        if passed is not None:
            return passed
        value = self._resolver.resolve(func, base)
        if isinstance(value, Cls) and self.types.is_enum(value):
            return Keys(KeySpace.FINITE, f"the key is a member of {value.name}")
        found = self._of(func, base, depth + 1)
        return found if found.space is KeySpace.CONFIG else None

    def _passed_tables(self, func: Func, base: Expr) -> Keys | None:
        """A parameter for which every caller passes a table of constants."""
        owner = func.owner_of(base.id) if isinstance(base, Name) else None
        bound = (
            owner.file.bindings.get((owner.index, base.id), []) if owner is not None and isinstance(base, Name) else []
        )
        if owner is None or [b.kind for _, b in bound] != ["param"]:
            return None
        passed = self._arguments(owner, bound[0][1].number)
        places = [self._places.of(caller, arg) for caller, arg, _ in passed]
        if passed and all(p is not None and self.checks.is_table(p) for p in places):
            return Keys(KeySpace.FINITE, f"every caller passes a table for {dotted(base)}")
        return None

    def _parameter(self, func: Func, binding: Binding, depth: int) -> Keys | None:
        """What the callers pass, followed once."""
        param = func.facts.params[binding.number]
        typed = self.types.annotated(func, param.annotation)
        if typed is not None:
            return typed
        if depth > 1:
            return None
        found = [
            self._argument(caller, arg, call, depth) for caller, arg, call in self._arguments(func, binding.number)
        ]
        if not found:
            return None
        best = max(found, key=lambda k: k.space)
        decided = best.space in CLOSED or best.space >= KeySpace.ROLE_OPEN or best.proof == "assumed"
        return best if decided and best.space is not KeySpace.UNKNOWN else None

    def _argument(self, caller: Func, arg: Expr, call: Call, depth: int) -> Keys:
        """What a caller passes; a check of it before the call counts as one before the insert."""
        op = next((o for o in caller.ops if o.node is call), None)
        checked = self.checks.read(caller, arg, op, Place(Library(""))) if op is not None else None
        return checked or self._of(caller, arg, depth + 1)

    def _arguments(self, func: Func, index: int) -> list[tuple[Func, Expr, Call]]:
        """For each call of ``func`` in the program: the caller, the expression for parameter ``index``, and the call."""
        name = func.facts.params[index].name
        found: list[tuple[Func, Expr, Call]] = []
        for use in self._graph.uses(func):
            if use.kind in {"entry", "mention"}:
                return []
            if use.call is not None and use.kind in {"call", "construct", "maybe"}:
                arg = argument_of(use.call, index, name)
                if arg is not None:
                    found.append((use.caller, arg, use.call))
        return found

    def _attribute(self, func: Func, expr: Attr, depth: int) -> Keys:
        base = self._resolver.resolve(func, expr.base)
        if isinstance(base, Cls):
            return Keys(KeySpace.CONSTANT, f"the key is the constant {dotted(expr)}")
        finite = self.types.of_value(func, base)
        if finite is not None:
            return finite
        models = self._program.models(func.file)
        for name in (dotted(expr), dotted(expr.base)):
            if models.is_a("configuration", name):
                return Keys(KeySpace.CONFIG, f"the key comes from the configuration ({dotted(expr)})")
        if isinstance(base, External) and _is_spelled_constant(expr.name) and self._is_imported(func, expr):
            return Keys(KeySpace.CONSTANT, f"the key is {dotted(expr)} of a library")
        named = self._asked_of(func, expr.base, expr.name, depth)
        if named is not None:
            return named
        if isinstance(expr.base, (Call, Await)):
            return self._of(func, expr.base, depth)
        if expr.name in GENERIC or expr.name.lower() in GENERIC:
            text = dotted(expr.base).rsplit(".", 1)[-1]
            return self._role(func, text, f"the name {text!r}") or UNKNOWN
        return UNKNOWN

    def _asked_of(self, func: Func, owner: Expr, name: str, depth: int) -> Keys | None:
        """What the name of a part tells; where something is to be found is told by what is found there: one for each."""
        named = self._role(func, name, f"the name {name!r}")
        if named is None or named.space is not KeySpace.ROLE_OPEN or not self._tells_where(func, name):
            return named
        whole = self._owner(func, owner, depth)
        if KeySpace.CONSTANT < whole.space < KeySpace.UNKNOWN:
            return Keys(KeySpace.ROLE_ENTITY, f"there is one {name!r} for each {dotted(owner)}", "assumed")
        return named

    def _owner(self, func: Func, owner: Expr, depth: int) -> Keys:
        """From what set something is of which a part is asked: by its name, or by what it was looked up with."""
        text = dotted(owner).rsplit(".", 1)[-1]
        named = self._role(func, text, f"the name {text!r}")
        if named is not None or depth > _DEEP or not isinstance(owner, Name):
            return named or UNKNOWN
        scope = func.owner_of(owner.id)
        bound = scope.file.bindings.get((scope.index, owner.id), []) if scope is not None else []
        found = [self._looked_up_with(s, b.expr, depth + 1) for s, b in bound if b.kind == "value"]
        return max(found, key=lambda k: k.space, default=UNKNOWN)

    def _looked_up_with(self, func: Func, expr: Expr | None, depth: int) -> Keys:
        call = expr.value if isinstance(expr, Await) else expr
        if not isinstance(call, Call) or not call.args:
            return UNKNOWN
        return self._combined(func, tuple(a.value for a in call.args), depth)

    def _tells_where(self, func: Func, name: str) -> bool:
        words = [w for w in words_of(name) if w not in GENERIC]
        return bool(words) and words[-1] in self._program.models(func.file).roles.locator

    def _is_module(self, func: Func, expr: Expr) -> bool:
        """Whether it is a module, or a class of a library, and not what an object of a library type holds."""
        value = self._resolver.resolve(func, expr)
        if not isinstance(value, External):
            return isinstance(value, File)
        first = _first(expr)
        return isinstance(first, Name) and (func.owner_of(first.id) is None or self._is_imported(func, first))

    def _is_imported(self, func: Func, expr: Expr) -> bool:
        """Whether the first name of a dotted one is that of an import."""
        first = _first(expr)
        owner = func.owner_of(first.id) if isinstance(first, Name) else None
        if owner is None or not isinstance(first, Name):
            return False
        return {b.kind for _, b in owner.file.bindings.get((owner.index, first.id), [])} == {"import"}

    def _index(self, func: Func, expr: Index, depth: int) -> Keys:
        if isinstance(expr.key, Const) and expr.key.kind == "str":
            return self._asked_of(func, expr.base, expr.key.text, depth) or UNKNOWN
        return self._of(func, expr.base, depth + 1)

    def _role(self, func: Func, text: str, why: str) -> Keys | None:
        return role_of(self._program.models(func.file).roles, text, why)


def _is_made_once(scope: Func, binding: Binding) -> bool:
    """Whether a name of a module is bound to a constant, or to what the module makes for itself when it is loaded."""
    if not scope.is_module or binding.kind != "value" or binding.op:
        return False
    alone = isinstance(binding.expr, Call) and all(isinstance(a.value, Const) for a in binding.expr.args)
    return isinstance(binding.expr, Const) or (alone and not scope.loops_around.get(id(binding.stmt)))


def _is_function(binding: Binding) -> bool:
    return binding.kind == "define" or (binding.kind == "value" and isinstance(binding.expr, Lambda))


def _first(expr: Expr) -> Expr:
    """The first name of a dotted one."""
    while isinstance(expr, Attr):
        expr = expr.base
    return expr


def _identity(call: Call) -> Keys:
    """What tells one object from another is used again for the next object, once nothing holds the first."""
    why = f"there is a key for each object ({dotted(call)})"
    told = call.args[0].value if call.args else None
    return Keys(KeySpace.ROLE_ENTITY, f"{why}, and it is used again when that is gone", "assumed", told)


def _is_kept(op: Op, key: Expr, told: Expr) -> bool:
    """Whether the entry holds the object that its key tells of."""
    values = [op.stmt.value] if isinstance(op.stmt, Assign) and op.stmt.value is not None else []
    if isinstance(op.node, Call):
        values += [a.value for a in op.node.args if a.value is not key]
    return any(e == told for v in values for e in every(v))


def _is_composed(expr: Expr | None) -> bool:
    """Whether a text or tuple is put together from several parts: they tell more than the name it gets."""
    return isinstance(expr, Display) or (isinstance(expr, Operation) and expr.op in {"format", "+"})


def _is_respelled(expr: Expr, name: str) -> bool:
    """``text = text.strip()``: the name keeps what it stands for."""
    if not isinstance(expr, Call) or not isinstance(expr.func, Attr):
        return False
    return expr.func.base == Name(name) and all(isinstance(a.value, Const) for a in expr.args)


def _is_spelled_constant(name: str) -> bool:
    """Classes and constants begin with a capital."""
    return name[:1].isupper()
