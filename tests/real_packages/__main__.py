"""``python -m tests.real_packages [--write] [NAME]...``: analyse real packages and show what changed.

NAME is a package or a package and its version (``mcp``, ``mcp==2.2.0``, ``supergateway@4.0.0``); without one, all are analysed. ``--write``
accepts the changes; verdicts stay with their findings. The exit status is 1 if there were changes that were not accepted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.real_packages import ALL, changes, committed, judged, name_of, package_of, reported, unpacked, write


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.real_packages", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--write", action="store_true", help="accept the changes")
    options = parser.parse_args()
    chosen = [r for r in ALL if not options.names or {r, package_of(r)} & set(options.names)]
    if not chosen:
        parser.error(f"no such package; there are {', '.join(ALL)}")
    with tempfile.TemporaryDirectory() as directory:
        changed = [requirement for requirement in chosen if compare(requirement, Path(directory), options.write)]
    return int(bool(changed) and not options.write)


def compare(requirement: str, directory: Path, accept: bool) -> bool:
    """Analyses one package, prints how its findings differ from those written down, and says whether they do."""
    name = name_of(requirement)
    before = committed(name)
    after = judged(reported(unpacked(requirement, directory)), before)
    different = changes(before, after)
    verdicts = Counter(one.verdict for one in after)
    print(
        f"{name}: {len(after)} findings",
        *(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())),
        sep=", ",
    )
    print("".join(f"  {line}\n" for line in different), end="", flush=True)
    if accept:
        write(name, after)
    return bool(different)


if __name__ == "__main__":
    sys.exit(main())
