"""The formats of other programs: JSON, GitHub annotations, GitLab code quality, JUnit."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import jsonschema
import msgspec
import pytest

from leaklint.facts import Span
from leaklint.findings import Answer, Finding, Notice, Result, Site
from leaklint.report import Options, render
from leaklint.report.json import schema
from tests.report.samples import CLEAN, LEASES, NOTICE, RESULT, SOURCES, MemorySources, finding_at, result_of

HOSTILE = finding_at(
    "a,b:c%0A\n::error::.py",
    Span(1, 2, 1, 6),
    message='<script>"]]>&\x1b',
    why="100% of\n::error::it",
    container="</testcase>",
)


def json_of(result: Result, name: str = "json", **options: str) -> Any:
    return json.loads(render(name, result, SOURCES, options=Options(**options)))  # type: ignore[arg-type]


# JSON


def test_the_json_report_says_all_that_is_known() -> None:
    report = json_of(RESULT)
    assert report["version"] == 1
    assert report["tool"]["name"] == "leaklint"
    assert (report["analysed"], report["skipped"]) == (3, {"tests": 2})
    first = report["findings"][0]
    assert first["name"] == "entry-without-delete"
    assert first["key"] == LEASES.key
    assert first["primary"] == {
        "path": "store.py",
        "line": 11,
        "column": 9,
        "endLine": 11,
        "endColumn": 39,
        "label": "grows here",
    }
    assert [step["function"] for step in first["trace"]] == ["search", "Store.put"]
    assert [place["line"] for place in first["related"]] == [1, 13, 5]
    assert report["notices"] == [
        {"path": "broken.py", "line": 3, "column": 7, "level": "warning", "message": NOTICE.message}
    ]


def test_answers_are_written_with_their_places() -> None:
    place = Site(path="store.py", span=Span(5, 9, 5, 44), label="decided here")
    answers = (
        Answer(question="holder", value="Server", proof="proven", place=place),
        Answer(question="keys", value="Unknown", proof="assumed"),
    )
    (finding,) = json_of(result_of(msgspec.structs.replace(LEASES, answers=answers)))["findings"]
    assert finding["answers"][0]["place"]["label"] == "decided here"
    assert finding["answers"][1] == {"question": "keys", "value": "Unknown", "proof": "assumed", "place": None}


@pytest.mark.parametrize("result", [CLEAN, RESULT, result_of(HOSTILE)], ids=["clean", "findings", "hostile"])
def test_the_json_report_fits_its_schema(result: Result) -> None:
    jsonschema.Draft202012Validator(schema()).validate(json_of(result))


def test_json_paths_start_at_the_repository() -> None:
    (finding,) = json_of(result_of(LEASES), repository="/", working_directory="/elsewhere")["findings"]
    assert finding["primary"]["path"] == "project/store.py"


# GitHub annotations


def test_an_annotation_stands_on_its_line_with_the_whole_story() -> None:
    assert render("github", result_of(LEASES), SOURCES, options=Options()) == (
        "::warning file=store.py,line=11,endLine=11,col=9,title=LEAK002 [high],endColumn=39::"
        "`self._leases` keeps an entry for every call of `search` that fails. "
        "`del self._leases[lease.id]` is skipped when `lease.open()` raises or the call is cancelled. "
        "Put `await lease.open()` in a `try` and call `self._leases.pop(lease.id, None)` in its `finally`.%0A"
        "The way there: `search` (server.py:6) -> `Store.put` (store.py:10)%0A"
        "server.py:1:1: lives as long as the server%0A"
        "store.py:13:9: removed here, but only on success%0A"
        "store.py:5:9: declared here\n"
    )


def test_a_hostile_name_starts_no_command_of_its_own() -> None:
    (line,) = render("github", result_of(HOSTILE), SOURCES, options=Options()).splitlines()
    assert line.startswith("::warning file=a%2Cb%3Ac%250A\\n%3A%3Aerror%3A%3A.py,line=1,")
    assert "100%25 of\\n::error::it" in line


def test_low_confidence_is_a_notice() -> None:
    written = render(
        "github", result_of(finding_at("a.py", Span(1, 1, 2, 2), confidence="low")), SOURCES, options=Options()
    )
    assert written.startswith("::notice file=a.py,line=1,endLine=1,col=1,title=LEAK002 [low]::")


def test_what_github_does_not_show_is_counted_and_the_surest_come_first() -> None:
    unsure = [finding_at(f"m{n}.py", Span(1, 1, 1, 2), confidence="medium") for n in range(9)]
    sure = [finding_at(f"h{n}.py", Span(1, 1, 1, 2)) for n in range(4)]
    lines = render("github", result_of(*unsure, *sure), SOURCES, options=Options()).splitlines()
    assert (
        lines[0] == "::notice title=leaklint::GitHub shows 10 warnings of a step. 3 more are in the log of this step."
    )
    assert [line.split("file=")[1][:2] for line in lines[1:]] == ["h0", "h1", "h2", "h3", *(f"m{n}" for n in range(9))]


@pytest.mark.parametrize("count", [0, 1, 10])
def test_nothing_is_counted_where_all_are_shown(count: int) -> None:
    written = render("github", result_of(*[LEASES] * count), SOURCES, options=Options())
    assert written.count("::warning") == written.count("\n") == count


def test_a_notice_is_an_annotation_of_its_file() -> None:
    written = render("github", Result(root="/p", findings=(), notices=(NOTICE,)), SOURCES, options=Options())
    assert written == "::warning file=broken.py,line=3,col=7,title=leaklint::Not Python: unexpected end of file.\n"


# GitLab code quality


def test_an_issue_has_what_gitlab_requires() -> None:
    first, second = json_of(RESULT, "gitlab")
    assert first["check_name"] == "LEAK002"
    assert first["location"] == {"path": "store.py", "lines": {"begin": 11, "end": 11}}
    assert (first["severity"], second["severity"]) == ("major", "minor")
    assert first["description"].startswith("`self._leases` keeps an entry")
    assert first["fingerprint"] != second["fingerprint"]


def test_issues_without_a_finding_are_an_empty_list() -> None:
    assert json_of(CLEAN, "gitlab") == []


def test_a_fingerprint_stays_when_lines_move_and_is_unique() -> None:
    moved = msgspec.structs.replace(LEASES, primary=Site(path="store.py", span=Span(12, 9, 12, 39), label=""))
    (before,), (after,) = json_of(result_of(LEASES), "gitlab"), json_of(result_of(moved), "gitlab")
    assert before["fingerprint"] == after["fingerprint"]
    assert len({issue["fingerprint"] for issue in json_of(result_of(LEASES, LEASES), "gitlab")}) == 2


# JUnit


def junit_of(*findings: Finding, notices: tuple[Notice, ...] = ()) -> ElementTree.Element:
    result = Result(root="/project", findings=findings, notices=notices)
    return ElementTree.fromstring(render("junit", result, MemorySources({}), options=Options()))


def test_a_finding_is_a_failed_test_in_the_suite_of_its_file() -> None:
    root = junit_of(*RESULT.findings, notices=RESULT.notices)
    assert (root.get("tests"), root.get("failures")) == ("3", "2")
    assert [suite.get("name") for suite in root] == ["server.py", "store.py", "not analysed"]
    (case,) = root[1]
    assert (case.get("classname"), case.get("line")) == ("Store.put", "11")
    (failure,) = case
    assert failure.get("message") == LEASES.message
    assert failure.text and "store.py:5:9: declared here" in failure.text


def test_a_notice_is_a_skipped_test() -> None:
    root = junit_of(notices=(NOTICE,))
    suite = root[0]
    assert (suite.get("tests"), suite.get("skipped"), suite.get("failures")) == ("1", "1", "0")
    assert suite[0].get("name") == "broken.py:3:7"


def test_a_clean_run_is_one_test_that_passed() -> None:
    root = junit_of()
    assert (root.get("tests"), root.get("failures")) == ("1", "0")
    assert [len(case) for case in root.iter("testcase")] == [0]


def test_markup_in_names_stays_text() -> None:
    (case,) = junit_of(HOSTILE)[0]
    assert case[0].get("message") == '<script>"]]>&\\x1b'
    assert (case.get("name") or "").startswith("LEAK002 </testcase> (")
