"""A share of the sweep over installed code, and the sweep itself: it finds what it is for."""

from __future__ import annotations

import sysconfig
from pathlib import Path

import pytest

from tests.sweep import accounted, copy, neutral, sources, sweep


def test_a_share_of_the_standard_library_does_no_harm() -> None:
    assert sweep([Path(sysconfig.get_path("stdlib")) / "test"], share=40) == []


def test_files_that_discovery_passes_over_get_names_that_it_does_not(tmp_path: Path) -> None:
    names = ["tests/test_a.py", "vendor/b_test.py", ".hidden/conftest.py", "plain/c.py", "d.min.js", "e.test.ts"]
    for name in names:
        (tmp_path / "from" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "from" / name).write_text("x = 1\n")
    files = list(sources(tmp_path / "from"))
    copy(files, tmp_path / "from", tmp_path / "to")
    assert sweep([tmp_path / "to"]) == []
    assert sorted(map(str, (path.relative_to(tmp_path / "to") for path in sources(tmp_path / "to")))) == sorted(
        str(neutral(Path(name))) for name in names
    )


@pytest.mark.parametrize(
    ("said", "files"),
    [
        ("Analysed 1,200 files, skipped 3 (minified): nothing to report (1.0 s).\n", 1203),
        ("a.py:3:1: warning: broken\na.py:9:1: warning: broken\nAnalysed 1 file: 2 findings (0.1 s).\n", 2),
        ("something else\n", 0),
    ],
)
def test_what_standard_error_speaks_of_is_counted(said: str, files: int) -> None:
    assert accounted(said) == files
