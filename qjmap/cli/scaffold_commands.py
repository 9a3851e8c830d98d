"""Commands that make files to begin with: new, template, guide."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from qjmap.cli import output
from qjmap.cli.ask_which_place import choose_place, is_terminal
from qjmap.cli.click_classes import Choice
from qjmap.cli.options import PATH, argument, command, json_option, option, project_option
from qjmap.errors import UsageError
from qjmap.i18n import Note
from qjmap.schema import TABLES


@command
@argument("name", required=False, metavar_key="name")
@option("-o", "--out", type=PATH, text_key="new.out")
@option("--in", "within", default="", metavar_key="name", text_key="new.within")
@option("--atlas", type=PATH, text_key="new.atlas")
@option("--example", is_flag=True, text_key="new.example")
@json_option
def new(
    lang: str, name: str | None, out: Path | None, within: str, atlas: Path | None, example: bool, as_json: bool
) -> int:
    """Make the project of an administrative unit, or the projects of all units that a file lists and an atlas of them.

    If several units have the name, ask which is meant, provided that standard input and output are terminals.
    """
    from qjmap.scaffold import new_atlas, new_project  # imported here to save start-up time

    if (name is None) == (atlas is None) or (atlas and within):
        raise UsageError("new-name")
    if atlas is not None:
        made, done = new_atlas(atlas, out, example=example), "done.new-atlas"
    else:
        choose = partial(choose_place, str(name), lang=lang) if is_terminal() and not as_json else None
        made, done = new_project(str(name), out, within=within, example=example, choose=choose), "done.new"
    path = str(made.folder)
    notes = [Note(note.key, {**note.params, "path": path}) for note in made.notes]
    output.print_notes([*notes, Note(done, {"path": path})], lang, as_json)
    return 0


@command
def guide(lang: str) -> int:
    """Print the guide to tables, columns and settings as Markdown."""
    from qjmap.scaffold import guide as guide_in  # imported here to save start-up time

    output.StandardOutput().write(guide_in(lang).encode())
    return 0


@command
@argument("table", type=Choice([*TABLES, "all"]), default="sites", metavar_key="table")
@option("-o", "--out", required=True, type=PATH, text_key="template.out")
@option("--full", is_flag=True, text_key="template.full")
@option("--force", is_flag=True, text_key="template.force")
@option("--lang", "language", type=Choice(["zh", "en"]), text_key="template.lang")
@project_option
@json_option
def template(
    lang: str, table: str, out: Path, full: bool, force: bool, language: str | None, project: Path, as_json: bool
) -> int:
    """Write a workbook to fill in. The option ``--lang`` is also the language of its headers and explanations."""
    from qjmap.scaffold import write_template  # imported here to save start-up time

    path = write_template(out, table, language=language, full=full, force=force, project=project)
    output.print_notes([Note("done.template", {"path": str(path)})], lang, as_json)
    return 0
