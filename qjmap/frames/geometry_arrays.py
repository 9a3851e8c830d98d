"""Convert the geometries of a frame to flat arrays: parts (points, lines, rings), and their vertices in degrees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from qjmap.frames.shared_edges import shared_runs
from qjmap.payload import Block

POINT, LINE, SHELL, HOLE = range(4)
"""Kinds of parts."""
METRES_PER_DEGREE = 111_319.5
"""Metres of a degree of longitude on the equator: 2 pi 6,378,137 / 360 (WGS 84)."""
FINEST = 0.02
"""Finest precision in metres: with a finer one, differences of two positions on earth would not fit 32 bits."""
_FINE, _COARSE = 0.1, 1.0
"""Default precision in metres: of most layers, and of layers of large shapes."""
_LARGE = 10_000.0
"""Median size of lines and rings in metres above which the coarse precision is used, which is then less than a ten-thousandth of it."""
_TURN = 360.0
_NARROWER = 60.0
"""Degrees by which the extent of a layer must become narrower for its rows to be moved by 360 degrees."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass
class Shapes:
    """Parts of the shapes of a layer, in the order of its rows.

    Attributes
    ----------
    rows : number of rows of the layer.
    row : index of each part's row, ascending.
    kind : POINT, LINE, SHELL or HOLE for each part.
    size : number of vertices of each part, without the closing vertex of a ring.
    lon, lat : coordinates of the vertices, WGS 84 degrees; longitudes may lie beyond ±180.
    height : z coordinates of the vertices as given, taken for metres; NaN for a vertex without one. None if no shape has any.
    """

    rows: int
    row: Ints
    kind: Ints
    size: Ints
    lon: Floats
    lat: Floats
    height: Floats | None = None

    def bounds(self) -> tuple[float, float, float, float] | None:
        """Return west, south, east and north in degrees; None if there are no vertices."""
        if not len(self.lon):
            return None
        return float(self.lon.min()), float(self.lat.min()), float(self.lon.max()), float(self.lat.max())

    def commonest(self) -> str:
        """Return the most frequent type of the parts: "point" (also without parts), "line" or "area"."""
        counts = np.bincount(np.minimum(self.kind, SHELL), minlength=3)
        return ("point", "line", "area")[int(counts.argmax())]

    def precision(self) -> float:
        """Return the default precision in metres for these shapes: 1 m if their median size is above 10 km, else 0.1 m.

        The size of a part is the longer side of its bounding box in degrees, converted to metres on the equator; points are ignored.
        """
        drawn = self.size > 1
        if not drawn.any():
            return _FINE
        starts = np.cumsum(self.size) - self.size
        spans = [np.maximum.reduceat(axis, starts) - np.minimum.reduceat(axis, starts) for axis in (self.lon, self.lat)]
        return _COARSE if np.median(np.maximum(*spans)[drawn]) * METRES_PER_DEGREE > _LARGE else _FINE


def drawable(shapes: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.str_]]:
    """Return the geometries that can be drawn (None for the others), and for each row the reason why it cannot be drawn, "" if it can.

    Reasons are "none" (no geometry), "empty" (an empty one) and "infinite" (a coordinate is not finite).
    """
    why = np.full(len(shapes), "", dtype="<U8")
    none = shapely.is_missing(shapes)
    empty = shapely.is_empty(shapes)
    coordinates, row = shapely.get_coordinates(shapes, return_index=True)
    infinite = np.zeros(len(shapes), dtype=bool)
    infinite[row[~np.isfinite(coordinates).all(axis=1)]] = True
    for mask, word in ((none, "none"), (empty, "empty"), (infinite, "infinite")):
        why[mask] = word
    drawn = shapes.copy()
    drawn[why != ""] = None
    return drawn, why


def flatten(shapes: npt.NDArray[np.object_]) -> Shapes:
    """Return geometries (WGS 84 degrees; may be None) as flat arrays; nested collections are split into their parts."""
    singles, row = shapes, np.arange(len(shapes))
    while (shapely.get_type_id(singles) > shapely.GeometryType.POLYGON).any():
        singles, owner = shapely.get_parts(singles, return_index=True)
        row = row[owner]
    present = ~(shapely.is_missing(singles) | shapely.is_empty(singles))
    singles, row = singles[present], row[present]
    types = shapely.get_type_id(singles)
    areas = np.flatnonzero(types == shapely.GeometryType.POLYGON)
    others = np.flatnonzero(types != shapely.GeometryType.POLYGON)
    rings, of_area = shapely.get_rings(singles[areas], return_index=True)
    first = np.concatenate([[True], of_area[1:] != of_area[:-1]])[: len(rings)]
    pieces = np.concatenate([singles[others], rings])
    owner = np.concatenate([others, areas[of_area]]) if len(rings) else others
    kind = np.concatenate([
        np.where(types[others] == shapely.GeometryType.POINT, POINT, LINE),
        np.where(first, SHELL, HOLE),
    ]).astype(np.int64)  # fmt: skip
    order = np.argsort(owner, kind="stable")
    pieces, kind, row = pieces[order], kind[order], row[owner[order]]
    high = bool(shapely.has_z(pieces).any())
    coordinates, piece = shapely.get_coordinates(pieces, include_z=high, return_index=True)
    closes = np.zeros(len(coordinates), dtype=bool)
    last = np.flatnonzero(np.append(piece[1:] != piece[:-1], True)) if len(piece) else np.zeros(0, np.int64)
    closes[last] = kind[piece[last]] >= SHELL
    coordinates, piece = coordinates[~closes], piece[~closes]
    size = np.bincount(piece, minlength=len(pieces)).astype(np.int64)
    flat = Shapes(
        len(shapes), row.astype(np.int64), kind, size, coordinates[:, 0].copy(), coordinates[:, 1].copy(),
        coordinates[:, 2].copy() if high else None,
    )  # fmt: skip
    _unwrap(flat, piece)
    _turn_back(flat)
    _join_at_antimeridian(flat)
    return flat


def _unwrap(flat: Shapes, piece: Ints) -> None:
    """Make longitudes of lines and rings that cross the antimeridian continue beyond 180 degrees. Changes ``flat``."""
    steps = np.diff(flat.lon, prepend=flat.lon[:1])
    steps[np.append(True, piece[1:] != piece[:-1])[: len(steps)]] = 0.0
    jumps = (np.abs(steps) > _TURN / 2) & (np.abs(steps) < _TURN)
    if not jumps.any():
        return
    turns = np.cumsum(np.where(jumps, -np.sign(steps) * _TURN, 0.0))
    starts = np.cumsum(flat.size) - flat.size
    before = np.where(starts > 0, turns[starts - 1], 0.0)
    flat.lon += turns - before[piece]


def _extents(flat: Shapes) -> tuple[Floats, Floats, Ints]:
    """Return west and east of each row that has vertices, and for each vertex the index of its row among these rows."""
    first = np.append(True, flat.row[1:] != flat.row[:-1])
    heads = (np.cumsum(flat.size) - flat.size)[first]
    of_vertex = np.repeat(np.cumsum(first) - 1, flat.size)
    return np.minimum.reduceat(flat.lon, heads), np.maximum.reduceat(flat.lon, heads), of_vertex


def _turn_back(flat: Shapes) -> None:
    """Shift rows that lie entirely beyond ±180 degrees by multiples of 360, as longitudes from 0 to 360 do. Changes ``flat``."""
    if not len(flat.lon) or (flat.lon.min() >= -_TURN / 2 and flat.lon.max() <= _TURN / 2):
        return
    west, east, of_vertex = _extents(flat)
    turns = np.where((west >= _TURN / 2) | (east <= -_TURN / 2), np.floor((west + _TURN / 2) / _TURN), 0.0)
    flat.lon -= _TURN * turns[of_vertex]


def _join_at_antimeridian(flat: Shapes) -> None:
    """If a layer lies on both sides of the antimeridian, as Fiji does, shift the rows on one side by 360 degrees. Changes ``flat``."""
    if not len(flat.lon) or np.ptp(flat.lon) <= _TURN / 2:
        return
    west, east, of_vertex = _extents(flat)
    order = np.argsort(west)
    reached = np.maximum.accumulate(east[order])
    gaps = west[order][1:] - reached[:-1]
    if not len(gaps) or gaps.max() <= 0:
        return
    cut = int(gaps.argmax())
    narrow = reached[cut] + _TURN - west[order][cut + 1]
    if narrow > np.ptp(flat.lon) - _NARROWER:
        return
    moved = np.zeros(len(west), dtype=bool)
    moved[order[: cut + 1]] = True
    flat.lon[moved[of_vertex]] += _TURN


def add_shapes(block: Block, flat: Shapes, precision: float) -> None:
    """Add the columns of shapes to the block of their rows.

    Column "parts" has the number of parts of each row, "kinds" and "sizes" the kind and number of vertices of each part; ``x`` and ``y``
    are longitude and latitude of the vertices as integers, in steps of ``precision`` (metres on the equator); ``z`` their heights in
    centimetres, if there are any. Consecutive vertices that become equal by rounding are merged. If rings share edges, shared vertices
    are stored once, and the columns "runs", "of" and "lengths" describe where they occur (see `shared_edges.Runs`).
    """
    per_degree = round(METRES_PER_DEGREE / precision)
    x, y = (np.round(axis * per_degree).astype(np.int64) for axis in (flat.lon, flat.lat))
    piece = np.repeat(np.arange(len(flat.size)), flat.size)
    again = np.zeros(len(x), dtype=bool)
    again[1:] = (x[1:] == x[:-1]) & (y[1:] == y[:-1]) & (piece[1:] == piece[:-1])
    if flat.height is not None:
        again[1:] &= flat.height[1:] == flat.height[:-1]
    x, y, piece = x[~again], y[~again], piece[~again]
    block.integers("parts", np.bincount(flat.row, minlength=flat.rows))
    block.integers("kinds", flat.kind)
    sizes = np.bincount(piece, minlength=len(flat.size))
    block.integers("sizes", sizes)
    if flat.height is None and (runs := shared_runs(x, y, sizes, flat.kind >= SHELL)) is not None:
        for name, numbers in (("runs", runs.counts), ("of", runs.of), ("lengths", runs.lengths)):
            block.integers(name, numbers)
        x, y = x[runs.kept], y[runs.kept]
    for name, axis in (("x", x), ("y", y)):
        block.int32(name, axis, delta=True, scale=1 / per_degree)
    if flat.height is not None:
        heights = np.clip(np.round(np.nan_to_num(flat.height[~again]) * 100), -(2**30), 2**30)
        block.int32("z", heights.astype(np.int64), delta=True, scale=0.01)


def transformed(shapes: npt.NDArray[np.object_], function: Any) -> npt.NDArray[np.object_]:
    """Return geometries with transformed coordinates; heights stay as they are.

    Parameters
    ----------
    function : takes arrays of longitudes and latitudes and returns such arrays, like `qjmap.datum.to_wgs84`.
    """

    def moved(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack([*function(points[:, 0], points[:, 1]), *points[:, 2:].T])

    result = shapes.copy()
    for high in (False, True):
        some = shapely.has_z(shapes) == high
        result[some] = shapely.transform(shapes[some], moved, include_z=high)
    return result
