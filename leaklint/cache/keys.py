"""What an answer depends on, as keys: leaklint itself with its parsers, its rules and models, the content of files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from importlib.machinery import PathFinder

from leaklint import __version__
from leaklint.catalog.files import RULES
from leaklint.facts import FACTS_VERSION

_PACKAGE = os.path.dirname(os.path.dirname(__file__))
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
    """leaklint's own code, the interpreter and the parsers: what the facts of a file depend on, besides the file.

    Whether code changed is told by size and time, as the interpreter tells whether its compiled files still hold.
    """
    own = (_stamp(path) for path in _tree(_PACKAGE, ".py"))
    return digest((__version__.encode(), b"%d" % FACTS_VERSION, sys.version.encode(), *_parsers(), *own))


@cache
def rules_digest() -> str:
    """The rule pages and library models, by their content."""
    return digest(part for path in _tree(RULES, ".md", ".toml") for part in (_below(path, RULES), _content(path)))


def _parsers() -> Iterator[bytes]:
    """For each parser what changes when it is exchanged; nothing is imported."""
    for name in _PARSERS:
        spec = PathFinder.find_spec(name)
        origin = spec.origin if spec and spec.origin else ""
        if os.path.exists(origin):
            yield _stamp(origin)
        home = os.path.dirname(os.path.dirname(origin))
        yield " ".join([name, *sorted(entry for entry in _names(home) if entry.startswith(f"{name}-"))]).encode()


@cache
def _names(directory: str) -> tuple[str, ...]:
    return tuple(os.listdir(directory)) if os.path.isdir(directory) else ()


def _stamp(path: str) -> bytes:
    status = os.stat(path)
    return f"{path} {status.st_size} {status.st_mtime_ns}".encode(errors="surrogateescape")


def _below(path: str, top: str) -> bytes:
    return os.fsencode(os.path.relpath(path, top))


def _content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _tree(top: str, *suffixes: str) -> Iterator[str]:
    """The paths of the files below ``top`` with one of the ``suffixes``, always in the same order."""
    pending = [top]
    while pending:
        with os.scandir(pending.pop()) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
        for entry in entries:
            if entry.is_dir():
                pending.append(entry.path)
            elif entry.name.endswith(suffixes):
                yield entry.path
