"""The cache: what an earlier run found out, kept for the user and never trusted.

``store`` keeps bytes under keys; ``keys`` says what an answer depends on.
"""

from leaklint.cache.store import Store

__all__ = ["Store"]
