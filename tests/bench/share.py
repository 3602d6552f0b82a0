"""``share.py FILE ARGUMENT...``: run leaklint and write to FILE which part of its processor time links and judges."""

import sys
import time
from pathlib import Path

from leaklint import analysis
from leaklint.cli import main

target = sys.argv.pop(1)
analyze = analysis.analyze


def timed(*given: object) -> object:
    started = time.process_time()
    answer = analyze(*given)  # type: ignore[arg-type]
    Path(target).write_text(f"{(time.process_time() - started) / time.process_time()}")
    return answer


analysis.analyze = timed  # type: ignore[assignment]
main()
