"""Nothing of the scanned project is run or imported, whatever its files are called."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TEMPTING = (
    "click.py",
    "conftest.py",
    "leaklint/__init__.py",
    "leaklint_plugin.py",
    "libcst/__init__.py",
    "msgspec.py",
    "sarif_om.py",
    "setup.py",
    "sitecustomize.py",
    "tree_sitter.py",
    "usercustomize.py",
)


_PADDING = f"# {'x' * 100}\n" * 400  # enough for two processes


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_modules_of_the_project_are_not_imported(tmp_path: Path, jobs: str) -> None:
    project = tmp_path / "project"
    for name in TEMPTING:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n" + _PADDING)
    (project / "pyproject.toml").write_text("[project.entry-points.leaklint]\nplugin = 'leaklint_plugin'\n")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "leaklint", "check", "--format", "sarif", "--no-cache", "--jobs", jobs, "."],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Analysed" in done.stderr and not (tmp_path / "ran").exists()
