"""Which comments suppress which findings, and what is said about comments that suppress nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from leaklint.engine import Settings, analyze
from leaklint.findings import Result

PYTHON = """\
import uuid

_seen = {}
_jobs = {}


def see(tool):
    key = str(uuid.uuid4())
    _seen[key] = dict(
        tool=tool,
    )
    _jobs[key] = tool
"""
TYPESCRIPT = """\
const seen = new Map<string, string>();

export function see(tool: string) {
  seen.set(
    crypto.randomUUID(),
    tool,
  );
}
"""


def check(folder: Path, text: str, name: str = "server.py", *, ignores: bool = True) -> Result:
    (folder / name).write_text(text)
    return analyze([str(folder)], Settings(ignores=ignores))


def told(result: Result) -> list[tuple[str, int]]:
    return [(finding.rule, finding.primary.span.line) for finding in result.findings]


def edited(text: str, line: int, end: str = "", above: str = "") -> str:
    """``text`` with ``end`` at the end of ``line``, or with the line ``above`` before it."""
    lines = text.splitlines()
    lines[line - 1] += end
    return "\n".join([*lines[: line - 1], *([above] if above else []), *lines[line - 1 :]]) + "\n"


def test_without_a_comment_both_are_reported(tmp_path: Path) -> None:
    result = check(tmp_path, PYTHON)
    assert (told(result), result.suppressed) == ([("LEAK002", 9), ("LEAK002", 12)], 0)


@pytest.mark.parametrize("words", ["ignore[LEAK002]", "ignore[entry-without-delete]", "ignore[ leak002 ] -- why"])
@pytest.mark.parametrize("line", [9, 10, 11])
def test_a_comment_anywhere_in_the_statement(tmp_path: Path, line: int, words: str) -> None:
    result = check(tmp_path, edited(PYTHON, line, f"  # leaklint: {words}"))
    assert (told(result), result.suppressed) == ([("LEAK002", 12)], 1)


def test_a_comment_on_its_own_line_before(tmp_path: Path) -> None:
    result = check(tmp_path, edited(PYTHON, 9, above="    # leaklint: ignore[LEAK002] -- why\n    # more\n"))
    assert told(result) == [("LEAK002", 15)]


def test_a_comment_of_its_own_within_a_statement_says_nothing_of_the_next(tmp_path: Path) -> None:
    result = check(tmp_path, edited(PYTHON, 10, above="        # leaklint: ignore[LEAK002]"))
    assert told(result) == [("LEAK002", 13)]


def test_a_comment_where_the_container_is_made(tmp_path: Path) -> None:
    assert told(check(tmp_path, edited(PYTHON, 3, "  # leaklint: ignore[LEAK002]"))) == [("LEAK002", 12)]


def test_a_comment_after_another_one(tmp_path: Path) -> None:
    assert told(check(tmp_path, edited(PYTHON, 12, "  # noqa  # leaklint: ignore[LEAK002]"))) == [("LEAK002", 9)]


def test_a_comment_for_the_whole_file(tmp_path: Path) -> None:
    result = check(tmp_path, "# leaklint: ignore-file[LEAK002] -- a script\n" + PYTHON)
    assert (told(result), result.suppressed) == ([], 2)
    (tmp_path / "other.py").write_text(PYTHON)
    assert {finding.primary.path for finding in analyze([str(tmp_path)]).findings} == {"other.py"}


def test_a_comment_on_a_decorated_function(tmp_path: Path) -> None:
    text = "import functools\n\n\n@functools.cache\ndef page(query: str) -> str:\n    return query\n"
    assert told(check(tmp_path, text)) == [("LEAK003", 5)]
    for changed in (
        edited(text, 4, above="# leaklint: ignore[LEAK003]"),
        edited(text, 4, "  # leaklint: ignore[LEAK003]"),
        edited(text, 5, "  # leaklint: ignore[LEAK003]"),
    ):
        assert told(check(tmp_path, changed)) == []
    assert told(check(tmp_path, edited(text, 6, "  # leaklint: ignore[LEAK003]"))) == [("LEAK003", 5), ("LEAK900", 6)]


@pytest.mark.parametrize(
    ("line", "end", "above"),
    [
        (4, "  // leaklint: ignore[LEAK002] -- why", ""),
        (6, "  /* leaklint: ignore[LEAK002] -- why */", ""),
        (4, "", "  // leaklint: ignore[LEAK002]"),
        (1, "", "/* leaklint: ignore-file[LEAK002] */"),
    ],
)
def test_typescript(tmp_path: Path, line: int, end: str, above: str) -> None:
    assert told(check(tmp_path, TYPESCRIPT, "server.ts")) == [("LEAK002", 4)]
    assert told(check(tmp_path, edited(TYPESCRIPT, line, end, above), "server.ts")) == []


def test_text_is_no_comment(tmp_path: Path) -> None:
    text = edited(PYTHON, 9, above='    "# leaklint: ignore[LEAK002]"')
    assert told(check(tmp_path, text)) == [("LEAK002", 10), ("LEAK002", 13)]
    text = edited(TYPESCRIPT, 4, above="  `// leaklint: ignore[LEAK002]`;")
    assert told(check(tmp_path, text, "server.ts"))[-1] == ("LEAK002", 5)


def test_unused(tmp_path: Path) -> None:
    result = check(tmp_path, edited(PYTHON, 12, "  # leaklint: ignore[LEAK001, LEAK002, LEAK003] -- why"))
    assert told(result) == [("LEAK002", 9), ("LEAK900", 12), ("LEAK900", 12)]
    assert [finding.fix for finding in result.findings[1:]] == [
        "delete LEAK001 from the comment",
        "delete LEAK003 from the comment",
    ]
    (remark,) = check(tmp_path, "x = 1  # leaklint: ignore[LEAK002]\n").findings
    assert (remark.rule, remark.confidence, remark.fix) == ("LEAK900", "high", "delete the comment")
    assert (remark.primary.span.line, remark.primary.span.column) == (1, 8)


def test_a_comment_is_used_if_it_meets_a_finding_of_any_confidence(tmp_path: Path) -> None:
    text = "_seen = []\n\n\ndef add(x):\n    _seen.append(x)  # leaklint: ignore[LEAK002]\n"
    (tmp_path / "leaklint.toml").write_text('min-confidence = "high"')
    low = check(tmp_path, text.replace("  #", "  # not"))
    assert low.findings == () or low.findings[0].confidence == "high"
    assert told(check(tmp_path, text)) == []
    (tmp_path / "leaklint.toml").write_text('ignore = ["LEAK002"]')
    assert told(check(tmp_path, text)) == []


@pytest.mark.parametrize(
    ("comment", "fix"),
    [
        ("ignore[LEAK02]", "did you mean `LEAK002`?"),
        ("ignore[entry-without-delet]", "did you mean `entry-without-delete`?"),
        ("ignore", "write `leaklint: ignore[RULE] -- reason` or `leaklint: ignore-file[RULE] -- reason`"),
        ("ignore[] -- why", "write `leaklint: ignore[RULE] -- reason` or `leaklint: ignore-file[RULE] -- reason`"),
        ("ignore[LEAK002] why", "write `leaklint: ignore[RULE] -- reason` or `leaklint: ignore-file[RULE] -- reason`"),
    ],
)
def test_unknown(tmp_path: Path, comment: str, fix: str) -> None:
    result = check(tmp_path, edited(PYTHON, 12, f"  # leaklint: {comment}"))
    assert told(result) == [("LEAK002", 9), ("LEAK002", 12), ("LEAK901", 12)]
    assert result.findings[-1].fix == fix


def test_without_reason(tmp_path: Path) -> None:
    text = edited(PYTHON, 12, "  # leaklint: ignore[LEAK002]")
    (tmp_path / "leaklint.toml").write_text("require-reason = true")
    assert told(check(tmp_path, text)) == [("LEAK002", 9), ("LEAK902", 12)]
    assert told(check(tmp_path, text.replace("[LEAK002]", "[LEAK002] -- why"))) == [("LEAK002", 9)]
    assert told(check(tmp_path, text.replace("[LEAK002]", "[LEAK002] -- "))) == [("LEAK002", 9), ("LEAK902", 12)]


def test_the_configuration_of_the_comment_decides_about_reasons(tmp_path: Path) -> None:
    (tmp_path / "strict").mkdir()
    (tmp_path / "strict" / "leaklint.toml").write_text("require-reason = true")
    text = "# leaklint: ignore-file[LEAK002]\n" + PYTHON
    check(tmp_path, text)
    assert [f.primary.path for f in check(tmp_path, text, "strict/server.py").findings] == ["strict/server.py"]


def test_remarks_cannot_be_suppressed(tmp_path: Path) -> None:
    text = "# leaklint: ignore-file[LEAK900, LEAK901]\nx = 1  # leaklint: ignore[LEAK002, LEAK02]\n"
    result = check(tmp_path, text)
    assert told(result) == [("LEAK900", 1), ("LEAK900", 1), ("LEAK900", 2), ("LEAK901", 2)]
    assert result.findings[0].why == "LEAK900 cannot be suppressed"


def test_a_file_that_was_not_read_whole_has_no_unused_comments(tmp_path: Path) -> None:
    result = check(tmp_path, "// leaklint: ignore-file[LEAK002]\nfunction ( {\n", "server.ts")
    assert result.notices and told(result) == []


def test_no_ignores(tmp_path: Path) -> None:
    text = edited(PYTHON, 9, "  # leaklint: ignore[LEAK002, LEAK001, nonsense]")
    result = check(tmp_path, text, ignores=False)
    assert (told(result), result.suppressed) == ([("LEAK002", 9), ("LEAK002", 12)], 0)
