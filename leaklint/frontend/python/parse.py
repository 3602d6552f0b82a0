"""Bytes -> LibCST module, or the problem that says why not."""

from __future__ import annotations

import re

import libcst as cst

from leaklint.facts import Problem

_PLACE = re.compile(r"error at (\d+):(\d+): ")
_STAGE = re.compile(r"^(?:parser|tokenizer) error: ")
_NEWLINE = re.compile(rb"\r\n?|\n")


def parse(source: bytes) -> cst.Module | Problem:
    """Parses a whole file, honouring its byte order mark and coding cookie; never raises for the content."""
    try:
        return cst.parse_module(source)
    except cst.ParserSyntaxError as error:
        return _syntax_problem(error.message, source)
    except (UnicodeError, LookupError, SyntaxError) as error:
        return Problem(f"cannot decode: {error}")
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of the native parser is no Exception
        return Problem(f"the parser failed: {type(error).__name__}: {error}")


def count_lines(source: bytes) -> int:
    """Number of lines; a last line without line end counts."""
    ends = len(_NEWLINE.findall(source))
    return ends if source.endswith((b"\n", b"\r")) or not source else ends + 1


def _syntax_problem(message: str, source: bytes) -> Problem:
    """Only the text of a parser error knows the place; a tokenizer error claims line 1 wherever it is, so has none."""
    place = _PLACE.search(message)
    text = "syntax error: " + _PLACE.sub("", _STAGE.sub("", message))
    if place is None:
        return Problem(text)
    line, column = int(place[1]), int(place[2]) + 1
    last = max(count_lines(source), 1)
    return Problem(text, line, column) if line <= last else Problem(text, last, 0)
