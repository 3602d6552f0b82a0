"""The tables a library model may hold (``rules/models/<language>/<library>.toml`` and ``[tool.leaklint.models]``).

Every name of an API in these tables is a *name pattern*: dotted segments that must be the tail of the qualified name
(``FastMCP.tool`` matches ``mcp.server.fastmcp.FastMCP.tool``; ``time.sleep`` does not match ``sleep`` of another module).
A method is ``Type.method``; ``*.method`` matches a method of that name on a receiver whose type is not known, and is only
for names that mean one thing wherever they occur (``addHandler``, ``add_done_callback``). A pattern that starts with a dot
is the whole name: ``.len`` is the builtin, while ``len`` would also match ``anything.len``.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Scope = Literal["once", "session", "call", "tick", "teardown"]
"""How often an entry point runs: once per process, per session, per request, by time, or once when its object ends."""

Ends = Literal["nobody", "request", "stream", "child", "task", "session", "owner", "caller"]
"""Who ends an object: nobody (as long as the process), the request, the stream, child process or task it stands for, the
session, or whoever created it (``owner``: its own lifetime decides; ``caller``: so it does, and one that is handed in is
made to be shared by many calls)."""


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Base of all rows. ``source`` says where the fact was checked, with the version."""

    source: str = ""


class TypeRow(Row, frozen=True, kw_only=True):
    """A library type: what creates it, what it derives from, and who ends it.

    ``returned_by`` are calls whose result is of this type; ``attributes`` maps attribute names to type names.
    ``one``: a process has one such object (the application), so that whatever way it is reached it is the same.
    """

    name: str
    returned_by: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    attributes: dict[str, str] = {}
    ends: Ends = "owner"
    one: bool = False


class Pair(Row, frozen=True, kw_only=True):
    """What acquires and what releases: listeners, callbacks, subscriptions, exit hooks.

    ``acquire`` and ``release`` are name patterns. ``match`` says what the release must name: the same ``callback``
    (argument number ``callback``, from 0; -1: the last positional one), the ``key`` (argument number ``key``),
    the ``result`` of the acquiring call (passed to the release, or called, or one of ``methods`` called on it), or nothing
    (``any``).
    ``deduplicates``: an equal callback is registered once. ``replaces``: one slot per key; registering again replaces.
    ``once``: the library removes the callback after its first call. ``sure`` are the events (key values) that always come.
    ``emitter``: ``receiver``, ``process`` (a module-level function such as atexit.register) or ``argument N``.
    ``keyword``: the callback may be passed under this name. ``signal``: an option whose abort also releases
    (one of ``methods`` called on the object it belongs to).
    ``clears`` are calls that remove all callbacks (those of the key, if the call is given one).
    ``told_by`` names, for an event (key value), the type of an emitter of which nothing else is known.
    ``weak``: the emitter keeps only a weak reference to the callback, unless the call says ``weak=False``.
    """

    acquire: tuple[str, ...]
    release: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    match: Literal["callback", "key", "result", "any"] = "callback"
    callback: int = 0
    keyword: str = ""
    key: int | None = None
    methods: tuple[str, ...] = ()
    deduplicates: bool = False
    weak: bool = False
    replaces: bool = False
    once: bool = False
    sure: tuple[str, ...] = ()
    emitter: str = "receiver"
    signal: str = ""
    told_by: dict[str, str] = {}


class Entry(Row, frozen=True, kw_only=True):
    """What makes a function run from outside, and how often.

    ``form``: ``decorator`` (``@x.tool``, ``@x.tool(...)`` and ``x.tool(...)(f)``), ``argument`` (a function among the
    positional arguments of the call; ``argument`` is its number, -1 any), ``keyword`` (under one of ``keywords``, also as
    a property of an object literal among the arguments), ``method`` (a method of this name in a class derived from the
    type; ``*.name`` in any class), ``attribute`` (assigned to an attribute of this name), ``item`` (assigned to an item
    of an attribute of this name).
    ``sure``: for a callback on an event: it always comes, so a release in it counts as happening.
    ``client``: only the client makes it happen. ``label``: what people call it (``tool``, ``route``).
    ``parameters``: only a method with these parameters counts (``__call__(scope, receive, send)``).
    ``gives``: types of the arguments the library passes to the function, for parameters that have no annotation.
    ``serves``: false for what programs that serve nobody have as well (listeners, callbacks of a client).
    """

    call: tuple[str, ...]
    form: Literal["decorator", "argument", "keyword", "method", "attribute", "item"]
    scope: Scope = "call"
    argument: int = -1
    keywords: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    sure: bool = False
    client: bool = False
    parameters: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    serves: bool = True
    label: str = "handler"


class Convention(Row, frozen=True, kw_only=True):
    """What functions are passed whose first parameters bear these names, in this order and without annotations.

    ``parameters``: the names; ``types``: the type of each, whoever calls the function.
    """

    parameters: tuple[str, ...]
    types: tuple[str, ...]


class Spawn(Row, frozen=True, kw_only=True):
    """A call that runs a function later or beside: task, thread, timer.

    ``argument``/``keyword`` say where the function (or the coroutine made by calling it) stands. ``scope``: ``call`` if it
    runs once for each such call, ``tick`` if it is run again and again. ``delayed``: a one-shot timer (re-arming itself
    makes it a tick). ``argument`` -1: every positional argument. ``on_error``: it runs only when something failed.
    """

    call: tuple[str, ...]
    argument: int = 0
    keyword: str = ""
    scope: Literal["call", "tick"] = "call"
    delayed: bool = False
    on_error: bool = False


class Deferred(Row, frozen=True, kw_only=True):
    """A call that promises a later call of its argument: at the exit of a context (``exit``), at the end of the object
    in ``of`` (``object``), or when the task or future is done (``done``)."""

    call: tuple[str, ...]
    argument: int = 0
    when: Literal["exit", "object", "done"]


class Context(Row, frozen=True, kw_only=True):
    """A decorator that makes a generator a context manager: what follows its ``yield`` runs at exit."""

    decorator: tuple[str, ...]


class Container(Row, frozen=True, kw_only=True):
    """A container type: how it grows and shrinks and what bounds it.

    ``grow`` maps method names to what the first argument is: ``key`` (an entry under that key), ``item``, ``items`` (many
    at once) or ``memo`` (looked up and, if absent, put). ``shrink`` maps method names to ``key``, ``item``, ``one``
    (whatever is oldest or last), ``all``, or ``splice`` (``start, count, ...more``: takes a part out and puts more in its
    place). ``subscript``: ``x[key] = v`` adds an entry.
    ``creates``: reading an absent key inserts it. ``factory``: argument number that makes inner containers.
    ``bound_argument`` / ``bound_keyword``: where the constructor takes a size; ``bounded``: always bounded;
    ``unbounded``: spellings of that argument which mean no bound (``none``, ``inf``, ``0``). Without the argument there
    is no bound unless ``bounded``. ``weak``: entries go with their key or value.
    """

    type: tuple[str, ...]
    kind: Literal["mapping", "set", "sequence", "queue"]
    grow: dict[str, Literal["key", "item", "items", "memo"]] = {}
    shrink: dict[str, Literal["key", "item", "one", "all", "splice"]] = {}
    read: tuple[str, ...] = ()
    subscript: bool = False
    creates: bool = False
    factory: int | None = None
    bound_argument: int | None = None
    bound_keyword: tuple[str, ...] = ()
    bounded: bool = False
    unbounded: tuple[str, ...] = ()
    weak: bool = False


class Routine(Row, frozen=True, kw_only=True):
    """A free function that changes a container it is given: ``heapq.heappush(heap, item)``.

    ``key``: the argument that is the key under which it grows.
    """

    call: tuple[str, ...]
    argument: int = 0
    key: int | None = None
    effect: Literal["grow", "shrink", "clear"]


class Cache(Row, frozen=True, kw_only=True):
    """A caching decorator. ``bare``: used without arguments it is unbounded (``default_bounded`` false).

    ``bound_argument``/``bound_keyword`` take the size; ``cache_argument``/``cache_keyword`` take the container that holds
    the entries (``cachetools.cached(cache={})``). ``clears`` are methods of the cached function that empty its cache.
    """

    decorator: tuple[str, ...]
    default_bounded: bool = False
    bound_argument: int | None = None
    bound_keyword: tuple[str, ...] = ()
    cache_argument: int | None = None
    cache_keyword: tuple[str, ...] = ()
    unbounded: tuple[str, ...] = ("none",)
    clears: tuple[str, ...] = ()


class Roles(Row, frozen=True, kw_only=True):
    """Words that tell what a key stands for: an open set, a finite one, or an entity that somebody manages.

    ``identifier``: words for an identifier of what the word before tells; alone they tell of an open set.
    ``locator``: open words that say where something is to be found; there is one for each thing (the url of a gateway).
    ``cache``: words by which a program calls a container a cache.
    """

    open: tuple[str, ...] = ()
    identifier: tuple[str, ...] = ()
    finite: tuple[str, ...] = ()
    entity: tuple[str, ...] = ()
    locator: tuple[str, ...] = ()
    cache: tuple[str, ...] = ()


class Names(Row, frozen=True, kw_only=True):
    """Plain lists of name patterns.

    ``cannot_raise``: calls that cannot leave; ``cannot_raise_defaulted``: those that cannot leave when they are given a
    default as their last argument (``dict.pop(key, None)``). ``waits``: calls that wait (a loop around one is periodic; one that starts with ``*.``
    only with an argument, its time limit). ``endless``: calls whose result a ``for`` never comes to the end of.
    ``generates``: calls whose result is new each time. ``digests``: calls whose result is a digest of their argument.
    ``configuration``: calls and attributes that read configuration. ``finite_types``: types with few values.
    ``records``: decorators and base classes that make annotated class fields instance fields.
    ``catches_all``: exception types that also catch cancellation. ``catches_errors``: exception types that catch
    every error but not cancellation. ``catches_cancel``: those that catch cancellation only. ``subscript_errors``: what
    reading an absent key raises (empty where it raises nothing). ``script_guards``: names that a module asks for to know whether it is the program. ``identities``: calls that tell one object from another (id). ``ends_process``: calls that never return.
    ``overload``: decorators for declarations without a body. ``singleton_classes``: bases or decorators of classes with
    one instance. ``copies``: calls that return a fresh container with the same content. ``enums``: base classes of
    enumerations. ``main``: names of functions that run once. ``sizes``: functions that give the size of a container.
    ``transparent``: generic types that mean their argument (Optional, Awaitable). ``type_of``: generic types whose value is a
    class. ``class_of``: the call and the attribute that give the class of an object (type, __class__). ``identity``: calls
    that return their last argument (cast). ``partial``: calls that wrap the
    function they are given (functools.partial, wraps). ``membership``: methods that say whether their argument is in
    the receiver. ``membership_by``: those that ask a function about each element. ``means_growth``: methods that make a
    container grow whatever the receiver is (append).
    ``ended``: attributes that tell whether an object has come to its end, and nothing of its listeners (``*.closed``).
    ``runs_program``: calls that run the work of a program until it ends (asyncio.run).
    ``fluent``: methods of library objects that return their receiver. ``serving``: calls by which a program starts to serve.
    ``closing``: methods that end what they are called on, so that a module whose body calls one comes to its end.
    ``ending``: methods after which what they are called on tells its listeners that it has come to its end.
    ``server_modules``: modules that no browser has. ``page_modules`` and ``page_globals``: modules and global names of code
    that runs in a browser. ``page_calls``: methods that run the function they are given in a page.
    ``last_events``: events by which an object tells that it is at its end, however that came; ``end_events``: those that come
    at the end of what had begun; ``failure_events``: those that come where it did not begin, or broke.
    ``passed_for_a_call``: names that parameters bear by convention when they hold what belongs to one request.
    """

    cannot_raise: tuple[str, ...] = ()
    cannot_raise_defaulted: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    endless: tuple[str, ...] = ()
    generates: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    configuration: tuple[str, ...] = ()
    finite_types: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    catches_all: tuple[str, ...] = ()
    catches_errors: tuple[str, ...] = ()
    catches_cancel: tuple[str, ...] = ()
    subscript_errors: tuple[str, ...] = ()
    script_guards: tuple[str, ...] = ()
    identities: tuple[str, ...] = ()
    ends_process: tuple[str, ...] = ()
    overload: tuple[str, ...] = ()
    singleton_classes: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    enums: tuple[str, ...] = ()
    main: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    transparent: tuple[str, ...] = ()
    type_of: tuple[str, ...] = ()
    class_of: tuple[str, ...] = ()
    identity: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()
    membership: tuple[str, ...] = ()
    membership_by: tuple[str, ...] = ()
    means_growth: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    fluent: tuple[str, ...] = ()
    serving: tuple[str, ...] = ()
    runs_program: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    ending: tuple[str, ...] = ()
    server_modules: tuple[str, ...] = ()
    page_modules: tuple[str, ...] = ()
    page_globals: tuple[str, ...] = ()
    page_calls: tuple[str, ...] = ()
    last_events: tuple[str, ...] = ()
    end_events: tuple[str, ...] = ()
    failure_events: tuple[str, ...] = ()
    passed_for_a_call: tuple[str, ...] = ()


class Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Knowledge of libraries: any number of rows of each table."""

    type: tuple[TypeRow, ...] = ()
    pair: tuple[Pair, ...] = ()
    entry: tuple[Entry, ...] = ()
    convention: tuple[Convention, ...] = ()
    spawn: tuple[Spawn, ...] = ()
    deferred: tuple[Deferred, ...] = ()
    context: tuple[Context, ...] = ()
    container: tuple[Container, ...] = ()
    routine: tuple[Routine, ...] = ()
    cache: tuple[Cache, ...] = ()
    names: tuple[Names, ...] = ()
    roles: Roles | None = None
