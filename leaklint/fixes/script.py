"""One TypeScript or JavaScript file as text, as a tree, and the edits that put a ``try`` around statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from tree_sitter import Node

from leaklint.facts import Span
from leaklint.findings import Edit
from leaklint.fixes.apply import script_lines
from leaklint.fixes.source import NotReproduced
from leaklint.frontend.typescript.grammar import grammar_for
from leaklint.frontend.typescript.text import read_text

BOM = b"\xef\xbb\xbf"
_NAMES = ("identifier", "shorthand_property_identifier", "property_identifier", "private_property_identifier", "this")


class Script:
    """The tree of a file and where its nodes stand. ``path`` chooses the grammar; ``lines`` keep their ends.

    Raises:
        NotReproduced: the file is not UTF-8, or cannot be parsed without errors.
    """

    def __init__(self, path: str, data: bytes) -> None:
        self._text = read_text(data)
        self.root = grammar_for(path).parse(self._text.parsed).root_node
        if self._text.data != data.removeprefix(BOM) or self.root.has_error:
            raise NotReproduced
        self.path = path
        self.lines = script_lines(self._text.data.decode())
        self.newline = "\r\n" if self.lines and self.lines[0].endswith("\r\n") else "\n"

    def code(self, node: Node) -> str:
        """The text of ``node``."""
        return self._text.data[node.start_byte : node.end_byte].decode()

    def named(self, name: str) -> Sequence[Node]:
        """All places where a variable or a property called ``name`` stands, in their order."""
        return self._by_name.get(name, ())

    @cached_property
    def _by_name(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = defaultdict(list)
        for node in inside(self.root, *_NAMES):
            found[self.code(node)].append(node)
        return found

    def span(self, node: Node) -> Span:
        """The place of ``node``."""
        return self._text.span(node)

    def statement_at(self, span: Span) -> Node | None:
        """The statement of a block in which ``span`` begins, where it has its lines for itself."""
        column = len(self.lines[span.line - 1][: span.column - 1].encode())
        node = self.root.descendant_for_point_range((span.line - 1, column), (span.line - 1, column))
        while node is not None and (node.parent is None or node.parent.type != "statement_block"):
            node = node.parent
        return node if node is not None and self._is_alone(node) else None

    def _is_alone(self, node: Node) -> bool:
        span = self.span(node)
        behind = self.lines[span.end_line - 1][span.end_column - 1 :].strip()
        return not self.lines[span.line - 1][: span.column - 1].strip() and (not behind or behind.startswith("//"))

    def are_alone(self, nodes: Sequence[Node]) -> bool:
        """Whether all of ``nodes`` have their lines for themselves."""
        return all(self._is_alone(node) for node in nodes)

    # -- text --------------------------------------------------------------------------------------------------

    def margin(self, node: Node) -> str:
        """The white space at the beginning of the line in which ``node`` begins."""
        line = self.lines[self.span(node).line - 1]
        return line[: len(line) - len(line.lstrip())]

    def step(self, statement: Node) -> str:
        """By what ``statement`` is further in than the block that holds it."""
        inner, outer = self.margin(statement), self.margin(statement.parent) if statement.parent else ""
        return inner[len(outer) :] if inner.startswith(outer) and inner != outer else "  "

    def end(self, statement: Node) -> str:
        """The sign at the end of a statement that is written like ``statement``."""
        return ";" if self.code(statement).endswith(";") else ""

    def in_try(self, above: Node, last: int, without: range = range(0)) -> Iterator[Edit]:
        """Opens a ``try`` below ``above`` and indents the lines down to number ``last``, but for those ``without``."""
        begin = self.span(above).end_line + 1
        numbers = [n for n in range(begin, last + 1) if self.lines[n - 1].strip() and n not in without]
        for number in numbers:
            head = f"{self.margin(above)}try {{{self.newline}" if number == numbers[0] else ""
            if head or number not in self._inside_strings:
                yield Edit(span=Span(number, 1, number, 1), text=head + self.step(above))

    @cached_property
    def _inside_strings(self) -> frozenset[int]:
        """The numbers of the lines that begin inside a template: white space there is part of it."""
        spans = [self.span(text) for text in inside(self.root, "template_string")]
        return frozenset(n for span in spans for n in range(span.line + 1, span.end_line + 1))

    def finally_text(self, above: Node, text: str) -> str:
        """The lines that end the ``try`` below ``above``, with ``text`` in its ``finally``."""
        margin = self.margin(above)
        lines = (f"{margin}}} finally {{", f"{margin}{self.step(above)}{text}{self.end(above)}", f"{margin}}}")
        return self.newline.join(lines)

    def behind_line(self, number: int, text: str) -> Edit:
        """``text`` in lines of its own behind the line ``number``."""
        column = len(self.lines[number - 1].rstrip("\r\n")) + 1
        return Edit(span=Span(number, column, number, column), text=self.newline + text)

    def without_lines(self, node: Node) -> Edit:
        """Takes out the lines of ``node``."""
        span = self.span(node)
        return Edit(span=Span(span.line, 1, span.end_line + 1, 1), text="")

    def replace(self, node: Node, text: str) -> Edit:
        """``text`` in the place of ``node``."""
        return Edit(span=self.span(node), text=text)

    def insert_before(self, node: Node, text: str) -> Edit:
        """``text`` right before ``node``."""
        span = self.span(node)
        return Edit(span=Span(span.line, span.column, span.line, span.column), text=text)

    def insert_behind(self, node: Node, text: str) -> Edit:
        """``text`` right behind ``node``."""
        span = self.span(node)
        return Edit(span=Span(span.end_line, span.end_column, span.end_line, span.end_column), text=text)


def inside(node: Node, *types: str) -> Iterator[Node]:
    """``node`` and all below it that are of one of ``types``."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.type in types:
            yield one
        waiting += reversed(one.children)


def behind(statement: Node) -> list[Node]:
    """The statements behind ``statement`` in its block, without comments."""
    found = []
    one = statement.next_named_sibling
    while one is not None:
        found += [one] if one.type != "comment" else []
        one = one.next_named_sibling
    return found


def above(node: Node) -> Iterator[Node]:
    """What holds ``node``, from the nearest to the root."""
    one = node.parent
    while one is not None:
        yield one
        one = one.parent
