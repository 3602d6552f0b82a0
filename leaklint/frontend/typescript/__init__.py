"""TypeScript and JavaScript: tree-sitter trees lowered to facts.

``grammar`` chooses the parser, ``text`` makes places, ``lowering`` holds the tables; the modules named after syntax
(``expressions``, ``statements``, ``functions``, ``classes`` ...) fill them. ``aliases`` reads what a project says about
absolute module paths.
"""

import msgspec
from tree_sitter import Node

from leaklint.facts import NOWHERE, Block, FileFacts, FunctionFacts, Problem
from leaklint.frontend.typescript import (  # noqa: F401 (each fills its part of the tables)
    annotations,
    classes,
    definitions,
    effects,
    expressions,
    modules,
    statements,
    switch,
)
from leaklint.frontend.typescript.directives import read_directives
from leaklint.frontend.typescript.grammar import Endless, grammar_for
from leaklint.frontend.typescript.lowering import Lowering
from leaklint.frontend.typescript.problems import syntax_problems
from leaklint.frontend.typescript.prototypes import assigned_prototypes, finish_prototypes
from leaklint.frontend.typescript.text import Text, read_text

LANGUAGE = "typescript"
_FACTS = msgspec.msgpack.Decoder(FileFacts)


def extract(path: str, source: bytes) -> FileFacts:
    """The facts of one TypeScript or JavaScript file; its extension chooses the grammar.

    Never raises: what cannot be read is a problem of the file, and the rest of it is still lowered.
    """
    text = read_text(source)
    try:
        return _apart(_extract(path, text))
    except RecursionError:
        return _unreadable(path, text, Problem("nested too deeply"))
    except Endless as error:
        return _unreadable(path, text, Problem("the parser does not come to an end here: not analysed", error.line))


def _apart(facts: FileFacts) -> FileFacts:
    """The same facts, each an object of its own, as they come from a worker process or the cache.

    Lowering uses what it made twice: what is exported, the subject of every case. Answers about an expression are
    remembered by its identity, and must not depend on where the facts come from.
    """
    packed = msgspec.msgpack.encode(msgspec.structs.replace(facts, path=""))  # a path need not be text
    return msgspec.structs.replace(_FACTS.decode(packed), path=facts.path)


def _unreadable(path: str, text: Text, problem: Problem) -> FileFacts:
    return FileFacts(path, LANGUAGE, (_module((), (), 0),), (), problems=(problem,), lines=_line_count(text))


def _extract(path: str, text: Text) -> FileFacts:
    grammar = grammar_for(path)
    root = grammar.parse(text.parsed).root_node
    low = Lowering(text, grammar)
    _lower_module(low, root)
    return FileFacts(
        path=path,
        language=LANGUAGE,
        functions=low.finished_functions(),
        classes=low.finished_classes(),
        exports=tuple(low.exports),
        directives=read_directives(text, root),
        problems=(*syntax_problems(text, root), *low.problems),
        lines=_line_count(text),
        search_path=False,
    )


def _lower_module(low: Lowering, root: Node) -> None:
    low.functions.append(None)
    low.assigned_prototypes = assigned_prototypes(low.text.data)
    body = low.block(root.children)
    finish_prototypes(low)
    low.functions[0] = _module(body, tuple(sorted(low.scope.locals)), root.end_point[0] + 1)


def _module(body: Block, names: tuple[str, ...], end_line: int) -> FunctionFacts:
    return FunctionFacts("<module>", "<module>", -1, -1, (), body, NOWHERE, names, end_line=end_line)


def _line_count(text: Text) -> int:
    data = text.data
    return data.count(b"\n") + bool(data and not data.endswith(b"\n"))
