"""Vector features (properties, perhaps a point) -> a grid: the part that all readers of vector files share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from qjmap.errors import Fault
from qjmap.i18n import Note
from qjmap.schema import COMPANIONS, DATUMS, DERIVED, ORIGINAL, TABLES, fold
from qjmap.tables.headers import parse_header
from qjmap.tables.numbers import plain_number
from qjmap.tables.readers.crs import Reference
from qjmap.tables.readers.encoding import Decoded, refuse_unclear
from qjmap.tables.readers.grid import Grid
from qjmap.tables.readers.limits import check_limit

Point = tuple[str, str]
"""Longitude and latitude, or easting and northing, as the file writes them."""

_POSITION = ("lon", "lat", "datum")
_ELEMENT_NAMES = {"trk": "轨迹", "rte": "路线", "NetworkLink": "网络链接", "GroundOverlay": "地面叠加图", "ScreenOverlay": "屏幕叠加图",
                  "PhotoOverlay": "照片叠加图", "Tour": "游览"}  # fmt: skip
_TOLERANCE = 2e-6
"""Positions that differ by at most this are equal (degrees; about 0.2 m)."""


_keeping: ContextVar[bool] = ContextVar("keeping", default=False)
"""Whether readers keep the whole geometries of features. A table needs only their points."""


@contextmanager
def kept_shapes() -> Iterator[None]:
    """Let readers keep the geometries of features in `Grid.shapes`, and make no columns of positions."""
    token = _keeping.set(True)
    try:
        yield
    finally:
        _keeping.reset(token)


def keeps_shapes() -> bool:
    """Whether the current reading keeps geometries (see `kept_shapes`)."""
    return _keeping.get()


@dataclass
class Features:
    """The features of one file, in order.

    Attributes
    ----------
    shown : the file's name in messages.
    standard : for each feature, name -> text of the fields that the format defines: name, description, id.
    properties : for each feature, name -> text of the fields that the author of the file named.
    points : for each feature its point, or None.
    faults, notes : what readers report; `to_grid` adds to them and passes them on.
    keeps : whether the whole geometries are kept, in `shapes`.
    shapes : for each feature its shapely geometry, or None; empty if geometries are not kept.
    """

    shown: str
    standard: list[dict[str, str]] = field(default_factory=list)
    properties: list[dict[str, str]] = field(default_factory=list)
    points: list[Point | None] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    keeps: bool = field(default_factory=keeps_shapes)
    shapes: list[Any] = field(default_factory=list)
    _is_exported: list[bool] = field(default_factory=list)
    _shapes: dict[str, list[int]] = field(default_factory=dict)

    def add(
        self,
        properties: dict[str, str],
        point: Point | None,
        shape: str = "",
        standard: Mapping[str, str] | None = None,
        whole: Callable[[], Any] | None = None,
    ) -> None:
        """Append a feature.

        Parameters
        ----------
        properties, point, standard : as in the attributes; empty standard fields are dropped.
        shape : kind of a geometry that is not a point (LineString, MultiPoint of several), which a warning reports; "" for others.
        whole : makes the shapely geometry, in the coordinates of the file; called only if geometries are kept.

        Raises
        ------
        UsageError : there are more features than the limit `rows` allows.
        """
        if self.keeps:
            self.shapes.append(whole() if whole else None)
            shape = ""
        if point is None and shape and not any(key in properties for key in ORIGINAL):
            self._shapes.setdefault(shape, []).append(len(self.points) + 1)
        self.standard.append({name: text for name, text in (standard or {}).items() if text})
        self.properties.append(properties)
        self.points.append(point)
        check_limit("rows", len(self.points), shown=self.shown)

    def warn_skipped(self, counts: Mapping[str, int]) -> None:
        """Add a warning about elements or fields that are not read (trk, NetworkLink, binary columns) to `faults`, unless there are none.

        Parameters
        ----------
        counts : kind -> number of elements or fields.
        """
        if counts:
            what = [
                {"zh": f"{_ELEMENT_NAMES.get(kind, kind)}（{kind}）{count} 个", "en": f"{count} × {kind}"}
                for kind, count in counts.items()
            ]
            self.faults.append(Fault(self.shown, None, None, None, "features-passed", {"what": what}, "warning"))

    def to_grid(self, reference: Reference | None = None, decoded: Decoded | None = None) -> Grid:
        """Return all features as rows, numbered from 1.

        Standard fields come first, then properties, then lon, lat and datum. If a feature has `orig_lon`, `orig_lat` or `orig_datum`, as in
        our exports, these are its position, even when empty: the geometry of a row without coordinates may be the point of its place.

        Parameters
        ----------
        reference : the coordinate reference system that the file states; None if it states none.
        decoded : how the file's texts were decoded, if the format leaves the encoding open.

        Raises
        ------
        UsageError : a limit is exceeded, or the encoding is unclear.
        """
        if decoded is not None:
            refuse_unclear(decoded, self.shown)
        if not self.keeps:
            self._restore_originals()
        points = self._points_in_degrees(reference)
        self._resolve_standard_fields()
        if not self.keeps:
            self._fill_positions(points)
        has_exported = any(self._is_exported)
        if reference is not None and not self.keeps and (has_exported or reference.datum not in DATUMS):
            self._fill_datum(reference.datum, points)
        names = self._column_names()
        rows = [{**standard, **named} for standard, named in zip(self.standard, self.properties, strict=True)]
        check_limit("cells", len(names) * len(rows), shown=self.shown)
        self.faults += warn_not_points(self.shown, self._shapes, names)
        if not rows and not any(fault.code == "features-passed" for fault in self.faults):
            self.faults.append(Fault(self.shown, None, None, None, "file-empty"))
        cells = [[row.get(name, "") for name in names] for row in rows]
        grid = Grid(names, cells, range(1, len(rows) + 1), self.faults, self.notes, encoding="utf-8", letters=False)
        if reference is not None and reference.datum in DATUMS and not has_exported:
            grid.datum, grid.reference = reference.datum, reference.name
        if decoded is not None:
            _report_encoding(grid, decoded, self.shown)
        if self.keeps:
            grid.shapes, grid.transformer = self.shapes, reference.transformer if reference is not None else None
            grid.datum, grid.reference = (reference.datum, reference.name) if reference is not None else ("", "")
        return grid

    def _column_names(self) -> list[str]:
        """Return the names of all columns; longitude, latitude and datum last."""
        names = _keys(self.standard) | _keys(self.properties)
        ordered = [name for name in names if name not in _POSITION] + [name for name in _POSITION if name in names]
        check_limit("columns", len(ordered), shown=self.shown)
        return ordered

    def _restore_originals(self) -> None:
        """Move the cells as typed (`orig_lon` ...), which `qjmap export` wrote, back to the columns lon, lat and datum. Features that have
        them lose their points.
        """
        self._is_exported = [any(key in row for key in ORIGINAL) for row in self.properties]
        for index, row in enumerate(self.properties):
            if self._is_exported[index]:
                row |= {name: row.pop(key, "") for key, name in ORIGINAL.items()}
                self.points[index] = None

    def _points_in_degrees(self, reference: Reference | None) -> list[Point | None]:
        """Return the points, transformed to degrees if the reference system has other coordinates, with a note."""
        if reference is None or not reference.transformer:
            return self.points
        points = list(self.points)
        indices = [index for index, point in enumerate(points) if point is not None]
        degrees = reference.to_degrees([point for point in points if point is not None])
        for index, point in zip(indices, degrees, strict=True):
            points[index] = point
        self.notes.append(Note("note-crs", {"file": self.shown, "crs": reference.name}))
        return points

    def _resolve_standard_fields(self) -> None:
        """Drop properties that equal a standard field in every feature, and rename those that contradict it. A property for ids instead
        replaces the standard field `id`.
        """
        standard = _keys(self.standard)
        names = _keys(self.properties)
        companions = {name for beside in COMPANIONS.values() for name in beside} if is_export(names) else set()
        for name in names:
            if name in companions:  # `is_export` recognises an export only by all of them
                continue
            meaning = name if name in standard else _meaning(name)
            if meaning not in standard:
                continue
            if meaning == "id":  # a feature's own id is often a running number; a property was written by somebody
                for row in self.standard:
                    row.pop("id", None)
                continue
            pairs = zip(self.standard, self.properties, strict=True)
            if all(named.get(name, "") in ("", row.get(meaning, "")) for row, named in pairs):
                for row in self.properties:
                    row.pop(name, None)
            else:
                self._rename(name)

    def _fill_positions(self, points: Sequence[Point | None]) -> None:
        """Write the points into lon and lat, in rows in which one of them is empty.

        If the file has one column of longitude and one of latitude, and their positions equal the points, these columns are filled. Any
        other columns of coordinates are renamed, and columns `lon` and `lat` are added.
        """
        if not any(points):
            return
        others = [row for row, exported in zip(self.properties, self._is_exported, strict=True) if not exported]
        columns: dict[str, list[str]] = {}
        for name in _keys(others):
            columns.setdefault(_meaning(name), []).append(name)
        x, y = "lon", "lat"
        if all(len(columns.get(axis, ())) == 1 for axis in ("lon", "lat")) and "lonlat" not in columns:
            lon, lat = columns["lon"][0], columns["lat"][0]
            if all(_is_same_position(row, lon, lat, point) for row, point in zip(self.properties, points, strict=True)):
                x, y = lon, lat
        if (x, y) == ("lon", "lat"):
            for axis in ("lon", "lat", "lonlat"):
                for name in columns.get(axis, ()):
                    self._rename(name)
        for row, point in zip(self.properties, points, strict=True):
            if point is not None and not (row.get(x) and row.get(y)):
                row[x], row[y] = point

    def _fill_datum(self, datum: str, points: Sequence[Point | None]) -> None:
        """Write the datum into every row that has a point and no datum."""
        column = next((name for name in _keys(self.properties) if _meaning(name) == "datum"), "datum")
        for row, point in zip(self.properties, points, strict=True):
            if point is not None:
                row[column] = row.get(column) or datum

    def _rename(self, name: str) -> None:
        """Append _2 to the name of a property, or the next number that is unused, except in features that `qjmap export` wrote."""
        used = _keys(self.standard) | _keys(self.properties)
        number = 2
        while (new := f"{name}_{number}") in used:
            number += 1
        for index, row in enumerate(self.properties):
            if name in row and not self._is_exported[index]:
                self.properties[index] = {new if key == name else key: text for key, text in row.items()}


def _keys(rows: Iterable[Mapping[str, str]]) -> dict[str, None]:
    """Return the keys of all rows in order of appearance, each once."""
    return dict.fromkeys(name for row in rows for name in row)


def is_export(names: Iterable[str]) -> bool:
    """Whether column names are those of a file that `qjmap export` wrote: they include all derived columns of some table."""
    unique = {*names}
    return any({*columns} <= unique for columns in DERIVED.values())


def warn_not_points(shown: str, shapes: Mapping[str, Sequence[int]], names: Sequence[str]) -> list[Fault]:
    """Return a warning for each kind of shape that is not a point; none for our own exports, whose lines are meant as such.

    `shapes` is kind -> row numbers.
    """
    if is_export(names):
        return []
    return [
        Fault(shown, None, None, shape, "feature-not-point", {"rows": rows}, "warning")
        for shape, rows in shapes.items()
    ]


def _is_same_position(row: Mapping[str, str], lon: str, lat: str, point: Point | None) -> bool:
    """Whether the cells of a position equal the point. Empty cells, and a missing point, contradict nothing."""
    if point is None or not (row.get(lon) or row.get(lat)):
        return True
    with suppress(ValueError):
        pairs = zip((row.get(lon, ""), row.get(lat, "")), point, strict=True)
        return all(abs(float(cell) - float(coordinate)) <= _TOLERANCE for cell, coordinate in pairs)
    return False


def _meaning(name: str) -> str:
    """Return the canonical column of sites that a header means, or "lonlat"; "" for none."""
    return parse_header(name, TABLES["sites"]).column or ""


def unused_name(candidates: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    """Return the first candidate that is not the name of a property in any row; the last one if all are."""
    used = {fold(name) for row in rows for name in row}
    return next((name for name in candidates if fold(name) not in used), candidates[-1])


def point_text(x: float, y: float) -> Point | None:
    """Return two coordinates as texts; None if both are NaN, as in an empty point."""
    return None if x != x and y != y else (plain_number(x), plain_number(y))


def _report_encoding(grid: Grid, decoded: Decoded, shown: str) -> None:
    """Record the encoding in the grid, with a note if it is unusual and a warning if it is doubtful."""
    grid.encoding, name = decoded.encoding, decoded.encoding.upper()
    if decoded.encoding not in ("utf-8", "utf-8-sig", "ascii"):
        grid.notes.append(Note("note-encoding-texts", {"file": shown, "encoding": name}))
    if decoded.runner_up:
        params = {"encoding": name, "other": decoded.runner_up.upper()}
        grid.faults.append(Fault(shown, None, None, None, "encoding-close", params, "warning"))
    if decoded.broken:
        grid.faults.append(Fault(shown, None, None, None, "encoding-broken", {"encoding": name}, "warning"))
