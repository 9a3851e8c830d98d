"""The rows of a table as records, dicts of column -> cell, as they are written into tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress, count
from typing import Any

import numpy as np

from qjmap.schema import LIST_SEPARATOR
from qjmap.tables import Parsed, cell_values, numbers
from qjmap.tables.columns import operations as cols
from qjmap.tables.table_frame import Texts


class Records(Sequence[dict[str, str]]):
    """A sequence of records, stored by column. As dicts they have no empty cells.

    Attributes
    ----------
    columns : column -> object array of the cells of all records, "" for an empty one.
    """

    def __init__(self, columns: Mapping[str, Texts], rows: int) -> None:
        self.columns = dict(columns)
        self._rows = rows

    @classmethod
    def of(cls, records: Sequence[Mapping[str, str]]) -> Records:
        """Return records, given as dicts, stored by column."""
        names = dict.fromkeys(name for record in records for name in record)
        columns = {name: cols.object_array([record.get(name, "") for record in records]) for name in names}
        return cls(columns, len(records))

    def __len__(self) -> int:
        return self._rows

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return list(self)[index]
        return {name: cell for name, values in self.columns.items() if (cell := values[index])}

    def __iter__(self) -> Iterator[dict[str, str]]:
        names = list(self.columns)
        rows = zip(*(values.tolist() for values in self.columns.values()), strict=True) if names else ((),) * len(self)
        for row in rows:
            yield {name: cell for name, cell in zip(names, row, strict=True) if cell}

    def take(self, mask: cols.Mask) -> Records:
        """Return the records that a mask selects."""
        if mask.all():
            return Records(self.columns, self._rows)
        return Records({name: values[mask] for name, values in self.columns.items()}, int(mask.sum()))

    def with_ids(self, ids: Sequence[str]) -> Records:
        """Return the records with the given ids. If the first record has no id so far, the column `id` becomes the last one."""
        columns = dict(self.columns)
        if len(self) and "id" in columns and not columns["id"][0]:
            del columns["id"]
        return Records({**columns, "id": cols.object_array(ids)}, self._rows)

    def names(self) -> list[str]:
        """Return the columns with any filled cell, sorted by the index of the first record whose cell is filled."""
        first = {name: next(compress(count(), values), len(self)) for name, values in self.columns.items()}
        return sorted((name for name, at in first.items() if at < len(self)), key=first.__getitem__)


def records_of(parsed: Parsed) -> Records:
    """Return the rows as records of the table's columns and its own columns. An id is that in the file, in lower case; none is generated.

    Words of a vocabulary, dates, numbers, lists and references are in their canonical form; names, texts and positions are as typed,
    without blanks around them. The datum is the one that applies to the row.
    """
    frame, raw = parsed.frame, parsed.raw.frame
    columns: dict[str, Texts] = {}
    for column in parsed.raw.table.columns:
        values = cols.column(frame, column.name)
        if column.type in ("lon", "lat"):
            columns[column.name] = _cleaned(cols.column(frame, f"orig_{column.name}"))
        elif column.name == "id":
            columns[column.name] = cols.object_array([own.lower() for own in _cleaned(cols.column(raw, "id"))])
        elif column.type in ("number", "integer"):
            figures = np.asarray(values, dtype=np.float64).tolist()
            columns[column.name] = _texts(
                "" if figure != figure else numbers.plain_number(figure) for figure in figures
            )
        elif column.type == "roles":
            columns[column.name] = _texts(map(_joined_roles, values))
        elif column.type in ("texts", "ids"):
            columns[column.name] = _texts(map(LIST_SEPARATOR.join, values))
        else:
            columns[column.name] = cols.to_objects(values)
    for words, name in parsed.raw.table.word_columns.items():
        columns[name] = cols.to_objects(cols.where_filled(cols.column(frame, words), columns[name]))
    for name in parsed.raw.unknown:
        columns[name] = cols.to_objects(cols.column(raw, name))
    return Records(columns, len(frame))


def _cleaned(values: Any) -> Texts:
    return cols.object_array(cell_values.clean_all(cols.to_objects(values).tolist()))


def _texts(texts: Iterable[str]) -> Texts:
    return cols.object_array([*texts])


def _joined_roles(roles: Sequence[tuple[str, str]]) -> str:
    return LIST_SEPARATOR.join([f"{who}:{role}" for who, role in roles])
