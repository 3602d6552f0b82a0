"""Facts as short text, for tests that say what a source becomes."""

from __future__ import annotations

from leaklint import facts as f
from leaklint.frontend.python import extract


def read(source: str) -> f.FileFacts:
    """Facts of a source that must be readable."""
    found = extract("pkg/mod.py", source.encode())
    assert found.problems == ()
    return found


def expression(source: str) -> str:
    """What the only statement of the source, an expression, becomes."""
    (statement,) = read(source).functions[0].body
    assert isinstance(statement, f.Evaluate)
    return expr(statement.value)


def body(source: str, function: int = 0) -> list[str]:
    """The statements of a function (the module body by default), a line each, arms indented."""
    return block(read(source).functions[function].body)


def function(source: str, name: str) -> f.FunctionFacts:
    """The only function with this qualified name."""
    (found,) = [function for function in read(source).functions if function.qualname == name]
    return found


def expr(node: f.Expr | None) -> str:
    """One expression; operators as ``(op a b)``."""
    match node:
        case None:
            return "-"
        case f.Name(name):
            return name
        case f.Const(kind, text):
            return repr(text) if kind == "str" else text or kind
        case f.Attr(base, name):
            return f"{expr(base)}.{name}"
        case f.Index(base, key):
            return f"{expr(base)}[{expr(key)}]"
        case f.Call(func, args):
            return f"{expr(func)}({', '.join(map(arg, args))})"
        case f.Display():
            return display(node)
        case f.Operation(op, operands):
            return f"({' '.join([op, *map(expr, operands)])})"
        case f.Await(value):
            return f"await {expr(value)}"
        case f.Yield(value, delegate):
            return f"yield{' from' if delegate else ''} {expr(value)}"
        case f.Star(value):
            return f"*{expr(value)}"
        case f.Lambda(index):
            return f"lambda#{index}"
        case f.ClassValue(index):
            return f"class#{index}"
        case f.Comprehension(kind, elements, clauses):
            return f"{kind}<{', '.join(map(expr, elements))}{''.join(map(clause, clauses))}>"
        case f.Bind(target, value):
            return f"({expr(target)} := {expr(value)})"
        case f.Opaque():
            return "?"
    raise AssertionError(node)


def arg(node: f.Arg) -> str:
    """One argument."""
    return f"{node.star}{node.name + '=' if node.name else ''}{expr(node.value)}"


def clause(node: f.Clause) -> str:
    """One ``for`` of a comprehension."""
    return f" for {expr(node.target)} in {expr(node.over)}" + "".join(f" if {expr(test)}" for test in node.conditions)


def display(node: f.Display) -> str:
    """``kind<items>``."""
    keys = [f"{expr(key)}: " if key is not None else "" for key in node.keys] or [""] * len(node.items)
    return f"{node.kind}<{', '.join(key + expr(item) for key, item in zip(keys, node.items, strict=True))}>"


def block(statements: f.Block) -> list[str]:
    """Statements, a line each, arms indented."""
    return [line for statement in statements for line in lines(statement)]


def arm(head: str, statements: f.Block) -> list[str]:
    """An arm with its head; nothing where the arm is empty."""
    return [head, *("  " + line for line in block(statements))] if statements else []


def lines(node: f.Stmt) -> list[str]:
    """One statement."""
    match node:
        case f.Assign(targets, value, _, op, annotation):
            head = " = ".join(map(expr, targets)) + ("" if annotation is None else f": {expr(annotation)}")
            return [f"{head} {op}= {expr(value)}"]
        case f.Evaluate(value):
            return [expr(value)]
        case f.Delete(targets):
            return [f"del {', '.join(map(expr, targets))}"]
        case f.Return(value) | f.Raise(value) | f.Assert(value):
            return [f"{type(node).__name__.lower()} {expr(value)}"]
        case f.Jump(kind):
            return [kind]
        case f.Define(index):
            return [f"def#{index}"]
        case f.DefineClass(index):
            return [f"class#{index}"]
        case f.Import(names, _, typing_only):
            return [f"{'typing ' if typing_only else ''}import " + ", ".join(map(imported, names))]
        case _:
            return compound(node)


def imported(node: f.ImportedName) -> str:
    """``local=..module:name``."""
    return f"{node.local}={'.' * node.up}{'.'.join(node.parts)}" + (f":{node.name}" if node.name else "")


def compound(node: f.Stmt) -> list[str]:
    """A statement with arms; ``pass`` for an empty first arm."""
    match node:
        case f.Branch(test, inner, orelse):
            return [f"if {expr(test)}", *indented(inner), *arm("else", orelse)]
        case f.Loop(kind, target, over, inner, orelse, _, is_async):
            head = f"for {expr(target)} in {expr(over)}" if kind == "for" else f"while {expr(over)}"
            return [f"{'async ' if is_async else ''}{head}", *indented(inner), *arm("else", orelse)]
        case f.With(items, inner, _, is_async):
            heads = [expr(item.value) + ("" if item.target is None else f" as {expr(item.target)}") for item in items]
            return [f"{'async ' if is_async else ''}with {', '.join(heads)}", *indented(inner)]
        case f.Try(inner, handlers, orelse, final):
            caught = [line for handler in handlers for line in handled(handler)]
            return ["try", *indented(inner), *caught, *arm("else", orelse), *arm("finally", final)]
    raise AssertionError(node)


def indented(statements: f.Block) -> list[str]:
    """A first arm."""
    return ["  " + line for line in block(statements)] or ["  pass"]


def handled(node: f.Handler) -> list[str]:
    """One handler."""
    head = " ".join(["except", ", ".join(map(expr, node.types)), node.name and f"as {node.name}"])
    return [head.strip(), *indented(node.body)]


def field(node: f.Field) -> str:
    """One field of a class."""
    return f"{node.name}: {expr(node.annotation)} = {expr(node.value)}"


def param(node: f.Param) -> str:
    """One parameter."""
    return f"{node.kind} {node.name}: {expr(node.annotation)} = {expr(node.default)}"
