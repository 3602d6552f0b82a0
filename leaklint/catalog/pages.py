"""The rule pages of ``rules/``: what ``leaklint explain`` prints and SARIF carries as help."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

import msgspec

from leaklint.catalog.files import RULES, listed, read

Level = Literal["error", "warning", "note"]
Precision = Literal["very-high", "high", "medium", "low"]

_FENCE = "+++\n"
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


class PageError(Exception):
    """A rule page that cannot be read; the message names the file."""


class Front(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The TOML front matter of a page: the identity of the rule."""

    id: str
    name: str
    title: str
    level: Level
    precision: Precision
    tags: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Page:
    """One rule. ``markdown`` is the page without its front matter; ``sections`` maps its headings to their text."""

    id: str
    name: str
    title: str
    level: Level
    precision: Precision
    tags: tuple[str, ...]
    markdown: str
    sections: Mapping[str, str]

    @property
    def summary(self) -> str:
        """The first paragraph of the page on one line, without emphasis: not every format can show it."""
        first = self.sections["What it does"].split("\n\n", 1)[0]
        return re.sub(r"\*(\w+)\*", r"\1", " ".join(first.split()))


@cache
def pages() -> tuple[Page, ...]:
    """All rule pages by id.

    Raises:
        PageError: a page has no front matter, or one that does not fit.
    """
    return tuple(_read(path) for path in listed(RULES, ".md"))


def find(id_or_name: str) -> Page | None:
    """The page of a rule by its id or its name, in any case; None if there is no such rule."""
    wanted = id_or_name.strip().casefold()
    return next((page for page in pages() if wanted in (page.id.casefold(), page.name.casefold())), None)


def _read(path: str) -> Page:
    head, fence, body = read(path).removeprefix(_FENCE).partition(_FENCE)
    if not fence:
        raise PageError(f"{path}: no front matter between +++ lines")
    try:
        front = msgspec.toml.decode(head, type=Front)
    except msgspec.DecodeError as error:
        raise PageError(f"{path}: {error}") from error
    return Page(**msgspec.structs.asdict(front), markdown=body.strip() + "\n", sections=_sections(body))


def _sections(body: str) -> Mapping[str, str]:
    _, *parts = _HEADING.split(body)
    return MappingProxyType({title: text.strip() for title, text in zip(parts[::2], parts[1::2], strict=True)})
