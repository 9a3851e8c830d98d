"""Click's commands, groups, options and types, with help and errors in the reader's language.

The language is the object of the root context (``main(..., obj="zh")``). Help texts are ``cli.<key>`` in ``assets/texts/cli.json``.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from qjmap.cli.usage_errors import Misuse, parameter_name, with_suggestions
from qjmap.errors import QjmapError
from qjmap.i18n import text

_METAVARS = {"path": "path", "text": "text", "integer range": "number"}
"""Click's name of a type -> key of the word for its value."""
_PATHS = ("file", "project", "out")
"""Parameters that name the files of a command, inputs first."""
_RESERVE = bytearray(64 << 20)
"""Address space to tell an error in when memory has run out; never written to, so that it takes no memory."""


def language_of(ctx: click.Context) -> str:
    """Language of help and errors: "zh" or "en"."""
    return str(ctx.find_root().obj)


class Choice(click.Choice[str]):
    """One of several words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word as it is listed."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            allowed = ", ".join(self.choices)
            name = parameter_name(param, ctx)
            raise Misuse("choice", value=str(value), option=name, allowed=allowed).of(ctx) from None


class Count(click.IntRange):
    """A whole number from a minimum on."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            name = parameter_name(param, ctx)
            raise Misuse("count", value=str(value), option=name, least=self.min).of(ctx) from None

    def _describe_range(self) -> str:
        return f"≥ {self.min}"


class Option(click.Option):
    """An option.

    Parameters
    ----------
    text_key : key of the help text.
    metavar_key : key of the word for the value; by default that of the type.
    """

    def __init__(self, *args: Any, text_key: str, metavar_key: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._text_key = text_key
        self._metavar_key = metavar_key or _METAVARS.get(self.type.name, "")

    def make_metavar(self, ctx: click.Context) -> str:
        """The word for the value."""
        return (
            text(f"metavar.{self._metavar_key}", language_of(ctx)) if self._metavar_key else super().make_metavar(ctx)
        )

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Names and help of the option."""
        self.help = text(f"cli.{self._text_key}", language_of(ctx))
        return super().get_help_record(ctx)

    def get_help_extra(self, ctx: click.Context) -> Any:
        """The remarks in brackets after the help."""
        extra = super().get_help_extra(ctx)
        if "required" in extra:
            extra["required"] = text("usage.required", language_of(ctx))
        return extra


class Argument(click.Argument):
    """An argument.

    Parameters
    ----------
    metavar_key : key of the word for the value.
    """

    def __init__(self, *args: Any, metavar_key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._metavar_key = metavar_key

    def make_metavar(self, ctx: click.Context) -> str:
        """The word for the value, in brackets where it may be left out."""
        word = text(f"metavar.{self._metavar_key}", language_of(ctx))
        return word if self.required or self.nargs != 1 else f"[{word}]"


class Command(click.Command):
    """A command; its help is the text of its name. All commands have ``--lang`` and ``--debug``, which `qjmap.cli.main` reads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not any("--lang" in param.opts for param in self.params):
            languages = Choice(["zh", "en"])
            self.params.append(Option(["--lang"], type=languages, expose_value=False, text_key="lang"))
        self.params.append(Option(["--debug"], is_flag=True, expose_value=False, text_key="debug"))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option ``--help``."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = text("cli.help", language_of(ctx))
        return option

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The words after the command's name in the usage line."""
        params = [piece for param in self.get_params(ctx) for piece in param.get_usage_pieces(ctx)]
        return [text("usage.options-metavar", language_of(ctx)), *params]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=text("usage.usage", language_of(ctx)))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help text."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text(f"cli.{self.name}", language_of(ctx)))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = [record for option in options if (record := option.get_help_record(ctx)) is not None]
        with formatter.section(text("usage.options", language_of(ctx))):
            formatter.write_dl(records)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; Misuse names those that are too many."""
        is_group = isinstance(self, click.Group)
        if not is_group:
            ctx.allow_extra_args = True  # click's own error does not name them
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise
        if not is_group and rest and not ctx.resilient_parsing:
            raise Misuse("extra", words=" ".join(rest)).of(ctx)
        return rest

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; any exception that is no error of ours is converted, naming the files of the command."""
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
            if isinstance(error, MemoryError):
                _free_memory(error)
            from qjmap.cli.system_errors import as_qjmap_error  # start-up time

            paths = [path for name in _PATHS if isinstance(path := ctx.params.get(name), Path)]
            raise as_qjmap_error(error, paths) from error


def _free_memory(error: BaseException) -> None:
    """Free the reserve, what the frames of an error hold and what pyarrow keeps for later: the memory to tell the error in."""
    _RESERVE.clear()
    chain: BaseException | None = error
    while chain is not None:
        step = chain.__traceback__
        while step is not None:
            with suppress(RuntimeError):  # a frame that runs still
                step.tb_frame.clear()
            step = step.tb_next
        chain = chain.__context__
    gc.collect()  # is off while the installed script runs a command
    if "pyarrow" in sys.modules:
        sys.modules["pyarrow"].default_memory_pool().release_unused()


class Group(Command, click.Group):
    """A group whose commands are imported when they are run.

    Parameters
    ----------
    modules : name of a command -> the module that defines the command under this name. Its help is listed from the texts alone.
    """

    def __init__(self, *args: Any, modules: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, sorted."""
        return sorted(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None for an unknown name."""
        if cmd_name not in self.modules:
            return None
        command: click.Command = getattr(import_module(self.modules[cmd_name]), cmd_name)
        return command

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The words after the group's name in the usage line."""
        return [*super().collect_usage_pieces(ctx), text("usage.command-metavar", language_of(ctx))]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write where more stands."""
        formatter.write_paragraph()
        formatter.write_text(text("usage.more", language_of(ctx)))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, each with the first sentence of its help."""
        lang, names = language_of(ctx), self.list_commands(ctx)
        limit = formatter.width - 6 - max(map(len, names))
        helps = (click.Command(name, help=text(f"cli.{name}", lang)).get_short_help_str(limit) for name in names)
        with formatter.section(text("usage.commands", lang)):
            formatter.write_dl(list(zip(names, helps, strict=True)))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first argument names; Misuse with suggestions for an unknown one."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise with_suggestions("no-command", args[0], self.list_commands(ctx)).of(ctx)
        return super().resolve_command(ctx, args)
