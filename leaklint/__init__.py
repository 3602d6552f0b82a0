"""leaklint finds memory leaks in MCP servers before they reach production.

From Python: ``leaklint.analyze(["src/"])`` gives a :class:`leaklint.Result`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leaklint.engine import Settings, analyze
    from leaklint.findings import Result

__version__ = "0.1.0"
__all__ = ["Result", "Settings", "__version__", "analyze"]

_HOMES = {"Result": "leaklint.findings", "Settings": "leaklint.engine", "analyze": "leaklint.engine"}


def __getattr__(name: str) -> object:
    """Import the public names when they are first asked for: ``leaklint --version`` needs none of them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
