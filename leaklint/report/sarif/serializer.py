"""Objects of sarif-om as plain JSON values.

``attr.asdict`` keeps Python's attribute names, which the schema refuses; the serializer of the library's authors leaves
out every value that equals a default, which turns the warning of a result into whatever its rule says.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import attr

_ALWAYS = frozenset({"level", "kind"})
"""Written even where they equal the default."""


def plain(value: object) -> Any:
    """``value`` as JSON: sarif-om objects become dicts under the names of the schema, without what was not set.

    Raises:
        TypeError: something that has no place in a log.
    """
    if isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    kind: Any = type(value)
    given = [(field, getattr(value, field.attribute)) for field in _fields(kind)]
    return {field.name: plain(item) for field, item in given if field.always or item not in (None, field.default)}


class _Field(NamedTuple):
    attribute: str
    name: str
    default: object
    always: bool


@cache
def _fields(kind: type) -> tuple[_Field, ...]:
    """What a class of sarif-om holds and how the schema names it."""
    if not attr.has(kind):
        raise TypeError(f"no SARIF value: {kind!r}")
    return tuple(
        _Field(field.name, field.metadata["schema_property_name"], _default(field), field.name in _ALWAYS)
        for field in attr.fields(kind)
    )


def _default(field: attr.Attribute[Any]) -> object:
    factory = getattr(field.default, "factory", None)
    return factory() if factory else field.default
