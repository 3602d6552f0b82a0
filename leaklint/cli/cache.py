"""Where the cache lies, and ``leaklint cache``. A scanned project has no say in it."""

from __future__ import annotations

import os

import click


def cache_directory(chosen: str | None) -> str:
    """The directory that the user has ``chosen``, or where this system keeps the caches of a user; absolute."""
    if chosen:
        return os.path.abspath(chosen)
    from platformdirs import user_cache_dir

    return user_cache_dir("leaklint", appauthor=False)


def show_cache(chosen: str | None) -> None:
    """Print where the cache lies and how much it keeps."""
    from leaklint.cache import Store

    store = Store(cache_directory(chosen))
    kept = store.usage()
    click.echo(f"{store.directory}: {_size(kept.entries, kept.size)}, at most {store.limit // 2**20:,} MiB")


def clear_cache(chosen: str | None) -> None:
    """Remove what the cache keeps."""
    from leaklint.cache import Store

    store = Store(cache_directory(chosen))
    removed = store.clear()
    click.echo(f"{store.directory}: removed {_size(removed.entries, removed.size)}")


def _size(entries: int, size: int) -> str:
    return f"{entries:,} {'entry' if entries == 1 else 'entries'}, {size / 2**20:,.1f} MiB"
