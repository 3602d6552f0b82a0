"""``python -m tests.fuzz.guided TARGET [OPTION]...``: inputs for one target, guided by coverage.

Needs atheris, which is no dependency of ours. Options are those of libFuzzer (``-runs=100000``); it writes what fails to
a file: put that below ``tests/fuzz/inputs/TARGET/`` under the name of its reason.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris  # type: ignore[import-not-found, unused-ignore]

with atheris.instrument_imports(include=["leaklint"]):
    from leaklint.extraction.stack import with_large_stack
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Try inputs until libFuzzer has enough."""
    target = TARGETS[sys.argv.pop(1)]
    with tempfile.TemporaryDirectory() as directory:
        for number, seed in enumerate(target.seeds):
            Path(directory, str(number)).write_bytes(seed)
        atheris.Setup([*sys.argv, directory], lambda data: with_large_stack(lambda: target.run(data)))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
