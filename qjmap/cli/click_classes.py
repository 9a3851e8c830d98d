"""The commands, groups, options and types of click, with help and errors in Chinese or English.

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
"""Name of a type in click -> key, in the texts ``metavar.*``, of the word that stands for its value in the help."""
_PATHS = ("file", "project", "out")
"""Names of parameters with paths that an error message may name, inputs first."""
_RESERVE = bytearray(64 << 20)
"""Address space that is freed when memory has run out, so that the error can be reported. Since it is never written to, it takes no
physical memory."""


def language_of(ctx: click.Context) -> str:
    """Return the language of help and errors: "zh" or "en"."""
    return str(ctx.find_root().obj)


class Choice(click.Choice[str]):
    """Type of a parameter that takes one of several words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the listed word that was given. Raise Misuse for any other word."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            allowed = ", ".join(self.choices)
            name = parameter_name(param, ctx)
            raise Misuse("choice", value=str(value), option=name, allowed=allowed).of(ctx) from None


class Count(click.IntRange):
    """Type of a parameter that takes a whole number of at least a minimum."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number that was given. Raise Misuse for a number below the minimum, or a text that is no whole number."""
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
    text_key : key of the help text in the texts ``cli.*``.
    metavar_key : key of the word for the value in the texts ``metavar.*``; by default chosen by the type.
    """

    def __init__(self, *args: Any, text_key: str, metavar_key: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._text_key = text_key
        self._metavar_key = metavar_key or _METAVARS.get(self.type.name, "")

    def make_metavar(self, ctx: click.Context) -> str:
        """Return the word that stands for the value in the help."""
        return (
            text(f"metavar.{self._metavar_key}", language_of(ctx)) if self._metavar_key else super().make_metavar(ctx)
        )

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the names of the option, with the word for its value, and its help text."""
        self.help = text(f"cli.{self._text_key}", language_of(ctx))
        return super().get_help_record(ctx)

    def get_help_extra(self, ctx: click.Context) -> Any:
        """Return the remarks that click puts in brackets after the help text."""
        extra = super().get_help_extra(ctx)
        if "required" in extra:
            extra["required"] = text("usage.required", language_of(ctx))
        return extra


class Argument(click.Argument):
    """An argument.

    Parameters
    ----------
    metavar_key : key of the word for the value in the texts ``metavar.*``.
    """

    def __init__(self, *args: Any, metavar_key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._metavar_key = metavar_key

    def make_metavar(self, ctx: click.Context) -> str:
        """Return the word that stands for the value in the help, in brackets if the argument is optional."""
        word = text(f"metavar.{self._metavar_key}", language_of(ctx))
        return word if self.required or self.nargs != 1 else f"[{word}]"


class Command(click.Command):
    """A command, whose help is the text ``cli.<name>``. It has the options ``--lang`` and ``--debug``, which `qjmap.cli.main` reads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not any("--lang" in param.opts for param in self.params):
            languages = Choice(["zh", "en"])
            self.params.append(Option(["--lang"], type=languages, expose_value=False, text_key="lang"))
        self.params.append(Option(["--debug"], is_flag=True, expose_value=False, text_key="debug"))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option ``--help`` with its text."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = text("cli.help", language_of(ctx))
        return option

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the words that follow the name of the command in the usage line."""
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
        """Parse the arguments and return the remaining ones. Raise Misuse, which names the excess arguments, if there are too many."""
        is_group = isinstance(self, click.Group)
        if not is_group:
            ctx.allow_extra_args = True  # the error of click does not name them
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise
        if not is_group and rest and not ctx.resilient_parsing:
            raise Misuse("extra", words=" ".join(rest)).of(ctx)
        return rest

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command and return its exit code. Unexpected exceptions become a `QjmapError` that names a file of the command."""
        if isinstance(self, click.Group):
            return super().invoke(ctx)
        try:
            return super().invoke(ctx)
        except Misuse as error:
            error.of(ctx)
            raise
        except (QjmapError, BrokenPipeError, click.exceptions.Exit, click.Abort):
            raise
        except (Exception, KeyboardInterrupt) as error:
            # whatever its type: lack of memory also raises ImportError, OSError, RuntimeError and SystemError
            _free_memory(error)
            from qjmap.cli.system_errors import as_qjmap_error  # imported here to save start-up time

            paths = [path for name in _PATHS if isinstance(path := ctx.params.get(name), Path)]
            raise as_qjmap_error(error, paths) from error


def _free_memory(error: BaseException) -> None:
    """Free memory to report an exception: `_RESERVE`, local variables of the frames in its traceback, and unused memory of pyarrow."""
    _RESERVE.clear()
    chain: BaseException | None = error
    while chain is not None:
        step = chain.__traceback__
        while step is not None:
            with suppress(RuntimeError):  # the frame is still running
                step.tb_frame.clear()
            step = step.tb_next
        chain = chain.__context__
    gc.collect()  # automatic collection is off while the installed script runs a command
    if "pyarrow" in sys.modules:
        sys.modules["pyarrow"].default_memory_pool().release_unused()


class Group(Command, click.Group):
    """A group of commands, each of which is imported only when it is run. The list of commands in the help needs none of them.

    Parameters
    ----------
    modules : name of a command -> module that defines it under this name.
    """

    def __init__(self, *args: Any, modules: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, sorted."""
        return sorted(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command and return it; None for an unknown name."""
        if cmd_name not in self.modules:
            return None
        command: click.Command = getattr(import_module(self.modules[cmd_name]), cmd_name)
        return command

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the words that follow the name of the group in the usage line."""
        return [*super().collect_usage_pieces(ctx), text("usage.command-metavar", language_of(ctx))]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write where to read about the tables and about each command."""
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
        """Return the command that the first argument names. Raise Misuse, with suggestions, for an unknown name."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise with_suggestions("no-command", args[0], self.list_commands(ctx)).of(ctx)
        return super().resolve_command(ctx, args)
