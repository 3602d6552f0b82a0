"""``--since``: what the merge base with a revision had already."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Sequence

import msgspec

from leaklint import frontend
from leaklint.baseline import Entry, Sighting, entries_of
from leaklint.config.read import OWN_FILE, SHARED_FILE
from leaklint.discovery import repository_of
from leaklint.engine.fates import Fate
from leaklint.engine.known import marked_by
from leaklint.engine.settings import Settings, SinceError
from leaklint.history import HistoryError, write_merge_base

_SETTINGS_FILES = frozenset({OWN_FILE, SHARED_FILE, ".gitignore", "package.json"})

Told = Callable[[Sequence[str], Settings], tuple[str, Sequence[Fate]]]
"""What becomes of every finding in some paths, with the root that the paths of the findings are relative to."""


def without_old(told: Sequence[Fate], root: str, paths: Iterable[str], settings: Settings, tell: Told) -> list[Fate]:
    """``told`` with those marked that the merge base with ``settings.since`` had, whatever became of them there.

    Raises:
        SinceError: the merge base cannot be read.
    """
    repository = repository_of(root)
    if repository is None:
        raise SinceError(f"{root} is in no git repository")
    entries = _old(repository, [os.path.abspath(path) for path in paths], settings, tell)
    words = f"the merge base with {settings.since} had it"
    marked, _ = marked_by(entries, dict(enumerate(told)), root, repository, "since", words)
    return [marked.get(number, fate) for number, fate in enumerate(told)]


def _old(repository: str, paths: Sequence[str], settings: Settings, tell: Told) -> tuple[Entry, ...]:
    with tempfile.TemporaryDirectory(prefix="leaklint-") as directory:
        target = os.path.realpath(directory)
        os.mkdir(os.path.join(target, ".git"))  # configurations and .gitignore files are looked for no further up
        try:
            write_merge_base(repository, settings.since, target, _is_wanted)
        except HistoryError as error:
            raise SinceError(str(error)) from None
        then = [os.path.normpath(os.path.join(target, os.path.relpath(path, repository))) for path in paths]
        there = then if all(os.path.exists(path) for path in then) else [target]  # what is new may have been elsewhere
        plain = msgspec.structs.replace(settings, since="", baseline="", cache="", mends=False)
        root, told = tell(there, plain)
        return entries_of(Sighting.of(fate.finding, root, target) for fate in told)


def _is_wanted(name: str) -> bool:
    is_settings = name in _SETTINGS_FILES or (name.startswith(("tsconfig", "jsconfig")) and name.endswith(".json"))
    return is_settings or os.path.splitext(name)[1] in frontend.LANGUAGES
