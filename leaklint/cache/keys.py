"""What an answer depends on, as keys: leaklint itself with its parsers, its rules and models, the content of files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from importlib.machinery import PathFinder
from pathlib import Path

from leaklint import __version__
from leaklint.catalog.files import RULES
from leaklint.facts import FACTS_VERSION

_PACKAGE = Path(__file__).parent.parent
_PARSERS = ("libcst", "msgspec", "tree_sitter", "tree_sitter_javascript", "tree_sitter_typescript")


def digest(parts: Iterable[bytes]) -> str:
    """64 hexadecimal digits that tell apart any two sequences of ``parts``."""
    sink = sha256()
    for part in parts:
        sink.update(b"%d:" % len(part))
        sink.update(part)
    return sink.hexdigest()


@cache
def program_digest() -> str:
    """leaklint's own code, the interpreter and the parsers: what the facts of a file depend on, besides the file."""
    return digest(
        (__version__.encode(), b"%d" % FACTS_VERSION, sys.version.encode(), *_parsers(), *_tree(_PACKAGE, ".py"))
    )


@cache
def rules_digest() -> str:
    """The rule pages and library models."""
    return digest((*_tree(RULES, ".md"), *_tree(RULES, ".toml")))


def _parsers() -> Iterator[bytes]:
    """For each parser what changes when it is exchanged; nothing is imported."""
    for name in _PARSERS:
        spec = PathFinder.find_spec(name)
        origin = spec.origin if spec and spec.origin else ""
        status = os.stat(origin) if os.path.exists(origin) else None
        yield f"{name} {status.st_size if status else 0} {status.st_mtime_ns if status else 0}".encode()
        home = os.path.dirname(os.path.dirname(origin))
        yield " ".join(sorted(entry for entry in _names(home) if entry.startswith(f"{name}-"))).encode()


@cache
def _names(directory: str) -> tuple[str, ...]:
    return tuple(os.listdir(directory)) if os.path.isdir(directory) else ()


def _tree(top: Path, suffix: str) -> Iterator[bytes]:
    """The paths and contents of the files below ``top``, in the order of their paths."""
    pending = [str(top)]
    while pending:
        with os.scandir(pending.pop()) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
        for entry in entries:
            if entry.is_dir():
                pending.append(entry.path)
            elif entry.name.endswith(suffix):
                yield os.path.relpath(entry.path, top).encode()
                with open(entry.path, "rb") as file:
                    yield file.read()
