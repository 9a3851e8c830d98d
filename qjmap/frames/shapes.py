"""Geometry of a frame as flat arrays: parts (points, lines, rings), their vertices in degrees, and what cannot be drawn."""

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
"""Of a degree of longitude on the equator: 2 pi 6,378,137 / 360 (WGS 84)."""
FINEST = 0.02
"""Finest precision in metres: 32-bit differences of two positions hold no finer one around the world."""
_FINE, _COARSE = 0.1, 1.0
"""Precision in metres by default, and that of layers of large shapes."""
_LARGE = 10_000.0
"""Median size of a shape in metres from which the coarse precision is used: a ten-thousandth of it."""
_TURN = 360.0
_NARROWER = 60.0
"""Degrees by which an extent must become narrower before rows are moved by a turn."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass
class Shapes:
    """Parts of the shapes of a layer, in the order of its rows.

    Attributes
    ----------
    rows : number of rows of the layer.
    row, kind, size : of each part: its row, ascending; POINT, LINE, SHELL or HOLE; its vertices, without the last of a ring.
    lon, lat : of the vertices, WGS 84 degrees; longitudes may run past 180.
    height : of the vertices, None where no shape has any; NaN for none.
    """

    rows: int
    row: Ints
    kind: Ints
    size: Ints
    lon: Floats
    lat: Floats
    height: Floats | None = None

    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east and north in degrees; None for nothing."""
        if not len(self.lon):
            return None
        return float(self.lon.min()), float(self.lat.min()), float(self.lon.max()), float(self.lat.max())

    def commonest(self) -> str:
        """What most of the parts are: point, line or area."""
        counts = np.bincount(np.minimum(self.kind, SHELL), minlength=3)
        return ("point", "line", "area")[int(counts.argmax())]

    def precision(self) -> float:
        """Precision in metres that suits the shapes: 0.1 m, 1 m where most of them are larger than 10 km."""
        drawn = self.size > 1
        if not drawn.any():
            return _FINE
        starts = np.cumsum(self.size) - self.size
        spans = [np.maximum.reduceat(axis, starts) - np.minimum.reduceat(axis, starts) for axis in (self.lon, self.lat)]
        return _COARSE if np.median(np.maximum(*spans)[drawn]) * METRES_PER_DEGREE > _LARGE else _FINE


def drawable(shapes: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.str_]]:
    """Return the shapes that can be drawn, None for the others, and why these cannot: "", "none", "empty" or "infinite"."""
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
    """Take shapes (WGS 84 degrees, None for none) apart, collections of collections included."""
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
    """Let lines and rings that cross the antimeridian run on past 180 degrees instead of around the world."""
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
    """Return west and east of each row that has vertices, and the index of its row among these for each vertex."""
    first = np.append(True, flat.row[1:] != flat.row[:-1])
    heads = (np.cumsum(flat.size) - flat.size)[first]
    of_vertex = np.repeat(np.cumsum(first) - 1, flat.size)
    return np.minimum.reduceat(flat.lon, heads), np.maximum.reduceat(flat.lon, heads), of_vertex


def _turn_back(flat: Shapes) -> None:
    """Move rows that lie whole turns away, as longitudes from 0 to 360 do, to between -180 and 180."""
    if not len(flat.lon) or (flat.lon.min() >= -_TURN / 2 and flat.lon.max() <= _TURN / 2):
        return
    west, east, of_vertex = _extents(flat)
    turns = np.where((west >= _TURN / 2) | (east <= -_TURN / 2), np.floor((west + _TURN / 2) / _TURN), 0.0)
    flat.lon -= _TURN * turns[of_vertex]


def _join_at_antimeridian(flat: Shapes) -> None:
    """Move the rows on one side of the antimeridian by a turn where the layer lies around it: Fiji is one group of islands."""
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
    """Add the columns of the shapes to the block of their rows.

    Column "parts" counts the parts of each row, "kinds" and "sizes" describe each part; ``x`` and ``y`` are longitude and latitude
    of the vertices in whole steps of a degree, ``z`` their heights in centimetres where there are any. Vertices that fall
    together are one. Where rings share edges, columns "runs", "of" and "lengths" say where each vertex is (`shared_edges.Runs`).
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
    """Return shapes whose coordinates (shape (n, 2)) went through a function of two arrays, as `qjmap.datum.to_wgs84` is."""
    moved: npt.NDArray[np.object_] = shapely.transform(
        shapes, lambda points: np.column_stack([*function(points[:, 0], points[:, 1])])
    )
    return moved
