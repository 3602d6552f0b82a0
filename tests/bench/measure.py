"""Runs commands and measures them: processor time, wall time, memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_COMPILED = "PYTHONDONTWRITEBYTECODE"
"""Not set for what is measured: an installed package is compiled once, not in every run."""
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith("LEAKLINT_") and name != _COMPILED
}
_SAMPLE_SECONDS = 0.05


class Cost(NamedTuple):
    """Of one command and all its children: processor seconds, wall seconds, and memory at its peak.

    ``resident``: bytes of the largest process; ``together``: of all, what they share counted once (0: not sampled).
    """

    cpu: float
    wall: float
    resident: float
    together: float


class Command(NamedTuple):
    """What is run, and what is done before each run without being measured."""

    line: tuple[str, ...]
    before: Callable[[], object] = lambda: None
    sampled: bool = False


def python(*arguments: str) -> tuple[str, ...]:
    """The command line of this interpreter."""
    return (sys.executable, *arguments)


def alternately(commands: Mapping[str, Command], rounds: int) -> dict[str, Cost]:
    """The median cost of each command, run one after the other in each of ``rounds`` rounds."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            command.before()
            costs[name].append(_run(command))
    return {name: Cost(*map(statistics.median, zip(*found, strict=True))) for name, found in costs.items()}


def _run(command: Command) -> Cost:
    started = time.monotonic()
    process = subprocess.Popen(
        command.line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT, cwd="/"
    )
    peak = [0]
    if command.sampled:
        threading.Thread(target=_sample, args=(process.pid, peak), daemon=True).start()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"exit status {process.returncode}: {' '.join(command.line)}")
    wall = time.monotonic() - started
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024, peak[0])


def _sample(pid: int, peak: list[int]) -> None:
    while os.path.exists(f"/proc/{pid}/stat"):
        peak[0] = max(peak[0], sum(map(_memory, _family(pid))))
        time.sleep(_SAMPLE_SECONDS)


def _family(pid: int) -> Sequence[int]:
    found = [pid]
    for one in found:
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            found += map(int, _text(children).split())
    return found


def _memory(pid: int) -> int:
    for line in _text(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
