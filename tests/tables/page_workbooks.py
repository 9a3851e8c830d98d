"""Read workbooks by the package's reader and by the page's, with results of the same form, so that they can be compared."""

from __future__ import annotations

import base64
from typing import Any

from qjmap.errors import UsageError
from qjmap.schema import TABLES
from qjmap.tables.readers.workbook import read_workbook
from tests.tables.page_reader import run_page_reader

_BODY = """
const grids = [];
for (const { data, table } of given) {
  const bytes = new Uint8Array(Buffer.from(data, "base64"));
  const workbook = await E.readWorkbook(bytes, E.kindOfBytes(bytes, "a"));
  if ("kind" in workbook) { grids.push(workbook.kind); continue; }
  const { header, rows, numbers, headerRow, notes, faults } = E.workbookGrid(workbook, E.program.tables[table], "a.xlsx");
  grids.push({ header, rows, numbers, headerRow, notes: notes.map(({ key, params }) => [key, params]),
    faults: faults.map((one) => [
      one.row, one.column, one.value, one.code, one.severity || "fault", one.letter || "", one.code === "row-too-long" ? {} : one.params || {},
    ]) });
}
return grids;
"""


def in_page(workbooks: list[bytes], table: str = "sites") -> list[Any]:
    """Return the grid of each workbook as the page reads it, or the kind of a file that it cannot read."""
    told = [{"data": base64.b64encode(data).decode("ascii"), "table": table} for data in workbooks]
    grids: list[Any] = run_page_reader(_BODY, told)
    return grids


def in_program(data: bytes, table: str = "sites") -> Any:
    """Return the grid of a workbook as the package reads it, or the code of the error."""
    try:
        grid = read_workbook(data, TABLES[table], shown="a.xlsx", sheet=None)
    except UsageError as error:
        return error.code
    faults = [
        [one.row, one.column, one.value, one.code, one.severity, one.letter or "", {} if one.code == "row-too-long" else dict(one.params)]
        for one in grid.faults
    ]  # fmt: skip
    return {
        "header": grid.header, "rows": [list(row) for row in grid.rows], "numbers": list(grid.numbers), "headerRow": grid.header_row,
        "notes": [[note.key, dict(note.params)] for note in grid.notes], "faults": faults,
    }  # fmt: skip


def added_in_page(data: bytes, table: str) -> Any:
    """Return the page's result for a dropped workbook: that of `readTable`, or the kind of a file that it cannot read."""
    job = {"data": base64.b64encode(data).decode("ascii"), "table": table}
    return run_page_reader(
        """const bytes = new Uint8Array(Buffer.from(given.data, "base64"));
        return E.readTable(await E.opened({ name: "a.xlsx", bytes, table: given.table, there: [], entries: [], outlines: [] }));""",
        job,
    )
