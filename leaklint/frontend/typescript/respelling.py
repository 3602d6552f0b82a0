"""Syntax that the grammars do not know, respelled at the same length so that every place stays what it was.

* ``using x = f()`` (one grammar reads it as an assignment, the other as a declaration) becomes ``const x = f()``.
* ``using`` as an ordinary name, which they take for the keyword, becomes another name.
* ``typeof import("m")`` and ``import("m").T`` in types become plain names, ``export type *`` becomes ``export *``.
"""

from __future__ import annotations

import re

_USING = re.compile(rb"using(?<![\w$#]using)(?![\w$])([ \t]+[A-Za-z_$][\w$]*\s*(?:=(?![=>])|:|of\b))?")
_AWAIT = re.compile(rb"(?<![\w$.#])await[ \t]+\Z")
_LONGEST_AWAIT = 20
_TYPE_IMPORT = re.compile(
    rb"""import(?:(?<=typeof[ ]import)\((['"])[^'"\n]*\1\)|\((['"])[^'"\n]*\2\)(?=\.[A-Z][\w$]*(?![\w$.(])))"""
)
_EXPORT_TYPES = re.compile(rb"(?<=export[ ])type(?=[ ]+\*)")


def readable(data: bytes) -> tuple[bytes, dict[int, bool]]:
    """``data`` as the grammars can read it.

    Also the byte offset of each ``using`` declaration, and whether it awaits.
    """
    usings: dict[int, bool] = {}
    if b"using" in data:
        data, usings = _without_using(data)
    if b"import(" in data:
        data = _TYPE_IMPORT.sub(lambda found: b"_" * len(found[0]), data)
    if b"export type" in data:
        data = _EXPORT_TYPES.sub(b"    ", data)
    return data, usings


def _without_using(data: bytes) -> tuple[bytes, dict[int, bool]]:
    usings: dict[int, bool] = {}
    changed = bytearray(data)
    for found in _USING.finditer(data):
        start = found.start()
        if found[1] is None or data[start - 1 : start] == b".":
            changed[start : start + 5] = b"usinG"
            continue
        before = max(0, start - _LONGEST_AWAIT)
        awaits = _AWAIT.search(data[before:start])
        usings[start] = awaits is not None
        blank = start - before - awaits.start() if awaits else 0
        changed[start - blank : start + 5] = b" " * blank + b"const"
    return bytes(changed), usings
