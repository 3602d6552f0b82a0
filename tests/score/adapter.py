"""Other linters behind leaklint's own command line: ``python -m tests.score.adapter PEER --format sarif --output FILE DIR``.

So the scorer of the labelled corpus measures all of them alike. A peer does not say which container it means: its reports
are matched by place. semgrep, lrucheck, ruff and pylint are looked for on the PATH; eslint, typescript-eslint and the two
plugins in the directory that ESLINT_HOME names.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent


class Report(NamedTuple):
    """A report of a peer: the path it gives, the line from 1, leaklint's rule where the peer's rule is for one."""

    path: str
    line: int
    rule: str


def _output(root: Path, *command: str) -> str:
    """What ``command``, run in ``root``, prints; peers say by their exit status only that they found something."""
    return subprocess.run(command, cwd=root, stdout=subprocess.PIPE, text=True, check=False).stdout


def semgrep(root: Path) -> Iterator[Report]:
    """The rules of ``semgrep.yml`` here."""
    options = ("--metrics", "off", "--disable-version-check", "--no-git-ignore", "--quiet", "--json")
    found = json.loads(_output(root, "semgrep", "scan", *options, "--config", str(HERE / "semgrep.yml"), "."))
    for result in found["results"]:
        number = result["check_id"].rsplit(".", 1)[-1].split("-")[0]
        yield Report(result["path"], result["start"]["line"], number.upper())


def ruff(root: Path) -> Iterator[Report]:
    """B019: a cache on a method."""
    command = ("ruff", "check", "--isolated", "--no-cache", "--select", "B019", "--output-format", "json", ".")
    for result in json.loads(_output(root, *command)):
        yield Report(result["filename"], result["location"]["row"], "LEAK003")


def pylint(root: Path) -> Iterator[Report]:
    """W1518: a cache on a method."""
    command = ("pylint", "--rcfile", "/dev/null", "--recursive", "y", "--jobs", "2", "--disable=all")
    text = _output(root, *command, "--enable=W1518", "--output-format=json", ".")
    for result in json.loads(text or "[]"):
        yield Report(result["path"], result["line"], "LEAK003")


def lrucheck(root: Path) -> Iterator[Report]:
    """All its rules."""
    for line in _output(root, "lrucheck", ".").splitlines():
        if found := re.match(r"(.+?):(\d+):\d+: (?!syntax error)", line):
            yield Report(found[1], int(found[2]), "LEAK003")


def eslint(root: Path) -> Iterator[Report]:
    """eslint-plugin-listeners and eslint-plugin-clean-timer, installed in the directory that ESLINT_HOME names."""
    text = _output(root, "node", str(HERE / "eslint.mjs"), ".")
    for result in json.loads(text):
        yield Report(result["path"], result["line"], "LEAK001")


class Peer(NamedTuple):
    """A linter as the tables name it, how it is run, and the languages that it reads."""

    title: str
    run: Callable[[Path], Iterator[Report]]
    languages: tuple[str, ...]


PEERS = {
    "semgrep": Peer("semgrep, with `tests/score/semgrep.yml`", semgrep, ("python", "typescript")),
    "lrucheck": Peer("lrucheck", lrucheck, ("python",)),
    "ruff": Peer("ruff, B019", ruff, ("python",)),
    "pylint": Peer("pylint, W1518", pylint, ("python",)),
    "eslint": Peer("eslint-plugin-listeners and eslint-plugin-clean-timer", eslint, ("typescript",)),
}


def sarif(reports: Iterator[Report], root: Path) -> dict[str, Any]:
    """As much of a SARIF log as the scorer reads."""
    results = [
        {
            "ruleId": report.rule,
            "message": {"text": ""},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": _relative(report.path, root)},
                        "region": {"startLine": report.line},
                    }
                }
            ],
        }
        for report in reports
    ]
    return {"runs": [{"results": results}]}


def _relative(path: str, root: Path) -> str:
    return (root / path).resolve().relative_to(root.resolve()).as_posix()


def main() -> None:
    peer, _, _, _, output, directory = sys.argv[1:]
    root = Path(directory)
    Path(output).write_text(json.dumps(sarif(PEERS[peer].run(root), root)))


if __name__ == "__main__":
    main()
