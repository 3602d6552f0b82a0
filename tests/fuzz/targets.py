"""What must hold for any bytes, for each reader. A target raises where it does not hold."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from leaklint.baseline import file as baseline
from leaklint.cache import Store
from leaklint.cache.typed import decoded
from leaklint.config.read import ConfigurationError
from leaklint.config.read import read as read_configuration
from leaklint.engine.conclusion import Conclusion
from leaklint.extraction.outcome import Outcome, pack, unpack
from leaklint.extraction.single import extract_source
from leaklint.facts import NOWHERE, Directive
from leaklint.frontend.typescript.relaxed_json import JsonError, read_json
from leaklint.suppressions import comments

ROOT = Path(__file__).parents[2]
_DEFECTS = ("internal error", "front end failed", "parser failed")
_KEY = "ab" * 32


class Target(NamedTuple):
    """``run`` raises for an input that is handled wrongly. ``seeds`` are good inputs, ``words`` pieces that mean something."""

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...]


def _front_end(path: str) -> Callable[[bytes], None]:
    def run(source: bytes) -> None:
        outcome = extract_source(path, source)
        said = [outcome.problem] if outcome.problem else list(outcome.facts.problems) if outcome.facts else []
        assert not [p for p in said if any(words in p.message for words in _DEFECTS)], said
        assert outcome.facts or outcome.problem or outcome.skipped, "lost"
        if outcome.facts:
            assert unpack(pack(outcome), path) == outcome, "the facts do not survive their journey"
            _check_places(outcome, source)

    return run


def _check_places(outcome: Outcome, source: bytes) -> None:
    """No place lies outside the file."""
    assert outcome.facts is not None
    last = len(source.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))
    spans = [function.span for function in outcome.facts.functions]
    spans += [directive.span for directive in outcome.facts.directives]
    assert all(1 <= span.line <= span.end_line <= last and span.column >= 1 for span in spans), "a place outside"


def _suppression(data: bytes) -> None:
    text = data.decode(errors="replace")
    found = comments.read(Directive(NOWHERE, f"leaklint:{text}", True))
    assert found is None or (found.rules or found.unknown), "a suppression of nothing"


def _configuration(name: str) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        with _written(name, data) as path:
            try:
                read_configuration(path)
            except ConfigurationError as error:
                assert 0 <= error.line <= data.count(b"\n") + 1

    return run


def _baseline(data: bytes) -> None:
    with _written(baseline.NAME, data) as path:
        try:
            baseline.read(path)
        except baseline.BaselineError:
            pass


def _cache(data: bytes) -> None:
    """An entry that is no entry is absent; one with foreign content is refused."""
    with tempfile.TemporaryDirectory() as directory:
        store = Store(directory)
        store.put(_KEY, data)
        assert store.get(_KEY) == data
        entry = next(path for path in Path(directory).rglob("*") if path.is_file())
        entry.write_bytes(data)
        assert store.get(_KEY) is None
    try:
        unpack(data, "a.py")
    except msgspec.DecodeError:
        pass
    decoded(data, msgspec.msgpack.Decoder(Conclusion))


def _settings(data: bytes) -> None:
    try:
        read_json(data)
    except JsonError as error:
        assert error.line >= 1 and error.column >= 1


class _written:
    """A file called ``name`` with ``data``, for as long as it is needed; its path."""

    def __init__(self, name: str, data: bytes) -> None:
        self._directory = tempfile.TemporaryDirectory()
        self._path = os.path.join(self._directory.name, name)
        Path(self._path).write_bytes(data)

    def __enter__(self) -> str:
        return self._path

    def __exit__(self, *_: object) -> None:
        self._directory.cleanup()


def _sources(suffix: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted((ROOT / "fixtures").rglob(f"*{suffix}")))


def _words(listed: bytes) -> tuple[bytes, ...]:
    return (*listed.split(b";"), *_ANYWHERE)


_PYTHON = (
    rb"async def ;await ;yield ;lambda: ;:=;(;);[;];{;};*;**;=;@;match x:;case ;f'{;\'\'\';\;# leaklint: ignore[;del ;with ;"
    rb"try:;finally:;global ;type X = ;except* ;import ;not ;->"
)
_TYPESCRIPT = (
    rb"async ;await ;yield ;=> ;function* ;class ;#x;{;};(;);[;];...;`${;`;</a>;<a>;/*;*/;// leaklint: ignore[;using ;import(;"
    rb"export ;?.;??=;: ;<;>; as ;\u;@x ;enum ;namespace ;satisfies ;get ;case "
)
_TOML = rb"[tool.leaklint];[[;]];select;ignore;per-file-ignores;models;fix-size;=;';[;];{;};1;true;-;\u0000;999999999999999999999"
_ANYWHERE = (b"\n", b"\n    ", b"\t", b"\r", b"\x0c", b"\x00", b"\xff", b'"', b"'", b" ", b";", "\u2028é".encode())
_TOML_SEED = (
    b'[tool.leaklint]\nignore = ["LEAK002"]\nfix-size = 9\n[[tool.leaklint.models.names]]\nmain = ["a"]\nsource = "b"\n'
)
_ENTRY = pack(extract_source("a.py", b"x = {}\ndef f(a, b=1):\n    x[a] = [b]\n"))

TARGETS: dict[str, Target] = {
    "python": Target(_front_end("a.py"), _sources(".py"), _words(_PYTHON)),
    "typescript": Target(_front_end("a.ts"), _sources(".ts"), _words(_TYPESCRIPT)),
    "tsx": Target(_front_end("a.tsx"), _sources(".ts"), _words(_TYPESCRIPT)),
    "javascript": Target(_front_end("a.js"), _sources(".ts"), _words(_TYPESCRIPT)),
    "suppressions": Target(
        _suppression,
        (b" ignore[LEAK001] -- why", b"ignore-file[LEAK002, entry-without-delete]"),
        (b"[", b"]", b"--", b"#"),
    ),
    "configuration": Target(
        _configuration("leaklint.toml"), (_TOML_SEED.replace(b"tool.leaklint.", b""),), _words(_TOML)
    ),
    "pyproject": Target(_configuration("pyproject.toml"), (_TOML_SEED,), _words(_TOML)),
    "baseline": Target(_baseline, (b'{"version": 1, "findings": []}\n',), (b"{", b"}", b"[", b'"', b"1e999", b"null")),
    "cache": Target(_cache, (_ENTRY,), (b"\x90", b"\xdc\xff\xff", b"\xc0", b"\xa1N", b"\xa1F", b"\x80\x04N.")),
    "settings": Target(
        _settings, (b'{"compilerOptions": {"paths": {"@/*": ["src/*"]}}} // x\n',), (b"//", b"/*", b",", b'"')
    ),
}
"""By name: front ends, then what else is read of a project, then the cache."""
