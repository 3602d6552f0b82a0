"""``python -m tests.kill [TIMES]``: kill leaklint at random points; no cache is broken by it and no report half written.

A share of it runs with the tests.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from cache import projects

TIMES = 200


def trial(project: Path, times: int, seed: int) -> int:
    """Kill ``times`` runs over ``project``, each at a random point; how many were still running.

    Raises:
        AssertionError: a run afterwards answers differently, or a report is incomplete.
    """
    chance = random.Random(seed)
    whole = projects.report(project, project.parent / "plain")
    started = time.monotonic()
    projects.report(project, project.parent / "timed")
    duration = time.monotonic() - started
    killed = 0
    for number in range(times):
        cache = project.parent / f"cache{number % 5}"
        killed += _kill_one(project, cache, whole, chance.uniform(0, duration))
        if number % 5 == 4 or number == times - 1:
            assert projects.report(project, cache) == whole, "another answer after a kill"
    return killed


def _kill_one(project: Path, cache: Path, whole: str, delay: float) -> bool:
    """Start a run that writes a report, kill it after ``delay`` seconds; whether it was still running."""
    output = project.parent / "report.json"
    output.write_text("before")
    line = [*projects.command(project, cache), "--output", str(output)]
    with subprocess.Popen(
        line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=projects.environment()
    ) as run:
        time.sleep(delay)
        was_running = run.poll() is None
        run.kill()
    assert output.read_text() in ("before", whole), "half a report"
    return was_running


def main() -> None:
    """Run the whole trial and say how it went."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else TIMES
    seed = random.SystemRandom().randrange(10**6)
    with tempfile.TemporaryDirectory() as directory:
        killed = trial(projects.make(Path(directory) / "project"), times, seed)
    print(f"{times} runs (seed {seed}), {killed} killed before their end: no broken cache, no half report")


if __name__ == "__main__":
    main()
