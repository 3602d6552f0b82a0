"""What is wrong with a value that does not fit the schema, and what was probably meant."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import Any, NamedTuple

import msgspec
import msgspec.inspect as inspection

from leaklint.config.place import Trail
from leaklint.config.schema import Configuration
from leaklint.spelling import nearest

_UNKNOWN = re.compile(r"unknown field `([^`]+)`")
_MISSING = re.compile(r"missing required field `([^`]+)`")
_INVALID = re.compile(r"Invalid enum value '([^']*)'")
_EXPECTED = re.compile(r"Expected `([^`]+)`, got `([^`]+)`")
_LEAST = re.compile(r"Expected `int` >= (\d+)")
_AT = re.compile(r" - at `(?:key in )?\$([^`]*)`")
_STEP = re.compile(r"\[(\d+|\.\.\.)\]|([^.\[\]]+)")
_ANY = "..."
_IN_TOML = {"object": "table", "str": "string", "float": "number", "int": "integer", "bool": "boolean"}
_TRUTH = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


class Advice(NamedTuple):
    """``message`` for people; ``trail`` leads to the value it is about, ``word`` is what stands there."""

    message: str
    trail: Trail
    word: str = ""


def advise(error: str, table: object) -> Advice:
    """Advice on what msgspec said of the ``table`` that it could not convert."""
    at = _AT.search(error)
    trail = _exact(table, _trail(at[1]) if at else ())
    named = _named(trail)
    if unknown := _UNKNOWN.search(error):
        return Advice(f"unknown key {unknown[1]!r}{_meant(unknown[1], trail)}", (*trail, unknown[1]))
    if missing := _MISSING.search(error):
        return Advice(f"{named} lacks the key {missing[1]!r}", trail)
    if invalid := _INVALID.search(error):
        return Advice(f"{named} cannot be {invalid[1]!r}{_meant(invalid[1], trail)}", trail, invalid[1])
    if expected := _EXPECTED.search(error):
        wanted, given = (_in_toml(kind) for kind in expected.groups())
        return Advice(f"{named} must be {wanted}, not {given}{_rewritten(wanted, _value(table, trail))}", trail)
    least = _LEAST.search(error)
    return Advice(f"{named} must be {least[1]} or more" if least else f"{named}: {error.split(' - at ')[0]}", trail)


def _trail(written: str) -> Trail:
    steps = (found.groups() for found in _STEP.finditer(written))
    return tuple(key or (int(number) if number.isdigit() else number) for number, key in steps)


def _named(trail: Trail) -> str:
    keys = ".".join(step for step in trail if isinstance(step, str))
    in_array = bool(trail) and isinstance(trail[-1], int) and trail[0] != "models"
    return f"what stands in {keys}" if in_array else keys or "the configuration"


def _exact(table: object, trail: Trail) -> Trail:
    """``trail`` with the key of a table for the ``...`` that msgspec writes where keys are the user's own."""
    if _ANY not in trail:
        return trail
    above = trail[: trail.index(_ANY)]
    for key in _value(table, above):
        trial = deepcopy(table)
        held = _value(trial, above)
        alone = held[key]
        held.clear()
        held[key] = alone
        try:
            msgspec.convert(trial, Configuration)
        except msgspec.ValidationError:
            return (*above, key, *trail[len(above) + 1 :])
    return above


def _meant(word: str, trail: Trail) -> str:
    """The nearest of the words that may stand at ``trail``: keys of a table or values; else all that may."""
    known = _words(inspection.type_info(Configuration), trail)
    near = nearest(word, known)
    if near:
        return f": did you mean {near!r}?"
    return f": one of {', '.join(known)}" if known else ""


def _words(kind: inspection.Type, trail: Trail) -> tuple[str, ...]:
    if isinstance(kind, inspection.Metadata):
        return _words(kind.type, trail)
    if isinstance(kind, inspection.UnionType):
        return next((words for one in kind.types if (words := _words(one, trail))), ())
    if not trail and isinstance(kind, inspection.LiteralType):
        return tuple(map(str, kind.values))
    if not trail:
        return tuple(one.encode_name for one in kind.fields) if isinstance(kind, inspection.StructType) else ()
    if isinstance(kind, inspection.StructType):
        return next((_words(one.type, trail[1:]) for one in kind.fields if one.encode_name == trail[0]), ())
    if isinstance(kind, inspection.VarTupleType):
        return _words(kind.item_type, trail[1:])
    return _words(kind.value_type, trail[1:]) if isinstance(kind, inspection.DictType) else ()


def _in_toml(kinds: str) -> str:
    """Names of types as TOML has them, with an article."""
    names = [_IN_TOML.get(kind, kind) for kind in kinds.split(" | ") if kind != "null"]
    return " or ".join(f"{'an' if name[0] in 'aeiou' else 'a'} {name}" for name in names)


def _value(table: object, trail: Trail) -> Any:
    value: Any = table
    for step in trail:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _rewritten(wanted: str, value: object) -> str:
    """``value`` as what was ``wanted``, where it is plain what was meant."""
    meant: object = None
    if wanted == "an array" and isinstance(value, str):
        meant = [value]
    elif wanted == "a string" and isinstance(value, list) and len(value) == 1:
        meant = value[0]
    elif wanted == "a boolean" and isinstance(value, (str, int)):
        meant = _TRUTH.get(str(value).casefold())
    elif wanted == "an integer" and isinstance(value, str) and value.isdecimal():
        meant = int(value)
    return "" if meant is None else f": did you mean {json.dumps(meant, ensure_ascii=False)}?"
