"""Inputs for a target: one of its seeds, changed at a few places."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.fuzz.targets import Target

_EDITS = 6
_LONGEST = 60
"""How many bytes one edit takes or repeats."""


@st.composite
def inputs(draw: st.DrawFn, target: Target) -> bytes:
    """Bytes that are not far from what the reader expects."""
    data = draw(st.sampled_from(target.seeds))
    for _ in range(draw(st.integers(0, _EDITS))):
        place = draw(st.integers(0, len(data)))
        taken = data[place : place + draw(st.integers(0, _LONGEST))]
        put = draw(st.sampled_from((b"", taken * 2, *target.words)) | st.binary(max_size=4))
        data = data[:place] + put + data[place + len(taken) :]
    return data
