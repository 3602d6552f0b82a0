"""The rule pages: whole, readable, and with examples that are programs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
import tree_sitter
import tree_sitter_typescript

from leaklint.catalog import pages as module
from leaklint.catalog.pages import Page, PageError, find, pages

HEADINGS = {
    False: ["What it does", "Why it leaks", "Example", "Use instead", "When leaklint stays silent"],
    True: ["What it does", "Why it matters", "Example", "Use instead", "When leaklint stays silent"],
}
_EXAMPLE = re.compile(r"^```(python|typescript) (leak|fixed)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A program of a page: ``leak`` is reported, ``fixed`` is not."""

    rule: str
    section: str
    language: str
    kind: str
    source: str


def examples(page: Page) -> list[Example]:
    """The programs of a page, in their order."""
    return [
        Example(page.id, title, language, kind, source)
        for title, text in page.sections.items()
        for language, kind, source in _EXAMPLE.findall(text)
    ]


LEAKS = [page for page in pages() if page.id < "LEAK900"]
EXAMPLES = [example for page in LEAKS for example in examples(page)]


def parses(example: Example) -> bool:
    if example.language == "python":
        return bool(ast.parse(example.source).body)
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_typescript.language_typescript()))
    return not parser.parse(example.source.encode()).root_node.has_error


def test_each_rule_has_one_page() -> None:
    assert [page.id for page in pages()] == [f"LEAK{n}" for n in ("001", "002", "003", "004", "900", "901", "902")]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.id)
def test_a_page_is_whole(page: Page) -> None:
    assert list(page.sections) == HEADINGS[page.id >= "LEAK900"]
    assert all(page.sections.values())
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", page.name)
    assert not page.title.endswith(".")
    assert page.summary.startswith("Reports ") and page.summary.endswith(".") and "\n" not in page.summary
    assert "*" not in page.summary
    assert page.markdown.startswith("## What it does\n") and page.markdown.endswith("\n")


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.id)
def test_a_page_bears_the_name_of_its_file(page: Page) -> None:
    assert Path(module.RULES, f"{page.id}-{page.name}.md").is_file()


@pytest.mark.parametrize("page", LEAKS, ids=lambda page: page.id)
def test_each_leak_has_a_fixed_twin_in_the_same_language(page: Page) -> None:
    counts = Counter((example.section, example.kind, example.language) for example in examples(page))
    assert counts["Example", "leak", "python"] == counts["Use instead", "fixed", "python"] >= 1
    assert counts["Example", "leak", "typescript"] == counts["Use instead", "fixed", "typescript"] >= 1
    assert len(counts) == 4


def test_no_fence_of_a_leak_page_is_left_out() -> None:
    for page in LEAKS:
        assert page.markdown.count("```") == 2 * len(examples(page))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.rule}-{example.language}-{example.kind}")
def test_an_example_is_a_program(example: Example) -> None:
    assert parses(example)


@pytest.mark.parametrize("word", ["LEAK002", "leak002", "entry-without-delete", "Entry-Without-Delete", " LEAK002 "])
def test_a_rule_is_found_by_its_id_or_name_in_any_case(word: str) -> None:
    page = find(word)
    assert page and page.id == "LEAK002"


@pytest.mark.parametrize("word", ["", "LEAK", "LEAK0", "LEAK005", "entry"])
def test_what_is_no_rule_is_not_found(word: str) -> None:
    assert find(word) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("## What it does\n", "no front matter"),
        ('+++\nid = "LEAK002"\n', "no front matter"),
        ('+++\nid = "LEAK002"\n+++\n', "missing required field"),
        ('+++\nid = "LEAK002"\nlevle = "warning"\n+++\n', "levle"),
        ("+++\nid = \n+++\n", "Invalid"),
    ],
)
def test_a_page_that_cannot_be_read_says_which(
    text: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "LEAK002-x.md").write_text(text, "utf-8")
    monkeypatch.setattr(module, "RULES", str(tmp_path))
    with pytest.raises(PageError, match=rf"LEAK002-x\.md.*{problem}"):
        pages.__wrapped__()


def test_pages_are_read_without_the_parsers() -> None:
    program = "import sys; from leaklint.catalog.pages import pages; pages(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert {"libcst", "tree_sitter", "sarif_om", "click"}.isdisjoint(loaded)
