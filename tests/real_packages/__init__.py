"""What leaklint says of pinned real packages, with the verdict of a person who read their code.

``<package>.txt`` here holds one finding a line: the verdict, a tab, and the line of ``--format concise``. The packages
are downloaded and unpacked, never installed or run, and none of their code is kept.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
VERDICTS = ("leak", "intended", "false", "unjudged")
REQUIREMENTS = (
    "mcp==1.29.1",
    "mcp==1.30.0",
    "mcp==2.1.1",
    "mcp==2.2.0",
    "mcp-contextforge-gateway==1.0.7",
    "mcp-memory-service==12.4.0",
    "mcp-server-fetch==2026.10.24",
    "mcp-server-git==2026.10.19",
    "mcp-server-sqlite==2025.4.25",
    "mcp-server-time==2026.10.19",
    "postgres-mcp==0.3.0",
    "serena-agent==2.1.0",
)
NPM_REQUIREMENTS = (
    "@modelcontextprotocol/sdk@1.32.2",
    "@modelcontextprotocol/server-everything@2026.8.31",
    "@modelcontextprotocol/server-filesystem@2026.8.31",
    "@modelcontextprotocol/server-memory@2026.8.31",
    "mcp-proxy@6.7.19",
    "supergateway@4.0.0",
)
ALL = REQUIREMENTS + NPM_REQUIREMENTS
SILENT = (
    "@modelcontextprotocol/server-filesystem",
    "@modelcontextprotocol/server-memory",
    "mcp-server-fetch",
    "mcp-server-git",
    "mcp-server-time",
)
"""Packages that were read and have no leak."""


class Judged(NamedTuple):
    """A finding as ``--format concise`` prints it, and what a reader of the code said of it."""

    verdict: str
    line: str

    @property
    def subject(self) -> str:
        """Place and rule: what a verdict is about, whatever the words of the message are."""
        return re.sub(r":(\d+):\d+: (LEAK\d+).*", r":\1 \2", self.line)


def package_of(requirement: str) -> str:
    """``mcp==1.29.1`` -> ``mcp``, ``@scope/name@1.0.0`` -> ``@scope/name``."""
    return requirement.rsplit("@", 1)[0] if requirement in NPM_REQUIREMENTS else requirement.split("==")[0]


def name_of(requirement: str) -> str:
    """``mcp==1.29.1`` -> ``mcp-1.29.1``, ``@scope/name@1.0.0`` -> ``scope-name-1.0.0``: the name of its file here."""
    return requirement.removeprefix("@").replace("==", "-").replace("/", "-").replace("@", "-")


def committed(name: str) -> tuple[Judged, ...]:
    """What is written down for a package; nothing if it was never analysed."""
    file = HERE / f"{name}.txt"
    lines = file.read_text().splitlines() if file.exists() else []
    return tuple(Judged(*line.split("\t", 1)) for line in lines)


def write(name: str, findings: Iterable[Judged]) -> None:
    (HERE / f"{name}.txt").write_text("".join(f"{one.verdict}\t{one.line}\n" for one in findings))


def unpacked(requirement: str, directory: Path) -> Path:
    """Downloads ``requirement`` into ``directory`` and unpacks it there; gives the root of its files."""
    return _from_npm(requirement, directory) if requirement in NPM_REQUIREMENTS else _from_pypi(requirement, directory)


def _from_npm(requirement: str, directory: Path) -> Path:
    archives = directory / f"{name_of(requirement)}.download"
    archives.mkdir()
    pack = ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", str(archives), requirement]
    subprocess.run(pack, check=True, capture_output=True)
    (packed,) = archives.glob("*.tgz")
    with tarfile.open(packed) as archive:
        archive.extractall(directory / name_of(requirement), filter="data")
    return directory / name_of(requirement) / "package"


def _from_pypi(requirement: str, directory: Path) -> Path:
    wheels = directory / f"{name_of(requirement)}.download"
    root = directory / name_of(requirement)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*pip, "--ignore-requires-python", "--dest", wheels, requirement], check=True, capture_output=True)
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(root)
    return root


def reported(root: Path) -> tuple[str, ...]:
    """The lines that leaklint prints for the files below ``root``; for the built ones, where a package ships those."""
    built = "dist" if (root / "dist").is_dir() else "."
    command = [sys.executable, "-P", "-m", "leaklint", "check", "--exit-zero", "--format", "concise", built]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(f"leaklint: exit {run.returncode} in {root.name}\n{run.stderr}")
    return tuple(run.stdout.splitlines())


def judged(lines: Iterable[str], before: Iterable[Judged]) -> tuple[Judged, ...]:
    """``lines`` with the verdicts that the same subjects had ``before``."""
    known = {one.subject: one.verdict for one in before}
    new = (Judged("unjudged", line) for line in lines)
    return tuple(one._replace(verdict=known.get(one.subject, one.verdict)) for one in new)


def changes(before: Iterable[Judged], after: Iterable[Judged]) -> list[str]:
    """``- verdict line`` for each finding that is gone, ``+ verdict line`` for each new one; changed words are both."""
    old, new = list(before), list(after)
    gone = [f"- {one.verdict}\t{one.line}" for one in old if one not in new]
    return gone + [f"+ {one.verdict}\t{one.line}" for one in new if one not in old]
