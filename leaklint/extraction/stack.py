"""Runs code on a thread with a large stack: parsers and tree walks recurse as deep as their input nests."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

STACK_BYTES = 512 * 1024 * 1024
"""Address space, not memory: only the pages that are used count."""
RECURSION_LIMIT = 25_000


def with_large_stack(function: Callable[[], T]) -> T:
    """The result of ``function``, called on a thread with a large stack; its exceptions are raised here."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(function())
        except BaseException as error:  # noqa: BLE001 - handed to the caller, whatever it is
            errors.append(error)

    limit = sys.getrecursionlimit()
    try:
        _start(run).join()
    finally:
        sys.setrecursionlimit(limit)
    if errors:
        raise errors[0]
    return results[0]


def _start(run: Callable[[], None]) -> threading.Thread:
    """Start ``run`` with the largest stack that the address space allows."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION_LIMIT))
    size = STACK_BYTES
    while True:
        before = threading.stack_size(size)
        try:
            thread = threading.Thread(target=run, daemon=True)
            thread.start()
            return thread
        except RuntimeError:
            if size < STACK_BYTES // 16:
                raise
            size //= 2
        finally:
            threading.stack_size(before)
