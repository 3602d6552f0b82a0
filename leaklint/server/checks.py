"""Checks what is open, one project at a time, and tells the editor what changed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from leaklint import engine, frontend
from leaklint.config import ConfigurationError
from leaklint.discovery import NoSuchPath, project_of
from leaklint.findings import Result
from leaklint.report import DiskSources
from leaklint.server.messages import Messages, Shown

PAUSE_SECONDS = 0.3
"""How long typing must pause before a check begins."""


class Document(NamedTuple):
    """An open source file: what the editor calls it, and what it holds now."""

    uri: str
    text: bytes


ByUri = Mapping[str, Sequence[Shown]]


class Checks:
    """Keeps the diagnostics of all projects with an open file up to date."""

    def __init__(self, server: LanguageServer, settings: engine.Settings) -> None:
        self._server = server
        self._settings = settings
        self._stale: set[str] = set()
        self._worker: asyncio.Task[None] | None = None
        self._shown: dict[str, ByUri] = {}

    def touch(self, uri: str) -> None:
        """The document ``uri`` was opened, changed, saved or closed: check its project soon."""
        path = source_path(uri)
        if path is None:
            return
        self._stale.add(_project(path))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())

    def at(self, uri: str, start: types.Position, end: types.Position) -> list[Shown]:
        """What is shown between ``start`` and ``end`` of the document ``uri``."""
        here = ((one, one.diagnostic.range) for found in self._shown.values() for one in found.get(uri, ()))
        return [one for one, place in here if _before(place.start, end) and _before(start, place.end)]

    async def _work(self) -> None:
        while self._stale:
            await asyncio.sleep(PAUSE_SECONDS)
            for project in sorted(self._stale):
                self._stale.discard(project)
                await self._check(project)

    async def _check(self, project: str) -> None:
        documents = {path: document for path, document in self._open().items() if _project(path) == project}
        found: ByUri = {}
        if documents:
            try:
                found = await asyncio.to_thread(self._diagnose, documents)
            except ConfigurationError as error:
                self._say(types.MessageType.Warning, f"{error.path}:{error.line}: {error.message}")
            except NoSuchPath:
                pass  # a directory that is gone while its file is still open
            except Exception as error:  # noqa: BLE001 - a defect must not end the editor's server
                self._say(types.MessageType.Error, f"internal error, please report it: {type(error).__name__}: {error}")
        self._publish(project, found)

    def _open(self) -> dict[str, Document]:
        opened = self._server.workspace.text_documents.values()
        return {
            path: Document(document.uri, document.source.encode("utf-8", "surrogatepass"))
            for document in opened
            if (path := source_path(document.uri))
        }

    def _diagnose(self, documents: Mapping[str, Document]) -> ByUri:
        unsaved = {path: document.text for path, document in documents.items()}
        result: Result = engine.analyze(documents, self._settings, unsaved=unsaved)
        uris = {path: document.uri for path, document in documents.items()}
        sources = DiskSources(result.root, unsaved)
        return Messages(result, sources, self._server.workspace.position_codec, uris).shown()

    def _publish(self, project: str, found: ByUri) -> None:
        """Show ``found``, and clear the files of ``project`` that had something and have it no more."""
        for uri in {**self._shown.pop(project, {}), **found}:
            shown = types.PublishDiagnosticsParams(uri, [one.diagnostic for one in found.get(uri, ())])
            self._server.text_document_publish_diagnostics(shown)
        self._shown[project] = found

    def _say(self, kind: types.MessageType, message: str) -> None:
        self._server.window_show_message(types.ShowMessageParams(kind, f"leaklint: {message}"))


def source_path(uri: str) -> str | None:
    """The absolute path of the source file ``uri``; None for what is no file or of no language we read."""
    path = to_fs_path(uri) if uri.startswith("file:") else None
    if path is None or os.path.splitext(path)[1] not in frontend.LANGUAGES:
        return None
    return os.path.abspath(path)


def _before(one: types.Position, other: types.Position) -> bool:
    return (one.line, one.character) <= (other.line, other.character)


def _project(path: str) -> str:
    return project_of(path) or path
