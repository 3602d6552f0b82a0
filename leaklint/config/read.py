"""Reads one configuration file; what is wrong with it is said with its line and a suggestion."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

import msgspec

from leaklint.catalog.pages import pages
from leaklint.config.schema import Configuration

OWN_FILE = "leaklint.toml"
SHARED_FILE = "pyproject.toml"

_SYNTAX_PLACE = re.compile(r"\(at line (\d+), column \d+\)")
_UNKNOWN = re.compile(r"unknown field `([^`]+)`")
_AT = re.compile(r" - at `\$([^`]*)`")


class ConfigurationError(Exception):
    """A configuration that cannot be used. ``path`` is its file, ``line`` counts from 1 (0: not known).

    ``is_foreign``: the file cannot be parsed at all and is not leaklint's own.
    """

    def __init__(self, path: str, message: str, line: int = 0, *, is_foreign: bool = False) -> None:
        super().__init__(message)
        self.path = path
        self.message = message
        self.line = line
        self.is_foreign = is_foreign


def read(path: str) -> Configuration | None:
    """The configuration in the file at ``path``; None for a file that is absent or says nothing to leaklint.

    Raises:
        ConfigurationError: it cannot be parsed, or does not fit the schema.
    """
    if not os.path.isfile(path):
        return None
    import tomllib  # not needed where nothing is configured

    is_foreign = os.path.basename(path) == SHARED_FILE
    try:
        with open(path, "rb") as file:
            text = file.read().decode()
        document = tomllib.loads(text)
    except OSError as error:
        raise ConfigurationError(path, f"cannot be read: {error.strerror}", is_foreign=is_foreign) from None
    except ValueError as error:
        place = _SYNTAX_PLACE.search(str(error))
        line = int(place[1]) if place else 0
        raise ConfigurationError(path, f"no valid TOML: {error}", line, is_foreign=is_foreign) from None
    table = document if not is_foreign else _table(document)
    return None if table is None else _convert(path, text, table)


def _table(document: dict[str, Any]) -> object:
    tool = document.get("tool")
    return tool.get("leaklint") if isinstance(tool, dict) else None


def _convert(path: str, text: str, table: object) -> Configuration:
    try:
        configuration = msgspec.convert(table, Configuration)
    except msgspec.ValidationError as error:
        message, key = _explain(str(error))
        raise ConfigurationError(path, message, _line_of(text, key)) from None
    known = {word for page in pages() for word in (page.id, page.name)}
    for rule in _rules(configuration):
        if rule not in known:
            raise ConfigurationError(path, f"there is no rule {rule!r}{_near(rule, known)}", _line_of(text, rule))
    return configuration


def _explain(error: str) -> tuple[str, str]:
    """The message for people, and the key it is about."""
    at = _AT.search(error)
    trail = at[1].lstrip(".") if at else ""
    unknown = _UNKNOWN.search(error)
    if unknown is None:
        return error.split(" - at ")[0] + (f" for {trail}" if trail else ""), trail.split(".")[-1].split("[")[0]
    known = Configuration.__struct_encode_fields__ if not trail else ()
    return f"unknown key {unknown[1]!r}{_near(unknown[1], known)}", unknown[1]


def _near(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, sorted(known), n=1)
    return f": did you mean {near[0]!r}?" if near else ""


def _rules(configuration: Configuration) -> Iterator[str]:
    yield from configuration.select or ()
    yield from configuration.ignore
    for rules in configuration.per_file_ignores.values():
        yield from rules


def _line_of(text: str, word: str) -> int:
    """The number of the line on which ``word`` stands as a key or a value; 0 if it is not found."""
    found = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) if word else None
    return text.count("\n", 0, found.start()) + 1 if found else 0
