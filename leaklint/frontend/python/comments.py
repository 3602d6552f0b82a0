"""Comments addressed to leaklint."""

from __future__ import annotations

import re

from leaklint.facts import Directive, Span
from leaklint.frontend.python.positions import Positions

MARK = "leaklint:"

_SIGN = re.compile(rf"#\s*(?={MARK})")


def directives(positions: Positions) -> tuple[Directive, ...]:
    """Every comment that starts with the mark, also behind another one on its line, in source order, without its sign."""
    found = ((place, text, alone, _SIGN.search(text)) for place, text, alone in positions.comments())
    return tuple(_directive(place, text, alone, mark) for place, text, alone, mark in found if mark)


def _directive(place: Span, text: str, alone: bool, mark: re.Match[str]) -> Directive:
    here = Span(place.line, place.column + mark.start(), place.end_line, place.end_column)
    return Directive(here, text[mark.end() :].strip(), alone)
