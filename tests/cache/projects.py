"""A small project, and runs over it with and without a cache."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from leaklint.engine import Settings, analyze

SERVER = """\
from mcp.server.fastmcp import FastMCP

from store import keep

mcp = FastMCP("demo")
_sessions: dict[str, str] = {}


@mcp.tool()
async def search(session_id: str, query: str) -> str:
    _sessions[session_id] = query
    keep(session_id)
    return query
"""
STORE = "_kept: list[str] = []\n\n\ndef keep(value: str) -> None:\n    _kept.append(value)\n"
TRANSPORTS = """\
import { forget } from "@app/forget";
const transports: Record<string, object> = {};
app.post("/mcp", (req, res) => {
  transports[req.headers["mcp-session-id"]] = res;
  forget(transports);
});
"""


def make(root: Path) -> Path:
    """A project of two languages with leaks, a broken file and settings, below ``root``."""
    for path, text in {
        "server.py": SERVER,
        "store.py": STORE,
        "broken.py": "def f(:\n",
        "web/main.ts": TRANSPORTS,
        "web/lib/forget.ts": "export function forget(all: object) {}\n",
        "web/tsconfig.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@app/*": ["lib/*"]}}} // comment\n',
        "pyproject.toml": "[project]\nname = 'demo'\n",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def answer(root: Path, cache: Path | None, *, jobs: int = 1) -> bytes:
    """All findings and notices about the project at ``root``, as bytes."""
    settings = Settings(min_confidence="low", jobs=jobs, cache=str(cache) if cache else "")
    return msgspec.json.encode(analyze([str(root)], settings))


def entries(cache: Path) -> list[Path]:
    """The files of the cache."""
    return sorted(path for path in cache.rglob("*") if path.is_file())


def command(root: Path, cache: Path, *more: str) -> list[str]:
    """The command line that checks ``root`` with ``cache``."""
    options = ["--format", "json", "--min-confidence", "low", "--exit-zero", "--cache-dir", str(cache)]
    return [sys.executable, *more, "-m", "leaklint", "check", *options, str(root)]


def environment() -> dict[str, str]:
    """The environment for :func:`command`: caches are used."""
    return {name: value for name, value in os.environ.items() if name != "LEAKLINT_NO_CACHE"}


def report(root: Path, cache: Path) -> str:
    """What the command line prints about ``root``."""
    done = subprocess.run(
        command(root, cache), capture_output=True, text=True, env=environment(), check=True, timeout=60
    )
    return done.stdout
