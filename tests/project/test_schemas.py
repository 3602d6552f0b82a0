"""The JSON Schemas in docs/ are up to date, and say of a configuration what the program says."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest

from leaklint.catalog.files import RULES
from leaklint.config.schema import Configuration
from tests import schemas

(CONFIGURATION, REPORT) = schemas.SCHEMAS
VALIDATOR = jsonschema.Draft202012Validator(json.loads(CONFIGURATION.read_text()))


@pytest.mark.parametrize("path", [CONFIGURATION, REPORT], ids=lambda path: path.name)
def test_a_schema_is_what_the_program_says(path: Path) -> None:
    assert path.read_text() == schemas.text(path), "run: python -m tests.schemas --write"
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text()))


def test_every_key_is_described() -> None:
    keys = json.loads(CONFIGURATION.read_text())["$defs"]["Configuration"]["properties"]
    assert list(keys) == list(Configuration.__struct_encode_fields__)
    assert [key for key, row in keys.items() if not row.get("description")] == []


def test_what_is_documented_and_shipped_fits() -> None:
    text = (schemas.DOCS / "configuration.md").read_text()
    for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL):
        VALIDATOR.validate(tomllib.loads(block))
    for path in sorted(Path(RULES, "models").rglob("*.toml")):
        VALIDATOR.validate({"models": tomllib.loads(path.read_text())})


@pytest.mark.parametrize(
    "text",
    [
        "selct = []",
        "tests = 1",
        "fix-size = 0",
        'min-confidence = "hihg"',
        '[[models.pair]]\nrelease = ["a"]',
        '[[models.pair]]\nacquire = ["a"]\nmtch = "key"',
    ],
)
def test_what_the_program_refuses_does_not_fit(text: str) -> None:
    assert not VALIDATOR.is_valid(tomllib.loads(text))
