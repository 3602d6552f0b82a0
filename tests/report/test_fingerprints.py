"""Line hashes equal those of GitHub's own implementation.

``fingerprint_vectors.json`` was made by running it; ``make_fingerprint_vectors.mjs`` says with which commands.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from leaklint.report.sarif.fingerprints import line_hashes

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "fingerprint_vectors.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_hashes_are_those_of_github(vector: dict[str, Any]) -> None:
    hashes = line_hashes(base64.b64decode(vector["source"]))
    assert dict(enumerate(hashes, 1)) == {int(line): value for line, value in vector["hashes"].items()}


def test_the_vectors_hold_a_repeated_hash() -> None:
    """Without one, a wrong count after the colon would pass."""
    assert any(value.endswith(":2") for vector in VECTORS for value in vector["hashes"].values())
