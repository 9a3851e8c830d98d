"""Parse any file into a typed frame and a list of all its faults.

`read_table` returns the cells as typed under canonical column names, `parse` returns their values. Rows with faults stay in the
frame and are listed in `bad_rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qjmap import performance_settings
from qjmap.engine.prefetch import prefetch
from qjmap.errors import Fault
from qjmap.i18n import Note
from qjmap.project import display_path
from qjmap.schema import OPEN_VOCABULARIES, Column, Table
from qjmap.tables import cell_values, coordinates, dates, generate_ids, numbers
from qjmap.tables.arrange_columns import arrange
from qjmap.tables.cell_values import CellError
from qjmap.tables.choose_columns import Choice
from qjmap.tables.columns import operations as cols
from qjmap.tables.distinct_cells import parse_distinct
from qjmap.tables.isolate_rows import by_row, one_fault_each
from qjmap.tables.open_vocabulary import parse_words
from qjmap.tables.readers.choose_reader import read_grid
from qjmap.tables.saved_column_mappings import ColumnSource
from qjmap.tables.table_frame import ROW, Parsed, TableFrame, Texts, frame_of, order_of_fault
from qjmap.vocabulary import BUILT_IN, Vocabularies

_UNITS = {"published_km": "km"}
"""Column -> the one unit that all its numbers are in."""
_READERS: Mapping[str, Callable[[str], Any]] = {
    "text": cell_values.clean,
    "id": cell_values.clean,
    "texts": cell_values.read_list,
    "ids": cell_values.read_list,
    "roles": cell_values.read_roles,
    "date": dates.read_date,
    "url": cell_values.read_url,
}
YEARS = (1600, 2100)
"""First and last plausible year; other years get a warning. They are fixed, so that a file gets the same faults in any year."""


def read_table(
    path: Path | str,
    table: Table,
    *,
    shown: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    datum: str | None = None,
    columns: Choice | ColumnSource | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    vocabularies: Vocabularies = BUILT_IN,
) -> TableFrame:
    """Read any file as rows of `table`.

    Parameters
    ----------
    shown : the file's name in faults; by default its path relative to the current folder.
    encoding, sheet : override detection.
    datum : canonical datum for rows that name none.
    columns : what the columns of the file mean: where to look up what the user or the project says about them (`ColumnSource`), or a
        choice that was made from the first rows and holds for all parts of the file (`Choice`). None to decide by headers and cells.
    on_progress : called with the bytes read so far and the size of the file, for large files.
    vocabularies : words that cells may hold, those of a project included.

    Raises
    ------
    UsageError : as in `choose_reader.read_grid`; also as in `ColumnSource.find`.
    OSError : as in `choose_reader.read_grid`.
    """
    path = Path(path)
    name = shown if shown is not None else display_path(path)
    grid = read_grid(path, table, shown=name, encoding=encoding, sheet=sheet, on_progress=on_progress)
    if isinstance(columns, ColumnSource):
        return arrange(grid, table, name, datum or "", vocabularies, columns.find(grid, table))
    return arrange(grid, table, name, datum or "", vocabularies, columns)


def parse(tf: TableFrame, *, taken: Collection[str] = (), fill_ids: bool = True) -> Parsed:
    """Parse the cells of a table into typed values. A row on which parsing fails unexpectedly is blanked and gets the fault `row-failed`.

    Parameters
    ----------
    taken : ids of other tables, which generated ids must not repeat.
    fill_ids : whether to generate ids for rows that have none; if not, their id is "".
    """
    return by_row(tf, lambda rows: _parse(rows, taken, fill_ids))[1]


def _parse(tf: TableFrame, taken: Collection[str], fill_ids: bool) -> Parsed:
    """Parse the columns of a table, and what depends on several of them: positions, units, order of dates, ids."""
    faults = list(tf.faults)
    values: dict[str, Any] = {}

    def read(column: Column) -> tuple[Any, list[Fault]]:
        column_faults: list[Fault] = []
        return _parse_column(tf, column, column_faults), column_faults

    columns = tf.table.columns
    results = (prefetch if len(tf.frame) > performance_settings.THREAD_ROWS else map)(read, columns)
    for column, (column_values, column_faults) in zip(columns, results, strict=True):
        values[column.name] = column_values
        faults += column_faults
    notes = list[Note]()
    for words, name in tf.table.word_columns.items():
        values[name], values[words] = parse_words(tf, tf.table.column(name), faults, notes)
    for name in tf.unknown:
        values[name] = _check_unknown(tf, name, faults)
    rows = tf.frame[ROW].to_numpy()
    if "lon" in tf.table:
        coordinates.parse_positions(tf, values, faults)
    if "value_qualifier" in tf.table or "qualifier" in tf.table:
        _split_qualifiers(tf, values, "value_cny" if "value_cny" in tf.table else "value", faults)
    for column in columns:
        if column.type == "date":
            _check_years(tf, column.name, values[column.name], faults)
    if "end" in tf.table:
        _check_order(tf, values, "start", "end", faults)
    if "valid_to" in tf.table:
        _check_order(tf, values, "valid_from", "valid_to", faults)
    faulty = {fault.row for fault in faults if fault.severity == "fault"}
    bad_rows = frozenset(rows.tolist() if None in faulty else faulty)
    if fill_ids:
        values["id"] = ids(tf, values, taken)
    values[ROW] = rows
    faults.sort(key=order_of_fault)
    return Parsed(frame_of(values), one_fault_each(faults), bad_rows, tf, tuple(notes))


def _parse_column(tf: TableFrame, column: Column, faults: list[Fault]) -> Any:
    """Parse the cells of one column and add its faults to `faults`. Longitudes, latitudes and words of open vocabularies stay as typed."""
    raw = cols.column(tf.frame, column.name)
    if column.type in ("lon", "lat"):
        return raw  # `coordinates.parse_positions` parses both together with the datum
    if column.type in ("number", "integer"):
        return _parse_numbers(tf, column, raw, faults)
    if column.vocab in OPEN_VOCABULARIES:
        return raw  # `parse_words` splits it into values and words
    empty: Any = () if column.type in ("texts", "ids", "roles") else ""
    if column.name not in tf.typed or cols.is_empty(raw).all():
        values = cols.full(len(raw), empty)
    elif column.type in ("text", "id") and cols.is_plain(raw):
        values = cols.strip(raw)
    elif column.type == "url" and cell_values.all_urls(cols.texts_to_scan(raw)):
        values = raw
    else:
        codes, distinct = parse_distinct(tf, column.name, raw, _reader(column), empty, faults)
        values = cols.from_codes(distinct, codes)
    if column.required and column.name in tf.typed:
        _check_required(tf, column, values, faults)
    return _lower_ids(tf, values, faults) if column.name == "id" else values


def _reader(column: Column) -> Callable[[str], Any]:
    """Return the function that parses the text of a cell of the column; it raises CellError for a text that is no value."""
    if column.type in _READERS:
        return _READERS[column.type]
    return lambda text: cell_values.read_vocab(text, column.vocab or "")


def _parse_numbers(tf: TableFrame, column: Column, raw: Any, faults: list[Fault]) -> Any:
    """Parse a column of numbers as floats, NaN for an empty or unreadable cell; a decimal or unit in a column of integers is a fault."""
    unit, money = tf.units.get(column.name, ""), column.name == "value_cny"

    def number(text: str) -> float:
        value, _, rest = numbers.read_number(text, money=money, header_unit=unit, row_unit=_UNITS.get(column.name, ""))
        if column.type == "integer" and (rest or value != int(value)):
            raise CellError("integer-form")
        return value

    codes, distinct = parse_distinct(tf, column.name, raw, number, np.nan, faults)
    return np.array(distinct, dtype=np.float64)[codes]


def _check_required(tf: TableFrame, column: Column, values: Any, faults: list[Fault]) -> None:
    """Report each empty cell of a required column as a fault."""
    code = "name-missing" if column.name == "name" else "cell-missing"
    rows = tf.frame[ROW].to_numpy()[cols.is_empty(values)].tolist()
    faults.extend(tf.fault(row, column.name, "", code) for row in rows)


def _check_unknown(tf: TableFrame, name: str, faults: list[Fault]) -> Any:
    """Return the texts of a column that the table does not define; cells with forbidden characters are faults."""
    raw = cols.column(tf.frame, name)
    if cols.is_plain(raw):
        return raw
    parse_distinct(tf, name, raw, str, "", faults)
    return raw


def _lower_ids(tf: TableFrame, values: Any, faults: list[Fault]) -> Any:
    """Return the ids of a file in lower case; one warning lists the changed ids, and each text that is no id is a fault."""
    lowered: list[int] = []
    if cols.all_fullmatch(values, f"(?:{generate_ids.ID.pattern})?"):
        return values
    values = cols.to_objects(values)
    rows = tf.frame[ROW].to_numpy()
    out = values.copy()
    for index, value in enumerate(values):
        if not value or generate_ids.ID.fullmatch(value):
            continue
        if generate_ids.ID.fullmatch(value.lower()):
            out[index] = value.lower()
            lowered.append(int(rows[index]))
        else:
            faults.append(tf.fault(int(rows[index]), "id", value, "id-form"))
    if lowered:
        faults.append(tf.fault(None, "id", None, "id-lowered", rows=lowered, severity="warning"))
    return out


def ids(tf: TableFrame, values: Mapping[str, Any], taken: Container[str] = ()) -> Any:
    """Return the ids of all rows, generated for rows that have none.

    Parameters
    ----------
    values : canonical column -> parsed values; only `id` is read, in which "" means no id.
    taken : as in `parse`.
    """
    existing = values["id"]
    if not cols.is_empty(existing).any():
        return existing
    existing = cols.to_objects(existing)
    filled = np.empty(len(existing), dtype=object)
    filled[:] = generate_ids.fill(*naming(tf, existing), existing.tolist(), taken)
    return filled


def naming(tf: TableFrame, existing: Texts) -> tuple[list[str], generate_ids.Contents]:
    """Return the texts from which `generate_ids.fill` generates ids.

    Parameters
    ----------
    existing : the id of each row; "" for none.

    Returns
    -------
    names : for each row without an id the text from which its slug is made: the name, the title of a source, the corridor, number and ends
        of a leg, or the subject, name and period of an indicator; "" for other rows.
    contents : a function that returns the contents of the rows at given indices, see `generate_ids.Contents`.
    """
    parts: Sequence[str] = {
        "corridor_legs": ("corridor", "seq", "from", "to"),
        "indicators": ("subject", "name", "period"),
        "sources": ("title",),
    }.get(tf.table.name, ("name",))
    columns = [cell_values.clean_all(cols.to_objects(cols.column(tf.frame, part)).tolist()) for part in parts]
    names = ["" if own else " ".join(words) for own, words in zip(existing, zip(*columns, strict=True), strict=True)]
    return names, _Contents(tf)


class _Contents:
    """Callable that returns the contents of rows, without their ids, as one text for each row; it reads the columns in blocks of rows."""

    _ROWS = 20_000

    def __init__(self, tf: TableFrame) -> None:
        names = sorted(
            str(name) for name in tf.frame if name not in (ROW, "id") and (name in tf.typed or name in tf.unknown)
        )
        self._columns = {name: cols.column(tf.frame, name) for name in names}

    def __call__(self, rows: Sequence[int]) -> Iterator[str]:
        """Yield the contents of each row as one text; `rows` are indices in ascending order."""
        for start in range(0, len(rows), self._ROWS):
            yield from self._block(np.array(rows[start : start + self._ROWS]))

    def _block(self, rows: npt.NDArray[np.int64]) -> list[str]:
        """Return one text per row of its filled cells with the names of their columns; equal rows have equal texts."""
        first, end = rows[0], rows[-1] + 1
        columns = [
            [
                f"{name}\x1e{text}" if text else ""
                for text in cell_values.clean_all(cols.to_objects(values[first:end])[rows - first].tolist())
            ]
            for name, values in self._columns.items()
        ]
        return ["\x1f".join(filter(None, row)) for row in zip(*columns, strict=True)] or [""] * len(rows)


def _split_qualifiers(tf: TableFrame, values: dict[str, Any], name: str, faults: list[Fault]) -> None:
    """Move qualifiers (约) from the numbers of a column to the column of qualifiers, and units after a number or in the header to the
    column of units, unless the row has a qualifier or unit there.

    A number whose unit contradicts that of its row is a fault and becomes NaN. `name` is the column of numbers; `values` is changed in
    place.
    """
    raw, rows = tf.frame[name].to_numpy(), tf.frame[ROW].to_numpy()
    money, unit = name == "value_cny", tf.units.get(name, "")
    qualifier = "value_qualifier" if money else "qualifier"
    for filled in {qualifier, "unit"} & {*values}:
        values[filled] = cols.to_objects(values[filled]).copy()
    for index in np.flatnonzero(~np.isnan(values[name])):
        text = raw[index]
        if not unit and text.isascii() and text.replace(".", "", 1).isdigit():
            continue
        row_unit = "" if money else values["unit"][index]
        try:
            number, number_qualifier, number_unit = numbers.read_number(
                text, money=money, header_unit=unit, row_unit=row_unit, equal_units=tf.vocabularies.equal_units
            )
        except CellError as error:
            values[name][index] = np.nan
            faults.append(tf.fault(int(rows[index]), name, text, error.code, **error.params))
            continue
        values[name][index] = number
        if number_qualifier and not values[qualifier][index]:
            values[qualifier][index] = number_qualifier
        if number_unit and not money and not row_unit:
            values["unit"][index] = number_unit


def _check_years(tf: TableFrame, name: str, values: Any, faults: list[Fault]) -> None:
    """Add one warning that lists the dates of a column outside of `YEARS`, such as 1021-09-09 or 2202-09."""
    first, last = YEARS
    odd = [date for date in cols.unique(values) if date and not first <= int(date[:4]) <= last]
    if odd:
        rows = tf.frame[ROW].to_numpy()[cols.isin(values, odd)].tolist()
        params = {"rows": rows, "values": odd, "first": first, "last": last}
        faults.append(tf.fault(None, name, None, "date-odd-year", severity="warning", **params))


def _check_order(tf: TableFrame, values: Mapping[str, Any], first: str, last: str, faults: list[Fault]) -> None:
    """Add a fault for each row whose date in the column `last` is before that in `first`, compared in the coarser precision of the two."""
    complete = np.flatnonzero(~cols.is_empty(values[first]) & ~cols.is_empty(values[last]))
    if not complete.size:
        return
    rows = tf.frame[ROW].to_numpy()
    starts, ends = cols.to_objects(values[first]), cols.to_objects(values[last])
    for index in complete:
        start, end = starts[index], ends[index]
        length = min(len(start), len(end))
        if start[:length] > end[:length]:
            faults.append(tf.fault(int(rows[index]), last, end, "date-backwards", start=start))
