"""What a repository held at the merge base of two revisions, read from its objects.

The objects are read by dulwich: no git process runs, hence no hook, filter, file-system monitor or lazy fetch that the
configuration of a repository may name.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable

from dulwich.errors import NotGitRepository
from dulwich.graph import find_merge_base
from dulwich.object_store import iter_tree_contents
from dulwich.objects import Blob, Commit
from dulwich.repo import Repo

from leaklint.history.revisions import NoSuchRevision, commit_of


class HistoryError(Exception):
    """A revision that cannot be read; ``args[0]`` says why."""


def write_merge_base(repository: str, revision: str, target: str, is_wanted: Callable[[str], bool]) -> None:
    """Write the regular files that the merge base of HEAD and ``revision`` held to the empty directory ``target``.

    ``repository`` is its top directory; ``is_wanted`` is asked with each file name. Symbolic links and submodules are
    left out, and so is every path that would lead out of ``target``.

    Raises:
        HistoryError: there is no repository, no such revision, or no common ancestor.
    """
    try:
        with Repo(repository) as repo:
            commit = _merge_base(repo, revision)
            for entry in iter_tree_contents(repo.object_store, commit.tree):
                path = os.fsdecode(entry.path or b"")
                if stat.S_ISREG(entry.mode or 0) and _is_safe(path) and is_wanted(os.path.basename(path)):
                    _write(os.path.join(target, path), repo, entry.sha or b"")
    except NotGitRepository:
        raise HistoryError(f"{repository} is no git repository") from None
    except KeyError as error:
        raise HistoryError(f"an object is missing ({error}); is this a shallow or partial clone?") from None


def _merge_base(repo: Repo, revision: str) -> Commit:
    try:
        head, other = commit_of(repo, "HEAD"), commit_of(repo, revision)
    except NoSuchRevision as error:
        raise HistoryError(str(error)) from None
    bases = find_merge_base(repo, [head.id, other.id])
    found = repo[bases[0]] if bases else None
    if not isinstance(found, Commit):
        raise HistoryError(f"HEAD and {revision!r} have no common ancestor")
    return found


def _is_safe(path: str) -> bool:
    parts = path.replace("\\", "/").split("/")
    return bool(path) and all(
        part not in ("", ".", "..") and part.casefold() != ".git" and ":" not in part for part in parts
    )


def _write(path: str, repo: Repo, sha: bytes) -> None:
    blob = repo[sha]
    if isinstance(blob, Blob):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "xb") as file:
            file.write(blob.data)
