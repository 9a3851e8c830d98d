"""Columns for the page: a frame becomes one compressed, columnar block of text.

A block is ``base64(zlib(bytes))``; the bytes are a little-endian uint32 with the length of the header, the header
(JSON, UTF-8) and the buffers of the columns one after the other. `assets/runtime/payload.js` is the reader.

Codecs of a column:

``json``  a JSON array with one value a row;
``dict``  one uint8 or uint16 code a row, the values in the header;
``vz``    zigzag LEB128 varints, as first differences when ``delta`` is true; ``scale`` turns the integers into units.

The same columns give the same text on every run: zlib keeps no clock and the JSON keeps the order it is given.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Ints = npt.NDArray[np.int64]

DEGREE_1E6 = 1e-6
"""Scale of point positions: about 0.1 m."""


def varints(values: npt.ArrayLike, *, delta: bool) -> bytes:
    """Zigzag LEB128 bytes of integers, in arrays.

    Parameters
    ----------
    values : int64, shape (n,)
    delta : write first differences (the first value as it is) instead of the values.
    """
    numbers = np.asarray(values, dtype=np.int64)
    if numbers.size == 0:
        return b""
    if delta:
        numbers = np.diff(numbers, prepend=np.int64(0))
    zigzag = ((numbers << 1) ^ (numbers >> 63)).astype(np.uint64)
    lengths = np.ones(zigzag.shape, dtype=np.int64)
    rest = zigzag >> np.uint64(7)
    while rest.any():
        lengths += rest > 0
        rest = rest >> np.uint64(7)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    out = np.zeros(int(ends[-1]), dtype=np.uint8)
    for place in range(int(lengths.max())):
        here = lengths > place
        group = (zigzag[here] >> np.uint64(7 * place)) & np.uint64(0x7F)
        more = (lengths[here] > place + 1).astype(np.uint64) << np.uint64(7)
        out[starts[here] + place] = (group | more).astype(np.uint8)
    return out.tobytes()


class Block:
    """Collects columns of ``rows`` rows and writes them as one text."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self._columns: list[dict[str, Any]] = []
        self._buffers: list[bytes] = []
        self._at = 0

    def _add(self, name: str, codec: str, buffer: bytes, **more: Any) -> None:
        self._columns.append({"name": name, "codec": codec, "at": self._at, "bytes": len(buffer), **more})
        self._buffers.append(buffer)
        self._at += len(buffer)

    def _checked(self, name: str, length: int) -> None:
        if length != self.rows:
            raise ValueError(f"column {name!r} has {length} values for {self.rows} rows")

    def json(self, name: str, values: Sequence[Any]) -> None:
        """One JSON value a row: strings, numbers, null or lists."""
        self._checked(name, len(values))
        text = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        self._add(name, "json", text.encode("utf-8"))

    def dictionary(self, name: str, values: Sequence[str]) -> None:
        """One code a row for a column with few distinct strings; wide columns fall back to JSON."""
        self._checked(name, len(values))
        distinct = sorted(set(values))
        if len(distinct) > 0xFFFF:
            self.json(name, values)
            return
        width = 1 if len(distinct) <= 0x100 else 2
        code = {value: number for number, value in enumerate(distinct)}
        codes = np.fromiter((code[value] for value in values), dtype="<u1" if width == 1 else "<u2", count=self.rows)
        self._add(name, "dict", codes.tobytes(), values=distinct, width=width)

    def integers(self, name: str, values: npt.ArrayLike, *, delta: bool = False, scale: float = 1) -> None:
        """Integers in varints; the array may be longer than the rows (geometry columns are)."""
        numbers = np.asarray(values, dtype=np.int64)
        self._add(name, "vz", varints(numbers, delta=delta), n=int(numbers.size), delta=delta, scale=scale)

    def positions(self, geometry: Sequence[Any] | npt.NDArray[np.object_]) -> None:
        """Columns lon, lat (micro-degrees, WGS 84) and located (0 or 1) of points; no geometry repeats the last."""
        points = np.asarray(geometry, dtype=object)
        self._checked("lon", len(points))
        lon, lat = shapely.get_x(points), shapely.get_y(points)
        located = np.isfinite(lon) & np.isfinite(lat)
        for name, degrees in (("lon", lon), ("lat", lat)):
            micro = np.zeros(self.rows, dtype=np.int64)
            micro[located] = np.round(degrees[located] / DEGREE_1E6).astype(np.int64)
            # A row without a position repeats the row before it, so that the difference costs one byte.
            last = np.maximum.accumulate(np.where(located, np.arange(self.rows), -1))
            micro = np.where(last >= 0, micro[last], 0)
            self.integers(name, micro, delta=True, scale=DEGREE_1E6)
        self.integers("located", located.astype(np.int64))

    def geometry(self, geometry: Sequence[Any] | npt.NDArray[np.object_], *, scale: float) -> None:
        """Columns parts, sizes, x, y of lines or polygons (their rings), WGS 84, quantised to ``scale`` degrees.

        Vertices that fall on their neighbour after rounding are dropped; a missing geometry has 0 parts.
        """
        shapes = np.asarray(geometry, dtype=object)
        self._checked("parts", len(shapes))
        areas = shapely.get_dimensions(shapes) == 2
        lines = np.where(areas, shapely.boundary(shapes), shapes)
        pieces, owner = shapely.get_parts(lines, return_index=True)
        coordinates, piece = shapely.get_coordinates(pieces, return_index=True)
        grid = np.round(coordinates / scale).astype(np.int64)
        same = np.zeros(len(grid), dtype=bool)
        same[1:] = (grid[1:] == grid[:-1]).all(axis=1) & (piece[1:] == piece[:-1])
        grid, piece = grid[~same], piece[~same]
        self.integers("parts", np.bincount(owner, minlength=self.rows) if len(owner) else np.zeros(self.rows, int))
        self.integers("sizes", np.bincount(piece, minlength=len(pieces)) if len(piece) else np.zeros(0, int))
        self.integers("x", grid[:, 0] if len(grid) else np.zeros(0, int), delta=True, scale=scale)
        self.integers("y", grid[:, 1] if len(grid) else np.zeros(0, int), delta=True, scale=scale)

    def text(self) -> str:
        """The block as base64, ready for a script element."""
        header = json.dumps(
            {"rows": self.rows, "columns": self._columns}, ensure_ascii=False, separators=(",", ":")
        ).encode("utf-8")
        raw = b"".join([len(header).to_bytes(4, "little"), header, *self._buffers])
        return base64.b64encode(zlib.compress(raw, 9)).decode("ascii")


def script_json(value: Any) -> str:
    """JSON that may stand inside a script element: no ``<``, ``>``, ``&`` or line separators in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
