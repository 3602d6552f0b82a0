"""What extraction gives for one file, as it travels between processes."""

from __future__ import annotations

import msgspec

from leaklint.facts import FileFacts, Problem


class Outcome(msgspec.Struct, frozen=True, array_like=True):
    """The facts of a file, or why there are none: it was ``skipped`` (a reason) or could not be read (``problem``).

    ``content`` is the fingerprint of what was read, or why nothing was. ``passing``: the problem may not come again, for
    it depended on the machine.
    """

    facts: FileFacts | None = None
    problem: Problem | None = None
    skipped: str = ""
    content: str = ""
    passing: bool = False


TOO_DEEP = Problem("nested too deeply to be analysed")

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Outcome)


def pack(outcome: Outcome) -> bytes:
    """``outcome`` as bytes, without the path: that one may hold bytes which are no text, and the receiver knows it."""
    facts = outcome.facts
    pathless = msgspec.structs.replace(facts, path="") if facts else None
    try:
        return _ENCODER.encode(msgspec.structs.replace(outcome, facts=pathless))
    except RecursionError:
        return _ENCODER.encode(Outcome(problem=TOO_DEEP, content=outcome.content))


def unpack(data: bytes, path: str) -> Outcome:
    """The outcome packed in ``data`` for the file at ``path`` (relative to the root).

    Raises:
        msgspec.DecodeError: ``data`` was not made by :func:`pack`.
    """
    try:
        outcome = _DECODER.decode(data)
    except RecursionError:
        return Outcome(problem=TOO_DEEP)
    except UnicodeDecodeError as error:
        raise msgspec.DecodeError(str(error)) from None
    if outcome.facts is None:
        return outcome
    return msgspec.structs.replace(outcome, facts=msgspec.structs.replace(outcome.facts, path=path))
