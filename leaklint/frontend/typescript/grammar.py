"""Which grammar reads which file, and the numbers that grammar gives to node types."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import TypeVar

from tree_sitter import Language, Parser, Tree

V = TypeVar("V")

_TYPESCRIPT = frozenset({".ts", ".mts", ".cts"})

_ERROR = 0xFFFF


_STEPS_AT_LEAST = 1_000
_BYTES_A_STEP = 10
"""The parser tells of its progress once for a hundred bytes or more; of broken files, too."""


class Endless(Exception):
    """The parser does not come to an end; ``line`` (from 1) is where it stays."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class _Steps:
    """Counts how often the parser tells of its progress, so that a file gets the same answer on any machine."""

    def __init__(self, most: int) -> None:
        self.offset = 0
        self._left = most

    def are_too_many(self, offset: int, _has_error: bool) -> bool:
        self.offset = offset
        self._left -= 1
        return self._left < 0


class Grammar:
    """One tree-sitter grammar. A new parser for each file: a parser is not safe to share."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def parse(self, source: bytes) -> Tree:
        """The syntax tree of ``source`` (UTF-8).

        Raises:
            Endless: the parser goes round in circles.
        """
        steps = _Steps(_STEPS_AT_LEAST + len(source) // _BYTES_A_STEP)
        try:
            return Parser(self._language).parse(lambda offset, _: source[offset:], progress_callback=steps.are_too_many)
        except ValueError:
            raise Endless(source.count(b"\n", 0, steps.offset) + 1) from None

    def by_number(self, table: Mapping[str, V]) -> dict[int, V]:
        """``table`` with this grammar's numbers of the node types as keys."""
        language = self._language
        named = [number for number in range(language.node_kind_count) if language.node_kind_is_named(number)]
        types = [(number, language.node_kind_for_id(number)) for number in (*named, _ERROR)]
        return {number: table[name] for number, name in types if name and name in table}


def grammar_for(path: str) -> Grammar:
    """The grammar for a file with the extension of ``path``."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in _TYPESCRIPT:
        return _grammar("typescript")
    return _grammar("tsx" if suffix == ".tsx" else "javascript")


@cache
def _grammar(name: str) -> Grammar:
    # Imported here: a project without TypeScript need not load its grammar.
    if name == "javascript":
        import tree_sitter_javascript

        return Grammar(Language(tree_sitter_javascript.language()))
    import tree_sitter_typescript

    if name == "tsx":
        return Grammar(Language(tree_sitter_typescript.language_tsx()))
    return Grammar(Language(tree_sitter_typescript.language_typescript()))
