"""Which tests need something that not every machine has, and what happens where it is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

CHECKOUT = Path(__file__).parent.parent
MUST_RUN_IN_CI = frozenset({"network", "node", "npm", "pre_commit"})


@cache
def _index_answers() -> bool:
    """Whether pip reaches a package index, by whatever mirror or proxy it is set up to use."""
    command = [sys.executable, "-m", "pip", "--retries", "0", "--timeout", "10", "index", "versions", "six"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _has(program: str) -> Callable[[], bool]:
    return lambda: (
        shutil.which(program, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}") is not None
    )


PRESENT: dict[str, Callable[[], bool]] = {
    "network": _index_answers,
    "node": _has("node"),
    "npm": _has("npm"),
    "pre_commit": _has("pre-commit"),
    "shared": (CHECKOUT.parent / "shared" / "corpus").is_dir,
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    for need, present in PRESENT.items():
        if item.get_closest_marker(need) and not present():
            pytest.skip(f"{need} is not available here")


class NothingSkipped:
    """In CI, a skipped test that must run there fails the session, for whatever reason it was skipped."""

    def __init__(self) -> None:
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail") and MUST_RUN_IN_CI & set(report.keywords):
            self.skipped.append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for nodeid in self.skipped:
            terminalreporter.write_line(f"must not be skipped in CI: {nodeid}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("any machine")  # a busy machine is no failure
    os.environ["LEAKLINT_NO_CACHE"] = "1"  # tests neither see nor fill the cache of whoever runs them
    if os.environ.get("CI"):
        config.pluginmanager.register(NothingSkipped())
