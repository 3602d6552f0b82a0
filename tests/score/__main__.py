"""``python -m tests.score MIRRORS [--peers]``: scores leaklint against the labelled code in ../shared/corpus.

MIRRORS holds git directories named owner+name/repo. The figures go into the tables of docs/precision.md and the judged
reports into docs/unlabelled-reports.md; what was missed and what was reported falsely is printed. With ``--peers`` other
linters are scored on the same places, too; they must be installed (see ``adapter.py``).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.score.tables import CLEAN, GAPS, MAIN, PEERS, UNLABELLED, write


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.score", description=__doc__)
    parser.add_argument("mirrors", type=Path, metavar="MIRRORS")
    parser.add_argument("--peers", action="store_true", help="score the other linters only")
    options = parser.parse_args()
    mirrors = options.mirrors.resolve()
    for part in (PEERS,) if options.peers else (MAIN, UNLABELLED, CLEAN, GAPS):
        write(part, mirrors)


if __name__ == "__main__":
    main()
