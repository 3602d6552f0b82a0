"""Lines of values in TOML, found without a parser that knows them."""

from __future__ import annotations

import pytest

from leaklint.config.place import Trail, line_of

TEXT = """\
a = 1 # b
"q.r" = 2

[t.u]  # [x]
b = 3
c.d = [
  "one",
  "two",
]

[[rows]]
k = 1

[[rows]]
k = 2
[rows.in]
m = 1

[last]
a = "b"
"""


@pytest.mark.parametrize(
    ("trail", "word", "line"),
    [
        (("a",), "", 1),
        (("q.r",), "", 2),
        (("t", "u"), "", 4),
        (("t", "u", "b"), "", 5),
        (("t", "u", "c", "d", 1), "two", 8),
        (("t", "u", "c", "d"), "", 6),
        (("rows", 0, "k"), "", 12),
        (("rows", 1, "k"), "", 15),
        (("rows", 1, "in", "m"), "", 17),
        (("rows", 1, "absent"), "", 14),
        (("last", "a"), "b", 20),
        (("nowhere",), "", 0),
        (("t", "nowhere"), "", 0),
    ],
)
def test_line_of(trail: Trail, word: str, line: int) -> None:
    assert line_of(TEXT, trail, word) == line
