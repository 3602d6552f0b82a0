"""``python -m tests.bench MIRRORS [--write] [--rounds N] [--large-rounds N]``: measure, print, and write the table of docs/performance.md."""

from __future__ import annotations

import argparse
import re
import tempfile
from pathlib import Path

from tests.bench.corpora import check_out
from tests.bench.rows import Bench, measured

DOCUMENT = Path(__file__).parents[2] / "docs" / "performance.md"
_TABLE = re.compile(r"(<!-- measured: .*? -->\n).*(<!-- end of measured -->)", re.DOTALL)


def main() -> None:
    """Measure everything and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("mirrors", type=Path, help="holds git directories owner+name/repo")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each command on all but the large corpus")
    parser.add_argument("--large-rounds", type=int, default=1, help="runs of each command on the large corpus")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        corpora = {size: check_out(size, chosen.mirrors, Path(directory) / size) for size in ("medium", "large", "ts")}
        bench = Bench(Path(directory), corpora, chosen.rounds, chosen.large_rounds)
        text = measured(bench)
    print(text)
    if chosen.write:
        DOCUMENT.write_text(_TABLE.sub(lambda found: f"{found[1]}{text}{found[2]}", DOCUMENT.read_text()))


if __name__ == "__main__":
    main()
