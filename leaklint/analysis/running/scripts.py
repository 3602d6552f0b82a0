"""Which files belong only to programs that serve nobody: they work something off and end, and what they held is gone."""

from __future__ import annotations

from collections.abc import Iterator

from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.imports import closure
from leaklint.analysis.linking.program import File, Func, Program
from leaklint.analysis.linking.walk import every, expressions, statements
from leaklint.facts import Await, Block, Call, Evaluate, Expr, Stmt, Try


class Scripts:
    """Tells scripts from servers, by what the programs consist of that a file belongs to."""

    def __init__(self, program: Program, graph: CallGraph) -> None:
        self._program = program
        self._graph = graph
        self._imports = graph.imports
        self._memo: dict[str, bool] = {}

    def is_script(self, file: File) -> bool:
        """Whether the file is part of programs, and none of them has anything that answers somebody."""
        if file.path not in self._memo:
            self._memo[file.path] = self._is_script(file)
        return self._memo[file.path]

    def _is_script(self, file: File) -> bool:
        if not self._program.models(file).tells_serving:
            return False
        ways = closure(file.path, self._imports.back)
        starts = [p for p in ways if not self._imports.back.get(p) and not _measures(p)]
        if not starts or not all(_does_something(self._program.by_path[p]) for p in starts):
            return False
        if all(self._ends(self._program.by_path[p]) for p in starts):
            return True
        parts = {p for start in starts for p in self._imports.reached(start)}
        return not any(self._serves(self._program.by_path[p]) for p in parts)

    def _ends(self, file: File) -> bool:
        """Whether the last thing the module body does, in any case, is to end the process or to close what it opened."""
        models = self._program.models(file)
        calls = [_awaited(s.value) for s in _straight(file.body.facts.body) if isinstance(s, Evaluate)]
        named = [self._graph.names_of(file.body, c.func) for c in calls if isinstance(c, Call)]
        doing = [names for names in named if not any(models.is_a("cannot_raise", n) for n in names)]
        last = doing[-1] if doing else ()
        return any(models.is_a("ends_process", n) or models.is_a("closing", n) for n in last)

    def _serves(self, file: File) -> bool:
        return any(self._answers(f) or self._starts_to_serve(f) for f in file.functions)

    def _answers(self, func: Func) -> bool:
        """Whether the function is an entry point that somebody else reaches."""
        entries = [u.entry for u in self._graph.uses(func) if u.entry is not None]
        return any(e.serves and e.scope in {"call", "session"} for e in entries)

    def _starts_to_serve(self, func: Func) -> bool:
        models = self._program.models(func.file)
        calls = [op.node for op in func.ops if op.kind == "call" and isinstance(op.node, Call)]
        return any(models.is_a("serving", n) for c in calls for n in self._graph.names_of(func, c.func))


def _measures(path: str) -> bool:
    """Whether the file is a benchmark: what it measures was not written for it, and serves others."""
    folders, _, name = path.rpartition("/")
    words = [*folders.split("/"), *name.replace("_", ".").replace("-", ".").split(".")]
    return bool({"bench", "benchmark", "benchmarks"} & set(words))


def _does_something(file: File) -> bool:
    """Whether importing the file runs something: a module that only defines is a library, whose users are not known."""
    return any(_runs(stmt) for stmt in statements(file.body.facts.body))


def _straight(block: Block) -> Iterator[Stmt]:
    """The statements of a module body that no test and no loop stands around."""
    for stmt in block:
        yield stmt
        if isinstance(stmt, Try):
            yield from (*stmt.body, *stmt.final)


def _awaited(expr: Expr) -> Expr:
    return expr.value if isinstance(expr, Await) else expr


def _runs(stmt: Stmt) -> bool:
    kinds = (Await, Call) if isinstance(stmt, Evaluate) else (Await,)
    return any(isinstance(e, kinds) for x in expressions(stmt) for e in every(x))
