"""Small programs for the command line to run on, and a way to run it as people do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

LEAKY = """\
from mcp.server.fastmcp import FastMCP

mcp = FastMCP("demo")
_sessions: dict[str, str] = {}


@mcp.tool()
async def search(session_id: str, query: str) -> str:
    _sessions[session_id] = query
    return query
"""
CLEAN = "answer = 42\n"
COMMAND = (sys.executable, "-m", "leaklint")


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The finished command line, run in ``cwd`` with ``environment`` added."""
    quiet = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "NO_COLOR")}
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env={**quiet, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
