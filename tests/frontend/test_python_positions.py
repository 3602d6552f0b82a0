"""The own position recorder against LibCST's provider: it uses a private method, so an update must not break it unseen."""

from __future__ import annotations

import sysconfig
from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from leaklint.frontend.python.positions import WANTED, Positions

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))
SHARE = ["contextlib.py", "typing.py", "asyncio/tasks.py", "test/test_patma.py", "test/test_fstring.py"]

SYNTAX = """\
@decorated(
    1
)
async def f(a, b=g(1)):  # comment
    async with (h() as i, j()): pass; pass  # comment
    async for k in l:
        await m(
            n
        )  # comment
        # comment
    else:
        return (o(p))

class A(B()): x = 1;
match q(r):
    case 1 if s(): pass
    # comment
    case _:
        pass
if t: pass
elif u: v(); w()
else:
    del x
try: pass
except* (E) as e: raise
try: import a.b as c, d
except E:
    from a import (b, c)  ;
else: from a import *
finally: global z
while 1: break; continue
y = lambda: (yield)
y: int = f'{a(b)}' 'c'; y += 1
assert (a) ; type X = int
    
def end(): nonlocal y""".replace("    \n", "\n")


def check(module: cst.Module) -> int:
    """Compares all wanted nodes of a module; returns how many there are."""
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    expected = wrapper.resolve(PositionProvider)
    positions = Positions(wrapper.module)
    names = {node.name for node in expected if isinstance(node, (cst.FunctionDef, cst.ClassDef))}
    wanted = [node for node in expected if type(node) in WANTED or node in names]
    for node in wanted:
        place, span = expected[node], positions.span(node)
        found = (span.line, span.column - 1, span.end_line, span.end_column - 1)
        assert found == (place.start.line, place.start.column, place.end.line, place.end.column), node
    return len(wanted)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_all_syntax(newline: str) -> None:
    source = SYNTAX.replace("\n", newline)
    assert check(cst.parse_module(source)) > 50
    assert check(cst.parse_module(source + newline)) > 50


def test_every_wanted_type_is_in_the_sample() -> None:
    recorded = Positions(cst.parse_module(SYNTAX))._ranges
    later = {cst.LazyImport, cst.LazyImportFrom}
    assert WANTED - later <= {type(node) for node in recorded}


@pytest.mark.parametrize("name", SHARE)
def test_standard_library(name: str) -> None:
    assert check(cst.parse_module((STANDARD_LIBRARY / name).read_bytes())) > 100
