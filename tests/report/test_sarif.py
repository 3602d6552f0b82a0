"""The SARIF log: valid, and what GitHub code scanning makes the most of."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sarif_om

from leaklint.facts import Span
from leaklint.findings import Finding, Hop, Notice, Result, Site
from leaklint.report import Options, SourceReader, render
from leaklint.report.sarif import log as sarif_log
from leaklint.report.sarif.fingerprints import line_hashes
from leaklint.report.sarif.serializer import plain
from tests.report.samples import CLEAN, LEASES, PAGES, RESULT, SOURCES, STORE, MemorySources, finding_at, result_of

SCHEMA = json.loads((Path(__file__).parent.parent / "data" / "sarif-2.1.0.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)

ODD_PATHS = ("a b.py", "a#b.py", "a%20b.py", "größe/名.py", "line\nend.py", "caf\udce9.py", "a?b.py", "c:d.py")
HOSTILE = finding_at("a.py", Span(1, 1, 1, 1), message="{0} \x1b[1m `table[key](value)` [x](9)", why="", fix="")


def log_of(result: Result, sources: SourceReader = SOURCES, **options: str) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(render("sarif", result, sources, options=Options(**options)))  # type: ignore[arg-type]
    return log


def run_of(result: Result, sources: SourceReader = SOURCES, **options: str) -> dict[str, Any]:
    run: dict[str, Any] = log_of(result, sources, **options)["runs"][0]
    return run


def only_result(finding: Finding, sources: SourceReader = SOURCES) -> dict[str, Any]:
    (result,) = run_of(result_of(finding), sources)["results"]
    assert isinstance(result, dict)
    return result


def uri_of(path: str, *, root: str = "/project", repository: str = "") -> str:
    result = Result(root=root, findings=(finding_at(path, Span(1, 1, 1, 2)),))
    (shown,) = run_of(result, repository=repository)["results"]
    uri: str = shown["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    return uri


@pytest.mark.parametrize(
    "result",
    [
        pytest.param(CLEAN, id="clean"),
        pytest.param(RESULT, id="two findings and a notice"),
        pytest.param(result_of(HOSTILE), id="hostile"),
        pytest.param(result_of(*(finding_at(path, Span(1, 1, 1, 2)) for path in ODD_PATHS)), id="odd paths"),
        pytest.param(
            Result(root="/p", findings=(), notices=(Notice(path="x", message="y"),)), id="notice without a line"
        ),
    ],
)
def test_the_log_is_valid(result: Result) -> None:
    VALIDATOR.validate(log_of(result))


@pytest.mark.parametrize("change", [{"version": "2"}, {"runs": None}, {"$schema": "not a uri"}])
def test_the_schema_refuses_what_is_wrong(change: dict[str, Any]) -> None:
    """Guards the test above: a validator without its formats would let these pass."""
    assert not VALIDATOR.is_valid({**log_of(CLEAN), **change})


def test_a_clean_run_has_an_empty_list_of_results() -> None:
    """A log without the list would leave old alerts open."""
    assert run_of(CLEAN)["results"] == []


def test_columns_are_code_points() -> None:
    assert run_of(CLEAN)["columnKind"] == "unicodeCodePoints"


def test_the_category_is_our_own() -> None:
    assert run_of(CLEAN)["automationDetails"] == {"id": "leaklint/"}


def test_all_rules_are_listed_with_their_pages() -> None:
    rules = run_of(CLEAN)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [f"LEAK{n}" for n in ("001", "002", "003", "004", "900", "901", "902")]
    for rule in rules:
        assert rule["help"]["markdown"].startswith("## What it does")
        assert len(rule["shortDescription"]["text"]) < 255
        assert len(rule["fullDescription"]["text"]) <= 1000
        assert rule["defaultConfiguration"]["level"] == "warning"
        assert rule["properties"]["problem.severity"] == "warning"
        assert rule["properties"]["precision"] in {"very-high", "high", "medium", "low"}
        assert "security-severity" not in rule["properties"]


def test_a_result_names_its_rule_container_and_confidence() -> None:
    run = run_of(RESULT)
    first, second = run["results"]
    assert (first["ruleId"], second["ruleId"]) == ("LEAK002", "LEAK003")
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == "LEAK002"
    assert first["properties"] == {"container": "self._leases", "confidence": "high"}
    assert second["properties"] == {"container": "page", "confidence": "medium"}


def test_a_rule_without_a_page_has_no_index() -> None:
    assert "ruleIndex" not in only_result(finding_at("a.py", Span(1, 1, 1, 2), rule="LEAK777"))


@pytest.mark.parametrize(("confidence", "level"), [("high", "warning"), ("medium", "warning"), ("low", "note")])
def test_the_level_is_written_even_where_it_is_the_default(confidence: str, level: str) -> None:
    result = only_result(finding_at("a.py", Span(1, 1, 1, 2), confidence=confidence))
    assert (result["level"], result["kind"]) == (level, "fail")


def test_the_message_is_the_title_the_reason_the_mend_and_links() -> None:
    assert only_result(LEASES)["message"]["text"] == (
        "`self._leases` keeps an entry for every call of `search` that fails. "
        "`del self._leases[lease.id]` is skipped when `lease.open()` raises or the call is cancelled. "
        "Put `await lease.open()` in a `try` and call `self._leases.pop(lease.id, None)` in its `finally`. "
        "See: [lives as long as the server](1), [removed here, but only on success](2), [declared here](3)."
    )


def test_links_lead_to_related_locations() -> None:
    related = only_result(LEASES)["relatedLocations"]
    assert [(place["id"], place["message"]["text"]) for place in related] == [
        (1, "lives as long as the server"),
        (2, "removed here, but only on success"),
        (3, "declared here"),
    ]


def test_code_in_a_message_makes_no_link() -> None:
    assert "`table\\[key\\](value)` \\[x\\](9)" in only_result(HOSTILE)["message"]["text"]


def test_brackets_in_a_label_are_escaped() -> None:
    related = (Site(path="a.py", span=Span(1, 1, 1, 2), label="`jobs[i]`"),)
    text = only_result(finding_at("a.py", Span(1, 1, 1, 2), related=related))["message"]["text"]
    assert text.endswith("See: [`jobs\\[i\\]`](1).")


def test_a_long_message_is_cut_but_keeps_its_links() -> None:
    text = only_result(finding_at("a.py", Span(1, 1, 1, 2), why="w" * 9000, related=LEASES.related))["message"]["text"]
    assert len(text) < 2200
    assert "w… See: [lives as long as the server](1), [removed here, but only on success](2)" in text


def test_the_primary_region_is_whole() -> None:
    region = only_result(LEASES)["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 11, "startColumn": 9, "endLine": 11, "endColumn": 39}


def test_a_region_over_several_lines_keeps_to_its_first() -> None:
    sources = MemorySources({"a.py": "jobs.append(  \n  item\n)\n"})
    region = only_result(finding_at("a.py", Span(1, 1, 3, 2)), sources)["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 13}


def test_the_way_there_is_a_code_flow_that_ends_at_the_growth() -> None:
    ((flow,),) = [flow["threadFlows"] for flow in only_result(LEASES)["codeFlows"]]
    steps = [step["location"] for step in flow["locations"]]
    places = [
        (step["physicalLocation"]["artifactLocation"]["uri"], step["physicalLocation"]["region"]["startLine"])
        for step in steps
    ]
    assert places == [("server.py", 6), ("store.py", 10), ("store.py", 11)]
    assert [step["message"]["text"] for step in steps] == ["`search`", "`Store.put`", "grows here"]


def test_without_a_way_there_is_no_code_flow() -> None:
    assert "codeFlows" not in only_result(PAGES)


def test_the_line_hash_is_that_of_the_primary_line() -> None:
    prints = only_result(LEASES)["partialFingerprints"]
    assert prints["primaryLocationLineHash"] == line_hashes(STORE.encode())[10]


def test_our_own_key_stays_when_lines_move() -> None:
    moved = Finding(
        **{**{field: getattr(LEASES, field) for field in LEASES.__struct_fields__}, "primary": PAGES.primary}
    )
    prints = [only_result(finding)["partialFingerprints"] for finding in (LEASES, moved, PAGES)]
    assert prints[0]["leaklint/v1"] == prints[1]["leaklint/v1"] != prints[2]["leaklint/v1"]


def test_equal_keys_in_one_file_are_told_apart() -> None:
    results = run_of(result_of(LEASES, LEASES))["results"]
    assert len({result["partialFingerprints"]["leaklint/v1"] for result in results}) == 2


def test_a_file_that_is_gone_has_no_line_hash() -> None:
    assert set(only_result(LEASES, MemorySources({}))["partialFingerprints"]) == {"leaklint/v1"}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("src/a.py", "src/a.py"),
        ("a b#c.py", "a%20b%23c.py"),
        ("100%.py", "100%25.py"),
        ("größe.py", "gr%C3%B6%C3%9Fe.py"),
        ("caf\udce9.py", "caf%E9.py"),
        ("line\nend.py", "line%0Aend.py"),
        ("c:d.py", "c%3Ad.py"),
        ("..hidden/a.py", "..hidden/a.py"),
    ],
)
def test_uris_are_relative_and_encoded(path: str, uri: str) -> None:
    assert uri_of(path) == uri


def test_uris_start_at_the_repository() -> None:
    assert uri_of("a.py", root="/home/repo/server", repository="/home/repo") == "server/a.py"


def test_a_file_outside_the_repository_has_an_absolute_uri() -> None:
    assert uri_of("../lib/a b.py", root="/home/repo", repository="/home/repo") == "file:///home/lib/a%20b.py"


def test_notices_are_notifications_with_their_place() -> None:
    (invocation,) = run_of(RESULT)["invocations"]
    assert invocation["executionSuccessful"] is True
    (notification,) = invocation["toolExecutionNotifications"]
    assert (notification["level"], notification["message"]["text"]) == (
        "warning",
        "Not Python: unexpected end of file.",
    )
    (location,) = notification["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "broken.py"},
        "region": {"startLine": 3, "startColumn": 7},
    }


def test_a_notice_without_a_line_has_no_region() -> None:
    (invocation,) = run_of(Result(root="/p", findings=(), notices=(Notice(path="x", message="y"),)))["invocations"]
    (location,) = invocation["toolExecutionNotifications"][0]["locations"]
    assert location["physicalLocation"] == {"artifactLocation": {"uri": "x"}}


def test_over_the_limit_the_highest_confidence_stays_and_the_log_says_so() -> None:
    confidences = ["low"] * 1500 + ["medium"] * 3000 + ["high"] * 1500
    findings = [
        finding_at("a.py", Span(1, 1, 1, 2), confidence=each, container=f"c{n}") for n, each in enumerate(confidences)
    ]
    run = run_of(result_of(*findings))
    kept = [result["properties"] for result in run["results"]]
    counts = {each: sum(result["confidence"] == each for result in kept) for each in ("high", "medium", "low")}
    assert counts == {"high": 1500, "medium": 3000, "low": 500}
    assert kept == sorted(kept, key=lambda properties: int(properties["container"][1:])), "the order changed"
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith("This log holds 5000 of 6000 findings, those of the highest")


def test_a_log_that_is_too_large_for_an_upload_holds_less(monkeypatch: pytest.MonkeyPatch) -> None:
    rest = [finding_at("a.py", Span(1, 1, 1, 2), confidence="medium", container=f"c{n}") for n in range(400)]
    findings = [*rest, finding_at("a.py", Span(1, 1, 1, 2), confidence="high", container="sure")]
    whole = len(gzip.compress(render("sarif", result_of(*findings), SOURCES, options=Options()).encode()))
    limit = whole * 4 // 5
    monkeypatch.setattr(sarif_log, "SIZE_LIMIT", limit)
    text = render("sarif", result_of(*findings), SOURCES, options=Options())
    assert len(gzip.compress(text.encode())) <= limit
    (run,) = json.loads(text)["runs"]
    kept = [result["properties"]["container"] for result in run["results"]]
    assert 100 < len(kept) < 401 and kept[-1] == "sure"
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith(f"This log holds {len(kept)} of 401 findings")


def test_a_log_without_findings_is_written_however_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif_log, "SIZE_LIMIT", 1)
    assert json.loads(render("sarif", RESULT, SOURCES, options=Options()))["runs"][0]["results"] == []


def test_many_related_places_and_steps_stay_below_the_limits() -> None:
    related = tuple(Site(path="a.py", span=Span(n, 1, n, 2), label=f"also {n}") for n in range(1, 151))
    trace = tuple(Hop(function=f"f{n}", path="a.py", span=Span(n, 1, n, 2)) for n in range(1, 1201))
    result = only_result(finding_at("a.py", Span(1, 1, 1, 2), related=related, trace=trace))
    assert len(result["relatedLocations"]) == 99
    assert result["message"]["text"].endswith(" and 51 more.")
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert len(steps) == 1000
    assert steps[-1]["location"]["message"]["text"] == "grows here"


def test_nothing_that_github_misreads_is_written() -> None:
    run = run_of(RESULT)
    keys = set(run).union(*run["results"])
    assert keys.isdisjoint({"originalUriBaseIds", "suppressions", "baselineState", "fingerprints"})
    written = json.dumps([run["results"], run["invocations"]])
    assert "null" not in written and "-1" not in written


def test_the_serializer_refuses_what_has_no_place_in_a_log() -> None:
    with pytest.raises(TypeError, match="no SARIF value"):
        plain(sarif_om.Message(text=object()))


def test_the_serializer_uses_the_names_of_the_schema() -> None:
    region = sarif_om.Region(start_line=1, start_column=2)
    assert plain(sarif_om.PhysicalLocation(region=region)) == {"region": {"startLine": 1, "startColumn": 2}}
