"""Commands that change the tables of a project: add, apply, undo.

Libraries are imported inside the commands, since the help needs none of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qjmap.cli import output
from qjmap.cli.ask_columns import ask_columns
from qjmap.cli.click_classes import Choice
from qjmap.cli.fault_groups import has_header
from qjmap.cli.options import (
    PATH,
    all_option,
    all_sheets_option,
    argument,
    columns_option,
    command,
    datum_option,
    json_option,
    option,
    project_argument,
    project_option,
    sheet_and_encoding_options,
    strict_option,
    table_option,
)  # fmt: skip
from qjmap.cli.progress import progress_line
from qjmap.cli.usage_errors import Misuse

if TYPE_CHECKING:
    from qjmap.edit import Duplicates, Prefer


@command
@argument("file", type=PATH, metavar_key="file")
@project_option
@table_option
@datum_option
@sheet_and_encoding_options
@columns_option
@all_sheets_option
@option("--update", "policies", flag_value="update", multiple=True, text_key="add.update")
@option("--yes", is_flag=True, text_key="add.yes")
@option("--skip", "policies", flag_value="skip", multiple=True, text_key="add.skip")
@option("--add-anyway", "policies", flag_value="add", multiple=True, text_key="add.anyway")
@option("--dry-run", is_flag=True, text_key="add.dry")
@strict_option
@all_option
@json_option
def add(
    lang: str, file: Path, project: Path, policies: tuple[Duplicates, ...], all_sheets: bool, strict: bool, every: bool,
    as_json: bool, **options: Any,
) -> int:  # fmt: skip
    """Add the rows of a file to a table, and print the faults and how many rows were added, updated, skipped and refused."""
    from qjmap.edit import add as add_rows
    from qjmap.edit import add_sheets
    from qjmap.project import load_project

    if len(set(policies)) > 1:
        raise Misuse("add-one")
    if all_sheets and options.pop("sheet", None) is not None:
        raise Misuse("sheets")
    policy: Duplicates = policies[0] if policies else "refuse"
    add_file = add_sheets if all_sheets else add_rows
    opened = load_project(project)
    if not all_sheets and not as_json and options["columns"] is None:
        options["columns"] = ask_columns(file, opened, lang, options)
    with progress_line(lang, silent=as_json) as on_progress:
        report = add_file(opened, file, duplicates=policy, lang=lang, step=on_progress, **options)
    output.print_faults(report.faults, lang, as_json, every=every)
    if not as_json and (every or has_header(report.faults)):
        click.echo(report.summary(lang, every=every))
    return int(bool(report.refused) or any(strict or fault.severity == "fault" for fault in report.faults))


@command
@argument("changes", type=PATH, metavar_key="file")
@project_option
@option("--prefer", type=Choice(["file", "table"]), text_key="apply.prefer")
@option("--dry-run", is_flag=True, text_key="apply.dry")
@all_option
@json_option
def apply(
    lang: str, changes: Path, project: Path, prefer: Prefer | None, dry_run: bool, every: bool, as_json: bool
) -> int:
    """Apply a change file to the tables, and print what was done to each row."""
    from qjmap.edit import apply_changes
    from qjmap.project import load_project

    opened = load_project(project)
    with progress_line(lang, silent=as_json) as on_progress:
        report = apply_changes(opened, changes, prefer=prefer or "", dry_run=dry_run, step=on_progress)
    output.print_faults(report.faults, lang, as_json, every=every)
    if not as_json:
        click.echo(report.summary(lang, every=every))
    return 0


@command
@project_argument
@json_option
def undo(lang: str, project: Path, as_json: bool) -> int:
    """Undo the last change of the tables, and print the result."""
    from qjmap.edit import undo as undo_change
    from qjmap.project import load_project

    report = undo_change(load_project(project))
    output.print_messages([("undo-done", report.file, report.summary(lang))], as_json)
    return 0
