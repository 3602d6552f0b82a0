"""``python -m tests.kill [TIMES]``: kill leaklint at random points; no cache, report or source is left broken or half.

Runs that ended before they were killed do not count. A share of it runs with the tests.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from cache import projects

TIMES = 200
_RUNS_A_CACHE = 5
_PATIENCE = 20
"""How many times more runs are started than are to be killed."""
_MENDABLE = 8
_CACHE = """\
from functools import cache

from mcp.server.fastmcp import FastMCP

mcp = FastMCP("pages")


@cache
def page(url: str) -> str:
    return url * 2


@mcp.tool()
def read(url: str) -> str:
    return page(url)
"""


def make(root: Path) -> Path:
    """A project with leaks, some of which can be mended, below ``root``."""
    projects.make(root)
    for number in range(_MENDABLE):
        (root / f"pages{number}.py").write_text(_CACHE)
    return root


def reports(project: Path, times: int, seed: int) -> int:
    """Kill ``times`` runs over ``project`` that write a report and fill a cache, each at a random point; how many ran.

    Raises:
        AssertionError: a run afterwards answers differently, or a report is incomplete.
    """
    whole = projects.report(project, project.parent / "plain")
    output = project.parent / "report.json"

    def attempt(number: int) -> Sequence[str]:
        output.write_text("before")
        cache = project.parent / f"cache{number // _RUNS_A_CACHE}"
        return [*projects.command(project, cache), "--output", str(output)]

    def inspect(number: int) -> None:
        assert output.read_text() in ("before", whole), "half a report"

    ran = _killed(times, seed, attempt, inspect)
    for cache in sorted(project.parent.glob("cache*")):
        assert projects.report(project, cache) == whole, "another answer after a kill"
    return ran


def repairs(project: Path, times: int, seed: int) -> int:
    """Kill ``times`` runs that mend what is in ``project``, each at a random point; how many ran.

    Raises:
        AssertionError: a source is neither as it was nor as it is after a whole run.
    """
    copy, cache = project.parent / "copy", project.parent / "mended"
    before = _contents(project)

    def attempt(number: int) -> Sequence[str]:
        for path in (copy, cache):
            shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(project, copy)
        return [*projects.command(copy, cache), "--fix", "--unsafe-fixes"]

    subprocess.run(attempt(0), capture_output=True, env=projects.environment(), check=True)
    after = _contents(copy)
    assert after != before, "there is nothing to mend"

    def inspect(number: int) -> None:
        found = _contents(copy)
        assert found.keys() == before.keys(), "a source is gone, or one is new"
        assert all(found[path] in (before[path], after[path]) for path in found), "half a source"

    return _killed(times, seed, attempt, inspect)


def _contents(project: Path) -> dict[Path, bytes]:
    return {path.relative_to(project): path.read_bytes() for path in project.rglob("*.py")}


def _killed(times: int, seed: int, attempt: Callable[[int], Sequence[str]], inspect: Callable[[int], None]) -> int:
    """Start the commands of ``attempt`` until ``times`` of them were killed while they ran; how many were started."""
    chance = random.Random(seed)
    started = time.monotonic()
    _run(attempt(0), None)
    duration = time.monotonic() - started
    killed = 0
    for number in range(times * _PATIENCE):
        killed += _run(attempt(number), chance.uniform(0, duration))
        inspect(number)
        if killed == times:
            return number + 1
    raise AssertionError(f"only {killed} of {times} runs were killed in time")


def _run(line: Sequence[str], seconds: float | None) -> bool:
    """Run ``line`` to its end, or kill it after some ``seconds``; whether it was killed."""
    with subprocess.Popen(
        line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=projects.environment()
    ) as run:
        try:
            run.wait(seconds)
        except subprocess.TimeoutExpired:
            run.kill()
            return True
    return False


def main() -> None:
    """Run the whole trial and say how it went."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else TIMES
    seed = random.SystemRandom().randrange(10**6)
    with tempfile.TemporaryDirectory() as directory:
        project = make(Path(directory) / "project")
        ran = reports(project, times, seed), repairs(project, times, seed)
    print(
        f"{times} of {ran[0]} reporting and {times} of {ran[1]} mending runs killed (seed {seed}): nothing broken or half"
    )


if __name__ == "__main__":
    main()
