"""What a cache keeps, as the types it was made from; other content is as good as absent."""

from __future__ import annotations

from typing import TypeVar

import msgspec

T = TypeVar("T")


def decoded(data: bytes | None, decoder: msgspec.msgpack.Decoder[T]) -> T | None:
    """The value in ``data``; None where there is nothing, or something else."""
    if data is None:
        return None
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
