"""Verdicts as ``--why`` shows them: every growth with its answers and the places that decided them."""

from __future__ import annotations

from collections.abc import Iterable

from leaklint.analysis.verdicts.judge import Judge
from leaklint.analysis.verdicts.selection import Verdict
from leaklint.analysis.verdicts.wording import answers_of, best_origin
from leaklint.facts import Span
from leaklint.findings import Account, Answer, Site


def accounts_of(judge: Judge, verdicts: Iterable[Verdict]) -> tuple[Account, ...]:
    """All growths, reported or not, in order of path and line."""
    accounts = [_account(judge, verdict) for verdict in verdicts]
    return tuple(sorted(accounts, key=lambda a: (a.primary.path, a.primary.span.line, a.primary.span.column)))


def _account(judge: Judge, verdict: Verdict) -> Account:
    growth = verdict.growth
    places = _places(judge, verdict)
    return Account(
        rule=verdict.rule,
        confidence=verdict.confidence,
        container=growth.written,
        qualname=growth.func.qualname,
        primary=Site(path=growth.func.file.path, span=growth.op.span, label="grows here"),
        answers=tuple(_placed(answer, places) for answer in answers_of(verdict)),
    )


def _placed(answer: Answer, places: dict[str, Site]) -> Answer:
    return Answer(
        question=answer.question,
        value=answer.value,
        proof=answer.proof,
        place=answer.place or places.get(answer.question),
    )


def _places(judge: Judge, verdict: Verdict) -> dict[str, Site]:
    """The place that decided each answer, by question, where there is one."""
    origin = best_origin(verdict.repeats)
    start = (origin.start.file.path, origin.start.facts.span) if origin else None
    release, removal = verdict.release, verdict.release.removal
    removed = (removal.func.file.path, removal.op.span) if removal else None
    deciding = {
        "repeats": (start, "runs again from here"),
        "holder": (judge.containers.declared(verdict.growth.place), "made here"),
        "bound": (verdict.bound.place, "bounded here"),
        "release": (release.site or removed, "removed here"),
    }
    return {question: _site(place, label) for question, (place, label) in deciding.items() if place is not None}


def _site(place: tuple[str, Span], label: str) -> Site:
    return Site(path=place[0], span=place[1], label=label)
