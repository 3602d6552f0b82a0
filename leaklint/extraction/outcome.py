"""What extraction gives for one file, as it travels between processes."""

from __future__ import annotations

import msgspec

from leaklint.facts import FileFacts, Problem


class Outcome(msgspec.Struct, frozen=True, array_like=True):
    """The facts of a file, or why there are none: it was ``skipped`` (a reason) or could not be read (``problem``)."""

    facts: FileFacts | None = None
    problem: Problem | None = None
    skipped: str = ""


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Outcome)


def pack(outcome: Outcome) -> bytes:
    """``outcome`` as bytes, without the path: that one may hold bytes which are no text, and the receiver knows it."""
    facts = outcome.facts
    pathless = msgspec.structs.replace(facts, path="") if facts else None
    return _ENCODER.encode(msgspec.structs.replace(outcome, facts=pathless))


def unpack(data: bytes, path: str) -> Outcome:
    """The outcome packed in ``data`` for the file at ``path`` (relative to the root)."""
    outcome = _DECODER.decode(data)
    if outcome.facts is None:
        return outcome
    return msgspec.structs.replace(outcome, facts=msgspec.structs.replace(outcome.facts, path=path))
