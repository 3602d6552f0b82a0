"""The layout of the text report and of its one-line twin."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaklint.facts import Span
from leaklint.findings import Finding, Site
from leaklint.report import Options, render
from leaklint.report.escape import cells
from leaklint.report.frame import Frame, Mark
from leaklint.report.paint import Paint
from tests.report.samples import CLEAN, LEASES, PAGES, RESULT, SOURCES, MemorySources, finding_at, result_of


def text_of(finding: Finding, source: str, **options: int) -> str:
    return render("text", result_of(finding), MemorySources({"a.py": source}), options=Options(**options))  # type: ignore[arg-type]


def frame_of(finding: Finding, source: str, **options: int) -> str:
    """The code frame alone, at the left edge: what stands between the headline and the remarks."""
    lines = text_of(finding, source, **options).splitlines(keepends=True)[1:]
    return dedent("".join(line for line in lines if " = " not in line[:6]))


def test_a_report_shows_the_code_the_way_the_reason_and_the_mend() -> None:
    assert render("text", RESULT, SOURCES, options=Options()) == dedent("""\
        store.py:11:9: LEAK002 [high] `self._leases` keeps an entry for every call of `search` that fails
            |
          5 |         self._leases: dict[str, Lease] = {}
            |         ----------------------------------- declared here
        ...
         10 |     async def put(self, lease: Lease) -> None:
         11 |         self._leases[lease.id] = lease
            |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ grows here
         12 |         await lease.open()
         13 |         del self._leases[lease.id]
            |         -------------------------- removed here, but only on success
            |
           ::: server.py:1:1
            |
          1 | store = Store()
            | --------------- lives as long as the server
            |
            = way: `search` (server.py:6) -> `Store.put` (store.py:10)
            = why: `del self._leases[lease.id]` is skipped when `lease.open()` raises or the call is cancelled
            = fix: put `await lease.open()` in a `try` and call `self._leases.pop(lease.id, None)` in its `finally`

        server.py:10:1: LEAK003 [medium] `page` caches a result for every `query`
            |
         10 | @cache
            | ^^^^^^ no limit
         11 | def page(query: str) -> str:
            |
            = why: `functools.cache` has no limit, and `query` is written by the client
            = fix: use `functools.lru_cache(maxsize=...)`
        """)


def test_a_concise_report_is_one_line_a_finding() -> None:
    assert render("concise", RESULT, SOURCES, options=Options()) == (
        "store.py:11:9: LEAK002 [high] `self._leases` keeps an entry for every call of `search` that fails; "
        "`del self._leases[lease.id]` is skipped when `lease.open()` raises or the call is cancelled\n"
        "server.py:10:1: LEAK003 [medium] `page` caches a result for every `query`; "
        "`functools.cache` has no limit, and `query` is written by the client\n"
    )


@pytest.mark.parametrize("name", ["text", "concise"])
def test_nothing_to_report_is_nothing_written(name: str) -> None:
    assert render(name, CLEAN, SOURCES, options=Options()) == ""


@pytest.mark.parametrize("name", ["text", "concise"])
def test_colour_changes_nothing_but_colour(name: str) -> None:
    coloured = render(name, RESULT, SOURCES, options=Options(colour=True))
    assert "\x1b[31m\x1b[1mLEAK002 [high]" in coloured
    assert "\x1b[33m\x1b[1mLEAK003 [medium]" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == render(name, RESULT, SOURCES, options=Options())


@pytest.mark.parametrize(
    ("working_directory", "shown"),
    [("/project", "store.py"), ("/", "project/store.py"), ("/project/web", "../store.py"), ("", "store.py")],
)
def test_paths_are_relative_to_the_working_directory(working_directory: str, shown: str) -> None:
    options = Options(working_directory=working_directory, repository="/")
    assert render("concise", result_of(LEASES), SOURCES, options=options).startswith(f"{shown}:11:9: ")
    assert f"`Store.put` ({shown}:10)" in render("text", result_of(LEASES), SOURCES, options=options)


def test_tabs_are_expanded_and_the_mark_stands_below_its_code() -> None:
    assert frame_of(finding_at("a.py", Span(1, 3, 1, 12)), "\t\tjobs[i]\t= 1\n") == dedent("""\
           |
         1 |         jobs[i] = 1
           |         ^^^^^^^^^ grows here
           |
        """)


def test_wide_and_combining_characters_take_the_cells_they_take() -> None:
    source = "名 = 'e\u0301'; jobs[i] = 1\n"
    assert frame_of(finding_at("a.py", Span(1, 11, 1, 18)), source) == dedent("""\
           |
         1 | 名 = 'e\u0301'; jobs[i] = 1
           |           ^^^^^^^ grows here
           |
        """)


def test_control_characters_are_spelled_and_the_mark_follows() -> None:
    assert frame_of(finding_at("a.py", Span(1, 7, 1, 11)), "'\x1b['; jobs\n") == dedent("""\
           |
         1 | '\\x1b['; jobs
           |          ^^^^ grows here
           |
        """)


def test_a_statement_over_several_lines_is_marked_on_its_first() -> None:
    assert frame_of(finding_at("a.py", Span(1, 1, 3, 2)), "jobs.append(  \n    item\n)\n") == dedent("""\
           |
         1 | jobs.append(
           | ^^^^^^^^^^^^ grows here
         2 |     item
           |
        """)


def test_two_places_on_one_line_have_a_row_each() -> None:
    related = (Site(path="a.py", span=Span(1, 1, 1, 5), label="declared here"),)
    assert frame_of(finding_at("a.py", Span(1, 12, 1, 16), related=related), "jobs = []; jobs += more\n") == dedent("""\
           |
         1 | jobs = []; jobs += more
           | ---- declared here
           |            ^^^^ grows here
           |
        """)


def test_a_long_line_is_cut_around_the_mark() -> None:
    source = f"{'a' * 200} jobs {'b' * 200}\n"
    assert frame_of(finding_at("a.py", Span(1, 202, 1, 206)), source, width=50) == dedent(f"""\
           |
         1 | …{"a" * 21} jobs {"b" * 16}…
           | {" " * 23}^^^^ grows here
           |
        """)


def test_a_small_gap_is_filled_and_a_large_one_is_dots() -> None:
    source = "".join(f"line{number}\n" for number in range(1, 12))
    related = tuple(Site(path="a.py", span=Span(line, 1, line, 2), label="") for line in (4, 11))
    assert frame_of(finding_at("a.py", Span(1, 1, 1, 2), related=related), source) == dedent("""\
            |
          1 | line1
            | ^ grows here
          2 | line2
          3 | line3
          4 | line4
            | -
        ...
         11 | line11
            | -
            |
        """)


def test_places_without_source_are_listed() -> None:
    gone = Site(path="gone.py", span=Span(4, 1, 4, 2), label="declared here")
    beyond = Site(path="a.py", span=Span(9, 1, 9, 2), label="also grows here")
    assert frame_of(finding_at("a.py", Span(1, 1, 1, 2), related=(gone, beyond)), "jobs\n") == dedent("""\
           |
         1 | jobs
           | ^ grows here
           |
          a.py:9:1: also grows here
          ::: gone.py:4:1
          gone.py:4:1: declared here
        """)


def test_a_finding_whose_file_is_gone_keeps_its_words() -> None:
    assert render("text", result_of(PAGES), MemorySources({}), options=Options()) == dedent("""\
        server.py:10:1: LEAK003 [medium] `page` caches a result for every `query`
            = why: `functools.cache` has no limit, and `query` is written by the client
            = fix: use `functools.lru_cache(maxsize=...)`
        """)


lines = st.text(st.characters(exclude_characters="\r\n"), min_size=1, max_size=120)


@given(lines, st.data(), st.integers(40, 60))
def test_a_frame_keeps_its_width_and_marks_inside_it(line: str, data: st.DataObject, room: int) -> None:
    start = data.draw(st.integers(1, len(line)))
    end = data.draw(st.integers(start, len(line) + 1))
    frame = Frame(gutter=2, room=room, paint=Paint(False), colour="red")
    _, code, mark, _ = frame.draw([line], [Mark(Span(1, start, 1, end), "", True)])
    lead = len(" 1 | ")
    assert cells(code) <= lead + room
    assert cells(mark) <= max(cells(code), lead) + 1
