"""Programs in JavaScript with leaks that can be mended, and what they become. Each prints what it does."""

STAND_IN = {
    "server/index.js": """\
export class Server {
  setRequestHandler(schema, handler) {
    this.call = (params) => handler({ params });
  }
}
""",
    "types.js": "export const CallToolRequestSchema = {};\n",
    "package.json": '{"name": "@modelcontextprotocol/sdk", "type": "module", "exports": {"./*": "./*"}}\n',
}

HEAD = """\
import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CallToolRequestSchema } from "@modelcontextprotocol/sdk/types.js";

const server = new Server({ name: "demo", version: "1.0.0" }, { capabilities: { tools: {} } });
async function answer(query) {
  if (query === "bad") throw new Error(query);
  return query.toUpperCase();
}
"""

FOOT = """\
console.log(await server.call({ query: "good" }));
for (const query of ["bad", "early"]) {
  await server.call({ query }).then(console.log, (error) => console.log("failed", error.message));
}
"""


def program(made: str, body: str, left: str) -> str:
    """A server with the state ``made`` and the handler ``body``; ``left`` counts what it keeps."""
    handler = f"server.setRequestHandler(CallToolRequestSchema, async (request) => {{\n{body}}});\n"
    return f'{HEAD}{made}\n{handler}\n{FOOT}console.log("LEFT", {left});\n'


RUNNING = "const running = new Map();\n"
MOVED = program(
    RUNNING,
    """\
  const id = randomUUID();
  running.set(id, request); // now

  // ask
  const text = `
two lines` + (await answer(request.params.query));
  if (text === "EARLY") {
    return "early";
  }
  running.delete(id);
  return text;
""",
    "running.size",
)
MOVED_FIXED = MOVED.replace(
    """\
  // ask
  const text = `
two lines` + (await answer(request.params.query));
  if (text === "EARLY") {
    return "early";
  }
  running.delete(id);
  return text;
""",
    """\
  try {
    // ask
    const text = `
two lines` + (await answer(request.params.query));
    if (text === "EARLY") {
      return "early";
    }
    return text;
  } finally {
    running.delete(id);
  }
""",
)
BETWEEN = program(
    RUNNING,
    """\
  const id = randomUUID();
  let text;
  running.set(id, request);
  text = await answer(request.params.query);
  running.delete(id);
  return text;
""",
    "running.size",
)
BETWEEN_FIXED = BETWEEN.replace(
    """\
  text = await answer(request.params.query);
  running.delete(id);
""",
    """\
  try {
    text = await answer(request.params.query);
  } finally {
    running.delete(id);
  }
""",
)
OF_TRY = program(
    RUNNING,
    """\
  const id = randomUUID();
  running.set(id, request);
  try {
    const text = await answer(request.params.query);
    running.delete(id);
    return text;
  } catch (error) {
    throw new Error(`${error.message} failed`);
  }
""",
    "running.size",
)
OF_TRY_FIXED = OF_TRY.replace("    running.delete(id);\n", "").replace(
    "failed`);\n  }\n", "failed`);\n  } finally {\n    running.delete(id);\n  }\n"
)
ADDED = BETWEEN.replace("  running.delete(id);\n", "")
ADDED_FIXED = ADDED.replace(
    """\
  text = await answer(request.params.query);
  return text;
""",
    """\
  try {
    text = await answer(request.params.query);
    return text;
  } finally {
    running.delete(id);
  }
""",
)
FEED = "const feed = new EventEmitter();\n"
LISTENER = program(
    FEED,
    """\
  const lines = [];
  feed.on("line", (line) => lines.push(line));
  const text = await answer(request.params.query);
  return text + lines.length;
""",
    'feed.listenerCount("line")',
)
LISTENER_FIXED = LISTENER.replace(
    """\
  feed.on("line", (line) => lines.push(line));
  const text = await answer(request.params.query);
  return text + lines.length;
""",
    """\
  const listener = (line) => lines.push(line);
  feed.on("line", listener);
  try {
    const text = await answer(request.params.query);
    return text + lines.length;
  } finally {
    feed.off("line", listener);
  }
""",
)
NAMED = LISTENER.replace('on("line", (line) => lines.push(line))', 'on("line", keep)').replace(
    "  feed.on", "  const keep = (line) => lines.push(line);\n  feed.on"
)
NAMED_FIXED = LISTENER_FIXED.replace("listener =", "keep =").replace(", listener)", ", keep)")
CACHE = program(
    "const pages = new Map();\n",
    """\
  const url = request.params.query;
  if (pages.has(url)) return pages.get(url);
  const page = await answer(url);
  pages.set(url, page);
  return page;
""",
    "pages.size",
)
CACHE_FIXED = CACHE.replace(
    "  pages.set(url, page);\n",
    """\
  for (const oldest of pages.keys()) {
    if (pages.size < 1) break;
    pages.delete(oldest);
  }
  pages.set(url, page);
""",
)
