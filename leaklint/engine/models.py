"""Where the models of the user's configurations hold."""

from __future__ import annotations

import os

from leaklint.catalog.models import Own
from leaklint.catalog.schema import Model
from leaklint.discovery import Discovery


def own_models(found: Discovery) -> tuple[Own, ...]:
    """The models of every configuration that holds somewhere in what was ``found``, outer ones first."""
    configured = found.configurations.used(found.root)
    return tuple(
        Own(_below(located.base, found.root), located.configuration.models)
        for located in sorted(configured, key=lambda located: (located.base.count(os.sep), located.base))
        if located.configuration.models != Model()
    )


def _below(base: str, root: str) -> str:
    """``base`` as seen from ``root`` (both absolute), with ``/``; empty where all of ``root`` lies below it."""
    holds_all = os.path.join(root, "").startswith(os.path.join(base, ""))
    return "" if holds_all else os.path.relpath(base, root).replace(os.sep, "/")
