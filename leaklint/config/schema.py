"""What ``[tool.leaklint]`` in ``pyproject.toml``, or ``leaklint.toml``, may say."""

from __future__ import annotations

from inspect import cleandoc
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from leaklint.catalog.schema import Model
from leaklint.findings import Confidence

Rules = tuple[str, ...]
"""Ids or names of rules."""

Patterns = tuple[str, ...]
"""As in ``.gitignore`` files; they see the path below the directory of the configuration."""


class Configuration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """One configuration of leaklint. Rules are ids or names; patterns are as in .gitignore files and see the path below the directory of the configuration."""

    select: Annotated[Rules | None, Meta(description="Report only these rules.")] = None
    ignore: Annotated[Rules, Meta(description="Do not report these rules.")] = ()
    per_file_ignores: Annotated[
        dict[str, Rules], Meta(description="Rules that are not reported in files that match a pattern.")
    ] = {}
    min_confidence: Annotated[Confidence, Meta(description="Leave out findings that are less sure.")] = "medium"
    require_reason: Annotated[bool, Meta(description="A comment that suppresses a finding must give a reason.")] = False
    exclude: Annotated[Patterns | None, Meta(description="What is not read, in place of the built-in patterns.")] = None
    extend_exclude: Annotated[Patterns, Meta(description="What is not read, besides the built-in patterns.")] = ()
    tests: Annotated[bool, Meta(description="Read test code as well.")] = False
    fix_size: Annotated[int, Meta(ge=1, description="How many results a cache keeps that --fix bounds.")] = 1024
    baseline: Annotated[
        str, Meta(description="The file of findings that are known, relative to the configuration.")
    ] = ""
    models: Annotated[
        Model, Meta(description="Your own API pairs, entry points, containers, caches, words of keys.")
    ] = Model()


def json_schema() -> dict[str, Any]:
    """The JSON Schema of ``leaklint.toml``, and of the table ``[tool.leaklint]``."""
    schema: dict[str, Any] = _in_markdown(msgspec.json.schema(Configuration))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "leaklint.toml", **schema}


def _in_markdown(part: Any) -> Any:
    """A part of a schema with its descriptions, which come from docstrings, as editors show them."""
    if isinstance(part, dict):
        return {key: _text(value) if key == "description" else _in_markdown(value) for key, value in part.items()}
    return [_in_markdown(one) for one in part] if isinstance(part, list) else part


def _text(description: Any) -> Any:
    is_text = isinstance(description, str)  # a key of that name is described by a table
    return cleandoc(description).replace("``", "`") if is_text else _in_markdown(description)
