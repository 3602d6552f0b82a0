"""``leaklint server``."""

from __future__ import annotations

from importlib.util import find_spec

import click


def run_server() -> None:
    """Talk to an editor until it goes.

    Raises:
        click.ClickException: the library for it is not installed.
    """
    if find_spec("pygls") is None:
        raise click.ClickException("the language server needs more: pip install 'mcp-leaklint[lsp]'")
    from leaklint.cli.cache import cache_directory
    from leaklint.engine import Settings
    from leaklint.server.serve import serve

    serve(Settings(mends=True, cache=cache_directory(None)))
