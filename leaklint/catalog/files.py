"""Where ``rules/`` lies: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

import os

_PACKAGE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
_INSTALLED = os.path.join(_PACKAGE, "rules")
RULES = _INSTALLED if os.path.isdir(_INSTALLED) else os.path.join(os.path.dirname(_PACKAGE), "rules")
"""An absolute path."""


def listed(folder: str, suffix: str) -> list[str]:
    """The paths of the files straight in ``folder`` whose names end in ``suffix``, sorted."""
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(suffix)]


def read(path: str) -> str:
    """The text of the file at ``path``."""
    with open(path, encoding="utf-8") as file:
        return file.read()
