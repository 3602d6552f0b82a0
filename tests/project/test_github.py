"""The action and the documented workflows: their form by schema and zizmor, their scripts by running them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

CHECKOUT = Path(__file__).parent.parent.parent
EXAMPLE = CHECKOUT / "fixtures" / "example"
ACTION = CHECKOUT / "action.yml"
BIN = Path(sys.executable).parent
DOCUMENTS = ("README.md", "docs/integrations.md")
OUR_ACTION_BY_TAG = 'rules: {unpinned-uses: {config: {policies: {"OWNER/*": ref-pin, "*": hash-pin}}}}\n'


def workflows() -> list[str]:
    """The workflows in the documents, as written."""
    blocks = [
        block
        for name in DOCUMENTS
        for block in re.findall(r"```yaml\n(.*?)```", (CHECKOUT / name).read_text(), re.DOTALL)
    ]
    return [block for block in blocks if "jobs:" in block]


def audit(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BIN / "zizmor", "--offline", "--no-progress", *arguments], capture_output=True, check=False, text=True
    )


def has_form(kind: str, file: Path) -> bool:
    command = [BIN / "check-jsonschema", "--builtin-schema", f"vendor.github-{kind}", file]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_there_are_workflows_in_both_documents() -> None:
    assert len(workflows()) == 3


@pytest.mark.parametrize("number", range(3))
def test_a_documented_workflow_has_the_form_of_one_and_passes_zizmor(number: int, tmp_path: Path) -> None:
    file = tmp_path / ".github" / "workflows" / "leaklint.yml"
    file.parent.mkdir(parents=True)
    file.write_text(workflows()[number])
    configuration = tmp_path / "zizmor.yml"
    configuration.write_text(OUR_ACTION_BY_TAG)
    assert has_form("workflows", file)
    result = audit("--persona", "pedantic", "--config", configuration, file)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_action_has_the_form_of_one_and_passes_zizmor() -> None:
    assert has_form("actions", ACTION)
    result = audit("--persona", "pedantic", ACTION)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_checks_can_fail(tmp_path: Path) -> None:
    bad = tmp_path / "action.yml"
    bad.write_text(ACTION.read_text().replace("shell: bash", "").replace('"$INPUT_PATHS"', "${{ inputs.paths }}"))
    assert not has_form("actions", bad)
    assert audit(bad).returncode != 0


def test_documented_inputs_are_those_of_the_action() -> None:
    table = re.findall(
        r"^\| `([\w-]+)` \| (?:`(.*?)`)? *\|", (CHECKOUT / "docs/integrations.md").read_text(), re.MULTILINE
    )
    inputs = yaml.safe_load(ACTION.read_text())["inputs"]
    assert {name: default for name, default in table if name in inputs} == {n: i["default"] for n, i in inputs.items()}


class Runner:
    """Runs the steps of the action as GitHub does, but for what is in another repository (the upload)."""

    def __init__(self, home: Path, workspace: Path, **inputs: str) -> None:
        action = yaml.safe_load(ACTION.read_text())
        self.steps: list[dict[str, Any]] = action["runs"]["steps"]
        self.inputs = {name: row["default"] for name, row in action["inputs"].items()} | inputs
        self.workspace = workspace
        self.output = home / "output"
        self.output.touch()
        self.environment = os.environ | {
            "RUNNER_TEMP": str(home),
            "GITHUB_ACTION_PATH": str(CHECKOUT),
            "GITHUB_OUTPUT": str(self.output),
        }

    def run(self, name: str) -> int:
        """The exit status of the step of that name."""
        step = next(step for step in self.steps if step["name"] == name)
        values = {key: self._value(text) for key, text in step.get("env", {}).items()}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        result = subprocess.run(
            command, cwd=self.workspace, env=self.environment | values, capture_output=True, check=False
        )
        return result.returncode

    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.output.read_text().splitlines())

    def _value(self, text: str) -> str:
        return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: self.inputs[found[1]], text)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A checked-out project in whose paths there are spaces: one leaking source folder, one clean."""
    root = tmp_path / "a project"
    for folder, name in (("src one", "server.py"), ("src two", "server_fixed.py")):
        (root / folder).mkdir(parents=True)
        shutil.copy(EXAMPLE / name, root / folder)
    return root


def runner(tmp_path: Path, workspace: Path, **inputs: str) -> Runner:
    """A runner on which leaklint is already installed: the one under test."""
    (tmp_path / "leaklint" / "bin").mkdir(parents=True)
    (tmp_path / "leaklint" / "bin" / "leaklint").symlink_to(BIN / "leaklint")
    return Runner(tmp_path, workspace, **inputs)


def test_findings_are_written_and_do_not_stop_the_upload(tmp_path: Path, workspace: Path) -> None:
    job = runner(tmp_path, workspace, paths="src one\n\nsrc two\n")
    assert job.run("Check") == 0
    assert job.outputs() == {"sarif-file": "leaklint.sarif", "findings": "true"}
    log = json.loads((workspace / "leaklint.sarif").read_text())
    assert log["runs"][0]["results"]
    assert job.run("Result") == 1


def test_a_clean_project_is_said_to_be_clean(tmp_path: Path, workspace: Path) -> None:
    job = runner(tmp_path, workspace, paths="src two")
    assert job.run("Check") == 0
    assert job.outputs()["findings"] == "false"
    assert json.loads((workspace / "leaklint.sarif").read_text())["runs"][0]["results"] == []


def test_a_run_that_could_not_be_made_fails_the_step(tmp_path: Path, workspace: Path) -> None:
    job = runner(tmp_path, workspace, paths="missing")
    assert job.run("Check") == 2
    assert job.outputs() == {}


def test_the_result_step_runs_only_when_asked_to() -> None:
    steps = {step["name"]: step for step in yaml.safe_load(ACTION.read_text())["runs"]["steps"]}
    assert steps["Upload to code scanning"]["if"] == "inputs.upload == 'true'"
    assert steps["Result"]["if"] == "inputs.fail-on-findings == 'true' && steps.check.outputs.findings == 'true'"


@pytest.mark.network
def test_the_install_step_installs_the_action_itself(tmp_path: Path, workspace: Path) -> None:
    job = Runner(tmp_path, workspace)
    assert job.run("Install leaklint") == 0
    assert job.run("Check") == 0


@pytest.mark.parametrize(("version", "asked"), [("", str(CHECKOUT)), ("0.3.1", "mcp-leaklint==0.3.1")])
def test_the_install_step_asks_for_the_given_version(tmp_path: Path, workspace: Path, version: str, asked: str) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    python = programs / "python3"  # makes an environment whose pip writes down what it is asked for
    python.write_text(
        "#!/bin/sh\n"
        'mkdir -p "$3/bin"\n'
        """printf '#!/bin/sh\\necho "$@" >"$RUNNER_TEMP/asked"\\n' >"$3/bin/pip"\n"""
        'chmod +x "$3/bin/pip"\n'
    )
    python.chmod(0o755)
    job = Runner(tmp_path, workspace, version=version)
    job.environment["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"
    assert job.run("Install leaklint") == 0
    assert (tmp_path / "asked").read_text() == f"install --quiet {asked}\n"
