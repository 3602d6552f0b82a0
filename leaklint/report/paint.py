"""Colours: those of a terminal, if they were asked for."""

from __future__ import annotations

from typing import Protocol

from leaklint.findings import Confidence

CONFIDENCE_COLOURS: dict[Confidence, str] = {"high": "red", "medium": "yellow", "low": "cyan"}


class Painter(Protocol):
    """Gives a piece of a report its looks. Every piece passes through it once, plain ones too."""

    def __call__(self, text: str, *, fg: str | None = None, bold: bool = False) -> str:
        """``text`` in the colour ``fg`` (a name of click's) and weight."""


class Paint:
    """Styles text for a terminal; leaves it alone when ``colour`` is false."""

    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def __call__(self, text: str, *, fg: str | None = None, bold: bool = False) -> str:
        """``text`` in the colour ``fg`` (a name of click's) and weight."""
        if not self._colour or not text or not (fg or bold):
            return text
        from click import style  # only a coloured report needs it

        return style(text, fg=fg, bold=bold or None)
