"""The command template: a workbook to fill in."""

from __future__ import annotations

from pathlib import Path

from qjmap.cli import output
from qjmap.cli.click_classes import Choice
from qjmap.cli.options import PATH, argument, command, json_option, option, project_option
from qjmap.i18n import Note
from qjmap.schema import TABLES


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
    """Write a workbook to fill in; ``--lang`` is also the language of its headers."""
    from qjmap.scaffold import write_template  # start-up time

    path = write_template(out, table, language=language, full=full, force=force, project=project)
    output.print_notes([Note("done.template", {"path": str(path)})], lang, as_json)
    return 0
