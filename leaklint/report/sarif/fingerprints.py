"""Line hashes as GitHub code scanning computes them, so that an alert keeps its identity when its line moves.

The algorithm is that of ``src/fingerprints.ts`` in github/codeql-action: a rolling hash over the 100 UTF-16 code units
from the start of the line, blanks left out, and the number of earlier lines with the same hash.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from itertools import accumulate

_BLOCK = 100
_BASE = 37
_MASK = 2**64 - 1
_SHIFT = pow(_BASE, _BLOCK, 2**64)
_LINE_FEED = 10
_END = array("H", [0xFFFF] + [0] * _BLOCK)
_BLANKS = str.maketrans({" ": None, "\t": None})


def line_hashes(data: bytes) -> list[str]:
    """The ``primaryLocationLineHash`` of each line of a file, from line 1. Lines end at LF, CR LF and CR."""
    units = _units(data)
    # prefix[i] hashes everything before unit i, so that the hash of any block is one subtraction
    prefix = list(accumulate(units, lambda total, unit: (total * _BASE + unit) & _MASK, initial=0))
    starts = [0, *(index + 1 for index, unit in enumerate(units) if unit == _LINE_FEED)]
    seen: Counter[int] = Counter()
    hashes = []
    for start in starts:
        value = (prefix[start + _BLOCK] - prefix[start] * _SHIFT) & _MASK
        seen[value] += 1
        hashes.append(f"{value:x}:{seen[value]}")
    return hashes


def _units(data: bytes) -> array[int]:
    text = data.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n").translate(_BLANKS)
    units = array("H")
    units.frombytes(text.encode("utf-16-le"))
    if sys.byteorder == "big":
        units.byteswap()
    return units + _END
