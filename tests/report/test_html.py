"""The HTML report: one page that stands alone, and in which hostile names and sources stay text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from leaklint.facts import Span
from leaklint.findings import Hop, Notice, Result, Site
from leaklint.report import Options, SourceReader, render
from tests.report.samples import CLEAN, PAGES, RESULT, SOURCES, MemorySources, finding_at

ATTACK = "<img src=x onerror=alert(1)>\"'&<script>alert(1)</script></pre></style>"
VOID = {"meta", "img", "br", "link"}


class Reader(HTMLParser):
    """Collects elements, attributes and text, and checks that elements close in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes.update(name for name, _ in attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(result: Result, sources: SourceReader = SOURCES) -> Reader:
    reader = Reader(render("html", result, sources, options=Options()))
    assert reader.open == []
    return reader


def test_findings_are_grouped_by_rule_and_file() -> None:
    page = render("html", RESULT, SOURCES, options=Options())
    order = [
        '<section id="LEAK002">',
        "<h3>store.py</h3>",
        '<section id="LEAK003">',
        "<h3>server.py</h3>",
        "Not analysed",
    ]
    assert [page.index(part) for part in order] == sorted(page.index(part) for part in order)


def test_the_code_the_way_and_the_words_are_there() -> None:
    text = page_of(RESULT).text
    assert " 11 |         self._leases[lease.id] = lease\n" in text
    assert "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ grows here" in text
    assert "searchserver.py:6" in text and "Store.putstore.py:10" in text
    assert "Put await lease.open() in a try and call" in text
    assert "2 findings; 3 files analysed." in text


def test_a_clean_page_says_so() -> None:
    page = page_of(CLEAN)
    assert "Nothing to report in 3 files." in page.text
    assert "article" not in page.elements


def test_a_page_loads_nothing_and_runs_nothing() -> None:
    page = page_of(RESULT)
    assert set(page.elements).isdisjoint({"script", "link", "img", "iframe", "object", "base", "form"})
    assert page.attributes.isdisjoint({"src", "style"}) and not any(name.startswith("on") for name in page.attributes)
    written = render("html", RESULT, SOURCES, options=Options())
    assert "default-src 'none'" in written
    assert "url(" not in written and "@import" not in written


@pytest.mark.parametrize("source", [ATTACK, f"x = '{ATTACK}'"])
def test_hostile_names_and_sources_stay_text(source: str) -> None:
    path = ATTACK.replace("/", "_")
    finding = finding_at(
        path,
        Span(1, 1, 1, 5),
        ATTACK,
        rule=ATTACK,
        message=f"`{ATTACK}`",
        why=ATTACK,
        fix=ATTACK,
        trace=(Hop(function=ATTACK, path=path, span=Span(1, 1, 1, 2)),),
        related=(Site(path="gone.py", span=Span(1, 1, 1, 2), label=ATTACK),),
    )
    hostile = Result(root="/p", findings=(finding,), notices=(Notice(path=path, message=ATTACK),))
    tame = Result(root="/p", findings=(PAGES,), notices=(Notice(path="x", message="y"),))
    page = page_of(hostile, MemorySources({path: source}))
    assert set(page.elements) <= set(page_of(RESULT).elements) | set(page_of(tame).elements)
    assert page.attributes <= page_of(RESULT).attributes
    assert page.text.count(ATTACK) >= 6


def test_the_style_sheet_has_a_class_for_each_that_is_used() -> None:
    written = render("html", RESULT, SOURCES, options=Options())
    style, body = written.split("</style>")
    used = {name for names in re.findall(r'class="([^"]+)"', body) for name in names.split()}
    assert {name for name in used if f".{name}" not in style} == set()
