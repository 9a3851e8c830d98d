"""Errors for the wrong use of a command, in Chinese or English: what is wrong, and how the command is used."""

from __future__ import annotations

from collections.abc import Iterable

import click

from qjmap.errors import UsageError
from qjmap.i18n import text


class Misuse(UsageError):
    """Error for the wrong use of a command.

    Parameters
    ----------
    code : key of the message, which is the text ``usage.<code>`` in ``assets/texts/cli.json``.
    params : values for the placeholders of the text.

    Attributes
    ----------
    usage, command : usage line and name of the command; "" and "qjmap" until `of` is called.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"usage-{code}", **params)
        self.usage = ""
        self.command = "qjmap"

    def of(self, ctx: click.Context | None) -> Misuse:
        """Add the usage line and the name of the misused command, if the error has none yet; return the error itself."""
        if ctx is not None and not self.usage:
            self.usage, self.command = ctx.get_usage(), ctx.command_path
        return self

    def message(self, lang: str) -> str:
        """Return the sentence on what is wrong."""
        return text(self.code.replace("-", ".", 1), lang, **self.params)

    def cure(self, lang: str) -> str:
        """Return the sentence that refers to the help of the command."""
        return text("usage.try", lang, command=f"{self.command} --help")


def from_click(error: click.ClickException) -> Misuse:
    """Convert an error of click to a `Misuse`, by its class. Its message, which is in English only, is not used."""
    ctx = getattr(error, "ctx", None)
    if isinstance(error, click.NoSuchOption):
        options = [name for param in ctx.command.get_params(ctx) for name in param.opts] if ctx is not None else []
        return with_suggestions("no-option", error.option_name, options).of(ctx)
    if isinstance(error, click.MissingParameter):
        code = "no-argument" if isinstance(error.param, click.Argument) else "missing-option"
        return Misuse(code, name=parameter_name(error.param, ctx)).of(ctx)
    if isinstance(error, click.BadOptionUsage):
        params = ctx.command.params if ctx is not None else ()
        flags = {name for param in params if isinstance(param, click.Option) and param.is_flag for name in param.opts}
        flags.add("--help")
        return Misuse("no-value" if error.option_name in flags else "value-missing", name=error.option_name).of(ctx)
    if isinstance(error, click.BadParameter):
        return Misuse("bad-value", name=parameter_name(error.param, ctx)).of(ctx)
    return Misuse("wrong").of(ctx)


def with_suggestions(code: str, name: str, candidates: Iterable[str]) -> Misuse:
    """Return the error for an unknown name, with the candidates that are spelled similarly.

    Parameters
    ----------
    code : code of the error if no candidate is similar; otherwise the code is ``<code>-near``.
    name : the unknown name.
    candidates : the known names; leading hyphens do not count.
    """
    from difflib import get_close_matches  # imported here to save start-up time

    bare = {candidate.lstrip("-"): candidate for candidate in candidates}
    near = [bare[match] for match in get_close_matches(name.lstrip("-"), bare)]
    return Misuse(f"{code}-near", near=", ".join(near), name=name) if near else Misuse(code, name=name)


def parameter_name(param: click.Parameter | None, ctx: click.Context | None) -> str:
    """Return the name of an option or argument as the help shows it; "" without a parameter."""
    if param is None:
        return ""
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.make_metavar(ctx) if ctx is not None else param.human_readable_name
