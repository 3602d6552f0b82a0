"""What a report is made of: findings, their places, and the notices about files that could not be read."""

from __future__ import annotations

from typing import Literal

import msgspec

from leaklint.facts import Span

Confidence = Literal["high", "medium", "low"]
CONFIDENCES: tuple[Confidence, ...] = ("high", "medium", "low")


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all report records: immutable, built by keyword."""


class Site(Record, frozen=True, kw_only=True):
    """A labelled place: ``path`` relative to the analysed root with ``/``; ``span`` counts from 1, end exclusive."""

    path: str
    span: Span
    label: str


class Hop(Record, frozen=True, kw_only=True):
    """One step of the way from an entry point to the growth: ``function`` as people call it (``Store.put``)."""

    function: str
    path: str
    span: Span


class Answer(Record, frozen=True, kw_only=True):
    """One answered question of the record, for ``--why``: what was found, how sure, and where that was decided."""

    question: str
    value: str
    proof: Literal["proven", "named", "assumed"]
    place: Site | None = None


class Edit(Record, frozen=True, kw_only=True):
    """One change of a source text: what stands at ``span`` is replaced by ``text``. An empty span inserts."""

    span: Span
    text: str


class Mend(Record, frozen=True, kw_only=True):
    """Changes of the file of the finding that end the leak, to be made together.

    ``title`` says in the imperative what they do. ``safe``: the program does what it did before, but for the leak.
    """

    title: str
    safe: bool
    edits: tuple[Edit, ...]


class Undo(Record, frozen=True, kw_only=True):
    """How a registration is taken back: ``method`` in the place of the one that registers, with the same first
    ``arguments`` positional arguments, of which number ``callback`` (from 0; -1 for none) is the callback.
    """

    method: str
    arguments: int
    callback: int


class Finding(Record, frozen=True, kw_only=True):
    """One leak: a container, emitter or cached function that grows and that nothing discharges.

    ``message`` is one sentence, without the place; ``why`` says which exit keeps the entry; ``fix`` names the mend with the
    names of the code. ``container`` is the access path as written (``self._leases``), the cached function, or the emitter.
    ``key`` identifies the finding when lines move: rule, qualified name inside the module, container.
    ``related`` holds the declaration, the removal that does not cover every exit, and further growth lines.
    ``trace`` runs from an entry point (first) to the function that grows (last); empty when none is known.
    ``depends`` are the paths of all files the finding rests on; ``grows_in`` the qualified names of all functions in
    which the object grows.
    ``removal`` is the removal among ``related`` that does not cover every exit; ``undo`` how a listener would be removed,
    where that is known; ``mend`` changes that end the leak, where they were asked for and are known.
    """

    rule: str
    confidence: Confidence
    message: str
    why: str
    fix: str
    container: str
    qualname: str
    primary: Site
    related: tuple[Site, ...] = ()
    trace: tuple[Hop, ...] = ()
    answers: tuple[Answer, ...] = ()
    depends: tuple[str, ...] = ()
    grows_in: tuple[str, ...] = ()
    removal: Site | None = None
    undo: Undo | None = None
    mend: Mend | None = None

    @property
    def key(self) -> str:
        """Identity that survives moved lines: ``rule:qualname:container``."""
        return f"{self.rule}:{self.qualname}:{self.container}"


class Account(Record, frozen=True, kw_only=True):
    """All answers about one growth, reported or not. ``confidence`` is None where the answers silence it.

    ``container`` and ``qualname`` are as in :class:`Finding`; ``primary`` is the place of the growth.
    """

    rule: str
    confidence: Confidence | None
    container: str
    qualname: str
    primary: Site
    answers: tuple[Answer, ...]


class Explanation(Record, frozen=True, kw_only=True):
    """What ``--why`` tells of one line. Paths are relative to ``root`` (absolute), with ``/``.

    ``accounts`` are those of the growths there, each with what became of it in words; where nothing grows, ``nearest``
    are the growths next to it in the same file, labelled with what grows.
    """

    root: str
    path: str
    line: int
    accounts: tuple[tuple[Account, str], ...] = ()
    nearest: tuple[Site, ...] = ()


class Notice(Record, frozen=True, kw_only=True):
    """A file, or part of one, that could not be analysed. ``line`` and ``column`` from 1, or 0 where unknown."""

    path: str
    message: str
    line: int = 0
    column: int = 0
    level: Literal["warning", "note"] = "warning"


class Result(Record, frozen=True, kw_only=True):
    """The outcome of one run. ``root`` is the absolute directory to which all paths are relative.

    ``skipped`` counts by reason the files and directories that were passed over; ``skips`` are their paths, each with its
    reason. ``suppressed``: how many findings a comment keeps out of ``findings``; ``known``: how many a baseline or an
    earlier revision does. ``configurations`` are the files (absolute) that configured the run.
    """

    root: str
    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...] = ()
    analysed: int = 0
    skipped: tuple[tuple[str, int], ...] = ()
    skips: tuple[tuple[str, str], ...] = ()
    suppressed: int = 0
    known: int = 0
    configurations: tuple[str, ...] = ()
