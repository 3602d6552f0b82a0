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


class Grammar:
    """One tree-sitter grammar. A new parser for each file: a parser is not safe to share."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def parse(self, source: bytes) -> Tree:
        """The syntax tree of ``source`` (UTF-8)."""
        return Parser(self._language).parse(source)

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
