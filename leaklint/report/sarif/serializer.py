"""Objects of sarif-om as plain JSON values.

``attr.asdict`` keeps Python's attribute names, which the schema refuses; the serializer of the library's authors leaves
out every value that equals a default, which turns the warning of a result into whatever its rule says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attr

_ALWAYS = frozenset({"level", "kind"})
"""Written even where they equal the default."""


def plain(value: object) -> Any:
    """``value`` as JSON: sarif-om objects become dicts under the names of the schema, without what was not set.

    Raises:
        TypeError: something that has no place in a log.
    """
    kind = type(value)
    if attr.has(kind):
        return {
            field.metadata["schema_property_name"]: plain(getattr(value, field.name))
            for field in attr.fields(kind)
            if field.name in _ALWAYS or getattr(value, field.name) not in (None, _default(field))
        }
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (str, bool, int, float)):
        return value
    raise TypeError(f"no SARIF value: {value!r}")


def _default(field: attr.Attribute[Any]) -> object:
    factory = getattr(field.default, "factory", None)
    return factory() if factory else field.default
