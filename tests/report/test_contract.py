"""No format loses a finding, its place or its reason."""

from __future__ import annotations

import ast
import html
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from leaklint.facts import Span
from leaklint.findings import Result
from leaklint.report import FORMATS, DiskSources, Options, render
from leaklint.report.sources import decode, split_lines
from tests.report.samples import LEASES, PAGES, RESULT, SOURCES, finding_at, result_of


def words_of(name: str, result: Result) -> str:
    """What a reader of the report sees: without markup and backquotes."""
    written = render(name, result, SOURCES, options=Options())
    if name == "html":
        written = html.unescape(re.sub(r"<[^>]*>", "", written))
    return written.replace("`", "")


MANY = result_of(
    *(finding_at(f"f{n}.py", Span(100 + n, 5, 100 + n, 9), message=f"`m{n}` grows", why=f"why{n}") for n in range(30))
)


@pytest.mark.parametrize("name", FORMATS)
def test_every_finding_is_written_with_its_place_and_its_reason(name: str) -> None:
    written = words_of(name, MANY)
    for finding in MANY.findings:
        assert finding.rule in written
        assert finding.primary.path in written
        assert str(finding.primary.span.line) in written
        assert finding.message.replace("`", "") in written
        assert finding.why.lower() in written.lower()


@pytest.mark.parametrize("name", FORMATS)
def test_findings_are_not_chosen_by_confidence(name: str) -> None:
    written = render(
        name, result_of(finding_at("low.py", Span(1, 1, 1, 5), confidence="low")), SOURCES, options=Options()
    )
    assert "low.py" in written


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"concise"}))
def test_the_mend_and_the_related_places_are_written(name: str) -> None:
    written = words_of(name, result_of(LEASES))
    assert LEASES.fix[1:].replace("`", "") in written
    assert all(site.path in written for site in LEASES.related)


@pytest.mark.parametrize("name", ["json", "sarif"])
def test_the_edits_of_a_mend_are_carried(name: str) -> None:
    written = render(name, result_of(PAGES), SOURCES, options=Options())
    assert "Keep at most 64 results of `page`" in written
    assert "lru_cache(maxsize=64)" in written


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"concise", "gitlab"}))
def test_the_labels_and_the_way_are_written(name: str) -> None:
    written = render(name, result_of(LEASES), SOURCES, options=Options())
    for words in (*(site.label for site in LEASES.related), *(hop.function for hop in LEASES.trace)):
        assert words in written


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_is_the_same_each_time_and_ends_its_last_line(name: str) -> None:
    first, second = (render(name, RESULT, SOURCES, options=Options()) for _ in range(2))
    assert first == second
    assert first.endswith("\n") and not first.endswith("\n\n")


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_has_one_module_that_says_what_it_is(name: str) -> None:
    module = importlib.import_module(FORMATS[name])
    assert module.__doc__ and callable(module.render)


def test_a_format_is_imported_only_when_it_is_asked_for() -> None:
    program = "import sys, leaklint.report; print(*(m for m in sys.modules if 'sarif' in m or m.endswith('.json')))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert [module for module in loaded if "leaklint" in module or module == "sarif_om"] == []


def test_text_does_not_import_what_only_sarif_needs() -> None:
    program = (
        "import sys; from leaklint.findings import Result; from leaklint.report import *;"
        "render('text', Result(root='/', findings=()), DiskSources('/'), options=Options()); print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert {"sarif_om", "libcst", "leaklint.report.html"}.isdisjoint(loaded)


def test_sources_are_read_below_the_root_and_are_none_when_gone(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"one\r\ntwo")
    sources = DiskSources(str(tmp_path))
    assert sources.lines("a.py") == ("one", "two")
    assert sources.raw("a.py") == b"one\r\ntwo"
    assert sources.lines("gone.py") is None
    assert sources.lines("a\0b.py") is None


@pytest.mark.parametrize(
    ("data", "path", "text"),
    [
        (b"# coding: latin-1\nx = '\xe9'\n", "a.py", "# coding: latin-1\nx = 'é'\n"),
        (b"# coding: latin-1\n", "a.ts", "# coding: latin-1\n"),
        (b"# coding: no-such-thing\n\xff", "a.py", "# coding: no-such-thing\n\ufffd"),
        ("\ufeffx = 1".encode(), "a.py", "x = 1"),
        ("\ufeffx = 1".encode(), "a.ts", "x = 1"),
        (b"\xff", "a.ts", "\ufffd"),
    ],
)
def test_sources_are_decoded_as_their_language_says(data: bytes, path: str, text: str) -> None:
    assert decode(data, path) == text


def test_lines_end_at_line_ends_only() -> None:
    assert split_lines("a\rb\r\nc\nd\fe\x85f\u2028g\v") == ("a", "b", "c", "d\fe\x85f\u2028g\v")


def test_the_samples_are_programs() -> None:
    for path in ("store.py", "server.py"):
        lines = SOURCES.lines(path)
        assert lines and ast.parse("\n".join(lines))
