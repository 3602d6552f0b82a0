"""``parse_only.py LIST``: nothing but the parsers, on the files that LIST names, one a line."""

import sys
from pathlib import Path

import libcst
import tree_sitter
import tree_sitter_typescript

parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_typescript.language_tsx()))
for name in Path(sys.argv[1]).read_text().splitlines():
    source = Path(name).read_bytes()
    if not name.endswith((".py", ".pyi")):
        parser.parse(source)
        continue
    try:
        libcst.parse_module(source)
    except Exception:  # noqa: BLE001, S112 - a file that does not parse costs what it costs
        continue
