"""What the command-line library says, in the reader's language: the frame of the help, and what is wrong with a command."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import click

from qjmap.errors import QjmapError, UsageError
from qjmap.messages import text

_METAVARS = {"path": "metavar.path", "text": "metavar.text", "integer range": "metavar.number"}
"""Names of the library's types -> our words for what is to be written."""


class Misuse(UsageError):
    """A command that cannot be understood; its texts are `usage.<code>` in `assets/texts/cli.json`."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"usage-{code}", **params)
        self.usage = ""
        self.command = "qjmap"

    def of(self, ctx: click.Context | None) -> Misuse:
        """The same with how the command is used."""
        if ctx is not None and not self.usage:
            self.usage, self.command = ctx.get_usage(), ctx.command_path
        return self

    def message(self, lang: str) -> str:
        """What is wrong."""
        return text(self.code.replace("-", ".", 1), lang, **self.params)

    def cure(self, lang: str) -> str:
        """Where to read how it is done."""
        return text("usage.try", lang, command=f"{self.command} --help")


class Choice(click.Choice[str]):
    """One of several words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word as it is listed."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            raise Misuse("choice", value=str(value), option=_name(param), allowed=", ".join(self.choices)).of(ctx) from None


class Count(click.IntRange):
    """A whole number."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            raise Misuse("count", value=str(value), option=_name(param), least=self.min).of(ctx) from None

    def _describe_range(self) -> str:
        return f"≥ {self.min}"


class Option(click.Option):
    """An option whose help names in the reader's language what is to be written."""

    def __init__(self, *args: Any, lang: str = "en", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lang = lang

    def make_metavar(self, ctx: click.Context) -> str:
        """The word for the value."""
        key = _METAVARS.get(self.type.name)
        return text(key, self._lang) if self.metavar is None and key else super().make_metavar(ctx)

    def get_help_extra(self, ctx: click.Context) -> Any:
        """What stands in brackets behind the help."""
        extra = super().get_help_extra(ctx)
        if "required" in extra:
            extra["required"] = text("usage.required", self._lang)
        return extra


def classes(lang: str, on_error: Callable[[BaseException, click.Context], BaseException]) -> tuple[type[click.Command], type[click.Group]]:
    """The commands and the group of them, whose help and errors are in one language.

    Parameters
    ----------
    on_error : makes of any exception of a command the one that is raised in its stead.
    """

    def say(key: str) -> str:
        return text(f"usage.{key}", lang)

    class Command(click.Command):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{"options_metavar": say("options-metavar"), **kwargs})

        def get_help_option(self, ctx: click.Context) -> click.Option | None:
            option = super().get_help_option(ctx)
            if option is not None:
                option.help = text("cli.help", lang)
            return option

        def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
            formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=say("usage"))

        def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
            options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
            rows = [row for one in options if (row := one.get_help_record(ctx)) is not None]
            with formatter.section(say("options")):
                formatter.write_dl(rows)

        def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
            alone = not isinstance(self, click.Group)
            if alone:
                ctx.allow_extra_args = True  # so that we may say which are too many
            try:
                rest = super().parse_args(ctx, args)
            except click.UsageError as error:
                error.ctx = error.ctx or ctx
                raise
            if alone and rest and not ctx.resilient_parsing:
                raise Misuse("extra", words=" ".join(rest)).of(ctx)
            return rest

        def invoke(self, ctx: click.Context) -> Any:
            if isinstance(self, click.Group):
                return super().invoke(ctx)
            try:
                return super().invoke(ctx)
            except Misuse as error:
                error.of(ctx)
                raise
            except (QjmapError, BrokenPipeError, click.exceptions.Exit):
                raise
            except (Exception, KeyboardInterrupt) as error:
                raise on_error(error, ctx) from error

    class Group(Command, click.Group):
        command_class = Command

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{"subcommand_metavar": say("command-metavar"), **kwargs})

        def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
            super().format_options(ctx, formatter)
            self.format_commands(ctx, formatter)

        def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
            named = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
            limit = formatter.width - 6 - max(len(name) for name, _ in named)
            with formatter.section(say("commands")):
                formatter.write_dl([(name, command.get_short_help_str(limit)) for name, command in named if command])

        def resolve_command(
            self, ctx: click.Context, args: list[str]
        ) -> tuple[str | None, click.Command | None, list[str]]:
            if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
                raise _perhaps("no-command", args[0], self.list_commands(ctx)).of(ctx)
            return super().resolve_command(ctx, args)

    return Command, Group


def misuse(error: click.ClickException) -> Misuse:
    """What the library says of a wrong command, said anew: by the class of its error, never by its words."""
    ctx = getattr(error, "ctx", None)
    if isinstance(error, click.NoSuchOption):
        known = [name for one in ctx.command.get_params(ctx) for name in one.opts] if ctx is not None else []
        return _perhaps("no-option", error.option_name, known).of(ctx)
    if isinstance(error, click.MissingParameter):
        kind = "no-argument" if isinstance(error.param, click.Argument) else "missing-option"
        return Misuse(kind, name=_name(error.param, ctx)).of(ctx)
    if isinstance(error, click.BadOptionUsage):
        options = ctx.command.params if ctx is not None else ()
        flags = {name for one in options if isinstance(one, click.Option) and one.is_flag for name in one.opts}
        flags.add("--help")
        return Misuse("no-value" if error.option_name in flags else "value-missing", name=error.option_name).of(ctx)
    if isinstance(error, click.BadParameter):
        return Misuse("bad-value", name=_name(error.param, ctx)).of(ctx)
    return Misuse("wrong").of(ctx)


def _perhaps(code: str, name: str, known: Iterable[str]) -> Misuse:
    """That there is no such thing, and what may have been meant."""
    from difflib import get_close_matches

    bare = {one.lstrip("-"): one for one in known}
    near = [bare[one] for one in get_close_matches(name.lstrip("-"), bare)]
    return Misuse(f"{code}-near", near=", ".join(near), name=name) if near else Misuse(code, name=name)


def _name(param: click.Parameter | None, ctx: click.Context | None = None) -> str:
    """What a reader calls an option or argument."""
    if param is None:
        return ""
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.metavar or param.human_readable_name
