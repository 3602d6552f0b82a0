"""A run imports the parsers of the languages that it meets, and of no other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PYTHON = {"server.py": "names = []\n\n\ndef add(name):\n    names.append(name)\n"}
TYPESCRIPT = {"server.ts": "const names: string[] = [];\nexport const add = (name: string) => names.push(name);\n"}
JAVASCRIPT = {"server.mjs": "const names = [];\nexport const add = (name) => names.push(name);\n"}
PARSERS = {"libcst", "tree_sitter", "tree_sitter_typescript", "tree_sitter_javascript"}
PROGRAM = """
import sys
from leaklint.cli.commands import run
sys.argv = ["leaklint", "check", "--jobs", "1", "--no-cache", "--exit-zero", "."]
run()
print("imported", *sys.modules)
"""


def imported(directory: Path, files: dict[str, str]) -> set[str]:
    """The parsers that a check of a directory with ``files`` imports."""
    for name, text in files.items():
        (directory / name).write_text(text)
    path = str(Path(__file__).parents[2])
    run = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    (modules,) = (line for line in run.stdout.splitlines() if line.startswith("imported "))
    return PARSERS & set(modules.split())


@pytest.mark.parametrize(
    ("files", "parsers"),
    [
        (PYTHON, {"libcst"}),
        (TYPESCRIPT, {"tree_sitter", "tree_sitter_typescript"}),
        (JAVASCRIPT, {"tree_sitter", "tree_sitter_javascript"}),
        (PYTHON | TYPESCRIPT, {"libcst", "tree_sitter", "tree_sitter_typescript"}),
    ],
    ids=["python", "typescript", "javascript", "both"],
)
def test_a_project_imports_its_own_parsers_only(files: dict[str, str], parsers: set[str], tmp_path: Path) -> None:
    assert imported(tmp_path, files) == parsers
