"""What the readers of features share: rows of properties, each with a point or without one -> a grid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from qjmap.errors import Fault
from qjmap.messages import Note
from qjmap.schema import DATUMS, DERIVED, ORIGINAL, TABLES, fold
from qjmap.tables.cells import plain_number
from qjmap.tables.crs import Reference
from qjmap.tables.encodings import Decoded, refuse_unclear
from qjmap.tables.grids import Grid
from qjmap.tables.headers import header
from qjmap.tables.limits import check_limit

Point = tuple[str, str]
"""Longitude and latitude, or easting and northing, as the file writes them."""

_POSITION = ("lon", "lat", "datum")
_KINDS = {"trk": "轨迹", "rte": "路线", "NetworkLink": "网络链接", "GroundOverlay": "地面叠加图", "ScreenOverlay": "屏幕叠加图",
          "PhotoOverlay": "照片叠加图", "Tour": "游览"}  # fmt: skip
_SAME = 2e-6  # degrees, 0.2 m: positions that differ by less say the same


@dataclass
class Features:
    """The features of one file as a reader finds them, in order.

    Attributes
    ----------
    shown : the file as messages show it.
    own : of each feature what its format says in words of its own: name, description, id.
    properties : of each what somebody else named.
    points : of each its point; None where it has none.
    """

    shown: str
    own: list[dict[str, str]] = field(default_factory=list)
    properties: list[dict[str, str]] = field(default_factory=list)
    points: list[Point | None] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    _exported: list[bool] = field(default_factory=list)
    _shapes: dict[str, list[int]] = field(default_factory=dict)

    def add(
        self, properties: dict[str, str], point: Point | None, shape: str = "", own: Mapping[str, str] | None = None
    ) -> None:
        """One more feature; a `shape` that is no point (LineString, MultiPoint of several) is named in a warning."""
        if point is None and shape and not any(key in properties for key in ORIGINAL):
            self._shapes.setdefault(shape, []).append(len(self.points) + 1)
        self.own.append({name: text for name, text in (own or {}).items() if text})
        self.properties.append(properties)
        self.points.append(point)
        check_limit("rows", len(self.points), shown=self.shown)

    def passed(self, kinds: Mapping[str, int]) -> None:
        """Warn of what else the file holds and no table takes: elements (trk, NetworkLink) and their numbers."""
        if kinds:
            what = [
                {"zh": f"{_KINDS.get(kind, kind)}（{kind}）{count} 个", "en": f"{count} × {kind}"} for kind, count in kinds.items()
            ]
            self.faults.append(Fault(self.shown, None, None, None, "features-passed", {"what": what}, "warning"))

    def grid(self, reference: Reference | None = None, decoded: Decoded | None = None) -> Grid:
        """All features as rows, numbered from 1.

        What the format itself says comes first, then the properties, then lon and lat. Where a feature says `orig_lon`,
        `orig_lat` and `orig_datum` (our exports do), these are its cells, even when they are empty: its geometry may be
        that of the place it lies in.

        Parameters
        ----------
        reference : the coordinate reference system that the file states; None when it states none.
        decoded : how the file's texts were decoded, where that was not told by the format.
        """
        if decoded is not None:
            refuse_unclear(decoded, self.shown)
        self._take_originals()
        points = self._in_degrees(reference)
        self._tell_own_from_theirs()
        self._place(points)
        if reference is not None and (any(self._exported) or reference.datum not in DATUMS):
            self._name_datum(reference.datum, points)
        rows = [{**own, **theirs} for own, theirs in zip(self.own, self.properties, strict=True)]
        own_names = dict.fromkeys(name for row in self.own for name in row)
        names = list(own_names | dict.fromkeys(name for row in self.properties for name in row))
        names = [name for name in names if name not in _POSITION] + [name for name in _POSITION if name in names]
        check_limit("columns", len(names), shown=self.shown)
        check_limit("cells", len(names) * len(rows), shown=self.shown)
        self.faults += not_points(self.shown, self._shapes, names)
        if not rows and not any(fault.code == "features-passed" for fault in self.faults):
            self.faults.append(Fault(self.shown, None, None, None, "file-empty"))
        cells = [[row.get(name, "") for name in names] for row in rows]
        grid = Grid(names, cells, range(1, len(rows) + 1), self.faults, self.notes, encoding="utf-8", letters=False)
        if reference is not None and reference.datum in DATUMS and not any(self._exported):
            grid.datum, grid.reference = reference.datum, reference.name
        if decoded is not None:
            _tell_encoding(grid, decoded, self.shown)
        return grid

    def _take_originals(self) -> None:
        """Put the cells that an export of ours kept in their place."""
        self._exported = [any(key in row for key in ORIGINAL) for row in self.properties]
        for at, row in enumerate(self.properties) if any(self._exported) else ():
            if self._exported[at]:
                row |= {name: row.pop(key, "") for key, name in ORIGINAL.items()}
                self.points[at] = None

    def _name_datum(self, datum: str, points: Sequence[Point | None]) -> None:
        """Write the datum into every row that has a point and names none."""
        names = dict.fromkeys(name for row in self.properties for name in row)
        column = next((name for name in names if _meaning(name) == "datum"), "datum")
        for row, point in zip(self.properties, points, strict=True):
            if point is not None:
                row[column] = row.get(column) or datum

    def _in_degrees(self, reference: Reference | None) -> list[Point | None]:
        if reference is None or not reference.plane:
            return self.points
        at = [at for at, point in enumerate(self.points) if point is not None]
        found = reference.degrees([self.points[one] or ("", "") for one in at])
        points: list[Point | None] = list(self.points)
        for one, point in zip(at, found, strict=True):
            points[one] = point
        self.notes.append(Note("note-crs", {"file": self.shown, "crs": reference.name}))
        return points

    def _tell_own_from_theirs(self) -> None:
        """Where a property means what the format says itself, the format's word counts and both are kept if they differ."""
        own = {name for row in self.own for name in row}
        for name in list(dict.fromkeys(name for row in self.properties for name in row)):
            meant = name if name in own else _meaning(name)
            if meant not in own:
                continue
            if meant == "id":  # a feature's id is a running number as often as not; a property is what somebody wrote
                for row in self.own:
                    row.pop("id", None)
                continue
            both = list(zip(self.own, self.properties, strict=True))
            if all(theirs.get(name, "") in ("", mine.get(meant, "")) for mine, theirs in both):
                for row in self.properties:
                    row.pop(name, None)
            else:
                self._rename(name)

    def _place(self, points: Sequence[Point | None]) -> None:
        """Fill lon and lat from the points; columns of positions that say the same are filled instead, others renamed."""
        if not any(points):
            return
        theirs = [row for row, exported in zip(self.properties, self._exported, strict=True) if not exported]
        names = dict.fromkeys(name for row in theirs for name in row)
        columns: dict[str, list[str]] = {}
        for name in names:
            columns.setdefault(_meaning(name), []).append(name)
        x, y = "lon", "lat"
        if all(len(columns.get(axis, ())) == 1 for axis in ("lon", "lat")) and "lonlat" not in columns:
            lon, lat = columns["lon"][0], columns["lat"][0]
            if all(_agree(row, lon, lat, point) for row, point in zip(self.properties, points, strict=True)):
                x, y = lon, lat
        if (x, y) == ("lon", "lat"):
            for axis in ("lon", "lat", "lonlat"):
                for name in columns.get(axis, ()):
                    self._rename(name)
        for row, point in zip(self.properties, points, strict=True):
            if point is not None and not (row.get(x) and row.get(y)):
                row[x], row[y] = point

    def _rename(self, name: str) -> None:
        taken = {key for row in (*self.own, *self.properties) for key in row}
        number = 2
        while (new := f"{name}_{number}") in taken:
            number += 1
        for at, row in enumerate(self.properties):
            if name in row and not self._exported[at]:
                self.properties[at] = {new if key == name else key: text for key, text in row.items()}


def is_export(names: Iterable[str]) -> bool:
    """Whether the columns are those of a file that `qjmap export` wrote."""
    there = {*names}
    return any({*columns} <= there for columns in DERIVED.values())


def not_points(shown: str, shapes: Mapping[str, Sequence[int]], names: Sequence[str]) -> list[Fault]:
    """A warning for each kind of shape that is no point, with its rows; none for an export of ours, which has its lines on purpose."""
    if is_export(names):
        return []
    return [Fault(shown, None, None, kind, "feature-not-point", {"rows": rows}, "warning") for kind, rows in shapes.items()]


def _agree(row: Mapping[str, str], lon: str, lat: str, point: Point | None) -> bool:
    """Whether the cells of a position say what the point says; empty cells contradict nothing."""
    if point is None or not (row.get(lon) or row.get(lat)):
        return True
    with suppress(ValueError):
        pairs = zip((row.get(lon, ""), row.get(lat, "")), point, strict=True)
        return all(abs(float(typed) - float(drawn)) <= _SAME for typed, drawn in pairs)
    return False


def _meaning(name: str) -> str:
    """The canonical column that a header means in a table with positions, "" for none."""
    return header(name, TABLES["sites"]).column or ""


def free_name(wanted: Sequence[str], taken: Sequence[Mapping[str, str]]) -> str:
    """The first of the names that no row has for a property of its own."""
    used = {fold(name) for row in taken for name in row}
    return next((name for name in wanted if fold(name) not in used), wanted[-1])


def point_text(x: float, y: float) -> Point | None:
    """Two coordinates as texts; None for the not-a-numbers of an empty point."""
    return None if x != x and y != y else (plain_number(x), plain_number(y))


def _tell_encoding(grid: Grid, decoded: Decoded, shown: str) -> None:
    grid.encoding, name = decoded.encoding, decoded.encoding.upper()
    if decoded.encoding not in ("utf-8", "utf-8-sig", "ascii"):
        grid.notes.append(Note("note-encoding-texts", {"file": shown, "encoding": name}))
    if decoded.close:
        params = {"encoding": name, "other": decoded.close.upper()}
        grid.faults.append(Fault(shown, None, None, None, "encoding-close", params, "warning"))
    if decoded.broken:
        grid.faults.append(Fault(shown, None, None, None, "encoding-broken", {"encoding": name}, "warning"))
