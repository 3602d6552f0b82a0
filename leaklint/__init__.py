"""leaklint finds memory leaks in MCP servers before they reach production.

From Python: ``leaklint.analyze(["src/"])`` gives a :class:`leaklint.Result`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leaklint.baseline.file import BaselineError
    from leaklint.config import ConfigurationError
    from leaklint.discovery import NoSuchPath
    from leaklint.engine import NoSource, Settings, SinceError, analyze
    from leaklint.findings import Finding, Result

__version__ = "0.1.0"
__all__ = [
    "BaselineError",
    "ConfigurationError",
    "Finding",
    "NoSource",
    "NoSuchPath",
    "Result",
    "Settings",
    "SinceError",
    "__version__",
    "analyze",
]

_HOMES = {
    "BaselineError": "leaklint.baseline.file",
    "ConfigurationError": "leaklint.config",
    "Finding": "leaklint.findings",
    "NoSource": "leaklint.engine",
    "NoSuchPath": "leaklint.discovery",
    "Result": "leaklint.findings",
    "Settings": "leaklint.engine",
    "SinceError": "leaklint.engine",
    "analyze": "leaklint.engine",
}


if not TYPE_CHECKING:  # with it in sight, type checkers would believe that every name exists

    def __getattr__(name: str) -> object:
        """Import the public names when they are first asked for: ``leaklint --version`` needs none of them."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOMES[name]), name)
