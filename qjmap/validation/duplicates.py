"""Find the row of a table that a new row repeats, by id or by name and position."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from qjmap import datum
from qjmap.schema import PRECISION_RADIUS_M, fold, fold_value
from qjmap.tables import ROW, Parsed, cell_values
from qjmap.tables.angles import read_angle
from qjmap.tables.columns import operations as cols
from qjmap.validation.long_tables import is_long
from qjmap.validation.row_records import records_of

_METRES_PER_DEGREE = 111_320.0
"""Length of a degree on the ground, in metres: of latitude, and of longitude at the equator."""
_UNKNOWN_DATUM_M = 1_200.0
"""Greatest offset between datums in metres. It is always allowed for, because one of two positions may lack its datum."""


@dataclass
class Entry:
    """A row in a `DuplicateIndex`.

    Attributes
    ----------
    record : column -> cell.
    file, row, id : name of the file in messages, row number and id of the row.
    is_new : whether the row comes from the file that is added, not from the table.
    """

    record: dict[str, str]
    file: str
    row: int
    id: str
    is_new: bool = False


class DuplicateIndex:
    """Index of the rows of a table by id and by name. Rows to be added enter it too, so that a file is compared with itself.

    Parameters
    ----------
    table : name of the table.
    parsed : the rows to index; None for an empty index.
    sought : rows that will be looked up. Of a long table only rows that share an id or a name with one of them, or that have no name, are
        indexed. None to index all rows.
    """

    def __init__(self, table: str, parsed: Parsed | None = None, sought: Parsed | None = None) -> None:
        self._by_id: dict[str, Entry] = {}
        self._by_name: dict[str, list[Entry]] = {}
        self._table = table
        if parsed is None:
            return
        if sought is not None and is_long(len(parsed.frame)) and parsed.title == name_column(table) == sought.title:
            parsed = _candidates(parsed, sought)
        ids = cols.to_objects(cols.column(parsed.frame, "id")).tolist()
        for record, identifier, row in zip(records_of(parsed), ids, parsed.frame[ROW].tolist(), strict=True):
            self.add(Entry(record, parsed.raw.file, row, identifier))

    def add(self, entry: Entry) -> None:
        """Add a row."""
        self._by_id.setdefault(entry.id, entry)
        key = self._key(entry.record)
        if key:
            self._by_name.setdefault(key, []).append(entry)

    def _key(self, record: dict[str, str]) -> str:
        """Return the folded cells that identify a record without an id, joined to one text: its name, or several cells of an indicator or
        leg. "" if they are empty.
        """
        names = {
            "indicators": ("subject", "name", "period", "kind"),
            "corridor_legs": ("corridor", "seq", "from", "to"),
        }
        return "\x1f".join(
            fold_value(record.get(name, "")) for name in names.get(self._table, (name_column(self._table),))
        ).strip("\x1f")

    def duplicate(self, record: dict[str, str], identifier: str, has_id: bool) -> Entry | None:
        """Return the row that a record repeats; None if there is none.

        With an id it is the row with that id. Without an id it is one of its `namesakes`: one with the same content, else one of the table,
        else one of the file; of several the one with the fewest differing cells.

        Parameters
        ----------
        identifier : the record's id, which may be a generated one.
        has_id : whether the id is typed in the file.
        """
        if has_id:
            return self._by_id.get(identifier)

        def difference(entry: Entry) -> tuple[bool, bool, int]:
            count = len(changed_columns(record, entry.record))
            return count > 0, entry.is_new, count

        return min(self.namesakes(record), key=difference, default=None)

    def namesakes(self, record: dict[str, str]) -> list[Entry]:
        """Return the rows of the same name (see `_key`) whose positions may be equal within their uncertainty."""
        key = self._key(record)
        return [entry for entry in self._by_name.get(key, ()) if _may_coincide(record, entry.record)] if key else []


def _candidates(parsed: Parsed, sought: Parsed) -> Parsed:
    """Return the rows of `parsed` that share an id or a name with a row of `sought`, or have no name."""
    ids, sought_ids = (cols.column(rows.frame, "id") for rows in (parsed, sought))
    mask = cols.isin(ids, cols.unique(sought_ids)) | cols.isin(parsed.keys, cols.unique(sought.keys))
    mask |= cols.is_empty(parsed.keys)
    raw = replace(parsed.raw, frame=parsed.raw.frame[mask])
    return replace(parsed, frame=parsed.frame[mask], raw=raw)


def name_column(table: str) -> str:
    """Return the column that names the rows of a table."""
    return {"sources": "title", "corridor_legs": "corridor"}.get(table, "name")


def same_name(name: str, aliases: Iterable[str], other: str, others: Iterable[str]) -> bool:
    """Whether the names and aliases of two rows overlap; True if one row has none."""
    first, second = ({fold(word) for word in words if word} - {""} for words in ((name, *aliases), (other, *others)))
    return not first or not second or not first.isdisjoint(second)


def names_of(record: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return the name of a record (the title of a source, "" for a leg of a corridor), and its aliases."""
    return record.get("name", record.get("title", "")), cell_values.read_list(record.get("aliases", ""))


def _may_coincide(first: dict[str, str], second: dict[str, str]) -> bool:
    """Whether two records may have the same position: they are no further apart than the sum of their radii and of `_UNKNOWN_DATUM_M`.

    True if one has no position.
    """
    points = []
    for record in (first, second):
        pair = [angle.degrees if (angle := read_angle(record.get(name, ""))) else math.nan for name in ("lon", "lat")]
        if any(math.isnan(value) for value in pair):
            return True
        x, y = datum.to_wgs84([pair[0]], [pair[1]], record.get("datum", ""))
        points.append((float(x[0]), float(y[0])))
    (x1, y1), (x2, y2) = points
    distance = math.hypot((x1 - x2) * math.cos(math.radians((y1 + y2) / 2)), y1 - y2) * _METRES_PER_DEGREE
    return distance <= _UNKNOWN_DATUM_M + sum(
        PRECISION_RADIUS_M[record.get("precision") or "site"] for record in (first, second)
    )


def changed_columns(new: dict[str, str], existing: dict[str, str]) -> list[str]:
    """Return the columns, except the id, in which a new record has a value that differs from an existing one."""
    return [name for name, value in new.items() if name != "id" and value and not _equal(value, existing.get(name, ""))]


def _equal(first: str, second: str) -> bool:
    """Whether two cells are equal, as texts or as numbers."""
    if first == second:
        return True
    try:
        return float(first) == float(second)
    except ValueError:
        return False
