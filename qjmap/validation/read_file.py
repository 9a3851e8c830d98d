"""Read a file whose rows are to be added or checked: decide its table, its datum and the meaning of its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from qjmap.errors import UsageError
from qjmap.i18n import Note
from qjmap.project import Project
from qjmap.schema import Table
from qjmap.tables import TableFrame, cell_values, read_table
from qjmap.tables.choose_table import choose_table, table_of_path
from qjmap.tables.columns_option import parse_columns
from qjmap.tables.saved_column_mappings import ColumnSource
from qjmap.validation.check_project import table_called
from qjmap.validation.row_index import TABLE_WORDS
from qjmap.vocabulary import BUILT_IN


def read_file(
    path: Path | str,
    table: str | None = None,
    *,
    datum: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    columns: str | Mapping[str, str] | None = None,
    project: Project | None = None,
    shown: str | None = None,
) -> TableFrame:
    """Read a file as rows of a table.

    Parameters
    ----------
    table : by default the table after which the file is named, if the file is in a folder `data`; else the one that its columns fit
        (`choose_table`).
    datum : datum of rows that state none; any spelling that tables may have.
    sheet, encoding : worksheet of a workbook, and encoding of delimited text; None to detect them.
    columns : column of the table -> header in the file, as text (名称=医院名称,纬度=N, as in `--columns`) or as a mapping; None to use what
        the project saved for files with that header.
    project : project whose vocabularies and saved mappings of columns are used; None for the built-in vocabularies only.
    shown : the file's name in messages; by default its path relative to the current folder.

    Raises
    ------
    UsageError : the file cannot be read (as in `tables.read_table`); the table or datum is unknown; or `columns` is malformed, names a
        column that the table or the file lacks, or gives one column of the file two meanings.
    OSError : as in `tables.read_table`.
    """
    path = Path(path)
    try:
        canonical = None if datum is None else cell_values.read_vocab(datum, "datum")
    except cell_values.CellError:
        raise UsageError("datum-unknown", datum=datum) from None
    words = project.settings.vocabularies if project else BUILT_IN

    def read(definition: Table) -> TableFrame:
        told = None if columns is None else parse_columns(columns, definition)
        source = ColumnSource(told, project.state if project else None)
        return read_table(
            path, definition, shown=shown, sheet=sheet, encoding=encoding, datum=canonical, columns=source,
            vocabularies=words,
        )  # fmt: skip

    table = table or table_of_path(path)
    rows = read(table_called(table or "sites"))
    if table is not None or (chosen := choose_table(rows)) == rows.table:
        return rows
    note = Note("note-table-chosen", {"table": TABLE_WORDS[chosen.name]})
    rows = read(chosen)
    return replace(rows, notes=(note, *rows.notes))
