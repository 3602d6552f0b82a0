"""What ``--why`` knows of a line: every growth there, reported or not, and what became of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from leaklint.engine import Settings
from leaklint.engine.why import NotAnalysed, explain
from leaklint.report import Options
from leaklint.report.why import render_why

SERVER = """\
import uuid

_leases = {}
_limits = {}
_seen = {}


async def take(mcp):
    lease = str(uuid.uuid4())
    _leases[lease] = 1
    await mcp.use(lease)
    del _leases[lease]
    _seen[lease] = 1


def start():
    _limits["search"] = 5


async def renew():
    _seen[str(uuid.uuid4())] = 2
"""


@pytest.fixture
def server(tmp_path: Path) -> Path:
    (tmp_path / "leaklint.toml").write_text("")
    path = tmp_path / "server.py"
    path.write_text(SERVER)
    return path


def test_a_reported_growth_has_all_answers_with_their_places(server: Path) -> None:
    ((account, outcome),) = explain(str(server), 10).accounts
    assert (account.rule, account.container, account.qualname, outcome) == ("LEAK002", "_leases", "take", "reported")
    answers = {answer.question: answer for answer in account.answers}
    assert list(answers) == ["what", "repeats", "holder", "keys", "bound", "release", "selection"]
    lines = {question: answer.place.span.line for question, answer in answers.items() if answer.place}
    assert lines == {"repeats": 8, "holder": 3, "release": 12}
    assert answers["selection"].value.startswith("high: ")


def test_a_silent_growth_names_the_row_that_silenced_it(server: Path) -> None:
    ((account, outcome),) = explain(str(server), 17).accounts
    assert account.confidence is None
    assert outcome == "not reported: the answers silence it"
    assert account.answers[-1].value == "silent: the key is a constant"


def test_a_further_growth_of_the_same_object_names_the_finding(server: Path) -> None:
    ((_, outcome),) = explain(str(server), 21).accounts
    assert outcome == "reported together with the growth of the same object at server.py:13"


def test_what_keeps_a_finding_out_of_the_report_is_said(server: Path) -> None:
    (server.parent / "leaklint.toml").write_text('ignore = ["LEAK002"]')
    ((_, outcome),) = explain(str(server), 10).accounts
    assert outcome.startswith("not reported: LEAK002 is ignored (") and outcome.endswith("leaklint.toml)")
    ((_, outcome),) = explain(str(server), 10, settings=Settings(isolated=True)).accounts
    assert outcome == "reported"


def test_a_line_without_growth_names_the_nearest(server: Path) -> None:
    explanation = explain(str(server), 12)
    assert explanation.accounts == ()
    assert [(site.span.line, site.label) for site in explanation.nearest] == [
        (10, "_leases"),
        (13, "_seen"),
        (17, "_limits"),
        (21, "_seen"),
    ]
    (server.parent / "empty.py").write_text("x = 1\n")
    assert render_why(explain(str(server.parent / "empty.py"), 1), Options()) == (
        "empty.py:1: nothing grows on this line\n  nothing grows in this file\n"
    )


def test_a_file_that_was_not_analysed_is_an_error(server: Path) -> None:
    other = server.parent / "test_server.py"
    other.write_text(SERVER)
    with pytest.raises(NotAnalysed):
        explain(str(other), 10)


def test_names_from_the_code_are_harmless(server: Path) -> None:
    server.write_text(SERVER.replace('_limits["search"] = 5', '_limits["\x1b]0;owned\x07"].append(5)'))
    text = render_why(explain(str(server), 17), Options())
    assert text and all(line.isprintable() for line in text.splitlines())
