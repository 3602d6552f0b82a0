"""A real client of the language server: it starts ``leaklint server`` and speaks the protocol over its pipes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient

PATIENCE_SECONDS = 30


class Editor:
    """An editor with a few files open."""

    def __init__(self) -> None:
        self.client = LanguageClient("test", "1")
        self.messages: list[str] = []
        self._published: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self._versions: dict[str, int] = {}

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self._published.put_nowait(params)

        @self.client.feature(types.WINDOW_SHOW_MESSAGE)
        def said(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)

    def open(self, path: Path, text: str | None = None) -> None:
        """Open ``path``, with ``text`` in place of what is on disk."""
        content = path.read_text() if text is None else text
        item = types.TextDocumentItem(path.as_uri(), "python", 1, content)
        self._versions[item.uri] = 1
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, path: Path, text: str) -> None:
        """Replace the whole buffer of ``path``; nothing is saved."""
        uri = path.as_uri()
        self._versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self._versions[uri], uri)
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def close(self, path: Path) -> None:
        """Close ``path`` without saving."""
        self.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(path.as_uri()))
        )

    async def diagnostics(self, path: Path) -> list[types.Diagnostic]:
        """The next diagnostics that the server shows for ``path``."""
        while True:
            shown = await asyncio.wait_for(self._published.get(), PATIENCE_SECONDS)
            if shown.uri == path.as_uri():
                return list(shown.diagnostics)

    async def hover(self, path: Path, line: int, character: int) -> str | None:
        """The text shown at a place of ``path``, line and character from 0."""
        place = types.HoverParams(types.TextDocumentIdentifier(path.as_uri()), types.Position(line, character))
        shown = await self.client.text_document_hover_async(place)
        return shown.contents.value if shown and isinstance(shown.contents, types.MarkupContent) else None

    async def actions(self, path: Path, line: int) -> list[types.CodeAction]:
        """The changes offered on a line of ``path``, counted from 0."""
        place = types.Range(types.Position(line, 0), types.Position(line + 1, 0))
        document = types.TextDocumentIdentifier(path.as_uri())
        asked = types.CodeActionParams(document, place, types.CodeActionContext([]))
        offered = await self.client.text_document_code_action_async(asked)
        return [one for one in offered or () if isinstance(one, types.CodeAction)]


@asynccontextmanager
async def editor(root: Path, encodings: list[types.PositionEncodingKind | str] | None = None) -> AsyncIterator[Editor]:
    """An editor on the folder ``root``; the server it starts has ended when it closes."""
    opened = Editor()
    await opened.client.start_io(sys.executable, "-m", "leaklint", "server", cwd=str(root))
    general = types.GeneralClientCapabilities(position_encodings=encodings)
    await opened.client.initialize_async(
        types.InitializeParams(types.ClientCapabilities(general=general), root_uri=root.as_uri())
    )
    opened.client.initialized(types.InitializedParams())
    try:
        yield opened
    finally:
        await opened.client.shutdown_async(None)
        opened.client.exit(None)
        await asyncio.wait_for(opened.client.stop(), PATIENCE_SECONDS)
