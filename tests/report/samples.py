"""A small server with two leaks, the findings on it, and sources held in memory."""

from __future__ import annotations

from collections.abc import Sequence

from leaklint.facts import Span
from leaklint.findings import Edit, Finding, Hop, Mend, Notice, Result, Site
from leaklint.report.sources import decode, split_lines

ROOT = "/project"

STORE = '''\
class Store:
    """Leases by id."""

    def __init__(self) -> None:
        self._leases: dict[str, Lease] = {}

    def size(self) -> int:
        return len(self._leases)

    async def put(self, lease: Lease) -> None:
        self._leases[lease.id] = lease
        await lease.open()
        del self._leases[lease.id]
'''

SERVER = """\
store = Store()


@mcp.tool()
async def search(query: str) -> str:
    await store.put(Lease(query))
    return page(query)


@cache
def page(query: str) -> str:
    return download(query)
"""


class MemorySources:
    """Sources by path."""

    def __init__(self, files: dict[str, str | bytes]) -> None:
        self._files = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}

    def raw(self, path: str) -> bytes | None:
        return self._files.get(path)

    def lines(self, path: str) -> Sequence[str] | None:
        data = self.raw(path)
        return None if data is None else split_lines(decode(data, path))


LEASES = Finding(
    rule="LEAK002",
    confidence="high",
    message="`self._leases` keeps an entry for every call of `search` that fails",
    why="`del self._leases[lease.id]` is skipped when `lease.open()` raises or the call is cancelled",
    fix="put `await lease.open()` in a `try` and call `self._leases.pop(lease.id, None)` in its `finally`",
    container="self._leases",
    qualname="Store.put",
    primary=Site(path="store.py", span=Span(11, 9, 11, 39), label="grows here"),
    related=(
        Site(path="server.py", span=Span(1, 1, 1, 16), label="lives as long as the server"),
        Site(path="store.py", span=Span(13, 9, 13, 35), label="removed here, but only on success"),
        Site(path="store.py", span=Span(5, 9, 5, 44), label="declared here"),
    ),
    trace=(
        Hop(function="search", path="server.py", span=Span(6, 11, 6, 34)),
        Hop(function="Store.put", path="store.py", span=Span(10, 15, 10, 18)),
    ),
)

PAGES = Finding(
    rule="LEAK003",
    confidence="medium",
    message="`page` caches a result for every `query`",
    why="`functools.cache` has no limit, and `query` is written by the client",
    fix="use `functools.lru_cache(maxsize=...)`",
    container="page",
    qualname="page",
    primary=Site(path="server.py", span=Span(10, 1, 10, 7), label="no limit"),
    mend=Mend(
        title="Keep at most 64 results of `page`",
        safe=True,
        edits=(Edit(span=Span(10, 2, 10, 7), text="lru_cache(maxsize=64)"),),
    ),
)

NOTICE = Notice(path="broken.py", message="not Python: unexpected end of file", line=3, column=7)

SOURCES = MemorySources({"store.py": STORE, "server.py": SERVER})
RESULT = Result(root=ROOT, findings=(LEASES, PAGES), notices=(NOTICE,), analysed=3, skipped=(("tests", 2),))
CLEAN = Result(root=ROOT, findings=(), analysed=3)


def finding_at(path: str, span: Span, label: str = "grows here", **changes: object) -> Finding:
    """A finding whose only place is the given one."""
    site = Site(path=path, span=span, label=label)
    words = {
        "rule": "LEAK002",
        "confidence": "high",
        "message": "`jobs` grows",
        "why": "nothing deletes",
        "fix": "delete",
    }
    return Finding(**{**words, "container": "jobs", "qualname": "run", "primary": site, **changes})  # type: ignore[arg-type]


def result_of(*findings: Finding, root: str = ROOT) -> Result:
    """A result with these findings alone."""
    return Result(root=root, findings=findings)
