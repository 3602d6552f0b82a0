"""Reads the library models and answers questions by name pattern."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar

import msgspec

from leaklint.catalog.files import RULES, listed, read
from leaklint.catalog.schema import (
    Cache,
    Container,
    Context,
    Convention,
    Deferred,
    Entry,
    Model,
    Names,
    Pair,
    Roles,
    Routine,
    Spawn,
    TypeRow,
)

R = TypeVar("R")


class ModelError(Exception):
    """A model file that does not fit the schema; the message names the file and the row."""


class Patterns(Generic[R]):
    """Rows found by the tail of a qualified name. Later rows win over earlier ones with the same pattern."""

    def __init__(self, pairs: Iterable[tuple[str, R]]) -> None:
        self._by_last: dict[str, list[tuple[tuple[str, ...], R]]] = {}
        for pattern, row in pairs:
            segments = tuple(pattern.split("."))
            self._by_last.setdefault(segments[-1], []).insert(0, (segments, row))
        self._found: dict[str, list[R]] = {}

    def __bool__(self) -> bool:
        return bool(self._by_last)

    def rows(self) -> Iterator[R]:
        """Every row, once for each of its patterns."""
        return (row for found in self._by_last.values() for _, row in found)

    def knows(self, last: str) -> bool:
        """Whether any pattern ends in this segment (a quick test before resolving a name)."""
        return last in self._by_last

    def all(self, name: str) -> list[R]:
        """Rows whose pattern is the tail of the dotted ``name``; the longest patterns first.

        The empty segment before the name is what a pattern with a leading dot (``.len``: the whole name) matches.
        """
        known = self._found.get(name)
        if known is None:
            known = self._found[name] = self._find(name)
        return known

    def _find(self, name: str) -> list[R]:
        segments = ("", *name.split("."))
        found = [
            (len(pattern), row)
            for pattern, row in self._by_last.get(segments[-1], ())
            if segments[-len(pattern) :] == pattern
        ]
        found.sort(key=lambda pair: -pair[0])
        return [row for _, row in found]

    def first(self, name: str) -> R | None:
        """The row with the longest pattern that is the tail of ``name``, or None."""
        found = self.all(name)
        return found[0] if found else None


class _Called(Protocol):
    @property
    def call(self) -> tuple[str, ...]: ...


C = TypeVar("C", bound=_Called)


def _by_call(rows: Iterable[C]) -> Patterns[C]:
    return Patterns((name, row) for row in rows for name in row.call)


class Models:
    """All model rows of one or more languages, indexed for look-up."""

    def __init__(self, models: Iterable[Model]) -> None:
        parts = list(models)
        self.types: Patterns[TypeRow] = Patterns((r.name, r) for m in parts for r in m.type)
        self.returns: Patterns[TypeRow] = Patterns((n, r) for m in parts for r in m.type for n in r.returned_by)
        self.pairs: Patterns[Pair] = Patterns((n, r) for m in parts for r in m.pair for n in r.acquire)
        self.releases: Patterns[Pair] = Patterns((n, r) for m in parts for r in m.pair for n in (*r.release, *r.clears))
        self.entries: Patterns[Entry] = _by_call(r for m in parts for r in m.entry)
        self.conventions: tuple[Convention, ...] = tuple(row for m in parts for row in m.convention)
        self.spawns: Patterns[Spawn] = _by_call(r for m in parts for r in m.spawn)
        self.deferred: Patterns[Deferred] = _by_call(r for m in parts for r in m.deferred)
        self.contexts: Patterns[Context] = Patterns((n, r) for m in parts for r in m.context for n in r.decorator)
        self.containers: Patterns[Container] = Patterns((n, r) for m in parts for r in m.container for n in r.type)
        self.routines: Patterns[Routine] = _by_call(r for m in parts for r in m.routine)
        self.caches: Patterns[Cache] = Patterns((n, r) for m in parts for r in m.cache for n in r.decorator)
        self.clears_cache = frozenset(n for m in parts for r in m.cache for n in r.clears)
        """Methods of a cached function that empty its cache."""

        self.roles = _merge_roles(m.roles for m in parts)
        self.names: dict[str, Patterns[str]] = {
            field: Patterns((n, n) for m in parts for row in m.names for n in getattr(row, field))
            for field in Names.__struct_fields__
            if field != "source"
        }

        self._gives = {n.rsplit(".", 1)[-1] for m in parts for row in m.entry if row.gives for n in row.call}
        self._rows = [row for m in parts for row in m.container]
        self._readers = {name for m in parts for row in m.container for name in row.read}
        self._readers |= {n for m in parts for row in m.container for n, how in row.grow.items() if how == "memo"}

        self._container_methods = self._readers | {
            n for m in parts for row in m.container for n in (*row.grow, *row.shrink)
        }

    def reads_element(self, method: str) -> bool:
        """Whether some container's method of this name gives one of its elements (``get``, ``setdefault``)."""
        return method in self._readers

    def gives_to(self, last: str) -> bool:
        """Whether some entry row with a name that ends in ``last`` says what the library passes to the function."""
        return last in self._gives

    def knows_call(self, last: str) -> bool:
        """Whether some entry, spawn or deferred row has a name that ends in ``last``."""
        return self.entries.knows(last) or self.spawns.knows(last) or self.deferred.knows(last)

    def is_container_method(self, method: str) -> bool:
        """Whether some container grows, shrinks or is read by a method of this name."""
        return method in self._container_methods

    def plain_growth(self, method: str) -> Literal["key", "item", "items", "memo"] | None:
        """What a method does to a receiver of unknown type, if every container that has it agrees and it means growth."""
        if not self.is_a("means_growth", method):
            return None
        return next((row.grow[method] for row in self._rows if method in row.grow), None)

    def plain_removal(self, method: str) -> Literal["key", "item", "one", "all", "splice"] | None:
        """What a method takes from a receiver of unknown type."""
        return next((row.shrink[method] for row in self._rows if method in row.shrink), None)

    @cached_property
    def tells_serving(self) -> bool:
        """Whether the entry rows of this language tell what answers clients from what merely reacts."""
        return any(not row.serves for row in self.entries.rows())

    @property
    def cancellation(self) -> bool:
        """Whether an await can be cancelled in this language: whether some exception type catches that."""
        return bool(self.names["catches_cancel"])

    @property
    def subscripts_raise(self) -> bool:
        """Whether reading an absent key raises."""
        return self.names["subscript_errors"].first("KeyError") is not None

    def is_a(self, field: str, name: str) -> bool:
        """Whether ``name`` (dotted) matches the list ``field`` of :class:`Names`."""
        return self.names[field].first(name) is not None


def _merge_roles(parts: Iterable[Roles | None]) -> Roles:
    given = [r for r in parts if r is not None]
    return Roles(
        open=tuple(w for r in given for w in r.open),
        identifier=tuple(w for r in given for w in r.identifier),
        finite=tuple(w for r in given for w in r.finite),
        entity=tuple(w for r in given for w in r.entity),
        locator=tuple(w for r in given for w in r.locator),
        cache=tuple(w for r in given for w in r.cache),
    )


def read_model(path: str) -> Model:
    """Read one model file.

    Raises:
        ModelError: the file is no TOML or does not fit the schema.
    """
    try:
        return msgspec.toml.decode(read(path), type=Model)
    except msgspec.DecodeError as error:
        raise ModelError(f"{path}: {error}") from error


@cache
def built_in(language: str) -> tuple[Model, ...]:
    """The models shipped for ``language`` (a folder of ``rules/models``), and those common to all."""
    folder = os.path.join(RULES, "models")
    paths = (*listed(folder, ".toml"), *listed(os.path.join(folder, language), ".toml"))
    return tuple(read_model(path) for path in paths)


def load(language: str, extra: tuple[Model, ...] = ()) -> Models:
    """The shipped models of ``language`` with the user's own after them (so that theirs win)."""
    return Models((*built_in(language), *extra))


class Own(NamedTuple):
    """A model of the user's own. ``below``: the directory for whose files it holds, relative to the root with ``/``;
    empty for all files."""

    below: str
    model: Model

    def holds_in(self, path: str) -> bool:
        """Whether it holds in the file at ``path`` (as ``below``)."""
        return not self.below or path.startswith(f"{self.below}/")


class Library:
    """What is known of libraries in each file: the shipped models, and those of ``own`` that hold there, later ones first."""

    def __init__(self, own: Sequence[Own] = ()) -> None:
        self._own = own
        self._known: dict[tuple[str, tuple[int, ...]], Models] = {}

    def of(self, language: str, path: str) -> Models:
        """The models for the file at ``path`` (relative to the root, with ``/``)."""
        holding = tuple(number for number, own in enumerate(self._own) if own.holds_in(path))
        key = (language, holding)
        if key not in self._known:
            self._known[key] = load(language, tuple(self._own[number].model for number in holding))
        return self._known[key]
