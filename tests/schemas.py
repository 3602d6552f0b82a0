"""The JSON Schemas in docs/, made from the definitions that the program reads and writes with.

    python -m tests.schemas --write

writes them; without ``--write`` it only says whether they are up to date (exit status 1 if not).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from leaklint.config.schema import json_schema
from leaklint.report.json import schema

DOCS = Path(__file__).parent.parent / "docs"
SCHEMAS = {DOCS / "configuration-v1.schema.json": json_schema, DOCS / "report-v1.schema.json": schema}


def text(path: Path) -> str:
    """What the schema at ``path`` has to hold."""
    return json.dumps(SCHEMAS[path](), indent=2) + "\n"


def main(arguments: list[str]) -> int:
    changed = [path for path in SCHEMAS if not path.exists() or path.read_text() != text(path)]
    if arguments == ["--write"]:
        for path in changed:
            path.write_text(text(path))
        return 0
    return int(bool(changed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
