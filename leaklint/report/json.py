"""The report for programs: versioned JSON, described by the JSON Schema of :func:`schema`.

Texts and paths are spelled harmlessly, as in every other format. Within one ``version`` no key is removed and none
changes its meaning; new keys may come.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from leaklint import __version__
from leaklint.catalog.pages import find
from leaklint.facts import Span
from leaklint.findings import Confidence, Finding, Hop, Notice, Result, Site
from leaklint.report.escape import visible
from leaklint.report.options import Options
from leaklint.report.places import Places
from leaklint.report.sources import SourceReader


class _Object(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of all objects of the report."""


class Place(_Object, frozen=True, kw_only=True):
    """A place in a file. Lines and columns count from 1, in code points; the end column is exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class LabelledPlace(Place, frozen=True, kw_only=True):
    """A place and what happens there."""

    label: str


class Step(Place, frozen=True, kw_only=True):
    """A step of the way from an entry point to the growth."""

    function: str


class Reason(_Object, frozen=True, kw_only=True):
    """One answered question: what was found, how sure that is, and where it was decided."""

    question: str
    value: str
    proof: Literal["proven", "named", "assumed"]
    place: LabelledPlace | None


class Replacement(_Object, frozen=True, kw_only=True):
    """What stands from the line and column to the end is replaced by ``text``; an empty place inserts."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class Mend(_Object, frozen=True, kw_only=True):
    """Changes of the file of ``primary`` that end the leak, to be made together. ``text`` is not made harmless."""

    title: str
    safe: bool
    edits: list[Replacement]


class Leak(_Object, frozen=True, kw_only=True):
    """One finding. ``key`` stays the same when lines move."""

    rule: str
    name: str
    confidence: Confidence
    message: str
    why: str
    fix: str
    container: str
    qualname: str
    key: str
    primary: LabelledPlace
    related: list[LabelledPlace]
    trace: list[Step]
    answers: list[Reason]
    mend: Mend | None


class Remark(_Object, frozen=True, kw_only=True):
    """Something that could not be analysed; ``line`` and ``column`` are 0 where they are not known."""

    path: str
    line: int
    column: int
    level: Literal["warning", "note"]
    message: str


class Tool(_Object, frozen=True, kw_only=True):
    """What made the report."""

    name: str
    version: str


class Report(_Object, frozen=True, kw_only=True):
    """The whole report. Paths are relative to the repository; those outside it are absolute."""

    version: Literal[1]
    tool: Tool
    analysed: int
    skipped: dict[str, int]
    findings: list[Leak]
    notices: list[Remark]


def render(result: Result, sources: SourceReader, options: Options) -> str:
    """One JSON object; see :func:`leaklint.report.render`."""
    writer = _Writer(Places(result, options))
    report = Report(
        version=1,
        tool=Tool(name="leaklint", version=__version__),
        analysed=result.analysed,
        skipped=dict(result.skipped),
        findings=[writer.leak(finding) for finding in result.findings],
        notices=[writer.remark(notice) for notice in result.notices],
    )
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of the report."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Report)}


class _Writer:
    def __init__(self, places: Places) -> None:
        self._places = places

    def leak(self, finding: Finding) -> Leak:
        page = find(finding.rule)
        return Leak(
            rule=finding.rule,
            name=page.name if page else "",
            confidence=finding.confidence,
            message=visible(finding.message),
            why=visible(finding.why),
            fix=visible(finding.fix),
            container=visible(finding.container),
            qualname=visible(finding.qualname),
            key=visible(finding.key),
            primary=self._labelled(finding.primary),
            related=[self._labelled(site) for site in finding.related],
            trace=[self._step(hop) for hop in finding.trace],
            answers=[
                Reason(
                    question=answer.question,
                    value=visible(answer.value),
                    proof=answer.proof,
                    place=self._labelled(answer.place) if answer.place else None,
                )
                for answer in finding.answers
            ],
            mend=_mend(finding),
        )

    def remark(self, notice: Notice) -> Remark:
        return Remark(
            path=self._places.repository_path(notice.path),
            line=notice.line,
            column=notice.column,
            level=notice.level,
            message=visible(notice.message),
        )

    def _labelled(self, site: Site) -> LabelledPlace:
        return LabelledPlace(**self._place(site.path, site.span), label=visible(site.label))

    def _step(self, hop: Hop) -> Step:
        return Step(**self._place(hop.path, hop.span), function=visible(hop.function))

    def _place(self, path: str, span: Span) -> dict[str, Any]:
        return {"path": self._places.repository_path(path), **msgspec.structs.asdict(span)}


def _mend(finding: Finding) -> Mend | None:
    mend = finding.mend
    if mend is None:
        return None
    edits = [Replacement(**msgspec.structs.asdict(edit.span), text=edit.text) for edit in mend.edits]
    return Mend(title=visible(mend.title), safe=mend.safe, edits=edits)
