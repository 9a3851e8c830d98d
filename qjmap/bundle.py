"""Entry point of the frozen program, which `make bundle` makes: what a double click on it does, and a file dropped on it.

| arguments of the program | what runs |
|---|---|
| none (a double click) | ``serve`` on the project beside the program |
| the path of a folder with a project | ``serve`` on that project |
| the path of another file or folder | ``add`` to the project beside the program, then ``serve`` |
| anything else | the command line `qjmap` |

The project beside the program is the folder of the program, else the folder above it, else the only project among the folders in the
folder of the program. If there is none, the program says so and offers to make one as ``qjmap new`` does. If one of these commands fails
in a window that opened for the program alone, the window stays open until a key is pressed.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from qjmap._startup import run as run_fast
from qjmap.cli import main as command_line
from qjmap.cli.output import escape_unencodable
from qjmap.i18n import language, text
from qjmap.project import SETTINGS_FILE

TERMINALS = ("xdg-terminal-exec", "x-terminal-emulator", "gnome-terminal", "konsole", "xterm")
"""Programs of Linux desktops that open a window for a command, in the order in which they are tried."""
_ENDS_OPTIONS = {"xdg-terminal-exec": (), "gnome-terminal": ("--",)}
"""Terminal program -> its arguments before the command; the others take ``-e``."""
_IN_TERMINAL = "QJMAP_TERMINAL"
"""Environment variable that is set for the program in the window that it opened, so that it opens no second one."""
_FAULTS = 1
"""Exit code of a command that found faults in the data. The next command still runs; after a larger code it does not."""
_MISSING = 2
"""Exit code of the program if there is no project."""


def is_project(folder: Path) -> bool:
    """Whether a folder is that of a project: it contains `data/project.toml`."""
    return (folder / "data" / SETTINGS_FILE).is_file()


def project_beside(folder: Path) -> Path | None:
    """Return the folder of the project beside a program, as the module describes it; None if there is none, or several below the folder.

    Parameters
    ----------
    folder : folder of the program.
    """
    for candidate in (folder, folder.parent):
        if is_project(candidate):
            return candidate
    try:
        within = [one for one in sorted(folder.iterdir()) if is_project(one)]
    except OSError:  # a folder that may not be listed
        return None
    return within[0] if len(within) == 1 else None


def is_opened(words: Sequence[str]) -> bool:
    """Whether the arguments are those of a double click (none), or of one existing file or folder dropped on the program.

    False for an argument that is also the name of a command.
    """
    return not words or (len(words) == 1 and words[0] not in command_line.COMMANDS and Path(words[0]).exists())


def commands_for(words: Sequence[str], folder: Path) -> list[list[str]]:
    """Return the commands to run one after the other, each as its list of arguments; [] if they need a project and there is none.

    Parameters
    ----------
    words : arguments of the program.
    folder : folder of the program.
    """
    if not is_opened(words):
        return [list(words)]
    if words and is_project(Path(words[0])):
        return [["serve", words[0]]]
    project = project_beside(folder)
    if project is None:
        return []
    serve = ["serve", str(project)]
    return [["add", words[0], "--project", str(project)], serve] if words else [serve]


def run() -> NoReturn:
    """Run the commands for the arguments of the program, in a terminal window if a desktop has opened none, and end the process."""
    folder = Path(sys.executable).parent
    restore_library_path(os.environ)
    words = sys.argv[1:]
    seen = any(os.isatty(number) for number in (0, 1, 2))
    if is_opened(words) and not seen and (command := terminal_command(os.environ)):
        os.environ[_IN_TERMINAL] = "1"
        os.execv(command[0], [*command, sys.executable, *words])  # noqa: S606
    run_fast(lambda: _run(words, folder))


def restore_library_path(environ: Any) -> None:
    """Restore the user's ``LD_LIBRARY_PATH`` in `environ`, for programs that this one starts (git, browsers).

    The loader of the frozen program replaces it by its own folder and stores the previous value in ``LD_LIBRARY_PATH_ORIG``. Without a
    previous value the variable is removed, if the program is frozen.
    """
    before = environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        environ["LD_LIBRARY_PATH"] = before
    elif getattr(sys, "frozen", False):
        environ.pop("LD_LIBRARY_PATH", None)


def terminal_command(environ: Mapping[str, str], system: str = sys.platform) -> list[str]:
    """Return the path and arguments of a terminal program; with a command appended they open a window in which the command runs.

    [] on systems other than Linux, without a desktop or an installed terminal program, and in the window that this program opened.

    Parameters
    ----------
    environ : environment variables.
    system : name of the operating system, as `sys.platform` has it.
    """
    desktop = system == "linux" and (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
    if not desktop or _IN_TERMINAL in environ:
        return []
    for name in TERMINALS:
        if path := shutil.which(name, path=environ.get("PATH")):
            return [path, *_ENDS_OPTIONS.get(name, ("-e",))]
    return []


def _run(words: Sequence[str], folder: Path) -> NoReturn:
    """Run the commands and end the process with the last exit code. In a window of its own, wait for a key after faults and failures."""
    if not is_opened(words):
        command_line.main(words)
    escape_unencodable()
    lang = language(None, os.environ)
    commands, code = commands_for(words, folder), 0
    if not commands:
        code = _offer_project(folder, lang)
        commands = [] if code else commands_for(words, folder)
        code = code or (0 if commands else _MISSING)
    for command in commands:
        code = _code_of(command)
        if code > _FAULTS:
            break
        if code and command is not commands[-1] and _owns_window():
            click.pause(text("bundle.go-on", lang))
    if code not in (0, 130) and _owns_window():
        click.pause(text("bundle.close", lang))
    sys.exit(code)


def _code_of(command: Sequence[str]) -> int:
    """Run a command and return its exit code."""
    try:
        command_line.main(command)
    except SystemExit as stop:
        return int(stop.code or 0)


def _offer_project(folder: Path, lang: str) -> int:
    """Print in Chinese and English that there is no project; on a terminal ask for an administrative unit, and make a project for it.

    Return the exit code: 0 if the project was made, 130 after Ctrl-C, `_MISSING` without a terminal or an answer, else that of `new`.
    """
    for one in ("zh", "en"):
        click.echo(text("bundle.no-project", one, folder=folder))
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _MISSING
    try:
        name = click.prompt(text("bundle.ask-name", lang), default="", show_default=False).strip()
    except click.Abort:
        return 130
    if not name:
        return _MISSING
    os.chdir(folder)  # `new` makes a folder with the name of the unit in the current one
    return _code_of(["new", name])


def _owns_window() -> bool:
    """Whether the terminal was opened for this program alone, so that it closes when the program ends; False without a terminal."""
    if not sys.stdin.isatty():
        return False
    if os.name == "nt":
        import ctypes  # imported here, since other systems need it not

        windll: Any = getattr(ctypes, "windll")  # noqa: B009
        return int(windll.kernel32.GetConsoleProcessList((ctypes.c_uint32 * 4)(), 4)) == 1
    return os.getsid(0) == os.getpid() or _IN_TERMINAL in os.environ
