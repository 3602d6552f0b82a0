"""The shipped models: they load, say where their facts come from, and hold nothing twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from leaklint.catalog.files import RULES
from leaklint.catalog.models import ModelError, Models, Patterns, built_in, load, read_model
from leaklint.catalog.schema import Model, Names, Row

LANGUAGES = ("python", "typescript")
FOLDER = Path(RULES, "models")
FILES = sorted(FOLDER.rglob("*.toml"))
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


def repeated(keys: Iterable[object]) -> list[object]:
    return [key for key, count in Counter(keys).items() if count > 1]


def rows(model: Model) -> list[Row]:
    tables = (getattr(model, field) for field in Model.__struct_fields__ if field != "roles")
    return [row for table in tables for row in table]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(FOLDER)))
def test_every_row_says_where_its_fact_was_checked(path: Path) -> None:
    model = read_model(str(path))
    assert rows(model) or model.roles, "an empty model file"
    assert [row for row in rows(model) if len(row.source) < 5] == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(FOLDER)))
def test_patterns_are_dotted_names(path: Path) -> None:
    shape = re.compile(r"(\*\.|\.)?[^\s.*]+(\.[^\s.*]+)*$")
    text = [n for row in rows(read_model(str(path))) for n in patterns(row)]
    assert [name for name in text if not shape.match(name)] == []


def patterns(row: Row) -> list[str]:
    fields = ("call", "acquire", "release", "clears", "decorator", "type", "returned_by")
    names = [n for field in fields for n in getattr(row, field, ())]
    if isinstance(row, Names):
        names += [n for field in Names.__struct_fields__ if field != "source" for n in getattr(row, field)]
    return names


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_said_twice(language: str) -> None:
    models = built_in(language)
    assert repeated(r.name for m in models for r in m.type) == []
    assert repeated(n for m in models for r in m.type for n in r.returned_by) == []
    assert repeated((n, r.match, r.sure) for m in models for r in m.pair for n in r.acquire) == []
    assert repeated(n for m in models for r in m.container for n in r.type) == []
    assert repeated(n for m in models for r in m.cache for n in r.decorator) == []
    assert repeated(n for m in models for r in m.spawn for n in r.call) == []
    assert repeated((n, r.when) for m in models for r in m.deferred for n in r.call) == []
    entries = [
        (n, r.form, r.argument, r.keywords, r.events, r.parameters) for m in models for r in m.entry for n in r.call
    ]
    assert repeated(entries) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", [f for f in Names.__struct_fields__ if f != "source"])
def test_no_name_stands_twice_in_a_list(language: str, field: str) -> None:
    assert repeated(n for m in built_in(language) for row in m.names for n in getattr(row, field)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_method_that_grows_does_not_also_shrink(language: str) -> None:
    for model in built_in(language):
        for row in model.container:
            assert set(row.grow) & set(row.shrink) == set(), row.type


def test_words_of_roles_are_lower_case_singular_and_in_one_list() -> None:
    roles = load("python").roles
    words = [*roles.open, *roles.finite, *roles.entity]
    assert repeated(words) == []
    assert [w for w in words if not re.fullmatch(r"[a-z]+", w)] == []
    assert [w for w in words if w.endswith("s") and w[:-1] in words] == []


@pytest.mark.shared
def test_no_model_names_the_corpus() -> None:
    listed = re.findall(r"^(?:\w+: )?([\w.-]+/[\w.-]+)", (CORPUS / "repositories.txt").read_text(), re.MULTILINE)
    assert len(listed) > 20
    text = "\n".join(path.read_text() for path in FILES)
    assert [name for name in listed if name in text] == []


def test_a_pattern_is_the_tail_of_a_name() -> None:
    found = Patterns([("Logger.addHandler", 1), ("*.addHandler", 2), (".len", 3), ("len", 4)])
    assert found.all("logging.Logger.addHandler") == [1]
    assert found.all("*.addHandler") == [2]
    assert found.all("Catalogger.addHandler") == []
    assert found.all("len") == [3, 4]
    assert found.all("*.len") == [4]


def test_later_rows_win() -> None:
    first = load("python").containers.first("dict")
    assert first is not None
    own = Model(container=(type(first)(type=(".dict",), kind="queue"),))
    won = Models([*built_in("python"), own]).containers.first("dict")
    assert won is not None
    assert won.kind == "queue"


def test_a_wrong_row_is_named_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('[[pair]]\nacquire = ["a.b"]\nmatch = "everything"\n')
    with pytest.raises(ModelError, match=r"own\.toml.*everything"):
        read_model(str(path))


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("entries", "mcp.server.fastmcp.FastMCP.tool"),
        ("entries", "fastmcp.FastMCP.tool"),
        ("entries", "mcp.server.mcpserver.MCPServer.tool"),
        ("entries", "mcp.server.lowlevel.Server.call_tool"),
        ("entries", "*.tool"),
        ("entries", "starlette.routing.Route"),
        ("entries", "starlette.middleware.base.BaseHTTPMiddleware.dispatch"),
        ("spawns", "asyncio.create_task"),
        ("spawns", "anyio.abc.TaskGroup.start_soon"),
        ("spawns", "threading.Thread"),
        ("deferred", "contextlib.AsyncExitStack.push_async_callback"),
        ("contexts", "contextlib.asynccontextmanager"),
        ("pairs", "logging.Logger.addHandler"),
        ("pairs", "atexit.register"),
        ("containers", "collections.deque"),
        ("containers", "cachetools.TTLCache"),
        ("containers", "dict"),
        ("caches", "functools.lru_cache"),
        ("returns", "logging.getLogger"),
        ("routines", "heapq.heappush"),
    ],
)
def test_python_knows(table: str, name: str) -> None:
    assert getattr(load("python"), table).first(name) is not None


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("entries", "@modelcontextprotocol.sdk.server.mcp.McpServer.registerTool"),
        ("entries", "@modelcontextprotocol.sdk.server.Server.setRequestHandler"),
        ("entries", "@modelcontextprotocol.server.createMcpHandler"),
        ("entries", "@modelcontextprotocol.sdk.server.streamableHttp.StreamableHTTPServerTransport"),
        ("entries", "express.Express.post"),
        ("entries", "*.addTool"),
        ("pairs", "events.EventEmitter.on"),
        ("pairs", "events.default.on"),
        ("pairs", "process.on"),
        ("pairs", "*.addEventListener"),
        ("containers", "Map"),
        ("containers", "dict"),
        ("containers", "list"),
        ("containers", "lru-cache.LRUCache"),
        ("spawns", "setInterval"),
        ("types", "express.Response"),
        ("types", "http.ServerResponse"),
        ("returns", "child_process.spawn"),
    ],
)
def test_typescript_knows(table: str, name: str) -> None:
    assert getattr(load("typescript"), table).first(name) is not None


def test_only_the_client_closes_a_streamable_session_but_the_response_closes_an_sse_one() -> None:
    entries = load("typescript").entries
    streamable = entries.first("@modelcontextprotocol.sdk.server.streamableHttp.StreamableHTTPServerTransport.onclose")
    sse = entries.first("@modelcontextprotocol.sdk.server.sse.SSEServerTransport.onclose")
    other = entries.first("*.onclose")
    assert streamable is not None
    assert sse is not None
    assert other is not None
    assert (streamable.client, streamable.sure) == (True, False)
    assert (sse.client, sse.sure) == (False, True)
    assert (other.client, other.sure) == (False, False)


def test_process_is_the_global_only() -> None:
    pairs = load("typescript").pairs
    own = pairs.first("process.on")
    field = pairs.first("job.process.on")
    assert own is not None
    assert own.emitter == "process"
    assert field is None or field.emitter != "process"
