"""``python -m tests.fuzz [TARGET]... [--inputs N]``: try N changed inputs on each target, or on all, with hypothesis.

What fails is printed: put it below ``tests/fuzz/inputs/TARGET/`` under the name of its reason.
"""

from __future__ import annotations

import argparse

from hypothesis import HealthCheck, Phase, given, settings

from leaklint.extraction.stack import with_large_stack
from tests.fuzz.mutations import inputs
from tests.fuzz.targets import TARGETS

INPUTS = 10_000


def fuzz(name: str, count: int) -> int:
    """Try ``count`` inputs on the target called ``name``; how many were tried.

    Raises:
        Exception: what the target raises for the smallest input that fails.
    """
    target, tried = TARGETS[name], 0

    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=_PHASES)
    @given(inputs(target))
    def attempt(data: bytes) -> None:
        nonlocal tried
        tried += 1
        target.run(data)

    with_large_stack(attempt)
    return tried


_PHASES = (Phase.generate, Phase.shrink)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("targets", nargs="*", help=f"some of {', '.join(TARGETS)}")
    parser.add_argument("--inputs", type=int, default=INPUTS, help="inputs for each target")
    chosen = parser.parse_args()
    for name in chosen.targets or TARGETS:
        print(f"{name}: {fuzz(name, chosen.inputs):,} inputs, nothing found", flush=True)


if __name__ == "__main__":
    main()
