"""How often is a growth that is really released on every exit called so? Prints the share, and what is called safe wrongly.

    python -m tests.analysis.flow_completeness [PROGRAMS] [SEED]

Takes about a minute for 2,000 programs. Growths after which no release is reached are left out: nothing is claimed there.
"""

from __future__ import annotations

import random
import sys
from collections import Counter

from leaklint.analysis.flow.exits import Verdict
from tests.analysis.flow_executor import kept_sites
from tests.analysis.flow_generator import program
from tests.analysis.test_flow_oracle import judged

MOST_RUNS = 300


def count(programs: int, seed: int) -> Counter[str]:
    """What was said (``called safe`` or ``not called safe``) of growths that are (``safe`` or ``not``)."""
    counts: Counter[str] = Counter()
    for number in range(programs):
        mode, source = program(random.Random(f"{seed}/{number}"))
        fresh = number % 2 == 0
        said = {site: exits for site, exits in judged(source, fresh).items() if exits.releases}
        seen = kept_sites(source, mode, fresh, MOST_RUNS) if said else None
        for site, exits in said.items():
            if seen and site in seen.grown:
                safe = exits.verdict is Verdict.EVERY_EXIT
                counts[_cell(safe, site not in seen.kept)] += 1
                if safe and site in seen.kept:
                    print(f"WRONG: growth {site}, {mode}, fresh={fresh}\n{source}")
    return counts


def _cell(said: bool, true: bool) -> str:
    return f"{'called' if said else 'not called'} safe, {'is' if true else 'is not'}"


def main() -> None:
    given = [int(word) for word in sys.argv[1:]]
    programs, seed = (*given, *(2000, 1)[len(given) :])
    counts = count(programs, seed)
    for cell, number in sorted(counts.items()):
        print(f"{number:6} {cell}")
    found, missed = counts[_cell(True, True)], counts[_cell(False, True)]
    print(f"completeness {found / max(found + missed, 1):.1%}")


if __name__ == "__main__":
    main()
