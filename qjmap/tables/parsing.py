"""Any file -> a checked frame and a list of faults, all of them at once.

`read_table` gives the cells as typed under canonical column names; `parse` gives what they mean. Bad rows stay in the
frame and are named in `bad_rows`, so that nothing vanishes and nobody takes them by mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from qjmap.errors import Fault
from qjmap.project import shown_path
from qjmap.schema import Column, Table
from qjmap.tables import cells, positions, slugs
from qjmap.tables.cells import CellError
from qjmap.tables.frames import ROW, Parsed, TableFrame, Texts, arrange, frame_of, order_of_fault
from qjmap.tables.readers import read_grid


def read_table(
    path: Path | str,
    table: Table,
    *,
    shown: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    datum: str | None = None,
) -> TableFrame:
    """Read any file as `table`.

    Parameters
    ----------
    shown : the file's name in faults; its path relative to the current folder when not given.
    encoding, sheet : override what would be found.
    datum : canonical datum for rows that name none.

    Raises
    ------
    UsageError : the file cannot be opened or is of no known kind.
    """
    path = Path(path)
    name = shown if shown is not None else shown_path(path)
    return arrange(read_grid(path, table, shown=name, encoding=encoding, sheet=sheet), table, name, datum or "")


def parse(tf: TableFrame, *, taken: Collection[str] = (), fill_ids: bool = True) -> Parsed:
    """What the cells mean.

    Parameters
    ----------
    taken : ids that other tables use; a slug made here avoids them.
    fill_ids : give rows without an id one; without it their id stays "".
    """
    faults = list(tf.faults)
    values: dict[str, Any] = {}
    for column in tf.table.columns:
        values[column.name] = _column(tf, column, faults)
    for name in tf.unknown:
        values[name] = tf.frame[name].to_numpy()
    rows = tf.frame[ROW].to_numpy()
    if "lon" in tf.table:
        positions.settle(tf, values, faults)
    if "value_qualifier" in tf.table or "qualifier" in tf.table:
        _qualify(tf, values, "value_cny" if "value_cny" in tf.table else "value")
    if "end" in tf.table:
        _in_order(tf, values, "start", "end", faults)
    if "valid_to" in tf.table:
        _in_order(tf, values, "valid_from", "valid_to", faults)
    if any(fault.row is None and fault.severity == "fault" for fault in faults):
        bad = frozenset(int(row) for row in rows)
    else:
        bad = frozenset(fault.row for fault in faults if fault.row is not None and fault.severity == "fault")
    if fill_ids:
        values["id"] = ids(tf, values, taken)
    values[ROW] = rows
    faults.sort(key=lambda fault: order_of_fault(fault))
    return Parsed(frame_of(values), tuple(faults), bad, tf)


def _column(tf: TableFrame, column: Column, faults: list[Fault]) -> Any:
    raw: Texts = tf.frame[column.name].to_numpy()
    if column.type in ("lon", "lat"):
        return raw  # positions are read together
    if column.type in ("number", "integer"):
        unit, money = tf.units.get(column.name, ""), column.name == "value_cny"

        def number(text: str) -> float:
            value = cells.read_number(text, money=money, unit=unit)[0]
            if column.type == "integer" and value != int(value):
                raise CellError("integer-form")
            return value

        return _each(tf, column, raw, number, np.nan, faults).astype(np.float64)
    empty: Any = "" if column.type not in ("texts", "ids", "roles") else ()
    if not raw.any():
        if column.required and len(raw) and column.name in tf.typed:
            _required(tf, column, raw, faults)
        return _filled(len(raw), empty)
    if column.type in ("text", "id") and (whole := "".join(raw)).isprintable() and "\ufffd" not in whole:
        values = np.empty(len(raw), dtype=object)
        values[:] = cells.clean_all(raw.tolist())
        if column.required:
            _required(tf, column, values, faults)
        return _ids_as_given(tf, values, faults) if column.name == "id" else values
    if column.type == "url" and cells.all_urls(raw.tolist()):
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


def _required(tf: TableFrame, column: Column, values: Texts, faults: list[Fault]) -> None:
    rows = tf.frame[ROW].to_numpy()
    code = "name-missing" if column.name == "name" else "cell-missing"
    faults.extend(tf.fault(int(rows[at]), column.name, "", code) for at in np.flatnonzero(values == ""))


def _filled(count: int, value: Any) -> Texts:
    column = np.empty(count, dtype=object)
    column.fill(value)
    return column


def _each(
    tf: TableFrame, column: Column, raw: Texts, read: Callable[[str], Any], empty: Any, faults: list[Fault]
) -> Texts:
    """Read every distinct cell once; a cell that cannot be read becomes `empty` and a fault in each row that has it."""
    codes, distinct = pd.factorize(raw)
    results = np.empty(len(distinct), dtype=object)
    wrong: dict[int, CellError] = {}
    whole = "".join(distinct)
    plain = whole.isprintable() and "\ufffd" not in whole
    for at, text in enumerate(distinct):
        results[at] = empty
        if cells.clean(text):
            try:
                if not plain:
                    cells.check_characters(text)
                results[at] = read(text)
            except CellError as error:
                wrong[at] = error
    if wrong:
        rows = tf.frame[ROW].to_numpy()
        for here in np.flatnonzero(np.isin(codes, list(wrong))):
            found = wrong[int(codes[here])]
            faults.append(tf.fault(int(rows[here]), column.name, raw[here], found.code, **found.params))
    return results[codes]


def _ids_as_given(tf: TableFrame, values: Texts, faults: list[Fault]) -> Texts:
    """Ids in lower case; what is no id is a fault."""
    lowered: list[int] = []
    if slugs.all_ids(values):
        return values
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


def ids(tf: TableFrame, values: Mapping[str, Any], taken: Collection[str] = ()) -> Texts:
    """The ids of all rows, filled where there is none."""
    given: Texts = values["id"]
    if np.all(given != ""):
        return given
    parts: Sequence[str] = {
        "corridor_legs": ("corridor", "seq", "from", "to"),
        "indicators": ("subject", "name", "period"),
        "sources": ("title",),
    }.get(tf.table.name, ("name",))
    here = np.flatnonzero(given == "")
    frame = tf.frame
    texts = {name: frame[name].to_numpy() for name in frame.columns if name not in (ROW, "id")}
    names, contents = [""] * len(given), [""] * len(given)
    for at in here:
        names[at] = " ".join(cells.clean(texts[part][at]) for part in parts)
        contents[at] = "\x1f".join(
            f"{name}\x1e{cells.clean(texts[name][at])}" for name in sorted(texts) if cells.clean(texts[name][at])
        )
    filled = np.empty(len(given), dtype=object)
    filled[:] = slugs.fill(names, contents, list(given), taken)
    return filled


def _qualify(tf: TableFrame, values: dict[str, Any], name: str) -> None:
    """A 约 that stands in the number goes to the qualifier, and the unit behind the number to the unit, where these are empty."""
    raw = tf.frame[name].to_numpy()
    qualifier = "value_qualifier" if name == "value_cny" else "qualifier"
    for at in np.flatnonzero(~np.isnan(values[name])):
        if raw[at].isascii() and raw[at].replace(".", "", 1).isdigit():
            continue
        _, said, unit = cells.read_number(raw[at], money=name == "value_cny", unit=tf.units.get(name, ""))
        if said and not values[qualifier][at]:
            values[qualifier][at] = said
        if unit and name == "value" and not values["unit"][at]:
            values["unit"][at] = unit


def _in_order(tf: TableFrame, values: Mapping[str, Any], first: str, last: str, faults: list[Fault]) -> None:
    start, end = values[first], values[last]
    rows = tf.frame[ROW].to_numpy()
    for at in np.flatnonzero((start != "") & (end != "")):
        length = min(len(start[at]), len(end[at]))
        if start[at][:length] > end[at][:length]:
            faults.append(tf.fault(int(rows[at]), last, end[at], "date-backwards", start=start[at]))
