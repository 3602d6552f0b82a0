"""Reads one configuration file; what is wrong with it is said with its line and a suggestion."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from leaklint.catalog.pages import find, pages
from leaklint.config.advice import advise
from leaklint.config.place import Trail, line_of
from leaklint.config.schema import Configuration
from leaklint.spelling import nearest

OWN_FILE = "leaklint.toml"
SHARED_FILE = "pyproject.toml"

_SYNTAX_PLACE = re.compile(r"\(at line (\d+), column \d+\)")


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
    above: Trail = () if os.path.basename(path) == OWN_FILE else ("tool", "leaklint")
    try:
        configuration = msgspec.convert(table, Configuration)
    except msgspec.ValidationError as error:
        advice = advise(str(error), table)
        line = line_of(text, (*above, *advice.trail), advice.word)
        raise ConfigurationError(path, advice.message, line) from None
    for trail, rule in _rules(configuration):
        if find(rule) is None:
            line = line_of(text, (*above, *trail), rule)
            raise ConfigurationError(path, f"there is no rule {rule!r}{_meant(rule)}", line)
    return configuration


def _meant(rule: str) -> str:
    near = nearest(rule, (word for page in pages() for word in (page.id, page.name)))
    return f": did you mean {near!r}?" if near else "; `leaklint rules` lists them"


def _rules(configuration: Configuration) -> Iterator[tuple[Trail, str]]:
    """Every rule that is named, with the keys that lead to it."""
    yield from ((("select",), rule) for rule in configuration.select or ())
    yield from ((("ignore",), rule) for rule in configuration.ignore)
    for pattern, rules in configuration.per_file_ignores.items():
        yield from ((("per-file-ignores", pattern), rule) for rule in rules)
