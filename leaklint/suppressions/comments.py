"""Reads ``leaklint: ignore[RULE] -- reason`` comments."""

from __future__ import annotations

import re
from typing import NamedTuple

from leaklint.catalog.pages import find
from leaklint.facts import Directive

_FORM = re.compile(
    r"leaklint:\s*(?P<word>ignore|ignore-file)\s*\[(?P<rules>[^\[\]]*)\]\s*(?:--(?P<reason>.*)|\#.*)?", re.DOTALL
)


class Suppression(NamedTuple):
    """One comment that suppresses.

    ``rules`` are ids; ``unknown`` are the words that name no rule; ``whole_file``: it holds for all of its file.
    """

    directive: Directive
    rules: tuple[str, ...]
    unknown: tuple[str, ...]
    reason: str
    whole_file: bool

    @property
    def word(self) -> str:
        """How the comment starts after the mark."""
        return "ignore-file" if self.whole_file else "ignore"


def read(directive: Directive) -> Suppression | None:
    """What ``directive`` suppresses; None if it has another form or names nothing."""
    match = _FORM.fullmatch(directive.text)
    words = [word.strip() for word in match["rules"].split(",")] if match else []
    words = list(dict.fromkeys(filter(None, words)))
    if match is None or not words:
        return None
    pages = {word: find(word) for word in words}
    return Suppression(
        directive=directive,
        rules=tuple(dict.fromkeys(page.id for page in pages.values() if page)),
        unknown=tuple(word for word, page in pages.items() if page is None),
        reason=(match["reason"] or "").strip(),
        whole_file=match["word"] == "ignore-file",
    )
