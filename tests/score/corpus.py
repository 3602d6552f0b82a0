"""The labelled places of ``../shared/corpus`` and what its ``score.py`` says of a linter, as figures."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

CHECKOUT = Path(__file__).parent.parent.parent
CORPUS = CHECKOUT.parent / "shared" / "corpus"
RULES = {"R1": "LEAK001", "R2": "LEAK002", "R3": "LEAK003", "R4": "LEAK004"}
LEAKLINT = ("-m", "leaklint")


class Census(NamedTuple):
    """The figures of one census: how many leaks were found, how many sites that are none were reported.

    ``agreed`` of ``ruled`` found leaks were reported under the rule of their label. ``by_rule`` gives (found, leaks).
    """

    found: int
    leaks: int
    false: int
    unlabelled: int
    agreed: int = 0
    ruled: int = 0
    by_rule: tuple[tuple[str, int, int], ...] = ()

    @property
    def row(self) -> str:
        """recall | precision on labelled sites | reports nobody has labelled, as cells of a table."""
        shown = self.found + self.false
        return f"{share(self.found, self.leaks)} | {share(self.found, shown)} | {self.unlabelled}"


class Pairs(NamedTuple):
    """The figures of the fixed bugs: found before the fix, and of those that can be judged, silent after it."""

    found: int
    cases: int
    silent: int
    judged: int

    @property
    def row(self) -> str:
        return f"{share(self.found, self.cases)} | {share(self.silent, self.judged)}"


class Loose(NamedTuple):
    """A report at a place without a label; ``line`` from 1."""

    rule: str
    repository: str
    path: str
    line: int
    container: str
    confidence: str


def share(part: int, whole: int) -> str:
    """``12 of 16 (75 %)``."""
    return f"{part} of {whole} ({part / whole:.0%})".replace("%", " %") if whole else "-"


def census(output: str) -> Census:
    """Reads what ``score.py census`` prints at its end.

    Raises:
        ValueError: it printed no figures.
    """
    figures = re.search(r"recall (\d+)/(\d+) = .*precision on labelled \d+/(\d+) = .*unlabelled reports (\d+)", output)
    if not figures:
        raise ValueError(f"no figures in: {output}")
    found, leaks, labelled, unlabelled = map(int, figures.groups())
    agreed = re.search(r"same rule as the label: (\d+)/(\d+)", output)
    rules = re.search(r"^leaks found: (.*)$", output, re.MULTILINE)
    by_rule = re.findall(r"(R\d) (\d+)/(\d+)", rules[1]) if rules else []
    return Census(
        found,
        leaks,
        labelled - found,
        unlabelled,
        *(map(int, agreed.groups()) if agreed else (0, 0)),
        by_rule=tuple((RULES[rule], int(part), int(whole)) for rule, part, whole in by_rule),
    )


def pairs(output: str) -> Pairs:
    """Reads the closing line of ``score.py pairs``.

    Raises:
        ValueError: it printed no figures.
    """
    figures = re.search(r"R1-R4 found (\d+)/(\d+) = .*silent after the fix (\d+)/(\d+) =", output)
    if not figures:
        raise ValueError(f"no figures in: {output}")
    return Pairs(*map(int, figures.groups()))


def loose(output: str) -> list[Loose]:
    """The reports without a label that ``score.py census -v`` prints."""
    line = re.compile(r"^unlabelled (\w*) ([^:]+):(.+?):(\d+) (\S*) \|.*\| ?(\w*)$", re.MULTILINE)
    return [Loose(m[1], m[2], m[3], int(m[4]), m[5], m[6]) for m in line.finditer(output)]


def shapes(output: str, language: str) -> list[tuple[str, int, int]]:
    """Each shape of leak with how many there are in the census and how many of these ``output`` does not call missed."""
    missed = Counter(m[1] for m in re.finditer(r"^missed .*\[([^\[\]]*)\] \|", output, re.MULTILINE))
    return [(shape, whole - missed[shape], whole) for shape, whole in sorted(_shapes(language).items())]


@cache
def scorer() -> ModuleType:
    """``score.py`` of the corpus as a module."""
    specification = importlib.util.spec_from_file_location("score", CORPUS / "score.py")
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def _shapes(language: str) -> Counter[str]:
    """The shapes of the leaks of a census; sites of one container in one file are one leak, as in the scorer."""
    last_name = scorer().last_name
    first: dict[tuple[str, ...], str] = {}
    for site in map(json.loads, (CORPUS / f"census-{language}.jsonl").read_text().splitlines()):
        if site["verdict"] == "leak":
            group = (site["repo"], site["commit"], site["path"], last_name(site["container"]))
            first.setdefault(group, site.get("shape", ""))
    return Counter(first.values())


def score(mode: str, language: str, mirrors: Path, linter: tuple[str, ...] = LEAKLINT, *options: str) -> str:
    """What score.py prints of a ``linter`` (arguments for Python), which is also passed on to standard output."""
    command: list[str | Path] = [
        sys.executable,
        CORPUS / "score.py",
        mode,
        CORPUS / f"{mode}-{language}.jsonl",
        mirrors,
        "-v",
        *options,
    ]
    # -P: the scored project lies in the working directory and may have a package of the same name
    environment = os.environ | {
        "LEAKLINT": " ".join((sys.executable, "-P", *linter)),
        "PYTHONPATH": str(CHECKOUT),
    }
    run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    print(run.stdout, flush=True)
    return run.stdout
