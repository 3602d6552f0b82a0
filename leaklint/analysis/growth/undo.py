"""How a registration would be taken back, for the fixes."""

from __future__ import annotations

from leaklint.analysis.growth.listeners import Registration
from leaklint.catalog.schema import Pair
from leaklint.facts import Attr
from leaklint.findings import Undo


def undo_of(registration: Registration) -> Undo | None:
    """What takes back the very callback of ``registration``; None where its model row does not say it for sure."""
    pair, call = registration.pair, registration.call
    if registration.growth.op.node is not call or not isinstance(call.func, Attr):
        return None  # a decorator, or a caller to which the handle is given back
    if pair.match not in {"callback", "key"} or any(arg.name or arg.star for arg in call.args):
        return None
    method = _method(pair, call.func.name, registration.guessed)
    last = len(call.args) - 1 if pair.callback == -1 else pair.callback
    callback = -1 if pair.match == "key" else last
    needed = (pair.key or 0) + 1 if pair.match == "key" else last + 1
    if not method or needed > len(call.args) or (pair.match == "callback" and needed < len(call.args)):
        return None
    return Undo(method=method, arguments=needed, callback=callback)


_OPPOSITES = (
    ("add", "remove"),
    ("register", "unregister"),
    ("subscribe", "unsubscribe"),
    ("connect", "disconnect"),
    ("observe", "unobserve"),
)


def _method(pair: Pair, registers: str, is_guessed: bool) -> str:
    """The one method that releases; of several, the one whose name is the opposite, or of a known type the first."""
    names = list(dict.fromkeys(pattern.rsplit(".", 1)[-1] for pattern in pair.release))
    if len(names) == 1:
        return names[0]
    opposites = [registers.replace(word, other, 1) for word, other in _OPPOSITES if word in registers]
    return next((name for name in opposites if name in names), names[0] if names and not is_guessed else "")
