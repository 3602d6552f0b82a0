"""No format lets a character through that a terminal, a log or a browser could act upon."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaklint.facts import Span
from leaklint.findings import Finding, Hop, Notice, Result, Site
from leaklint.report import FORMATS, Options, render
from leaklint.report.escape import cells, visible
from tests.report.samples import MemorySources

ACTIVE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
BYTES_OF_NAMES = "".join(chr(0xDC00 + byte) for byte in range(0x80, 0x100))

hostile = st.text(
    st.one_of(
        st.sampled_from(
            "\0\a\b\t\n\v\f\r\x1b\x7f\x85\x9b\u061c\u200b\u200e\u202a\u202e\u2028\u2029\u2066\ufeff\U000e0001<>&\"'%[](){}`\\,:;"
        ),
        st.characters(),
    ),
    min_size=1,
    max_size=20,
)
names = st.text(
    st.one_of(
        st.sampled_from("\n\r\t\x1b\u202e %#?&<>:,;\"'" + BYTES_OF_NAMES), st.characters(exclude_categories=["Cs"])
    ),
    min_size=1,
    max_size=12,
).map(lambda name: name.replace("/", "_").replace("\0", "_").replace(".", "_"))
spans = st.builds(Span, st.just(1), st.just(1), st.integers(1, 2), st.integers(1, 9))
sites = st.builds(Site, path=names, span=spans, label=hostile)
hops = st.builds(Hop, function=hostile, path=names, span=spans)
findings = st.builds(
    Finding,
    rule=st.sampled_from(["LEAK001", "LEAK002"]),
    confidence=st.sampled_from(["high", "medium", "low"]),
    message=hostile,
    why=hostile,
    fix=hostile,
    container=hostile,
    qualname=hostile,
    primary=sites,
    related=st.lists(sites, max_size=2).map(tuple),
    trace=st.lists(hops, max_size=2).map(tuple),
)
notices = st.builds(Notice, path=names, message=hostile, line=st.integers(0, 2))
results = st.builds(
    Result,
    root=st.just("/project"),
    findings=st.lists(findings, min_size=1, max_size=2).map(tuple),
    notices=st.lists(notices, max_size=1).map(tuple),
)


@pytest.mark.parametrize("name", FORMATS)
@given(result=results, source=hostile)
def test_no_format_writes_an_active_character(name: str, result: Result, source: str) -> None:
    paths = [site.path for finding in result.findings for site in (finding.primary, *finding.related)]
    sources = MemorySources({path: source.encode("utf-8", "replace") for path in paths})
    written = render(name, result, sources, options=Options())
    assert {char for char in written if unicodedata.category(char) in ACTIVE} <= {"\n"}
    assert written.encode()


@pytest.mark.parametrize("name", ["text", "concise", "github"])
@given(result=results)
def test_hostile_text_adds_no_line(name: str, result: Result) -> None:
    tame = [
        Finding(
            **{
                field: "x"
                if isinstance(value := getattr(finding, field), str) and field not in ("rule", "confidence")
                else value
                for field in finding.__struct_fields__
            }
        )
        for finding in result.findings
    ]
    quiet = Result(root=result.root, findings=tuple(tame), notices=result.notices)
    lines = [render(name, each, MemorySources({}), options=Options()).count("\n") for each in (result, quiet)]
    assert lines[0] == lines[1]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain `code` – déjà vu 名", "plain `code` – déjà vu 名"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("one\ntwo\ttabs\rback", "one\\ntwo\\ttabs\\rback"),
        ("user\u202erid", "user\\u202erid"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("line\u2028end", "line\\u2028end"),
        ("caf\udce9", "caf\\xe9"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_does_not_print_is_spelled(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(("text", "count"), [("abc", 3), ("名前", 4), ("e\u0301", 1), ("ｆ", 2), ("é", 1), ("", 0)])
def test_cells_of_a_terminal(text: str, count: int) -> None:
    assert cells(text) == count
