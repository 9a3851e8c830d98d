"""Data of a table: the cells as typed (`TableFrame`), and the parsed values with their faults (`Parsed`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap import performance_settings
from qjmap.engine.prefetch import prefetch
from qjmap.errors import Fault
from qjmap.i18n import Note
from qjmap.schema import TABLES, Table, fold
from qjmap.tables.columns import operations as cols
from qjmap.tables.own_columns import ColumnFacts, facts_of, own_names
from qjmap.vocabulary import BUILT_IN, Vocabularies

Texts = npt.NDArray[np.object_]

_DERIVED_LISTS = ("modes", "grades", "legs")
"""Columns of lists that the model adds to corridors and to their legs."""
ROW = "_row"
"""Name of the column of row numbers (int64), which every frame has. They are those that a spreadsheet or text editor shows for the file, so
the first row below a header in row 1 has the number 2.
"""


@dataclass(frozen=True)
class TableFrame:
    """The cells of a file as typed, arranged under the columns of a table.

    Attributes
    ----------
    table, file : definition of the table; the file's name in messages.
    frame : texts, "" for empty cells: all canonical columns in the schema's order (empty texts for those that the file lacks), the columns
        that the table does not define, and `ROW`. Each column of texts has one of the dtypes of `columns.dtypes`: object, str over Arrow,
        or category.
    faults, notes : faults and warnings of the file's structure, headers and unreadable cells; notes on how the columns were read.
    header, cells : all columns of the file in its order, with headers as typed; used to return refused rows.
    typed : canonical column -> its header as typed; headers of several columns that were joined into it are separated by 、.
    letters : column -> its letter in a spreadsheet (of joined columns the first); empty for a file whose columns have no letters.
    unknown : columns that the table does not define.
    places : column -> its index in the file, from 0; "lonlat" for a column of coordinate pairs. Columns of running numbers and columns that
        were joined into another one have their headers as keys.
    units : canonical column -> unit in its header.
    datum : canonical datum of rows that name none, from a header, the file or the caller; "" for none.
    sheet : name of the worksheet; None for other files.
    encoding, delimiter : of delimited text, else "".
    header_row : row number of the header; 0 if the file has none.
    vocabularies : words that cells may hold.
    near : header of a column without a meaning that resembles a column which the file lacks (name, title, longitude, latitude or
        address; see `similar_headers`) -> that column.
    """

    table: Table
    file: str
    frame: pd.DataFrame
    faults: tuple[Fault, ...]
    header: tuple[str, ...]
    notes: tuple[Note, ...] = ()
    cells: tuple[Texts, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    datum: str = ""
    sheet: str | None = None
    encoding: str = ""
    delimiter: str = ""
    header_row: int = 1
    vocabularies: Vocabularies = BUILT_IN
    near: Mapping[str, str] = field(default_factory=dict)

    def fault(self, row: int | None, column: str | None, value: str | None, code: str, **params: object) -> Fault:
        """Make a fault of this file; `column` is the canonical name. `severity="warning"` in `params` makes it a warning."""
        severity = params.pop("severity", "fault")
        return Fault(
            self.file, row, self.typed.get(column, column) if column else None, value, code, params,
            "warning" if severity == "warning" else "fault", self.letters.get(column) if column else None, self.sheet,
        )  # fmt: skip


@dataclass(frozen=True)
class IncludedRows:
    """Rows of projects that the project includes, to which its own rows may refer.

    Attributes
    ----------
    rows : id -> (table, name of the file in messages, row number, name of the row).
    ids : every id that such a row has, or had before rows of several projects were joined into one -> id in `rows`.
    names : table -> folded name or alias -> ids of the rows that have it.
    places : id -> typed row of the table places.
    named : rows of `places` for the places that rows of the project name, and for those that contain them.
    """

    rows: Mapping[str, tuple[str, str, int, str]] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    places: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    named: tuple[Mapping[str, Any], ...] = ()

    def find(self, typed: str, tables: Sequence[str]) -> tuple[str, ...]:
        """Return the ids of the rows that a reference may mean: of the row with that id, current or former, else of those with that name
        or alias.

        Parameters
        ----------
        tables : tables whose rows may be meant; empty for all.
        """
        own = self.ids.get(typed, self.ids.get(typed.lower(), ""))
        if own and (not tables or self.rows[own][0] in tables):
            return (own,)
        key = fold(typed)
        found = (one for table in tables or TABLES for one in self.names.get(table, {}).get(key, ()))
        return tuple(dict.fromkeys(found))

    def naming(self, references: Collection[str]) -> IncludedRows:
        """Return a copy whose `named` holds the places that `references` name, and the places that contain them."""
        wanted, open_ = dict[str, Mapping[str, Any]](), [one for one in references if one in self.places]
        while open_:
            one = open_.pop()
            if one not in wanted and one in self.places:
                wanted[one] = self.places[one]
                open_.append(str(wanted[one]["parent"]))
        return replace(self, named=tuple(wanted[one] for one in sorted(wanted)))


@dataclass(frozen=True)
class Parsed:
    """The typed values of a file's cells, and its faults.

    Attributes
    ----------
    frame : as `TableFrame.frame`, with typed columns: lists as tuple[str, ...], roles as tuple[tuple[id, role], ...],
        lon, lat and numbers as float64 (NaN if empty or unreadable; degrees in the row's datum), vocabulary columns as canonical
        values, dates as ISO 8601 texts, missing ids generated (unless `parse` was told not to). Words that an open vocabulary does not
        have are in `category_word` and similar columns, "" elsewhere. Tables with positions also have the cells as typed: `orig_lon`,
        `orig_lat`, `orig_datum`. `datum` is the one that applies to the row, "" if none is stated.
    faults : faults and warnings of the cells and of the file.
    bad_rows : row numbers of the rows with a fault (a warning does not count); of all rows if a fault is about the whole file.
    raw : the cells as typed.
    notes : say how the cells were read.
    implied : only of the table places: implied places, each as column -> value.
    included : only of the table places: rows of all tables of the projects that the project includes.
    """

    frame: pd.DataFrame
    faults: tuple[Fault, ...]
    bad_rows: frozenset[int]
    raw: TableFrame
    notes: tuple[Note, ...] = ()
    implied: tuple[Mapping[str, Any], ...] = ()
    included: IncludedRows = field(default_factory=IncludedRows)

    @property
    def title(self) -> str:
        """The name of the column by which a row is named: "name", "title" or "id"."""
        return next(name for name in ("name", "title", "id") if name in self.raw.table)

    @cached_property
    def keys(self) -> Any:
        """The folded name of each row: an object array, or an Arrow column if the names are one."""
        return cols.folded(cols.column(self.frame, self.title))

    @cached_property
    def shared_ids(self) -> cols.Mask:
        """Mask of rows whose id another row has too."""
        return cols.duplicated(cols.column(self.frame, "id"))

    @cached_property
    def shared_keys(self) -> cols.Mask:
        """Mask of rows whose folded name another row has too."""
        return cols.duplicated(self.keys)

    @cached_property
    def own_facts(self) -> dict[str, ColumnFacts]:
        """Header -> facts about the cells, for each column that the table does not define."""
        names = own_names(self.raw.table, self.frame)
        return {name: facts_of(name, cols.column(self.frame, name)) for name in names}

    def with_columns(self, columns: Mapping[str, Any]) -> Parsed:
        """Return the table with some columns replaced; the cached `keys`, `shared_ids` and `shared_keys` are kept if they do not change."""
        lost = {
            name
            for name, column in (("shared_ids", "id"), ("keys", self.title), ("shared_keys", self.title))
            if column in columns
        }
        return self._kept(
            replace(self, frame=with_columns(self.frame, columns)), {"shared_ids", "keys", "shared_keys"} - lost
        )

    def with_faults(self, faults: tuple[Fault, ...], bad_rows: frozenset[int]) -> Parsed:
        """Return the table with other faults and bad rows; the cached `keys`, `shared_ids` and `shared_keys` are kept."""
        return self._kept(replace(self, faults=faults, bad_rows=bad_rows), {"shared_ids", "keys", "shared_keys"})

    def _kept(self, changed: Parsed, names: set[str]) -> Parsed:
        """Copy the cached results of some names to a changed copy of the table, and return it."""
        known = vars(self)
        vars(changed).update((name, known[name]) for name in sorted(names) if name in known)
        return changed

    def compute_shared(self) -> None:
        """Compute and cache `shared_ids` and `shared_keys` of a long table in parallel; Arrow releases the GIL."""
        if len(self.frame) > performance_settings.THREAD_ROWS:
            for _ in prefetch(lambda name: getattr(self, name), ["shared_ids", "shared_keys"]):
                pass

    @property
    def good(self) -> pd.DataFrame:
        """The rows without a fault."""
        return self.frame[~self.frame[ROW].isin(list(self.bad_rows))] if self.bad_rows else self.frame

    @property
    def whole(self) -> pd.DataFrame:
        """`frame`, followed by the implied rows with the row number 0."""
        return with_rows(self.frame, self.implied)


def with_rows(frame: pd.DataFrame, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Append rows, each as column -> value, to a typed frame. In a row that lacks a column it is "", lon and lat NaN, and `ROW` 0."""
    if not rows:
        return frame
    columns: dict[str, Any] = {}
    for name in map(str, frame):
        former = cols.column(frame, name)
        empty = 0 if name == ROW else np.nan if name in ("lon", "lat") else ""
        values = [row.get(name, empty) for row in rows]
        if name in (ROW, "lon", "lat"):
            columns[name] = np.concatenate(
                [frame[name].to_numpy(), np.array(values, dtype=np.int64 if name == ROW else np.float64)]
            )
            continue
        columns[name] = np.fromiter(
            [*cols.to_objects(former).tolist(), *values], dtype=object, count=len(frame) + len(rows)
        )
    return frame_of(columns)


def frame_of(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Make a frame with the index 0, 1, 2 ... from name -> column; object arrays of Python strings become Arrow columns."""
    # Share one index: otherwise pandas makes one for each column, and compares them.
    index = pd.RangeIndex(len(next(iter(columns.values()), ())))
    return pd.DataFrame(_series(columns, index), index=index, copy=False)


def filled_words(table: Table, frame: pd.DataFrame) -> frozenset[str]:
    """Return the columns of words as typed (keys of `WORD_COLUMNS`) that are filled in some row."""
    return frozenset(
        name for name in table.word_columns if name in frame and not cols.is_empty(cols.column(frame, name)).all()
    )


def with_columns(frame: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return `frame` with some columns replaced, converted as `frame_of` converts them."""
    return frame.assign(**_series(columns, frame.index))


def _series(columns: Mapping[str, Any], index: pd.Index[Any]) -> dict[str, pd.Series[Any]]:
    texts = {name: cols.as_texts(values) if len(values) else values for name, values in columns.items()}
    return {
        name: pd.Series(values, index=index, dtype=object if values.dtype == object else None, copy=False)
        for name, values in texts.items()
    }


def public_frame(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Copy a frame of an atlas with dtypes that do not depend on its rows: `str` for texts, coded ones too, object for lists (tuples)."""
    lists = {*_DERIVED_LISTS}
    if table in TABLES:
        lists |= {column.name for column in TABLES[table].columns if column.type in ("texts", "ids", "roles")}
    texts = [
        name
        for name in frame
        if (len(frame) and not isinstance(frame[name].iloc[0], tuple)) or (not len(frame) and name not in lists)
        if frame[name].dtype == object or isinstance(frame[name].dtype, pd.CategoricalDtype)
    ]
    return frame.copy().astype(dict.fromkeys(texts, "str"))


def order_of_fault(fault: Fault) -> tuple[Any, ...]:
    """Return the sort key of a fault: by file, faults of the whole file first, then by row and by column in spreadsheet order."""
    row = -1 if fault.row is None else fault.row
    letter = fault.letter or ""
    return fault.file, row, len(letter), letter, fault.column or "", fault.code, fault.value or "", repr(fault.params)
