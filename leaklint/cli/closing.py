"""What standard error says: notices about files, the closing line, and the details of ``--verbose``."""

from __future__ import annotations

from collections.abc import Iterator

from leaklint.findings import Notice, Result
from leaklint.report.escape import visible
from leaklint.report.places import Places


def notice_line(notice: Notice, places: Places) -> str:
    """``path:line:column: warning: message``, the path as seen from the working directory."""
    return f"{places.point(notice.path, notice.line, notice.column)}: {notice.level}: {visible(notice.message)}"


def details(result: Result, places: Places, cache: str) -> Iterator[str]:
    """One line each: what configured the run, where the ``cache`` lies, what was passed over and why."""
    for file in result.configurations or ("none",):
        yield f"configuration: {visible(file)}"
    yield f"cache: {visible(cache) or 'none'}"
    for path, reason in result.skips:
        yield f"skipped {places.path(path)}: {reason}"


def closing_line(result: Result, seconds: float) -> str:
    """One line: files analysed, skipped by reason, findings, those suppressed, time."""
    skipped = skipped_words(result.skipped)
    analysed = f"Analysed {counted(result.analysed, 'file')}{f', skipped {skipped}' if skipped else ''}"
    found = counted(len(result.findings), "finding") if result.findings else "nothing to report"
    hidden = f", {result.suppressed:,} suppressed" if result.suppressed else ""
    hidden += f", {result.known:,} known" if result.known else ""
    return f"{analysed}: {found}{hidden} ({seconds:.1f} s)."


def skipped_words(skipped: tuple[tuple[str, int], ...]) -> str:
    """``2 (test code)``, ``3 (minified: 1, test code: 2)``; empty when nothing was skipped."""
    total = sum(count for _, count in skipped)
    if len(skipped) == 1:
        return f"{total:,} ({skipped[0][0]})"
    return f"{total:,} ({', '.join(f'{reason}: {count:,}' for reason, count in skipped)})" if skipped else ""


def counted(number: int, noun: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
