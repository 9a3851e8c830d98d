"""Entry point of the command line and registry of its commands.

Exit codes: 0 done; 1 faults in the data (which are listed), failed queries, tables that cannot be changed as they are, or, with
``--strict``, warnings or texts that are not located; 2 wrong use, or trouble outside of the data, such as a full disk; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from qjmap._version import __version__
from qjmap.cli import output
from qjmap.cli.click_classes import Group, Option
from qjmap.cli.usage_errors import from_click
from qjmap.errors import QjmapError
from qjmap.i18n import language
from qjmap.interrupts import remembered

COMMANDS = {
    "add": "qjmap.cli.edit_commands",
    "apply": "qjmap.cli.edit_commands",
    "build": "qjmap.cli.project_commands",
    "check": "qjmap.cli.project_commands",
    "diff": "qjmap.cli.diff_command",
    "export": "qjmap.cli.project_commands",
    "guide": "qjmap.cli.scaffold_commands",
    "locate": "qjmap.cli.locate_command",
    "new": "qjmap.cli.scaffold_commands",
    "report": "qjmap.cli.project_commands",
    "resolve": "qjmap.cli.resolve_command",
    "route": "qjmap.cli.project_commands",
    "serve": "qjmap.cli.serve_command",
    "template": "qjmap.cli.scaffold_commands",
    "undo": "qjmap.cli.edit_commands",
    "view": "qjmap.cli.view_command",
}
"""Name of a command -> module that defines it. Its help is the text ``cli.<name>`` in ``assets/texts/cli.json``."""

_VERSION: dict[str, Any] = {
    "prog_name": "qjmap",
    "message": "%(prog)s %(version)s",
    "cls": Option,
    "text_key": "version",
}


@click.group(
    "about",
    cls=Group,
    modules=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, **_VERSION)
def commands() -> None:
    """Group of all commands. `main` runs it with the language of help and messages ("zh" or "en") as click's context object."""


def debugging() -> bool:
    """Whether the environment asks for debugging: ``QJMAP_DEBUG`` has a value other than 0."""
    return os.environ.get("QJMAP_DEBUG", "") not in ("", "0")


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command line and exit the process with its code.

    Parameters
    ----------
    arguments : the words after the name of the program; by default those of `sys.argv`.
    """
    output.escape_unencodable()
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = _has_flag(words, "--debug") or debugging()
    with warnings.catch_warnings(), remembered():
        if not debug:  # warnings of libraries are for developers
            warnings.simplefilter("ignore")
        code = _run(words, language(_value_of(words, "--lang"), os.environ), debug)
    output.flush_or_discard()
    sys.exit(code)


def _run(words: list[str], lang: str, debug: bool) -> int:
    """Run a command and return its exit code. Errors are printed, not raised.

    Parameters
    ----------
    words : name, options and arguments of the command.
    lang : language of messages, "zh" or "en".
    debug : whether to print the traceback of an unexpected exception.
    """
    error: QjmapError
    try:
        code = int(commands.main(words, prog_name="qjmap", standalone_mode=False, obj=lang) or 0)
        output.StandardOutput().flush()
        return code
    except click.exceptions.NoArgsIsHelpError as no_arguments:
        no_arguments.show()
        return 2
    except BrokenPipeError:
        return 1
    except click.ClickException as misuse:
        error = from_click(misuse)
    except (click.Abort, KeyboardInterrupt):
        error = _converted(KeyboardInterrupt())
    except Exception as other:
        error = _converted(other)
        if debug:
            import traceback  # imported here to save start-up time

            traceback.print_exception(other.__cause__ or other)
    return output.report_error(error, lang, as_json=_has_flag(words, "--json"), every=_has_flag(words, "--all"))


def _converted(error: BaseException) -> QjmapError:
    from qjmap.cli.system_errors import as_qjmap_error  # imported here to save start-up time

    return as_qjmap_error(error)


def _has_flag(words: Sequence[str], name: str) -> bool:
    """Whether a flag is among the words before ``--``.

    The words are searched without click, since the flag decides how errors of click are printed.
    """
    return name in words[: words.index("--") if "--" in words else None]


def _value_of(words: Sequence[str], name: str) -> str | None:
    """Return the value of an option among the words; None if it is not given. Like `_has_flag` it does without click."""
    for position, word in enumerate(words):
        if word == name and position + 1 < len(words):
            return words[position + 1]
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return None
