"""Microsoft's own validator finds no error and no warning in our logs, with the rules of GitHub code scanning."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from leaklint.facts import Span
from leaklint.findings import Notice, Result
from leaklint.report import Options, render
from tests.cli.leaky import LEAKY, run
from tests.report.samples import CLEAN, RESULT, SOURCES, finding_at, result_of

PACKAGE = "@microsoft/sarif-multitool-linux@5.7.0"
ODD_PATHS = ("a b.py", "a#b.py", "a%20b.py", "größe/名.py", "a?b.py", "../outside.py")
LOGS = {
    "clean": CLEAN,
    "two findings and a notice": RESULT,
    "odd paths": result_of(*(finding_at(path, Span(1, 1, 1, 2)) for path in ODD_PATHS)),
    "notice without a line": Result(root="/p", findings=(), notices=(Notice(path="x.py", message="not read"),)),
    "over the limit": result_of(*(finding_at("a.py", Span(n, 1, n, 2), container=f"c{n}") for n in range(1, 6001))),
}

pytestmark = [
    pytest.mark.npm,
    pytest.mark.skipif(sys.platform != "linux" or os.uname().machine != "x86_64", reason="the package is for Linux"),
]


@pytest.fixture(scope="module")
def multitool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The native binary of the package, which needs neither node nor .NET."""
    folder = tmp_path_factory.mktemp("multitool")
    packed = subprocess.run(
        ["npm", "pack", "--silent", PACKAGE], cwd=folder, capture_output=True, text=True, check=False
    )
    if packed.returncode:
        pytest.skip(f"npm does not reach its registry: {packed.stderr.strip()[:200]}")
    with tarfile.open(folder / packed.stdout.split()[-1]) as package:
        package.extractall(folder, filter="data")
    binary = folder / "package" / "Sarif.Multitool"
    binary.chmod(0o755)
    return binary


def complaints(multitool: Path, log: Path) -> list[str]:
    """Errors and warnings; the exit code says nothing about them."""
    output = log.with_suffix(".checked.sarif")
    command = [str(multitool), "validate", str(log), "--rule-kind", "Sarif;Ghas", "--output", str(output)]
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    subprocess.run(command, env=environment, capture_output=True, check=True)
    (run,) = json.loads(output.read_text("utf-8-sig"))["runs"]
    return [
        f"{result['ruleId']} {result['message'].get('arguments')}"
        for result in run["results"]
        if result.get("level", "warning") in ("error", "warning")
    ]


@pytest.mark.parametrize("name", LOGS)
def test_no_error_and_no_warning(name: str, multitool: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.sarif"
    log.write_text(render("sarif", LOGS[name], SOURCES, options=Options()), "utf-8")
    assert complaints(multitool, log) == []


def test_a_real_run_from_a_subdirectory_of_the_repository(multitool: Path, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "a server" / "größe"
    folder.mkdir(parents=True)
    for name in ("a#b.py", "a%20b.py", "名.py"):
        (folder / name).write_text(LEAKY)
    log = tmp_path / "log.sarif"
    assert run("--format", "sarif", "--output", str(log), ".", cwd=folder).returncode == 1
    results = json.loads(log.read_text())["runs"][0]["results"]
    uris = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results]
    below = "a%20server/gr%C3%B6%C3%9Fe"
    assert uris == [f"{below}/a%23b.py", f"{below}/a%2520b.py", f"{below}/%E5%90%8D.py"]
    assert complaints(multitool, log) == []


def test_the_validator_sees_what_is_wrong(multitool: Path, tmp_path: Path) -> None:
    """Guards the test above: the validator ran, and its complaints were read."""
    log = tmp_path / "log.sarif"
    wrong = json.loads(render("sarif", RESULT, SOURCES, options=Options()))
    wrong["runs"][0]["results"][0]["ruleIndex"] = 5
    del wrong["runs"][0]["results"][0]["locations"]
    log.write_text(json.dumps(wrong), "utf-8")
    assert complaints(multitool, log)
