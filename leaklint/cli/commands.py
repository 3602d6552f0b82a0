"""The commands, their options and their help. What a command needs is imported when it runs."""

from __future__ import annotations

from typing import Any

import click

from leaklint import __version__
from leaklint.cli.click_extras import DefaultGroup, GroupedCommand, Suggesting, named_files

FORMATS = ("text", "concise", "sarif", "json", "junit", "html", "github", "gitlab")
CONFIDENCES = ("high", "medium", "low")
REASON = "known before leaklint, not judged yet"
CONTEXT = {"help_option_names": ["-h", "--help"]}

EXAMPLES = """\b
Examples:
  leaklint src/                             check a server
  leaklint --format sarif --output leaks.sarif src/
  leaklint explain LEAK002                  why it leaks, and what to do instead
"""


def run() -> int:
    """Run what ``sys.argv`` says; the exit status."""
    try:
        status = cli.main(prog_name="leaklint", standalone_mode=False, auto_envvar_prefix="LEAKLINT")
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        return 2
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is said in one line
        click.echo(_apology(error), err=True)
        return 2
    return status if isinstance(status, int) else 0


def _apology(error: Exception) -> str:
    """One line about a defect of leaklint; the whole traceback where LEAKLINT_TRACEBACK is set."""
    import os
    import traceback

    if os.environ.get("LEAKLINT_TRACEBACK"):
        return "".join(traceback.format_exception(error)).rstrip()
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(place.filename)}:{place.lineno}"
    return f"Error: internal error, please report it: {type(error).__name__}: {error} ({where})"


def _rules(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """What may complete the id or name of a rule, also behind others and a comma."""
    from leaklint.catalog.pages import pages

    before, comma, word = incomplete.rpartition(",")
    names = [name for page in pages() for name in (page.id, page.name)]
    return [before + comma + name for name in names if name.casefold().startswith(word.casefold())]


def _named_rules(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """The rules of a repeatable option whose values are rules, with commas between them."""
    names = tuple(name for value in values for name in map(str.strip, value.split(",")) if name)
    if names:
        from leaklint.cli.rules import check_rule

        for name in names:
            check_rule(name, ctx, param)
    return names


cache_dir = click.option(
    "--cache-dir",
    type=click.Path(file_okay=False),
    metavar="DIR",
    envvar="LEAKLINT_CACHE_DIR",
    show_envvar=True,
    help="Keep answers for later runs in DIR [default: the user's cache directory].",
)


@click.group(cls=DefaultGroup, default="check", context_settings=CONTEXT, epilog=EXAMPLES)
@click.version_option(__version__, "-V", "--version", message="leaklint %(version)s")
def cli() -> None:
    """Finds memory leaks in MCP servers before they reach production.

    `leaklint src/` is short for `leaklint check src/`.
    """


@cli.command(cls=GroupedCommand, short_help="Report the leaks in directories and files (the default).")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--format",
    "format_",
    envvar="LEAKLINT_CHECK_FORMAT",
    type=Suggesting(FORMATS),
    default="text",
    show_default=True,
    help="How findings are written.",
)
@click.option("-o", "--output", type=click.Path(), metavar="FILE", help="Write the report to FILE.")
@click.option(
    "--report",
    "reports",
    envvar="LEAKLINT_CHECK_REPORT",
    callback=named_files(FORMATS),
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write another report to FILE; may be repeated.",
)
@click.option(
    "--min-confidence",
    type=Suggesting(CONFIDENCES),
    help="Leave out findings that are less sure [default: medium].",
)
@click.option(
    "--select",
    callback=_named_rules,
    multiple=True,
    metavar="RULES",
    shell_complete=_rules,
    help="Report only these rules, whatever is configured; ids or names, with commas between them.",
)
@click.option(
    "--ignore",
    callback=_named_rules,
    multiple=True,
    metavar="RULES",
    shell_complete=_rules,
    help="Do not report these rules, nor those that the configuration ignores.",
)
@click.option(
    "--stdin-filename",
    type=click.Path(),
    metavar="FILE",
    help="With the path `-`: which file standard input stands for.",
)
@click.option("--isolated", is_flag=True, help="Read no configuration.")
@click.option("--show-config", is_flag=True, help="Print the configuration that holds for the paths, and its file.")
@click.option("--show-files", is_flag=True, help="Print the files that would be read, and nothing else.")
@click.option("--statistics", is_flag=True, help="Print how many findings each rule has, in place of the report.")
@click.option("-q", "--quiet", is_flag=True, help="Print what was found, and nothing else.")
@click.option("-v", "--verbose", is_flag=True, help="Say also what configured the run and what was passed over.")
@click.option("--why", metavar="PATH:LINE", help="Print every answer about what grows on a line, reported or not.")
@click.option("--fix", is_flag=True, help="Change the sources where that is safe, and report what is left.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and nothing else.")
@click.option("--unsafe-fixes", is_flag=True, help="Also what may change how the program behaves.")
@click.option("--baseline", type=click.Path(), metavar="FILE", help="Report only what FILE does not know.")
@click.option("--since", metavar="REV", help="Report only what the merge base with REV did not have.")
@click.option("--ignores/--no-ignores", default=True, help="Whether comments suppress findings [default: they do].")
@click.option("--add-ignores", is_flag=True, help="Write a comment that suppresses it at each finding.")
@click.option(
    "--reason",
    default=REASON,
    show_default=True,
    metavar="TEXT",
    help="With --add-ignores: the reason in the comments.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there are findings.")
@click.option("--strict", is_flag=True, help="Exit with 2 if a file could not be analysed.")
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="Worker processes [default: one a processor]."
)
@click.option(
    "--max-file-size",
    type=click.IntRange(min=1),
    default=1_000_000,
    show_default=True,
    metavar="BYTES",
    help="Pass over larger files, with a notice.",
)
@cache_dir
@click.option(
    "--no-cache", is_flag=True, envvar="LEAKLINT_NO_CACHE", show_envvar=True, help="Keep no answers, use none."
)
def check(paths: tuple[str, ...], **options: Any) -> int:
    """Report the leaks in PATHS (default: the working directory).

    A directory is reported whole. For a file, its project is read, and the findings are reported that depend on it;
    `-` stands for a file whose content comes on standard input.

    Exit status: 0 nothing to report, 1 findings, 2 could not run.
    """
    if options.pop("show_config"):
        from leaklint.cli.show_config import show_config

        return show_config(paths or (".",), isolated=options["isolated"])
    show_files = options.pop("show_files")
    from leaklint.cli.request import Request, check_words

    request = Request(named=paths, **options)
    check_words(request)
    if show_files:
        from leaklint.cli.show_files import show_files as show

        return show(request)
    if request.why is not None:
        from leaklint.cli.why import show_why

        return show_why(request, request.why)
    if request.add_ignores:
        from leaklint.cli.add_ignores import add_ignores

        return add_ignores(request)
    from leaklint.cli.check import perform

    return perform(request)


GroupedCommand.arrange(
    check,
    {
        "Report": (
            "format_",
            "output",
            "reports",
            "min_confidence",
            "select",
            "ignore",
            "statistics",
            "quiet",
            "verbose",
            "why",
        ),
        "Adoption": ("baseline", "since", "ignores", "add_ignores", "reason"),
        "Configuration": ("isolated", "show_config", "show_files"),
        "Fixes": ("fix", "diff", "unsafe_fixes"),
        "Exit status": ("exit_zero", "strict"),
        "Input": ("stdin_filename",),
        "Resources": ("jobs", "max_file_size", "cache_dir", "no_cache"),
    },
)


@cli.command(short_help="Write down what is reported today.")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("-o", "--output", type=click.Path(), metavar="FILE", help="The file [default: leaklint-baseline.json].")
@click.option("--min-confidence", type=Suggesting(CONFIDENCES), help="Leave out findings that are less sure.")
@click.option("--isolated", is_flag=True, help="Read no configuration.")
def baseline(paths: tuple[str, ...], **options: Any) -> int:
    """Write the findings in PATHS to a file; `check --baseline FILE` then reports only new ones."""
    from leaklint.cli.baseline import write_baseline

    return write_baseline(paths or (".",), **options)


@cli.command(short_help="Print the page of a rule.")
@click.argument("rule", shell_complete=_rules)
def explain(rule: str) -> None:
    """Print the page of RULE, an id such as LEAK002 or a name."""
    from leaklint.cli.rules import explain_rule

    explain_rule(rule)


@cli.command(short_help="List the rules.")
@click.option(
    "--format",
    "format_",
    envvar="LEAKLINT_RULES_FORMAT",
    type=Suggesting(("text", "json")),
    default="text",
    show_default=True,
    help="How they are written.",
)
def rules(format_: str) -> None:
    """List all rules; as JSON with their pages."""
    from leaklint.cli.rules import list_rules

    list_rules(format_)


@cli.command(short_help="Talk to an editor (language server).")
def server() -> None:
    """Run as a language server on standard input and output."""
    from leaklint.cli.server import run_server

    run_server()


@cli.group()
def cache() -> None:
    """Show or clear the cache of answers for later runs."""


@cache.command(short_help="Where it lies and how much it keeps.")
@cache_dir
def info(cache_dir: str | None) -> None:
    """Print where the cache lies and how much it keeps."""
    from leaklint.cli.cache import show_cache

    show_cache(cache_dir)


@cache.command(short_help="Remove what it keeps.")
@cache_dir
def clear(cache_dir: str | None) -> None:
    """Remove what the cache keeps, and nothing else."""
    from leaklint.cli.cache import clear_cache

    clear_cache(cache_dir)
