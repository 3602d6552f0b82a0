"""What a front end says about one file: a small, language-neutral tree of statements and expressions.

Facts hold syntax only. They name no library, judge nothing, and are immutable and cheap to serialise, so that the
cache, worker processes and a second language need one design. A front end *lowers* its language to these shapes;
linking and judging never learn which language a file was written in.

Conventions every front end keeps:

* Lines and columns count from 1, in Unicode code points; the end column is exclusive.
* ``FileFacts.functions[0]`` is the module body, a function named ``<module>`` without parameters.
* Functions and classes are listed once per file, in source order of their first line, and referred to by index.
* A name read or written in a function belongs to it when it stands in ``FunctionFacts.locals`` (parameters included);
  otherwise to the nearest enclosing function that lists it, and at last to the module. Class bodies are no scope for
  their methods.
* The instance a method works on is an ordinary name (``self``, ``this``): the method lists it as ``receiver``.
"""

from __future__ import annotations

from typing import Union

import msgspec

FACTS_VERSION = 1
"""Raised whenever the meaning or shape of a fact changes; part of every cache key."""


class Fact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Base of all facts: immutable, encoded as an array, and no work for the garbage collector (trees have no cycles)."""


class Span(Fact, frozen=True, gc=False):
    """A place in a file. Lines and columns from 1, in code points; ``end_column`` is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


NOWHERE = Span(1, 1, 1, 1)


# --------------------------------------------------------------------------------------------------------------
# Expressions


class Name(Fact, frozen=True, tag="N", gc=False):
    """A bare identifier, also ``self``, ``this``, ``super``."""

    id: str


class Const(Fact, frozen=True, tag="C", gc=False):
    """A literal. ``kind`` is str, number, bool, none, bytes, ellipsis or regex.

    ``text`` is the value of a string (cut at 120 characters), ``true``/``false`` of a bool, the source text of a
    number, and empty otherwise.
    """

    kind: str
    text: str = ""


class Attr(Fact, frozen=True, tag="A"):
    """``base.name``; also optional chaining, ``this.#name`` (name ``#name``) and ``this[symbol]`` (name ``[symbol]``)."""

    base: Expr
    name: str


class Index(Fact, frozen=True, tag="I"):
    """``base[key]``; a slice is ``Operation("slice", (lower, upper, step))`` with ``Const("none")`` where one is left out."""

    base: Expr
    key: Expr


class Arg(Fact, frozen=True):
    """One argument of a call. ``star`` is ``""``, ``"*"`` (spread) or ``"**"`` (keyword spread)."""

    value: Expr
    name: str = ""
    star: str = ""


class Call(Fact, frozen=True, tag="F"):
    """``func(args)``, ``new func(args)`` (``new`` true) and tagged templates. ``span`` covers the whole call."""

    func: Expr
    args: tuple[Arg, ...]
    span: Span
    new: bool = False


class Display(Fact, frozen=True, tag="D"):
    """A list, tuple, set or dict display (array and object literals are ``list`` and ``dict``).

    ``keys`` is parallel to ``items`` for a dict (``None`` where an item is a spread) and empty otherwise.
    A spread item is a :class:`Star`.
    """

    kind: str
    items: tuple[Expr, ...]
    keys: tuple[Expr | None, ...] = ()


class Operation(Fact, frozen=True, tag="O"):
    """Everything computed from operands.

    ``op`` is an operator as Python spells it (``+ - | and or not == != < <= > >= in, "not in", is, "is not"``, unary
    ``neg``), ``??``, ``instanceof``, ``typeof``, ``if`` (test, then, otherwise), ``format`` (the pieces of an f-string
    or template), ``slice``, ``match`` (subject, pattern), or ``other``. ``=== / !==`` are ``==`` and ``!=``,
    ``&& || !`` are ``and or not``. A chained comparison is an ``and`` of comparisons.
    """

    op: str
    operands: tuple[Expr, ...]


class Await(Fact, frozen=True, tag="W"):
    value: Expr


class Yield(Fact, frozen=True, tag="Y"):
    """``yield value``; ``delegate`` for ``yield from`` / ``yield*``."""

    value: Expr | None
    delegate: bool = False


class Star(Fact, frozen=True, tag="S"):
    """``*value`` / ``...value`` in a display or an assignment target; ``**value`` in a dict display."""

    value: Expr


class Lambda(Fact, frozen=True, tag="L", gc=False):
    """A function written as an expression: lambda, arrow function, function expression, method of an object literal."""

    function: int


class ClassValue(Fact, frozen=True, tag="K", gc=False):
    """A class written as an expression."""

    cls: int


class Clause(Fact, frozen=True):
    """``for target in over if conditions`` of a comprehension."""

    target: Expr
    over: Expr
    conditions: tuple[Expr, ...] = ()


class Comprehension(Fact, frozen=True, tag="P"):
    """``kind`` is list, set, dict or generator; ``elements`` are the value, or key and value for a dict."""

    kind: str
    elements: tuple[Expr, ...]
    clauses: tuple[Clause, ...]


class Bind(Fact, frozen=True, tag="B"):
    """An assignment used as an expression: ``(name := value)``, ``a = b`` inside another expression.

    ``op`` is as in :class:`Assign`.
    """

    target: Expr
    value: Expr
    op: str = ""


class Opaque(Fact, frozen=True, tag="U", gc=False):
    """An expression no analysis asks about."""


Expr = Union[
    Name,
    Const,
    Attr,
    Index,
    Call,
    Display,
    Operation,
    Await,
    Yield,
    Star,
    Lambda,
    ClassValue,
    Comprehension,
    Bind,
    Opaque,
]


# --------------------------------------------------------------------------------------------------------------
# Statements


class Assign(Fact, frozen=True, tag="a"):
    """``targets = value``; several targets for ``a = b = value``, a tuple display for unpacking.

    ``op`` is empty, or the operator of an augmented assignment (``+ - | & ?? or and ...``). ``value`` is ``None`` for a
    bare declaration. ``annotation`` is the declared type lowered to an expression (``Map<string, X>`` becomes
    ``Index(Name("Map"), Display("tuple", ...))``, like ``dict[str, X]``; ``X[]`` becomes ``Index(Name("Array"), X)``).
    ``constant`` is true where the language forbids re-assignment.
    """

    targets: tuple[Expr, ...]
    value: Expr | None
    span: Span
    op: str = ""
    annotation: Expr | None = None
    constant: bool = False


class Evaluate(Fact, frozen=True, tag="e"):
    """An expression statement."""

    value: Expr
    span: Span


class Delete(Fact, frozen=True, tag="d"):
    """``del target`` / ``delete target``."""

    targets: tuple[Expr, ...]
    span: Span


class Return(Fact, frozen=True, tag="r"):
    value: Expr | None
    span: Span


class Raise(Fact, frozen=True, tag="x"):
    value: Expr | None
    span: Span


class Assert(Fact, frozen=True, tag="s"):
    test: Expr
    span: Span


class Jump(Fact, frozen=True, tag="j", gc=False):
    """``kind`` is break or continue."""

    kind: str
    span: Span


class Branch(Fact, frozen=True, tag="b"):
    """``if test: body else: orelse``. ``match`` and ``switch`` become a chain of these in the ``orelse`` arms.

    The test of a case is ``Operation("match", (subject, pattern))``, or ``Operation("==", (subject, value))`` where the
    case compares with a value.
    """

    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    span: Span


class Loop(Fact, frozen=True, tag="l"):
    """``kind`` is for (``target`` in ``over``) or while (``over`` is the test; ``Const("bool", "true")`` for ever).

    A C-style ``for(init; test; step)`` is its init before the loop, kind while, and the step at the end of the body.
    """

    kind: str
    target: Expr | None
    over: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    span: Span
    is_async: bool = False


class Handler(Fact, frozen=True):
    """``except types as name``; no types: catches everything."""

    types: tuple[Expr, ...]
    name: str
    body: tuple[Stmt, ...]
    span: Span


class Try(Fact, frozen=True, tag="t"):
    body: tuple[Stmt, ...]
    handlers: tuple[Handler, ...]
    orelse: tuple[Stmt, ...]
    final: tuple[Stmt, ...]
    span: Span


class WithItem(Fact, frozen=True):
    value: Expr
    target: Expr | None = None


class With(Fact, frozen=True, tag="w"):
    """``with items: body``. A ``using x = f()`` declaration is a With over the rest of its block."""

    items: tuple[WithItem, ...]
    body: tuple[Stmt, ...]
    span: Span
    is_async: bool = False


class Define(Fact, frozen=True, tag="f", gc=False):
    """A ``def`` / function declaration stands here."""

    function: int
    span: Span


class DefineClass(Fact, frozen=True, tag="c", gc=False):
    """A class declaration stands here."""

    cls: int
    span: Span


class ImportedName(Fact, frozen=True):
    """One name bound by an import.

    ``up`` is 0 for an absolute module, 1 for the importing file's own directory, 2 for its parent ...; ``parts`` are the
    segments of the module path below that (no file extension, no trailing ``index`` / ``__init__``). ``name`` is what is
    taken from the module: empty for the module itself, ``*`` for all its names (``local`` is then ``*`` too), ``default``
    for a default export.
    """

    local: str
    up: int
    parts: tuple[str, ...]
    name: str = ""


class Import(Fact, frozen=True, tag="i"):
    """An import where it stands (also ``const x = require(...)``). ``typing_only``: not executed at run time."""

    names: tuple[ImportedName, ...]
    span: Span
    typing_only: bool = False


Stmt = Union[
    Assign, Evaluate, Delete, Return, Raise, Assert, Jump, Branch, Loop, Try, With, Define, DefineClass, Import
]
Block = tuple[Stmt, ...]


# --------------------------------------------------------------------------------------------------------------
# Definitions and files


class Param(Fact, frozen=True):
    """``kind`` is positional, keyword (keyword-only), star (``*args`` / ``...rest``) or kwstar.

    A destructured object parameter is one positional parameter with an empty name; the front end puts an
    :class:`Assign` of the pattern from ``Name("")`` first into the body.
    """

    name: str
    kind: str = "positional"
    annotation: Expr | None = None
    default: Expr | None = None


class FunctionFacts(Fact, frozen=True):
    """A function, method, lambda, accessor, or the module body.

    ``name`` is empty for a nameless lambda (an arrow function bound to a constant bears the constant's name).
    ``qualname`` is dotted through classes and functions (``Store.put``, ``main.handle``; ``<lambda>`` for nameless ones).
    ``parent`` is the index of the enclosing function (0 for top level; -1 for the module body itself).
    ``cls`` is the index of the class whose body holds the function, or -1.
    ``receiver`` is the name of the instance or class parameter (``self``, ``this``, ``cls``), which then also stands in
    ``locals`` but not in ``params``; ``binds`` says what it names: ``instance``, ``class`` or ``""`` (static or no method).
    ``role`` is ``""``, ``constructor``, ``getter`` or ``setter``.
    ``span`` is the place of the name (of the whole head where there is none).
    ``locals`` are the names bound in this function, parameters and receiver included (sorted).
    """

    name: str
    qualname: str
    parent: int
    cls: int
    params: tuple[Param, ...]
    body: Block
    span: Span
    locals: tuple[str, ...]
    receiver: str = ""
    binds: str = ""
    role: str = ""
    decorators: tuple[Expr, ...] = ()
    returns: Expr | None = None
    is_async: bool = False
    is_generator: bool = False
    is_lambda: bool = False
    end_line: int = 0


class Field(Fact, frozen=True):
    """A name declared in a class body. ``shared``: one for all instances (a Python class attribute, a static field)."""

    name: str
    value: Expr | None
    annotation: Expr | None
    shared: bool
    span: Span


class ClassFacts(Fact, frozen=True):
    """A class. ``parent`` is the index of the function whose body holds it; ``methods`` are indexes of functions.

    ``kind`` is class, or interface for a type that has no run-time instances of its own. ``keywords`` are the keyword
    arguments of a Python class head (``metaclass=...``).
    """

    name: str
    qualname: str
    parent: int
    bases: tuple[Expr, ...]
    fields: tuple[Field, ...]
    methods: tuple[int, ...]
    span: Span
    decorators: tuple[Expr, ...] = ()
    kind: str = "class"
    keywords: tuple[Arg, ...] = ()


class Export(Fact, frozen=True):
    """A name under which a module offers a value when it is not simply the module-level name itself.

    An empty ``name``: the module itself is this value (``module.exports = value``).
    """

    name: str
    value: Expr


class Directive(Fact, frozen=True, gc=False):
    """A comment that starts with ``leaklint:``, without the comment sign. ``own_line``: nothing else is on its line."""

    span: Span
    text: str
    own_line: bool


class Problem(Fact, frozen=True, gc=False):
    """Something that could not be read. ``line`` and ``column`` from 1, or 0 where the place is not known."""

    message: str
    line: int = 0
    column: int = 0


class FileFacts(Fact, frozen=True):
    """All that is known of one file. ``path`` is relative to the analysed root, with ``/``.

    ``stub``: declarations only (``.pyi``): read for types, never reported. ``lines`` is the number of lines. ``search_path``:
    an absolute module name may mean a file of the program wherever it lies; else only where an alias says so.
    """

    path: str
    language: str
    functions: tuple[FunctionFacts, ...]
    classes: tuple[ClassFacts, ...]
    exports: tuple[Export, ...] = ()
    directives: tuple[Directive, ...] = ()
    problems: tuple[Problem, ...] = ()
    lines: int = 0
    stub: bool = False
    search_path: bool = True


class Alias(Fact, frozen=True):
    """How a project's own settings name its files (a workspace package, a path alias of the compiler).

    ``prefix`` are the segments of the specifier, ``target`` those of the path below the analysed root without extension,
    ``under`` the directory to which the alias applies; ``wildcard``: what follows the prefix is appended to the target.
    """

    prefix: tuple[str, ...]
    target: tuple[str, ...]
    under: tuple[str, ...] = ()
    wildcard: bool = False
