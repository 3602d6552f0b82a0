"""Which files run in a browser: a page is reloaded and serves nobody, so what grows in it is no leak of the server."""

from __future__ import annotations

from collections.abc import Iterator

from leaklint.analysis.linking.program import File, Program
from leaklint.analysis.linking.walk import every, expressions, statements
from leaklint.catalog.models import Patterns
from leaklint.facts import Attr, Call, Expr, Import, Name, Operation


class Pages:
    """Tells files of pages from those of servers; remembers them."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._memo: dict[str, bool] = {}

    def is_page(self, file: File) -> bool:
        """Whether the file runs in a browser: it reads what only pages have, and nothing that only servers have."""
        if file.path not in self._memo:
            self._memo[file.path] = self._is_page(file)
        return self._memo[file.path]

    def _is_page(self, file: File) -> bool:
        models = self._program.models(file)
        modules = list(_modules(file))
        if any(models.is_a("server_modules", m) for m in modules):
            return False
        return any(models.is_a("page_modules", m) for m in modules) or self._reads_globals(file)

    def _reads_globals(self, file: File) -> bool:
        """Whether it reads a global of pages; not if it only asks for it, or hands functions to a page elsewhere."""
        names, found = self._program.models(file).names, False
        for func in file.functions:
            for expr in (e for s in statements(func.facts.body) for x in expressions(s) for e in every(x)):
                if _asks(expr, names["page_globals"]) or _hands_over(expr, names["page_calls"]):
                    return False
                if isinstance(expr, Name) and names["page_globals"].first(expr.id) and not func.owner_of(expr.id):
                    found = True
        return found


def _modules(file: File) -> Iterator[str]:
    """The dotted names of the modules that the file imports from elsewhere."""
    for func in file.functions:
        for stmt in statements(func.facts.body):
            if isinstance(stmt, Import) and not stmt.typing_only:
                yield from (".".join(name.parts) for name in stmt.names if name.up == 0)


def _asks(expr: Expr, known: Patterns[str]) -> bool:
    """``typeof window``: the file also runs where there is none."""
    asked = expr.operands[0] if isinstance(expr, Operation) and expr.op == "typeof" else None
    return isinstance(asked, Name) and known.knows(asked.id)


def _hands_over(expr: Expr, known: Patterns[str]) -> bool:
    """A function handed to a page that this program drives runs there; the file itself does not."""
    return isinstance(expr, Call) and isinstance(expr.func, Attr) and known.knows(expr.func.name)
