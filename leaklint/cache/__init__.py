"""The cache: what an earlier run found out, kept for the user and never trusted.

``store`` keeps bytes under keys, ``place`` says where, ``keys`` what an answer depends on; ``facts`` keeps what was
extracted from one file, ``runs`` what a whole run found.
"""

from leaklint.cache.store import Store

__all__ = ["Store"]
