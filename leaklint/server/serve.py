"""The server itself: what it answers to an editor over standard input and output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from leaklint import __version__
from leaklint.catalog.pages import find
from leaklint.engine import Settings
from leaklint.server.checks import Checks
from leaklint.server.messages import Shown

Touch = (
    types.DidOpenTextDocumentParams
    | types.DidChangeTextDocumentParams
    | types.DidSaveTextDocumentParams
    | types.DidCloseTextDocumentParams
)
TOUCHES = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_SAVE,
    types.TEXT_DOCUMENT_DID_CLOSE,
)
"""Each of these asks for a check of the project of the document."""


def serve(settings: Settings) -> None:
    """Talk to one editor until it goes; ``settings`` say how each check is made.

    Standard streams are taken away from everybody else: child processes must not wait for the lock of a reader, and
    nothing but the protocol may be written.
    """
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    sys.stdin, sys.stdout = open(os.devnull), sys.stderr  # noqa: SIM115 - for the rest of the process
    make_server(settings).start_io(requests, answers)


def make_server(settings: Settings) -> LanguageServer:
    """A server that has its features and no connection yet."""
    server = LanguageServer("leaklint", __version__)
    checks = Checks(server, settings)

    async def touched(params: Touch) -> None:
        checks.touch(params.text_document.uri)

    async def hover(params: types.HoverParams) -> types.Hover | None:
        return _pages(checks.at(params.text_document.uri, params.position, params.position))

    async def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        shown = checks.at(params.text_document.uri, params.range.start, params.range.end)
        return [one.action for one in shown if one.action]

    for name in TOUCHES:
        server.feature(name)(touched)
    server.feature(types.TEXT_DOCUMENT_HOVER)(hover)
    quick = types.CodeActionOptions([types.CodeActionKind.QuickFix])
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, quick)(actions)
    return server


def _pages(shown: Iterable[Shown]) -> types.Hover | None:
    """The pages of the rules of what is ``shown``."""
    rules = sorted({str(one.diagnostic.code) for one in shown})
    pages = [f"# {page.id} {page.name}: {page.title}\n\n{page.markdown}" for rule in rules if (page := find(rule))]
    text = types.MarkupContent(types.MarkupKind.Markdown, "\n---\n\n".join(pages))
    return types.Hover(text) if pages else None
