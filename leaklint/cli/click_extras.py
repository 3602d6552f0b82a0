"""What click lacks: a default command, options in groups, suggestions for mistyped values, values with a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import click
from click.shell_completion import CompletionItem

NamedFiles = tuple[tuple[str, str], ...]
"""Pairs of a name and the path of a file."""


class DefaultGroup(click.Group):
    """A group whose command may be left out: a first word that is no command belongs to ``default``."""

    def __init__(self, *args: Any, default: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        is_completing = ctx.resilient_parsing and not args
        if not is_completing and not (args and (args[0] in self.commands or args[0] in own)):
            args = [self.default, *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, and what may follow the default one."""
        own = super().shell_complete(ctx, incomplete)
        command = self.commands[self.default]
        inside = command.make_context(self.default, [], parent=ctx, resilient_parsing=True)
        if incomplete.startswith("-"):
            known = {item.value for item in own}
            return own + [item for item in command.shell_complete(inside, incomplete) if item.value not in known]
        arguments = (one for one in command.get_params(inside) if isinstance(one, click.Argument))
        return own or [item for argument in arguments for item in argument.shell_complete(inside, incomplete)]


class GroupedCommand(click.Command):
    """A command whose help shows its options under the headings that :meth:`arrange` gave."""

    headings: Mapping[str, Sequence[str]] = {}

    @staticmethod
    def arrange(command: click.Command, headings: Mapping[str, Sequence[str]]) -> None:
        """Show the options of ``command`` (by parameter name) under ``headings``; the others come last."""
        assert isinstance(command, GroupedCommand)
        command.headings = headings

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
        records = {one.name: record for one in options if (record := one.get_help_record(ctx))}
        for heading, names in self.headings.items():
            with formatter.section(heading):
                formatter.write_dl([records.pop(name) for name in names])
        with formatter.section("Other"):
            formatter.write_dl(list(records.values()))


class Suggesting(click.Choice[str]):
    """A choice that suggests the nearest value to one that was mistyped."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        return super().get_invalid_choice_message(value, ctx) + did_you_mean(str(value), map(str, self.choices))


def named_files(names: Sequence[str]) -> Callable[[click.Context, click.Parameter, Sequence[str]], NamedFiles]:
    """A callback that splits each ``NAME=FILE`` of a repeatable option; a name is one of ``names``."""
    known = Suggesting(names)

    def split(ctx: click.Context, param: click.Parameter, values: Sequence[str]) -> NamedFiles:
        pairs = [value.partition("=") for value in values]
        for value, (_, _, path) in zip(values, pairs, strict=True):
            if not path:
                raise click.BadParameter(f"{value!r} is not of the form FORMAT=FILE.", ctx, param)
        return tuple((known.convert(name, param, ctx), path) for name, _, path in pairs)

    return split


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`` Did you mean ...?`` with the nearest of ``known``; empty where none is near."""
    from leaklint.spelling import nearest

    near = nearest(word, known)
    return f" Did you mean {near}?" if near else ""
