"""``leaklint explain`` and ``leaklint rules``."""

from __future__ import annotations

import click
import msgspec

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


def list_rules(format_: str) -> None:
    """Print the rules: as ``text`` one line each (id, name, title), as ``json`` an array of objects with the whole page."""
    click.echo(_as_json() if format_ == "json" else _as_text())


def _as_text() -> str:
    width = max(len(page.name) for page in pages())
    return "\n".join(f"{page.id}  {page.name:{width}}  {page.title}" for page in pages())


def _as_json() -> str:
    rules = [
        {
            "id": page.id,
            "name": page.name,
            "title": page.title,
            "level": page.level,
            "precision": page.precision,
            "tags": page.tags,
            "summary": page.summary,
            "markdown": page.markdown,
        }
        for page in pages()
    ]
    return msgspec.json.format(msgspec.json.encode(rules), indent=2).decode()
