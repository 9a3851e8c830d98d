"""A block: columns that the page reads as soon as it has unpacked them, as one text.

A block is ``base64(deflate(bytes))``; the bytes are a little-endian uint32 with the length of the header, the header
(JSON, UTF-8) and the buffers of the columns one after the other. `web/src/runtime/block.js` is the reader.

Codecs of a column:

``json``    a JSON array with one value a row;
``dict``    one uint8 or uint16 code a row, the values in the header;
``vz``      zigzag LEB128 varints, as first differences when ``delta`` is true; ``scale`` turns the integers into units;
``planes``  int32 in four byte planes, lowest byte first, as zigzag first differences when ``delta`` is true;
``sorted``  texts in ascending order, each as the number of bytes it shares with the one before and the bytes it does not.

The same columns give the same text on every run: deflate keeps no clock and the JSON keeps the order it is given.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from qjmap.payload.codecs import Ints, packed, planes, sorted_texts, varints
from qjmap.payload.texts import Utf8

Degrees = npt.NDArray[np.float64]

DEGREE_1E6 = 1e-6
"""Scale of point positions: about 0.1 m."""

WORLD_BITS = 22
"""Lines and outlines: steps of 9.6 m at the equator, 8.3 m at 30 degrees; finer than simplified lines are."""

MOST_CODES = 0x10000
"""Distinct values that a coded column may have."""


def micro_degrees(lon: Degrees, lat: Degrees) -> tuple[Ints, Ints, npt.NDArray[np.bool_]]:
    """Longitudes and latitudes (WGS 84 degrees) in whole micro-degrees, 0 where there is none, and where there is one."""
    located = np.isfinite(lon) & np.isfinite(lat)
    whole = [np.where(located, np.round(np.nan_to_num(degrees) / DEGREE_1E6), 0) for degrees in (lon, lat)]
    return whole[0].astype(np.int64), whole[1].astype(np.int64), located


def world(degrees: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Web Mercator world coordinates (0 to 1, from the north-west corner) of longitudes and latitudes; shape (n, 2).

    Latitudes end at 85.05 degrees, as on every map of square tiles.
    """
    latitudes = np.radians(np.clip(degrees[:, 1], -85.05, 85.05))
    return np.column_stack([degrees[:, 0] / 360 + 0.5, 0.5 - np.arctanh(np.sin(latitudes)) / (2 * np.pi)])


class Block:
    """Collects columns of ``rows`` rows and writes them as one text."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self._columns: list[dict[str, Any]] = []
        self._buffers: list[bytes] = []
        self._more: dict[str, Any] = {}
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
        if len(distinct) > MOST_CODES:
            self.json(name, values)
            return
        code = {value: number for number, value in enumerate(distinct)}
        self.codes(name, np.fromiter((code[value] for value in values), dtype=np.int64, count=self.rows), distinct)

    def codes(self, name: str, codes: npt.ArrayLike, values: Sequence[Any]) -> None:
        """Codes into ``values`` (JSON values, at most `MOST_CODES`), one a row."""
        width = 1 if len(values) <= 0x100 else 2
        numbers = np.asarray(codes).astype("<u1" if width == 1 else "<u2")
        self._checked(name, len(numbers))
        self._add(name, "dict", numbers.tobytes(), values=list(values), width=width)

    def whole(self, name: str, values: npt.ArrayLike, *, delta: bool = False, **more: Any) -> None:
        """Integers of 32 bits in byte planes; quicker to read than varints."""
        numbers = np.asarray(values, dtype=np.int64)
        self._add(name, "planes", planes(numbers, delta=delta), n=int(numbers.size), delta=delta, **more)

    def sorted(self, name: str, values: Utf8) -> None:
        """Texts in ascending order, one a row."""
        self._checked(name, len(values))
        self._add(name, "sorted", sorted_texts(values.bytes, np.diff(values.offsets)), n=len(values))

    def integers(self, name: str, values: npt.ArrayLike, *, delta: bool = False, scale: float = 1) -> None:
        """Integers in varints; the array may be longer than the rows (geometry columns are)."""
        numbers = np.asarray(values, dtype=np.int64)
        self._add(name, "vz", varints(numbers, delta=delta), n=int(numbers.size), delta=delta, scale=scale)

    def positions(self, points: tuple[Degrees, Degrees]) -> None:
        """Columns lon, lat (micro-degrees) and located (0 or 1) of longitudes and latitudes (WGS 84 degrees, NaN for none)."""
        lon, lat, located = micro_degrees(*points)
        self._checked("lon", len(located))
        for name, micro in (("lon", lon), ("lat", lat)):
            # A row without a position repeats the row before it, so that the difference costs one byte.
            last = np.maximum.accumulate(np.where(located, np.arange(self.rows), -1))
            filled = np.where(last >= 0, micro[last], 0)
            buffer = varints(filled, delta=True)
            self._add(name, "vz", buffer, n=self.rows, delta=True, scale=DEGREE_1E6, per=1_000_000, where="located")
        self.integers("located", located.astype(np.int64))

    def geometry(self, geometry: Sequence[Any] | npt.NDArray[np.object_]) -> None:
        """Columns parts, sizes, x, y of lines or polygons (their rings), given in WGS 84 degrees.

        x and y are Web Mercator world coordinates (0 to 1, from the north-west corner) in whole steps of 2 ** -`WORLD_BITS`:
        the page only multiplies. Vertices that fall on their neighbour are dropped; a missing geometry has 0 parts.
        """
        shapes = np.asarray(geometry, dtype=object)
        self._checked("parts", len(shapes))
        areas = shapely.get_dimensions(shapes) == 2
        lines = np.where(areas, shapely.boundary(shapes), shapes)
        pieces, owner = shapely.get_parts(lines, return_index=True)
        coordinates, piece = shapely.get_coordinates(pieces, return_index=True)
        grid = np.round(world(coordinates) * 2**WORLD_BITS).astype(np.int64)
        same = np.zeros(len(grid), dtype=bool)
        same[1:] = (grid[1:] == grid[:-1]).all(axis=1) & (piece[1:] == piece[:-1])
        grid, piece = grid[~same], piece[~same]
        self.integers("parts", np.bincount(owner, minlength=self.rows) if len(owner) else np.zeros(self.rows, int))
        self.integers("sizes", np.bincount(piece, minlength=len(pieces)) if len(piece) else np.zeros(0, int))
        for name, axis in (("x", 0), ("y", 1)):
            self.whole(name, grid[:, axis] if len(grid) else np.zeros(0, int), delta=True, scale=2.0**-WORLD_BITS)

    def header(self, **more: Any) -> None:
        """Adds values that concern the block as a whole to its header."""
        self._more.update(more)

    def text(self, *, quick: bool | None = None) -> str:
        """The block as base64, ready for a script element; ``quick`` as in `packed`."""
        header = json.dumps(
            {"rows": self.rows, "columns": self._columns, **self._more}, ensure_ascii=False, separators=(",", ":")
        ).encode("utf-8")
        return packed(b"".join([len(header).to_bytes(4, "little"), header, *self._buffers]), quick=quick)
