"""``leaklint explain`` and ``leaklint rules``."""

from __future__ import annotations

import click

from leaklint.catalog.pages import find, pages
from leaklint.cli.click_extras import did_you_mean


def explain_rule(rule: str) -> None:
    """Print the page of ``rule`` (an id or a name).

    Raises:
        click.UsageError: there is no such rule.
    """
    page = find(rule)
    if page is None:
        names = [word for known in pages() for word in (known.id, known.name)]
        raise click.UsageError(f"there is no rule {rule!r}.{did_you_mean(rule, names)} `leaklint rules` lists them.")
    click.echo(f"# {page.id} {page.name}: {page.title}\n\n{page.markdown}", nl=False)


def list_rules() -> None:
    """Print one line for each rule: id, name, title."""
    width = max(len(page.name) for page in pages())
    for page in pages():
        click.echo(f"{page.id}  {page.name:{width}}  {page.title}")
