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
        raise click.UsageError(_no_rule(rule))
    click.echo(f"# {page.id} {page.name}: {page.title}\n\n{page.markdown}", nl=False)


def check_rule(rule: str, ctx: click.Context, param: click.Parameter) -> None:
    """Refuse a value of an option that names no rule."""
    if find(rule) is None:
        raise click.BadParameter(_no_rule(rule), ctx, param)


def _no_rule(rule: str) -> str:
    names = [word for known in pages() for word in (known.id, known.name)]
    return f"there is no rule {rule!r}.{did_you_mean(rule, names)} `leaklint rules` lists them."


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
