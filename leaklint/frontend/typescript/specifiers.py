"""Module specifiers as the importing file sees them."""

from __future__ import annotations

EXTENSIONS = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")


def strip_extension(segment: str) -> str:
    """The last segment of a module path without its file extension (``a.js`` -> ``a``, ``a.service`` stays)."""
    for extension in EXTENSIONS:
        if segment.endswith(extension) and segment != extension:
            return segment.removesuffix(".d" + extension).removesuffix(extension)
    return segment


def split_specifier(specifier: str) -> tuple[int, tuple[str, ...]]:
    """``up`` and ``parts`` of :class:`ImportedName` for a specifier.

    ``./a/b.js`` -> (1, ("a", "b")), ``../x`` -> (2, ("x",)), ``node:events`` -> (0, ("events",)),
    ``@scope/pkg/sub.js`` -> (0, ("@scope", "pkg", "sub")).
    """
    relative = specifier.startswith(".") and specifier.split("/", 1)[0] in {".", ".."}
    segments = [part for part in specifier.removeprefix("node:").split("/") if part]
    up = 1 if relative else 0
    parts: list[str] = []
    for segment in segments:
        if segment == ".." and parts:
            parts.pop()
        elif segment == "..":
            up += 1
        elif segment != ".":
            parts.append(segment)
    if parts and (relative or len(parts) > 1):
        parts[-1] = strip_extension(parts[-1])
    if parts and parts[-1] == "index" and (relative or len(parts) > 1):
        parts.pop()
    return up, tuple(parts)
