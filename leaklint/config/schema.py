"""What ``[tool.leaklint]`` in ``pyproject.toml``, or ``leaklint.toml``, may say."""

from __future__ import annotations

from typing import Annotated

import msgspec

from leaklint.catalog.schema import Model
from leaklint.findings import Confidence


class Configuration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """One configuration. Rules are ids or names; patterns are as in ``.gitignore`` and see the path below the file's directory.

    ``select``: only these rules; ``ignore``: not these; ``per_file_ignores``: not these in files that match a pattern.
    ``min_confidence``: findings below it are left out. ``require_reason``: a suppression must give one.
    ``exclude``: what is not read, in place of the built-in patterns; ``extend_exclude``: besides them.
    ``tests``: test code is read as well. ``baseline``: the file of findings that are known, relative to this one.
    ``fix_size``: how many results a cache keeps that ``--fix`` bounds. ``models``: the user's own API pairs, entry points, containers ...
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    per_file_ignores: dict[str, tuple[str, ...]] = {}
    min_confidence: Confidence = "medium"
    require_reason: bool = False
    exclude: tuple[str, ...] | None = None
    extend_exclude: tuple[str, ...] = ()
    tests: bool = False
    fix_size: Annotated[int, msgspec.Meta(ge=1)] = 1024
    baseline: str = ""
    models: Model = Model()
