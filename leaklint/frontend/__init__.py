"""Front ends: one source file -> FileFacts. Syntax only; a language's parser is imported when its first file comes."""

from __future__ import annotations

import os
from importlib import import_module

from leaklint.facts import FileFacts

LANGUAGES: dict[str, str] = {
    ".py": "python",
    ".pyi": "python",
    ".ts": "typescript",
    ".tsx": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".js": "typescript",
    ".mjs": "typescript",
    ".cjs": "typescript",
    ".jsx": "typescript",
}
"""File name suffix (with the dot) -> the language whose front end reads it, which is also its package's name here."""


def extract(path: str, source: bytes) -> FileFacts:
    """Reads one file.

    ``path`` is relative to the analysed root, with ``/``, and ends in a suffix of :data:`LANGUAGES` (else ``KeyError``);
    ``source`` is the whole file as it is on disk. Never raises for the content: what cannot be read is a problem in the
    facts.
    """
    language = LANGUAGES[os.path.splitext(path)[1]]
    facts: FileFacts = import_module(f"{__name__}.{language}").extract(path, source)
    return facts
