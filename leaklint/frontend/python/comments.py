"""Comments addressed to leaklint."""

from __future__ import annotations

from leaklint.facts import Directive
from leaklint.frontend.python.positions import Positions

MARK = "leaklint:"


def directives(positions: Positions) -> tuple[Directive, ...]:
    """Every comment that starts with the mark, in source order, without the comment sign."""
    found = ((place, text[1:].strip(), alone) for place, text, alone in positions.comments())
    return tuple(Directive(place, text, alone) for place, text, alone in found if text.startswith(MARK))
