"""Linking and judging: facts in, findings out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from leaklint.analysis.linking.link import link
from leaklint.analysis.verdicts.accounts import accounts_of
from leaklint.analysis.verdicts.judge import Judge
from leaklint.analysis.verdicts.selection import Verdict
from leaklint.analysis.verdicts.wording import findings_of
from leaklint.catalog.models import Library, Own
from leaklint.facts import Alias, FileFacts
from leaklint.findings import Account, Finding


class Analysis(NamedTuple):
    """What is known after judging: the findings of every confidence, and the record of every growth."""

    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]
    judge: Judge

    def accounts(self) -> tuple[Account, ...]:
        """Every growth with all answers about it, in words, in order of path and line."""
        return accounts_of(self.judge, self.verdicts)


def analyze(files: Sequence[FileFacts], aliases: Sequence[Alias] = (), own: Sequence[Own] = ()) -> Analysis:
    """Link ``files`` and judge every growth in them; ``own`` are the user's models, added to the shipped ones."""
    program, resolver = link(files, Library(own), aliases)
    judge = Judge(program, resolver)
    verdicts = judge.verdicts()
    return Analysis(findings_of(judge, verdicts), tuple(verdicts), judge)
