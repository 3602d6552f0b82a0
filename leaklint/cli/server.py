"""``leaklint server``."""

from __future__ import annotations

import gc
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

    gc.enable()  # it runs for as long as the editor does
    serve(Settings(mends=True, cache=cache_directory(None)))
