"""What messages call functions, above all those without a name."""

from __future__ import annotations

from leaklint.analysis.linking.program import File
from leaklint.frontend import extract

TYPESCRIPT = """
const app = makeApp();
app.post("/notes/:id", async (request, response) => response.end());
transport.onclose = () => finish();
function start(port) {
  app.use(limit(10), (request) => new Relay({ opened: (id) => keep(id) }));
  return [1, 2].map((n) => n + port), (() => port)();
}
"""

PYTHON = """
bus.on("saved", lambda note: print(note))
later = (lambda: 1)
class Store:
    def put(self): pass
"""


def titles(path: str, source: str) -> list[str]:
    facts = extract(path, source.encode())
    return [f.title for f in File(facts).functions if not f.is_module]


def test_a_nameless_function_is_called_by_what_it_is_handed_to() -> None:
    found = titles("server.ts", TYPESCRIPT)
    assert found == [
        'app.post("/notes/:id", ...)',
        "transport.onclose",
        "start",
        "app.use(...)",
        "start.opened",
        "map(...)",
        "callback at line 7",
    ]


def test_a_lambda_is_called_by_what_it_is_handed_to() -> None:
    assert titles("server.py", PYTHON) == ['bus.on("saved", ...)', "later", "Store.put"]
