"""Any file -> a checked frame and a list of faults, all of them at once.

`read_table` gives the cells as typed under canonical column names; `parse` gives what they mean. Bad rows stay in the
frame and are named in `bad_rows`, so that nothing vanishes and nobody takes them by mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qjmap.engine.ahead import ahead
from qjmap.errors import Fault
from qjmap.project import shown_path
from qjmap.schema import Column, Table
from qjmap.tables import cells, positions, slugs
from qjmap.tables import columns as cols
from qjmap.tables.arrows import FEW
from qjmap.tables.byrow import by_row, one_fault_each
from qjmap.tables.cells import CellError
from qjmap.tables.forms import Codes, as_objects
from qjmap.tables.frames import ROW, Parsed, TableFrame, Texts, arrange, frame_of, order_of_fault
from qjmap.tables.readers import read_grid

_UNITS = {"published_km": "km"}
"""Columns whose numbers are all in one unit."""
YEARS = (1600, 2100)
"""Years that are meant, most likely: nothing that stands today was begun before, and nothing is planned beyond. Bounds that moved
with the clock would say something else of the same file next year."""


def read_table(
    path: Path | str,
    table: Table,
    *,
    shown: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    datum: str | None = None,
    told: Callable[[int, int], None] | None = None,
) -> TableFrame:
    """Read any file as `table`.

    Parameters
    ----------
    shown : the file's name in faults; its path relative to the current folder when not given.
    encoding, sheet : override what would be found.
    datum : canonical datum for rows that name none.
    told : told how many bytes of how many of a large file are read.

    Raises
    ------
    UsageError : the file cannot be opened or is of no known kind.
    """
    path = Path(path)
    name = shown if shown is not None else shown_path(path)
    grid = read_grid(path, table, shown=name, encoding=encoding, sheet=sheet, told=told)
    return arrange(grid, table, name, datum or "")


def parse(tf: TableFrame, *, taken: Collection[str] = (), fill_ids: bool = True) -> Parsed:
    """What the cells mean.

    Parameters
    ----------
    taken : ids that other tables use; a slug made here avoids them.
    fill_ids : give rows without an id one; without it their id stays "".
    """
    return by_row(tf, lambda rows: _parsed(rows, taken, fill_ids))[1]


def _parsed(tf: TableFrame, taken: Collection[str], fill_ids: bool) -> Parsed:
    faults = list(tf.faults)
    values: dict[str, Any] = {}

    def read(column: Column) -> tuple[Any, list[Fault]]:
        own: list[Fault] = []
        return _column(tf, column, own), own

    columns = tf.table.columns
    for column, (cells_of, own) in zip(columns, (ahead if len(tf.frame) > cols.LONG else map)(read, columns), strict=True):
        values[column.name] = cells_of
        faults += own
    for name in tf.unknown:
        values[name] = _kept(tf, name, faults)
    rows = tf.frame[ROW].to_numpy()
    if "lon" in tf.table:
        positions.settle(tf, values, faults)
    if "value_qualifier" in tf.table or "qualifier" in tf.table:
        _qualify(tf, values, "value_cny" if "value_cny" in tf.table else "value", faults)
    for column in columns:
        if column.type == "date":
            _odd_years(tf, column.name, values[column.name], faults)
    if "end" in tf.table:
        _in_order(tf, values, "start", "end", faults)
    if "valid_to" in tf.table:
        _in_order(tf, values, "valid_from", "valid_to", faults)
    if any(fault.row is None and fault.severity == "fault" for fault in faults):
        bad = frozenset(rows.tolist())
    else:
        bad = frozenset(fault.row for fault in faults if fault.row is not None and fault.severity == "fault")
    if fill_ids:
        values["id"] = ids(tf, values, taken)
    values[ROW] = rows
    faults.sort(key=lambda fault: order_of_fault(fault))
    return Parsed(frame_of(values), one_fault_each(faults), bad, tf)


def _column(tf: TableFrame, column: Column, faults: list[Fault]) -> Any:
    raw = cols.column(tf.frame, column.name)
    if column.type in ("lon", "lat"):
        return raw  # positions are read together
    if cols.arrow(raw) is not None:
        if column.type in ("text", "id") and cols.is_plain(raw):
            values = cols.trimmed(raw)
            if column.required:
                _required(tf, column, values, faults)
            return _ids_as_given(tf, values, faults) if column.name == "id" else values
        if column.type == "url" and cells.all_urls(cols.objects(raw).tolist()):
            return raw
        if column.type == "date" and not column.required and not cols.empty(raw).all():
            return _each(tf, column, raw, cells.read_date, "", faults)
        raw = cols.objects(raw)
    said = column.name in tf.typed and bool(raw.any() if cols.coded(raw) is None else any(cols.distinct(raw)))
    if column.type in ("number", "integer"):
        unit, money = tf.units.get(column.name, ""), column.name == "value_cny"

        def number(text: str) -> float:
            value, _, rest = cells.read_number(text, money=money, unit=unit, told=_UNITS.get(column.name, ""))
            if column.type == "integer" and (rest or value != int(value)):
                raise CellError("integer-form")
            return value

        return _each(tf, column, raw, number, np.nan, faults).astype(np.float64)
    empty: Any = "" if column.type not in ("texts", "ids", "roles") else ()
    if not said:
        if column.required and len(raw) and column.name in tf.typed:
            _required(tf, column, raw, faults)
        return cols.filled(len(raw), empty)
    if column.type in ("text", "id") and cols.is_plain(raw):
        values = cols.trimmed(raw)
        if column.required:
            _required(tf, column, values, faults)
        return _ids_as_given(tf, values, faults) if column.name == "id" else values
    if column.type == "url" and cells.all_urls(cols.distinct(raw)):
        return raw.copy()
    if column.type in ("text", "id"):
        read: Callable[[str], Any] = cells.clean
    elif column.type in ("texts", "ids"):
        read = cells.read_list
    elif column.type == "roles":
        read = cells.read_roles
    elif column.type == "date":
        read = cells.read_date
    elif column.type == "url":
        read = cells.read_url
    else:
        vocabulary = column.vocab or ""

        def read(text: str) -> Any:
            return cells.read_vocab(text, vocabulary)

    values = _each(tf, column, raw, read, empty, faults)
    if column.required:
        _required(tf, column, values, faults)
    if column.name == "id":
        values = _ids_as_given(tf, values, faults)
    return values


def _required(tf: TableFrame, column: Column, values: Any, faults: list[Fault]) -> None:
    rows = tf.frame[ROW].to_numpy()
    code = "name-missing" if column.name == "name" else "cell-missing"
    faults.extend(tf.fault(int(rows[at]), column.name, "", code) for at in np.flatnonzero(cols.empty(values)))


def _each(
    tf: TableFrame, column: Column, raw: Any, read: Callable[[str], Any], empty: Any, faults: list[Fault]
) -> Any:
    """Read every distinct cell once; a cell that cannot be read becomes `empty` and a fault in each row that has it."""
    codes, distinct = cols.factorized(raw)
    results: list[Any] = [empty] * len(distinct)
    wrong: dict[int, CellError] = {}
    whole = "".join(distinct)
    plain = whole.isprintable() and "\ufffd" not in whole
    for at, text in enumerate(distinct):
        if cells.clean(text):
            try:
                if not plain:
                    cells.check_characters(text)
                results[at] = read(text)
            except CellError as error:
                wrong[at] = error
    _tell(tf, column.name, raw, codes, wrong, faults)
    if isinstance(raw, np.ndarray):
        return as_objects(results)[codes]
    return cols.over_codes(results, codes) if len(results) * FEW <= len(codes) else cols.spread(results, codes)


def _tell(
    tf: TableFrame, name: str, raw: Any, codes: Codes, wrong: Mapping[int, CellError], faults: list[Fault]
) -> None:
    """A fault for each row whose cell, by its code, is a wrong one."""
    if not wrong:
        return
    rows = tf.frame[ROW].to_numpy()
    for here in np.flatnonzero(np.isin(codes, list(wrong))):
        found = wrong[int(codes[here])]
        faults.append(tf.fault(int(rows[here]), name, raw[here], found.code, **found.params))


def _kept(tf: TableFrame, name: str, faults: list[Fault]) -> Any:
    """A column that the table does not know, as it stands; what no text may hold is a fault there too."""
    raw = cols.column(tf.frame, name)
    if cols.is_plain(raw):
        return raw
    codes, distinct = cols.factorized(raw)
    wrong: dict[int, CellError] = {}
    for at, text in enumerate(distinct):
        try:
            cells.check_characters(text)
        except CellError as error:
            wrong[at] = error
    _tell(tf, name, raw, codes, wrong, faults)
    return raw


def _ids_as_given(tf: TableFrame, values: Any, faults: list[Fault]) -> Any:
    """Ids in lower case; what is no id is a fault."""
    lowered: list[int] = []
    plain = isinstance(values, np.ndarray)
    if slugs.all_ids(values) if plain else cols.all_match(values, f"(?:{slugs.ID.pattern})?"):
        return values
    values = cols.objects(values)
    rows = tf.frame[ROW].to_numpy()
    out = values.copy()
    for at, value in enumerate(values):
        if not value or slugs.ID.fullmatch(value):
            continue
        if slugs.ID.fullmatch(value.lower()):
            out[at] = value.lower()
            lowered.append(int(rows[at]))
        else:
            faults.append(tf.fault(int(rows[at]), "id", value, "id-form"))
    if lowered:
        faults.append(tf.fault(None, "id", None, "id-lowered", rows=lowered, severity="warning"))
    return out


def ids(tf: TableFrame, values: Mapping[str, Any], taken: Container[str] = ()) -> Any:
    """The ids of all rows, filled where there is none."""
    given = values["id"]
    if not cols.empty(given).any():
        return given
    given = cols.objects(given)
    filled = np.empty(len(given), dtype=object)
    filled[:] = slugs.fill(*naming(tf, given), given.tolist(), taken)
    return filled


def naming(tf: TableFrame, given: Texts) -> tuple[list[str], Callable[[int], str]]:
    """What the ids of rows without one are made of: a text a row, "" for rows with an id, and all that each row says."""
    parts: Sequence[str] = {
        "corridor_legs": ("corridor", "seq", "from", "to"),
        "indicators": ("subject", "name", "period"),
        "sources": ("title",),
    }.get(tf.table.name, ("name",))
    frame = tf.frame
    told = [cells.clean_all(cols.objects(cols.column(frame, part)).tolist()) for part in parts]
    names = ["" if own else " ".join(words) for own, words in zip(given, zip(*told, strict=True), strict=True)]
    return names, _Contents(tf)


class _Contents:
    """What each row says apart from its id, as one text; some thousand rows at a time are made and kept."""

    _ROWS = 20_000

    def __init__(self, tf: TableFrame) -> None:
        said = sorted(str(name) for name in tf.frame if name not in (ROW, "id") and (name in tf.typed or name in tf.unknown))
        self._columns = {name: cols.column(tf.frame, name) for name in said}
        self._first, self._texts = 0, list[str]()

    def __call__(self, at: int) -> str:
        if not self._first <= at < self._first + len(self._texts):
            self._first = at - at % self._ROWS
            self._texts = self._made(slice(self._first, self._first + self._ROWS))
        return self._texts[at - self._first]

    def _made(self, rows: slice) -> list[str]:
        columns = [
            [f"{name}\x1e{text}" if text else "" for text in cells.clean_all(cols.objects(values[rows]).tolist())]
            for name, values in self._columns.items()
        ]
        return ["\x1f".join(filter(None, row)) for row in zip(*columns, strict=True)] or [""] * self._ROWS


def _qualify(tf: TableFrame, values: dict[str, Any], name: str, faults: list[Fault]) -> None:
    """A 约 that stands in the number goes to the qualifier, and the unit behind the number, or in its header, to the unit, where
    these are empty; a number in another unit than its row's is a fault."""
    raw, rows = tf.frame[name].to_numpy(), tf.frame[ROW].to_numpy()
    money, unit = name == "value_cny", tf.units.get(name, "")
    qualifier = "value_qualifier" if money else "qualifier"
    for filled in {qualifier, "unit"} & {*values}:
        values[filled] = cols.objects(values[filled]).copy()
    for at in np.flatnonzero(~np.isnan(values[name])):
        if not unit and raw[at].isascii() and raw[at].replace(".", "", 1).isdigit():
            continue
        told = "" if money else values["unit"][at]
        try:
            values[name][at], said, own = cells.read_number(raw[at], money=money, unit=unit, told=told)
        except CellError as error:
            values[name][at] = np.nan
            faults.append(tf.fault(int(rows[at]), name, raw[at], error.code, **error.params))
            continue
        if said and not values[qualifier][at]:
            values[qualifier][at] = said
        if own and not money and not told:
            values["unit"][at] = own


def _odd_years(tf: TableFrame, name: str, values: Any, faults: list[Fault]) -> None:
    """A warning for dates that cannot be meant: 1021-09-09, 2202-09."""
    first, last = YEARS
    odd = [date for date in cols.distinct(values) if date and not first <= int(date[:4]) <= last]
    if odd:
        rows = tf.frame[ROW].to_numpy()[cols.among(values, odd)].tolist()
        params = {"rows": rows, "values": odd, "first": first, "last": last}
        faults.append(tf.fault(None, name, None, "date-odd-year", severity="warning", **params))


def _in_order(tf: TableFrame, values: Mapping[str, Any], first: str, last: str, faults: list[Fault]) -> None:
    start, end = values[first], values[last]
    here = np.flatnonzero(~cols.empty(start) & ~cols.empty(end)) if not cols.empty(end).all() else ()
    if not len(here):
        return
    rows = tf.frame[ROW].to_numpy()
    start, end = cols.objects(start), cols.objects(end)
    for at in here:
        length = min(len(start[at]), len(end[at]))
        if start[at][:length] > end[at][:length]:
            faults.append(tf.fault(int(rows[at]), last, end[at], "date-backwards", start=start[at]))
