"""What the documents say agrees with the code, the package and each other."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import msgspec
import pytest
import yaml

import leaklint
from leaklint.cli.commands import FORMATS, cli
from leaklint.config.read import read
from leaklint.config.schema import Configuration
from tests import readme

CHECKOUT = Path(__file__).parent.parent.parent
DOCUMENTS = sorted([*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/*.md"), *CHECKOUT.glob("rules/*.md")])
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]


def test_the_report_and_the_rules_in_the_readme_are_what_the_program_says() -> None:
    text = readme.README.read_text()
    assert readme.rendered(text) == text, "run: python -m tests.readme --write"
    text = readme.DECIDES.read_text()
    assert readme.rendered_decides(text) == text, "run: python -m tests.readme --write"


def test_the_report_has_each_rule_once_and_nothing_of_the_repaired_twin() -> None:
    heads = re.findall(r"^\S+/(\w+\.py):\d+:\d+: (LEAK\d+)", readme.report(), re.MULTILINE)
    assert sorted(heads) == [("server.py", f"LEAK00{number}") for number in (1, 2, 3, 4)]


def test_the_two_commands_stand_in_one_block_each() -> None:
    text = readme.README.read_text()
    for word in ("leaklint check", "pytest"):
        assert f"```sh\n{readme.command(word)}\n```" in text


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_nobody_is_told_to_install_the_package_of_somebody_else(document: Path) -> None:
    assert not re.search(r"(pipx?|uvx?|pip3)( tool)?( install| run)? leaklint\b", document.read_text())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_version_in_the_documents_is_the_version() -> None:
    written = re.compile(r"(?:rev: v|OWNER/leaklint@v|mcp-leaklint==)(\d\S+)")
    found = {version for document in DOCUMENTS for version in written.findall(document.read_text())}
    assert found == {leaklint.__version__}


def test_the_changelog_starts_with_the_version() -> None:
    heads = re.findall(r"^## \[(.+?)\]", (CHECKOUT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert next(head for head in heads if head != "Unreleased") == leaklint.__version__


def test_contributing_gives_a_reason_for_every_dependency() -> None:
    text = (CHECKOUT / "CONTRIBUTING.md").read_text()
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    names = [re.split(r"[\[<>=]", requirement)[0] for requirement in wanted]
    assert [name for name in names if f"| `{name}` |" not in text] == []


def test_the_architecture_names_every_part_of_the_package() -> None:
    text = (CHECKOUT / "docs/architecture.md").read_text()
    parts = [
        path.stem for path in (CHECKOUT / "leaklint").iterdir() if not path.name.startswith(("_", ".", "py.typed"))
    ]
    assert [part for part in parts if f"`{part}`" not in text] == []


def test_the_task_for_editors_reads_what_the_program_writes() -> None:
    blocks = re.findall(r"```json\n(.*?)```", (CHECKOUT / "docs/editors.md").read_text(), re.DOTALL)
    (task,) = next(parsed["tasks"] for block in blocks if "tasks" in (parsed := json.loads(block)))
    pattern = re.compile(task["problemMatcher"]["pattern"]["regexp"])
    command = [sys.executable, "-m", "leaklint", *task["args"][:-1], "fixtures/example"]
    lines = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert lines and all(pattern.match(line) for line in lines)
    assert pattern.match(lines[0]).group(1, 4) == ("fixtures/example/server.py", "LEAK004")  # type: ignore[union-attr]


def test_the_configuration_that_is_documented_is_the_configuration(tmp_path: Path) -> None:
    text = (CHECKOUT / "docs/configuration.md").read_text()
    rows = re.findall(r"^\| `([a-z][a-z-]*)` \| (.*?) \|", text, re.MULTILINE)
    assert [key for key, _ in rows] == list(Configuration.__struct_encode_fields__)
    defaults = json.loads(msgspec.json.encode(Configuration()))
    for key, written in rows:
        if written.startswith("`"):
            assert json.loads(written.strip("`")) == defaults[key]
    for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL):
        (tmp_path / "leaklint.toml").write_text(block)
        assert read(str(tmp_path / "leaklint.toml")) != Configuration()


def test_every_option_is_documented() -> None:
    text = "".join(path.read_text() for path in [CHECKOUT / "README.md", *(CHECKOUT / "docs").glob("*.md")])
    options = [one for command in cli.commands.values() for one in command.params if isinstance(one, click.Option)]
    spellings = ([*one.opts, *one.secondary_opts] for one in options)
    assert [names for names in spellings if not any(name in text for name in names if name.startswith("--"))] == []


def test_every_format_is_documented() -> None:
    text = (CHECKOUT / "docs" / "integrations.md").read_text().split("## Formats")[1]
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == set(FORMATS)


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-E", "-d", str(tmp_path / "trees"), "-c", "docs/site"]
    done = subprocess.run(
        [*command, ".", str(tmp_path / "site")], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    built = {path.stem for path in (tmp_path / "site").rglob("*.html")}
    assert {path.stem for path in DOCUMENTS} <= built
    assert "docs/site/index.html" in (tmp_path / "site" / "index.html").read_text()
    assert not re.search(
        r'(?:href|src)="(?:https?:)?//[^"]*\.(?:js|css|woff2?)"', (tmp_path / "site/README.html").read_text()
    )


def test_hooks_call_a_command_that_the_package_installs() -> None:
    hooks = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"] for hook in hooks] == ["leaklint", "leaklint-full"]
    assert {hook["entry"].split()[0] for hook in hooks} == set(PROJECT["scripts"])
    assert all(hook["require_serial"] for hook in hooks)
