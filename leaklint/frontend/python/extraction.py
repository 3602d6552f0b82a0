"""One Python file -> its facts."""

from __future__ import annotations

import libcst as cst

from leaklint.facts import NOWHERE, Block, FileFacts, FunctionFacts, Problem, Stmt
from leaklint.frontend.python.annotations import TYPES
from leaklint.frontend.python.comments import MARK, directives
from leaklint.frontend.python.definitions import DEFINED_EXPRESSIONS, DEFINED_STATEMENTS
from leaklint.frontend.python.expressions import EXPRESSIONS
from leaklint.frontend.python.lowering import Lowering
from leaklint.frontend.python.parse import count_lines, parse
from leaklint.frontend.python.positions import Positions
from leaklint.frontend.python.statements import STATEMENTS

_VALUES = {**EXPRESSIONS, **DEFINED_EXPRESSIONS}
_TYPES = {**_VALUES, **TYPES}
_STATEMENTS = {**STATEMENTS, **DEFINED_STATEMENTS}


def extract(path: str, source: bytes) -> FileFacts:
    """Reads one Python file; ``path`` (with ``/``) is only noted, ``source`` is the file as it is on disk.

    A file that cannot be read has an empty module body and a problem. Never raises for the content; what the native
    parser cannot survive (thousands of nested brackets) must be kept from it by the caller.
    """
    module = parse(source)
    if isinstance(module, Problem):
        return _unreadable(path, source, module)
    try:
        return _lower(path, source, module)
    except RecursionError:
        return _unreadable(path, source, Problem("nested too deeply to be analysed"))
    except Exception as error:  # noqa: BLE001 - one file must not end the run
        return _unreadable(path, source, Problem(f"the front end failed: {type(error).__name__}: {error}"))


def _lower(path: str, source: bytes, module: cst.Module) -> FileFacts:
    positions = Positions(module, with_comments=MARK.encode() in source)
    low = Lowering(positions, _VALUES, _TYPES, _STATEMENTS)
    body: list[Stmt] = []
    low.lower_into(module.body, body)
    lines = count_lines(source)
    low.functions[0] = _module_body(tuple(body), low.module.locals(), lines)
    return FileFacts(
        path=path,
        language="python",
        functions=tuple([function for function in low.functions if function is not None]),
        classes=tuple([cls for cls in low.classes if cls is not None]),
        directives=directives(positions),
        lines=lines,
        stub=_is_stub(path),
    )


def _module_body(body: Block, names: tuple[str, ...], lines: int) -> FunctionFacts:
    return FunctionFacts("<module>", "<module>", -1, -1, (), body, NOWHERE, names, end_line=lines)


def _unreadable(path: str, source: bytes, problem: Problem) -> FileFacts:
    lines = count_lines(source)
    functions = (_module_body((), (), lines),)
    return FileFacts(path, "python", functions, (), problems=(problem,), lines=lines, stub=_is_stub(path))


def _is_stub(path: str) -> bool:
    return path.endswith(".pyi")
