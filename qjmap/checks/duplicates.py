"""Which rows of a table a new row may be: the same, the same thing said otherwise, or another thing of the same name."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from qjmap import datum
from qjmap.schema import LIST_SEPARATOR, PRECISION_RADIUS_M, fold
from qjmap.tables import ROW, Parsed, cells
from qjmap.tables import columns as cols
from qjmap.tables.angles import read_angle

_METRES_PER_DEGREE = 111_320.0
_UNKNOWN_DATUM_M = 1_200.0  # a datum that is missing on one side puts the same thing that far off


@dataclass
class Entry:
    """A row: what it says, where it stands."""

    record: dict[str, str]
    file: str
    row: int
    id: str


class Index:
    """The rows of the table by id and by name; rows that are added join it, so that a file is held against itself too.

    Of a long table only those rows are indexed that a row of `sought` may be.
    """

    def __init__(self, table: str, parsed: Parsed | None = None, sought: Parsed | None = None) -> None:
        self._by_id: dict[str, Entry] = {}
        self._by_name: dict[str, list[Entry]] = {}
        self._table = table
        if parsed is None:
            return
        if sought is not None and len(parsed.frame) > cols.LONG and parsed.title == name_column(table) == sought.title:
            parsed = _alike(parsed, sought)
        for record, own, row in zip(records(parsed), parsed.frame["id"], parsed.frame[ROW], strict=True):
            self.enter(Entry(record, parsed.raw.file, int(row), own))

    def enter(self, entry: Entry) -> None:
        """Take in a row."""
        self._by_id.setdefault(entry.id, entry)
        key = self._key(entry.record)
        if key:
            self._by_name.setdefault(key, []).append(entry)

    def _key(self, record: dict[str, str]) -> str:
        names = {
            "indicators": ("subject", "name", "period", "kind"),
            "corridor_legs": ("corridor", "seq", "from", "to"),
        }
        return "\x1f".join(
            cells.fold_value(record.get(name, "")) for name in names.get(self._table, (name_column(self._table),))
        ).strip("\x1f")

    def twin(self, record: dict[str, str], own: str, given: bool) -> Entry | None:
        """The row that this one is, or may be taken for: by its id, else by its name within its radius, the most alike first."""
        if given:  # a row that brings an id of its own is a thing of its own, whatever its name
            return self._by_id.get(own)
        return min(self.alike(record), key=lambda entry: len(differing(record, entry.record)), default=None)

    def alike(self, record: dict[str, str]) -> list[Entry]:
        """The rows of the same name that are not surely somewhere else."""
        key = self._key(record)
        return [entry for entry in self._by_name.get(key, ()) if _near(record, entry.record)] if key else []


def _alike(parsed: Parsed, sought: Parsed) -> Parsed:
    """The rows of a long table that some row of another may be: of the same id or name."""
    ids, own = (cols.column(one.frame, "id") for one in (parsed, sought))
    here = (
        cols.among(ids, cols.distinct(own))
        | cols.among(parsed.keys, cols.distinct(sought.keys))
        | cols.empty(parsed.keys)
    )
    raw = replace(parsed.raw, frame=parsed.raw.frame[here])
    return replace(parsed, frame=parsed.frame[here], raw=raw)


def name_column(table: str) -> str:
    """The column that says what a row of the table is called."""
    return {"sources": "title", "corridor_legs": "corridor"}.get(table, "name")


def same_name(name: str, aliases: Iterable[str], other: str, others: Iterable[str]) -> bool:
    """Whether two rows go by one name: the name or an alias of one is that of the other. Who has none contradicts nobody."""
    ours, theirs = ({fold(word) for word in words if word} - {""} for words in ((name, *aliases), (other, *others)))
    return not ours or not theirs or not ours.isdisjoint(theirs)


def names_of(record: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    """The name and the aliases of a row as `records` gives it."""
    return record.get("name", record.get("title", "")), cells.read_list(record.get("aliases", ""))


def _near(one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether two rows of one name may be one thing: they are, unless both have positions further apart than these may be off."""
    points = []
    for record in (one, other):
        pair = [angle.degrees if (angle := read_angle(record.get(name, ""))) else math.nan for name in ("lon", "lat")]
        if any(math.isnan(value) for value in pair):
            return True
        x, y = datum.to_wgs84([pair[0]], [pair[1]], record.get("datum", ""))
        points.append((float(x[0]), float(y[0])))
    (x1, y1), (x2, y2) = points
    apart = math.hypot((x1 - x2) * math.cos(math.radians((y1 + y2) / 2)), y1 - y2) * _METRES_PER_DEGREE
    return apart <= _UNKNOWN_DATUM_M + sum(
        PRECISION_RADIUS_M[record.get("precision") or "site"] for record in (one, other)
    )


def differing(new: dict[str, str], there: dict[str, str]) -> list[str]:
    """The columns in which the new row says something that the row there does not."""
    return [name for name, value in new.items() if name != "id" and value and not _same(value, there.get(name, ""))]


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def records(parsed: Parsed) -> list[dict[str, str]]:
    """Each row as the table would hold it: column -> cell, empty cells left out, the id only where it was given.

    Vocabulary, dates, numbers, lists and references are written in their canonical form; names, texts and positions as
    typed, without the blanks around them. The datum is the one that holds for the row.
    """
    columns: dict[str, list[str]] = {}
    frame, raw = parsed.frame, parsed.raw.frame
    for column in parsed.raw.table.columns:
        values = frame[column.name].to_numpy()
        if column.type in ("lon", "lat"):
            columns[column.name] = [cells.clean(value) for value in frame[f"orig_{column.name}"]]
        elif column.type in ("texts", "ids"):
            columns[column.name] = [LIST_SEPARATOR.join(value) for value in values]
        elif column.type == "roles":
            columns[column.name] = [LIST_SEPARATOR.join(f"{who}:{role}" for who, role in value) for value in values]
        elif column.type in ("number", "integer"):
            columns[column.name] = [
                "" if np.isnan(value) else cells.plain_number(value) for value in values.astype(np.float64)
            ]
        elif column.name == "id":
            columns[column.name] = [cells.clean(value).lower() for value in raw["id"]]
        else:
            columns[column.name] = [str(value) for value in values]
    for name in parsed.raw.unknown:
        columns[name] = [str(value) for value in raw[name]]
    names = list(columns)
    return [
        {name: value for name, value in zip(names, values, strict=True) if value}
        for values in zip(*columns.values(), strict=True)
    ]
