"""``python -m tests.sweep [PATH]...``: no source file crashes leaklint, and none is lost.

Every Python, TypeScript and JavaScript file below the PATHs (default: the standard library and site-packages of this
interpreter) is copied, 500 at a time, to a place where nothing of it is excluded (test code and vendored code get other
names), and analysed. Each run must end well, and speak of every file: analysed, passed over, or why not.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from leaklint.discovery.patterns import directory_reason, file_reason
from leaklint.frontend import LANGUAGES

FILES_A_RUN = 500
LIMIT_SECONDS = 900
"""For one run; hostile files are given up much earlier, each with a notice."""


def sources(root: Path) -> Iterator[Path]:
    """The source files below ``root``, in a stable order; symbolic links are not followed."""
    for path in sorted(root.rglob("*")):
        if path.suffix in LANGUAGES and path.is_file() and not path.is_symlink():
            yield path


def batches(files: Iterable[Path], size: int) -> Iterator[list[Path]]:
    """``files`` in lists of ``size``; the last may be shorter."""
    left = iter(files)
    while batch := list(islice(left, size)):
        yield batch


def neutral(path: Path) -> Path:
    """``path``, relative, with other names for the parts that discovery would pass over."""
    *folders, name = path.parts
    kept = [f"x{folder}" if directory_reason(folder) or folder.startswith(".") else folder for folder in folders]
    stem, dot, suffix = name.rpartition(".")
    return Path(*kept, f"x{stem.replace('.', '_')}_{dot}{suffix}" if file_reason(name) else name)


def copy(files: Sequence[Path], root: Path, target: Path) -> None:
    """Copies ``files``, which lie below ``root``, to neutral names below ``target``."""
    for file in files:
        place = target / neutral(file.relative_to(root))
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)


def complaint(directory: Path, files: int) -> str:
    """Analyses ``directory``, which holds that many files; what went wrong, or nothing."""
    # -P: the files to analyse lie in the working directory and must not be imported
    command = [sys.executable, "-P", "-m", "leaklint", "check", "--format", "concise", "--min-confidence", "low", "."]
    try:
        run = subprocess.run(command, cwd=directory, capture_output=True, timeout=LIMIT_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"not done after {LIMIT_SECONDS} s"
    said = run.stderr.decode(errors="replace")
    if run.returncode not in (0, 1) or "Traceback" in said or "internal error" in said:
        return f"exit {run.returncode}\n{said[-3000:]}"
    lost = files - accounted(said)
    return f"{lost} of {files} files are lost\n{said[-3000:]}" if lost > 0 else ""


def accounted(said: str) -> int:
    """How many files standard error speaks of: those analysed, those passed over, those with a warning.

    A file that is analysed with a warning counts twice; that can hide a lost one, but not claim one.
    """
    closing = re.search(r"^Analysed ([\d,]+) files?(?:, skipped ([\d,]+))?", said, re.MULTILINE)
    if not closing:
        return 0
    counts = [int((number or "0").replace(",", "")) for number in closing.groups()]
    return sum(counts) + len(set(re.findall(r"^(.*?)(?::\d+)*: warning:", said, re.MULTILINE)))


def sweep(roots: Iterable[Path], share: int | None = None) -> list[str]:
    """What went wrong in the files below ``roots``; with ``share``, in every ``share``-th file only."""
    wrong = []
    for root in roots:
        for number, batch in enumerate(batches(islice(sources(root), 0, None, share), FILES_A_RUN)):
            with tempfile.TemporaryDirectory() as directory:
                copy(batch, root, Path(directory))
                trouble = complaint(Path(directory), len(batch))
            print(f"{root} {number}: {len(batch)} files{': ' if trouble else ''}{trouble}", flush=True)
            wrong += [trouble] if trouble else []
    return wrong


def installed() -> list[Path]:
    """The standard library and site-packages of this interpreter."""
    return [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")]


if __name__ == "__main__":
    sys.exit(bool(sweep([Path(argument).resolve() for argument in sys.argv[1:]] or installed())))
