"""Where the cache lies: what the user says, else where the system keeps caches. A scanned project has no say."""

from __future__ import annotations


def default_directory() -> str:
    """The directory for caches of this user."""
    from platformdirs import user_cache_dir

    return user_cache_dir("leaklint", appauthor=False)
