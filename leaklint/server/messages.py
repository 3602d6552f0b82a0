"""Findings in the words of the Language Server Protocol."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from lsprotocol import types
from pygls.uris import from_fs_path
from pygls.workspace import PositionCodec, ServerTextPosition

from leaklint.facts import Span
from leaklint.findings import Confidence, Finding, Result
from leaklint.report.escape import visible
from leaklint.report.prose import paragraph
from leaklint.report.sources import SourceReader

_SEVERITIES: dict[Confidence, types.DiagnosticSeverity] = {
    "high": types.DiagnosticSeverity.Warning,
    "medium": types.DiagnosticSeverity.Warning,
    "low": types.DiagnosticSeverity.Information,
}


class Shown(NamedTuple):
    """What an editor shows of one finding, and the change it offers."""

    diagnostic: types.Diagnostic
    action: types.CodeAction | None


class Messages:
    """Writes the findings of one result. ``uris``: what the editor calls its open files, by absolute path."""

    def __init__(self, result: Result, sources: SourceReader, codec: PositionCodec, uris: Mapping[str, str]) -> None:
        self._result = result
        self._sources = sources
        self._codec = codec
        self._uris = uris

    def shown(self) -> dict[str, list[Shown]]:
        """What is shown of the result, by URI."""
        found: dict[str, list[Shown]] = {}
        for finding in self._result.findings:
            diagnostic = self._diagnostic(finding)
            one = Shown(diagnostic, self._action(finding, diagnostic))
            found.setdefault(self.uri(finding.primary.path), []).append(one)
        return found

    def uri(self, path: str) -> str:
        """The URI of a file of the result."""
        full = os.path.join(self._result.root, path)
        return self._uris.get(full) or from_fs_path(full) or full

    def span(self, path: str, span: Span) -> types.Range:
        """``span`` in the units that the editor counts."""
        lines = self._sources.lines(path) or ()
        start, end = (
            self._codec.position_to_client_units(lines, ServerTextPosition(line - 1, column - 1))
            for line, column in ((span.line, span.column), (span.end_line, span.end_column))
        )
        return types.Range(start, end)

    def _diagnostic(self, finding: Finding) -> types.Diagnostic:
        return types.Diagnostic(
            range=self.span(finding.primary.path, finding.primary.span),
            severity=_SEVERITIES[finding.confidence],
            code=finding.rule,
            source="leaklint",
            message=paragraph(finding),
            related_information=self._related(finding),
        )

    def _action(self, finding: Finding, diagnostic: types.Diagnostic) -> types.CodeAction | None:
        if finding.mend is None:
            return None
        path, mend = finding.primary.path, finding.mend
        edits = [types.TextEdit(self.span(path, edit.span), edit.text) for edit in mend.edits]
        return types.CodeAction(
            title=mend.title,
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[diagnostic],
            is_preferred=mend.safe,
            edit=types.WorkspaceEdit(changes={self.uri(path): edits}),
        )

    def _related(self, finding: Finding) -> list[types.DiagnosticRelatedInformation]:
        """The related places, then the way from the entry point."""
        places = [(site.path, site.span, site.label) for site in finding.related]
        places += [(hop.path, hop.span, f"on the way: {hop.function}") for hop in finding.trace]
        return [
            types.DiagnosticRelatedInformation(types.Location(self.uri(path), self.span(path, span)), visible(label))
            for path, span, label in places
        ]
