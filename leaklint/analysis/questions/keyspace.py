"""How open a set of keys is, and what the words of a name tell of it."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Literal, NamedTuple

from leaklint.analysis.linking.places import Place
from leaklint.catalog.schema import Roles
from leaklint.facts import Attr, Expr, Name


class KeySpace(IntEnum):
    """How many different keys there can be; greater is more open. UNKNOWN stands where it sorts in combinations."""

    CONSTANT = 0
    FINITE = 1
    CONFIG = 2
    ROLE_FINITE = 3
    ROLE_ENTITY = 4
    UNKNOWN = 5
    NO_KEY = 6
    ROLE_OPEN = 7
    DIGEST = 8
    GENERATED = 9


CLOSED = frozenset({KeySpace.CONSTANT, KeySpace.FINITE, KeySpace.CONFIG})


class Keys(NamedTuple):
    """A key space, in words why, and whether that is proven, told by a name, or assumed.

    ``told``: the object that the key tells from others, where it is an identity.
    """

    space: KeySpace
    why: str
    proof: Literal["proven", "named", "assumed"] = "proven"
    told: Expr | None = None


UNKNOWN = Keys(KeySpace.UNKNOWN, "nothing tells what the key can be", "assumed")
GENERIC = frozenset(
    {
        "id",
        "ids",
        "key",
        "keys",
        "str",
        "string",
        "value",
        "val",
        "no",
        "number",
        "num",
        "hex",
        "raw",
        "new",
        "current",
        "obj",
    }
)
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


def role_of(roles: Roles, text: str, why: str) -> Keys | None:
    """What the last telling word of the identifier ``text`` says of a key that is called so; None if no word tells.

    A word for an identifier (``server_uuid``) tells something only where no word before it does.
    """
    words = [w for w in words_of(text) if w not in GENERIC]
    named = [w for w in words if w in roles.identifier]
    for word in (*reversed([w for w in words if w not in named]), *named):
        if word in roles.open or word in roles.identifier:
            return Keys(KeySpace.ROLE_OPEN, f"{why} tells of an open set", "named")
        if word in roles.entity:
            return Keys(KeySpace.ROLE_ENTITY, f"{why} tells of entities that somebody manages", "named")
        if word in roles.finite:
            return Keys(KeySpace.ROLE_FINITE, f"{why} tells of a finite set", "named")
    return None


def words_of(text: str) -> list[str]:
    """The words of an identifier, lower case and singular, in order."""
    return [_singular(w.lower()) for w in _WORD.findall(text)]


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def container_words(place: Place) -> str:
    """The name of the container itself."""
    steps = [s[1:] for s in place.path if s.startswith(".")]
    return steps[-1] if steps else getattr(place.root, "name", "")


def is_generic(key: Expr) -> bool:
    """A key that is called only ``id`` or ``key`` is told by the container's name."""
    text = key.id if isinstance(key, Name) else key.name if isinstance(key, Attr) else ""
    return bool(text) and all(w in GENERIC for w in words_of(text))
