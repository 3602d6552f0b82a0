"""What a mistyped word was meant to be."""

from __future__ import annotations

import os
from collections.abc import Iterable
from difflib import SequenceMatcher

_LIKE = 0.6
"""From where on two words are like each other, between 0 and 1."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The one of ``known`` that is most like ``word``, whatever the case of letters; empty where none is near."""
    by_fold = {name.casefold(): name for name in known}
    wanted = word.casefold()
    likeness = {fold: SequenceMatcher(None, wanted, fold).ratio() for fold in sorted(by_fold)}
    near = [fold for fold, ratio in likeness.items() if ratio >= _LIKE]
    best = max(near, key=lambda fold: (likeness[fold], len(os.path.commonprefix((wanted, fold)))), default="")
    return by_fold[best] if best else ""
