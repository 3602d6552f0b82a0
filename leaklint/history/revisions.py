"""Which commit a revision means: a branch, a tag, a commit, or one of their ancestors (``HEAD~2``, ``main^``)."""

from __future__ import annotations

import os
import re
from itertools import repeat

from dulwich.objects import Commit
from dulwich.objectspec import parse_commit
from dulwich.repo import Repo

from leaklint.spelling import nearest

_REVISION = re.compile(r"(?P<start>.+?)(?P<steps>(?:[~^]\d{0,9}|\^\{(?:commit)?\})*)", re.DOTALL)
_STEP = re.compile(r"([~^])(\d+|(?!\{))")


class NoSuchRevision(Exception):
    """There is no such revision; ``args[0]`` says so, and what was probably meant."""


def commit_of(repo: Repo, revision: str) -> Commit:
    """The commit that ``revision`` means.

    Raises:
        NoSuchRevision: there is none.
        KeyError: an object on the way to it is missing.
    """
    match = _REVISION.fullmatch(revision)
    start, steps = match.group("start", "steps") if match else (revision, "")
    try:
        commit = parse_commit(repo, os.fsencode("HEAD" if start == "@" else start))
    except (KeyError, ValueError):
        near = nearest(start, _names(repo))
        raise NoSuchRevision(f"there is no revision {start!r}{f'; did you mean {near}?' if near else ''}") from None
    for sign, digits in _STEP.findall(steps):
        number = int(digits or 1)
        for parent in repeat(1, number) if sign == "~" else (number,):
            commit = _parent(repo, commit, parent, revision)
    return commit


def _parent(repo: Repo, commit: Commit, number: int, revision: str) -> Commit:
    if number == 0:
        return commit
    if number > len(commit.parents):
        short = commit.id[:10].decode()
        raise NoSuchRevision(f"there is no revision {revision!r}: commit {short} has no parent {number}")
    found = repo[commit.parents[number - 1]]
    assert isinstance(found, Commit)
    return found


def _names(repo: Repo) -> list[str]:
    """The branches and tags that lead to a commit, as people write them."""
    found = (os.fsdecode(name) for name in repo.get_refs())
    return [re.sub("^refs/(heads|tags|remotes)/", "", name) for name in found]
