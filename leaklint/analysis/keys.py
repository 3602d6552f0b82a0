"""From what set the keys of a growth are drawn: constants, a finite set, configuration, or an open stream of new ones."""

from __future__ import annotations

from leaklint.analysis.bindings import Binding
from leaklint.analysis.calls import CallGraph
from leaklint.analysis.flow import Guard, Op, conjuncts, guards
from leaklint.analysis.key_types import KeyTypes
from leaklint.analysis.keyspace import CLOSED, GENERIC, UNKNOWN, Keys, KeySpace, container_words, is_generic, role_of
from leaklint.analysis.membership import membership
from leaklint.analysis.places import FieldOf, Global, Library, Place, Places
from leaklint.analysis.program import Cls, File, Func, Program
from leaklint.analysis.values import External, Resolver
from leaklint.analysis.walk import argument_of, dotted, every
from leaklint.facts import Attr, Await, Bind, Call, Const, Display, Expr, Index, Name, Operation


class KeyReader:
    """Reads key expressions."""

    def __init__(self, program: Program, resolver: Resolver, graph: CallGraph, places: Places) -> None:
        self._program = program
        self._resolver = resolver
        self._graph = graph
        self._places = places
        self.types = KeyTypes(program, resolver)

    def read(self, func: Func, key: Expr, op: Op, place: Place) -> Keys:
        """The key space of ``key`` where ``op`` of ``func`` puts an entry into the container at ``place``."""
        checked = self._checked(func, key, op, place)
        found = checked or self._of(func, key, 0)
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
                return Keys(KeySpace.DIGEST, f"the key is a digest ({dotted(call.func)})")
            if models.is_a("configuration", name):
                return Keys(KeySpace.CONFIG, f"the key comes from the configuration ({dotted(call.func)})")
            if models.is_a("identities", name):
                return Keys(KeySpace.UNKNOWN, f"there is a key for each object ({dotted(call)})", "assumed")
        if not call.args and last[:1].isupper():
            return Keys(KeySpace.GENERATED, f"each key is a new object ({dotted(call)})")
        if self._graph.callees(call):
            return self._result(func, call, depth)
        if isinstance(call.func, Attr):
            return self._method(func, call, call.func, depth)
        if len(call.args) >= 1:
            return self._combined(func, tuple(a.value for a in call.args), depth)
        return self._role(func, last, f"the name {last!r}") or UNKNOWN

    def _method(self, func: Func, call: Call, callee: Attr, depth: int) -> Keys:
        """``text.lower()`` is as open as ``text``; ``headers.get("x-session-id")`` is told by the word asked for."""
        words = [a.value.text for a in call.args if isinstance(a.value, Const) and a.value.kind == "str"]
        if words:
            return self._role(func, words[0], f"the name {words[0]!r}") or UNKNOWN
        of_module = isinstance(self._resolver.resolve(func, callee.base), (External, File))
        if not call.args:
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
        if depth < 2:
            returned = [op.node for op in target.ops if op.kind == "return" and op.node is not None]
            found = self._combined(target, tuple(returned), depth + 1)
            if found.space is not KeySpace.UNKNOWN and returned:
                return found
        return named or UNKNOWN

    # -- names -------------------------------------------------------------------------------------------------

    def _name(self, func: Func, expr: Name, depth: int) -> Keys:
        owner = func.owner_of(expr.id)
        named = self._role(func, expr.id, f"the name {expr.id!r}")
        if owner is None or depth > 4:
            return named or UNKNOWN
        bindings = owner.file.bindings.get((owner.index, expr.id), [])
        if owner.is_module and bindings and all(b.kind == "value" and isinstance(b.expr, Const) for _, b in bindings):
            return Keys(KeySpace.CONSTANT, "the key is a constant")
        found = [k for scope, b in bindings for k in [self._bound(scope, b, depth)] if k is not None]
        best = max(found, key=lambda k: k.space, default=UNKNOWN)
        told = named is not None and depth == 0 and not any(_is_composed(b.expr) for _, b in bindings)
        if best.space is KeySpace.UNKNOWN or (best.proof == "named" and told):
            return named or best
        return best

    def _bound(self, func: Func, binding: Binding, depth: int) -> Keys | None:
        if binding.kind == "param":
            return self._parameter(func, binding, depth)
        if binding.kind == "import":
            return Keys(KeySpace.CONSTANT, "the key is an imported name") if binding.imported else None
        if binding.expr is None:
            return None
        if binding.kind == "element":
            return self._iterated(func, binding.expr, depth)
        if binding.kind in {"value", "part"}:
            if isinstance(binding.expr, Const) and binding.expr.kind in {"none", "bool"}:
                return None
            if binding.kind == "part" and isinstance(binding.expr, Display) and binding.number >= 0:
                items = binding.expr.items
                return self._of(func, items[binding.number], depth + 1) if binding.number < len(items) else None
            if binding.op == "+":
                return Keys(KeySpace.GENERATED, "each key is counted up")
            return self._of(func, binding.expr, depth + 1)
        return None

    def _iterated(self, func: Func, over: Expr, depth: int) -> Keys | None:
        """The element of something that is iterated: a table, the configuration, or data."""
        if isinstance(over, Display):
            return self._combined(func, over.items, depth + 1)
        base: Expr = over
        while isinstance(base, Call):
            base = base.func.base if isinstance(base.func, Attr) else base.args[0].value if base.args else Name("")
        place = self._places.of(func, base) if isinstance(base, (Name, Attr, Index)) else None
        if place is not None and isinstance(place.root, Global) and self._is_table(place):
            return Keys(KeySpace.FINITE, f"the key is one of {dotted(base)}")
        if place is not None and isinstance(place.root, (Global, FieldOf)) and not place.is_element:
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
        if passed and all(p is not None and self._is_table(p) for p in places):
            return Keys(KeySpace.FINITE, f"every caller passes a table for {dotted(base)}")
        return None

    def _is_table(self, place: Place) -> bool:
        """A module-level container written down in the source, constant by its elements."""
        root = place.root
        if not isinstance(root, Global):
            return False
        values = [b.expr for _, b in root.file.bindings.get((0, root.name), []) if b.kind == "value"]
        tables = [v.args[0].value if isinstance(v, Call) and v.args else v for v in values]
        return bool(tables) and all(isinstance(v, Display) and v.items for v in tables)

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
        checked = self._checked(caller, arg, op, Place(Library(""))) if op is not None else None
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
        named = self._role(func, expr.name, f"the name {expr.name!r}")
        if named is not None:
            return named
        if isinstance(expr.base, (Call, Await)):
            return self._of(func, expr.base, depth)
        if expr.name in GENERIC or expr.name.lower() in GENERIC:
            text = dotted(expr.base).rsplit(".", 1)[-1]
            return self._role(func, text, f"the name {text!r}") or UNKNOWN
        return UNKNOWN

    def _index(self, func: Func, expr: Index, depth: int) -> Keys:
        if isinstance(expr.key, Const) and expr.key.kind == "str":
            return self._role(func, expr.key.text, f"the name {expr.key.text!r}") or UNKNOWN
        return self._of(func, expr.base, depth + 1)

    # -- checks before the insert ------------------------------------------------------------------------------

    def _checked(self, func: Func, key: Expr, op: Op, place: Place) -> Keys | None:
        """A dominating test that the key is one of a known set, or is in the container already."""
        for guard in guards(func.facts, op.position):
            found = self._by_guard(func, key, guard, place)
            if found is not None:
                return found
        return None

    def _by_guard(self, func: Func, key: Expr, guard: Guard, place: Place) -> Keys | None:
        for test, taken in conjuncts(guard.test, guard.taken):
            asked = membership(self._program.models(func.file), test)
            if asked is not None:
                if asked.negated is taken or not _same(asked.item, key):
                    continue
                return self._member(func, asked.container, place)
            if isinstance(test, Operation) and test.op in {"==", "is"} and taken and _same(test.operands[0], key):
                equal = self._of(func, test.operands[1], 1)
                if equal.space is not KeySpace.UNKNOWN:
                    return equal
            if isinstance(test, (Name, Operation)):
                looked = self._looked_up(func, key, test, taken, place)
                if looked is not None:
                    return looked
        return None

    def _member(self, func: Func, table: Expr, place: Place) -> Keys | None:
        where = self._places.of(
            func, table.func.base if isinstance(table, Call) and isinstance(table.func, Attr) else table
        )
        if where is not None and where == place:
            return Keys(KeySpace.CONSTANT, "the key is in the container already")
        if isinstance(table, Display) or (where is not None and self._is_table(where)):
            return Keys(KeySpace.FINITE, f"the key is checked to be one of {dotted(table)}")
        return Keys(KeySpace.ROLE_ENTITY, f"the key is checked to be one of {dotted(table)}", "assumed")

    def _looked_up(self, func: Func, key: Expr, test: Expr, taken: bool, place: Place) -> Keys | None:
        """``tool = TOOLS.get(name)`` and then ``if tool is None: raise``: the name is one of the table."""
        name, present = _presence(test, taken)
        if name is None or not present:
            return None
        owner = func.owner_of(name)
        if owner is None:
            return None
        for scope, binding in owner.file.bindings.get((owner.index, name), []):
            call = binding.expr
            if isinstance(call, Call) and isinstance(call.func, Attr) and call.func.name == "get" and call.args:
                if _same(call.args[0].value, key) and self._places.of(scope, call.func.base) != place:
                    return self._member(scope, call.func.base, place)
        return None

    def _role(self, func: Func, text: str, why: str) -> Keys | None:
        return role_of(self._program.models(func.file).roles, text, why)


def _is_composed(expr: Expr | None) -> bool:
    """A key put together of several: its parts tell more than the name of the whole."""
    return isinstance(expr, Operation) and expr.op in {"format", "+"}


def _same(one: Expr, other: Expr) -> bool:
    return one == other or any(e == other for e in every(one) if isinstance(one, Display))


def _presence(test: Expr, taken: bool) -> tuple[str | None, bool]:
    """The variable a test asks about, and whether it is there on the way taken."""
    if isinstance(test, Name):
        return test.id, taken
    if isinstance(test, Operation) and len(test.operands) == 2 and isinstance(test.operands[0], Name):
        none = isinstance(test.operands[1], Const) and test.operands[1].kind == "none"
        if none and test.op in {"is", "=="}:
            return test.operands[0].id, not taken
        if none and test.op in {"is not", "!="}:
            return test.operands[0].id, taken
    return None, False
