"""Blocks: columns encoded as one compressed text, from which the page reads typed arrays.

A block is compressed with zlib and encoded in base64. Its content is the length of the header (uint32, little-endian), the header
(JSON, UTF-8), and the buffers of the columns one after the other. `web/src/runtime/column-block.js` is the reader.

Codecs of a column:

``json``    a JSON array with one value per row;
``dict``    one uint8 or uint16 code per row; the header has the list of values that the codes index;
``vz``      zigzag LEB128 varints, of the first differences if ``delta`` is true;
``planes``  int32, zigzag-coded, in four byte planes with the lowest bytes first; of the first differences if ``delta`` is true;
``sorted``  texts in ascending order, prefix-compressed (see `codecs.sorted_texts`).

If the header of the column has ``scale``, an integer of ``vz`` or ``planes`` is multiplied by it; if it also has ``per``, the integer is
divided by that instead, which is exact. ``where`` names a column whose value 0 marks an empty cell.

The same columns give the same text on every run.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from qjmap.payload.codecs import Ints, packed, planes, sorted_texts, varints
from qjmap.payload.text_column import Utf8

Degrees = npt.NDArray[np.float64]

DEGREE_1E6 = 1e-6
"""Resolution of positions in degrees: a micro-degree, about 0.1 m."""

PER_DEGREE = 20_000
"""Resolution of lines and polygons: number of steps in a degree. A step is 5.6 m, less than the tolerance of simplified lines."""

MOST_CODES = 0x10000
"""Maximum number of distinct values of a column of codes."""


def micro_degrees(lon: Degrees, lat: Degrees) -> tuple[Ints, Ints, npt.NDArray[np.bool_]]:
    """Return positions in whole micro-degrees.

    Parameters
    ----------
    lon, lat : WGS 84 degrees, NaN if unknown; shape (n,)

    Returns
    -------
    Longitudes and latitudes (int64, shape (n,); 0 in rows that lack either), and a mask of the rows that have both.
    """
    located = np.isfinite(lon) & np.isfinite(lat)
    micro_lon, micro_lat = (
        np.where(located, np.round(np.nan_to_num(degrees) / DEGREE_1E6), 0).astype(np.int64) for degrees in (lon, lat)
    )
    return micro_lon, micro_lat, located


class Block:
    """Writer of a block. Its methods add columns one after the other; `text` returns the block.

    Parameters
    ----------
    rows : number of rows. Columns of another length raise ValueError, except those of `integers` and `int32`.
    """

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self._columns: list[dict[str, Any]] = []
        self._buffers: list[bytes] = []
        self._header: dict[str, Any] = {}
        self._offset = 0

    def _add(self, name: str, codec: str, buffer: bytes, **fields: Any) -> None:
        self._columns.append({"name": name, "codec": codec, "at": self._offset, "bytes": len(buffer), **fields})
        self._buffers.append(buffer)
        self._offset += len(buffer)

    def _check_length(self, name: str, length: int) -> None:
        if length != self.rows:
            raise ValueError(f"column {name!r} has {length} values for {self.rows} rows")

    def json(self, name: str, values: Sequence[Any]) -> None:
        """Add a column of JSON values: strings, numbers, null or lists. Raises ValueError for NaN and infinity."""
        self._check_length(name, len(values))
        text = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        self._add(name, "json", text.encode("utf-8"))

    def dictionary(self, name: str, values: Sequence[str]) -> None:
        """Add a column of strings as codes; as JSON if it has more than `MOST_CODES` distinct ones."""
        self._check_length(name, len(values))
        distinct = sorted(set(values))
        if len(distinct) > MOST_CODES:
            self.json(name, values)
            return
        code = {value: number for number, value in enumerate(distinct)}
        self.codes(name, np.fromiter((code[value] for value in values), dtype=np.int64, count=self.rows), distinct)

    def codes(self, name: str, codes: npt.ArrayLike, values: Sequence[Any]) -> None:
        """Add a column of codes, one per row: indices into ``values`` (JSON values, at most `MOST_CODES`)."""
        width = 1 if len(values) <= 0x100 else 2
        numbers = np.asarray(codes).astype("<u1" if width == 1 else "<u2")
        self._check_length(name, len(numbers))
        self._add(name, "dict", numbers.tobytes(), values=list(values), width=width)

    def int32(self, name: str, values: npt.ArrayLike, *, delta: bool = False, **fields: Any) -> None:
        """Add 32-bit integers in byte planes, which are faster to read than varints. There may be more of them than rows.

        Parameters
        ----------
        values : integers that fit into 32 bits; with `delta` their differences too, else ValueError
        delta : encode first differences
        fields : further fields of the column in the header
        """
        numbers = np.asarray(values, dtype=np.int64)
        self._add(name, "planes", planes(numbers, delta=delta), n=int(numbers.size), delta=delta, **fields)

    def sorted(self, name: str, values: Utf8) -> None:
        """Add a column of texts in ascending order. Raises ValueError for a text of 65,536 bytes or more."""
        self._check_length(name, len(values))
        self._add(name, "sorted", sorted_texts(values.bytes, np.diff(values.offsets)), n=len(values))

    def integers(self, name: str, values: npt.ArrayLike, *, delta: bool = False, scale: float = 1) -> None:
        """Add integers as varints. There may be more of them than rows, as in columns of geometry.

        Parameters
        ----------
        delta : encode first differences
        scale : factor by which the page multiplies each integer
        """
        numbers = np.asarray(values, dtype=np.int64)
        self._add(name, "vz", varints(numbers, delta=delta), n=int(numbers.size), delta=delta, scale=scale)

    def positions(self, points: tuple[Degrees, Degrees]) -> None:
        """Add the columns ``lon``, ``lat`` (micro-degrees) and ``located`` (1 for rows with a position, else 0).

        Parameters
        ----------
        points : longitudes and latitudes in WGS 84 degrees, NaN if unknown; shape (rows,) each
        """
        lon, lat, located = micro_degrees(*points)
        self._check_length("lon", len(located))
        for name, micro in (("lon", lon), ("lat", lat)):
            # A row without a position repeats the previous one, so that the difference takes one byte.
            last = np.maximum.accumulate(np.where(located, np.arange(self.rows), -1))
            filled = np.where(last >= 0, micro[last], 0)
            buffer = varints(filled, delta=True)
            self._add(name, "vz", buffer, n=self.rows, delta=True, scale=DEGREE_1E6, per=1_000_000, where="located")
        self.integers("located", located.astype(np.int64))

    def geometry(self, geometry: Sequence[Any] | npt.NDArray[np.object_], *, per_degree: int = PER_DEGREE) -> None:
        """Add the columns of lines or polygons: parts (number of lines or rings of each row), sizes (number of vertices of each), x, y.

        x and y are the longitudes and latitudes of all vertices in whole steps of 1 / ``per_degree`` degrees. Vertices that round to
        the same step as the previous one are dropped.

        Parameters
        ----------
        geometry : shapely geometries in WGS 84 degrees, shape (rows,); None has no parts
        """
        shapes = np.asarray(geometry, dtype=object)
        self._check_length("parts", len(shapes))
        areas = shapely.get_dimensions(shapes) == 2
        lines = np.where(areas, shapely.boundary(shapes), shapes)
        pieces, owner = shapely.get_parts(lines, return_index=True)
        coordinates, piece = shapely.get_coordinates(pieces, return_index=True)
        grid = np.round(coordinates * per_degree).astype(np.int64)
        repeated = np.zeros(len(grid), dtype=bool)
        repeated[1:] = (grid[1:] == grid[:-1]).all(axis=1) & (piece[1:] == piece[:-1])
        grid, piece = grid[~repeated], piece[~repeated]
        self.integers("parts", np.bincount(owner, minlength=self.rows) if len(owner) else np.zeros(self.rows, int))
        self.integers("sizes", np.bincount(piece, minlength=len(pieces)) if len(piece) else np.zeros(0, int))
        for name, axis in (("x", 0), ("y", 1)):
            self.int32(name, grid[:, axis] if len(grid) else np.zeros(0, int), delta=True, scale=1 / per_degree)

    def header(self, **fields: Any) -> None:
        """Add fields about the whole block, not about a column, to the header."""
        self._header.update(fields)

    def text(self, *, quick: bool | None = None) -> str:
        """Return the block as base64, for a script element; ``quick`` chooses the compressor as in `packed`."""
        header = json.dumps(
            {"rows": self.rows, "columns": self._columns, **self._header}, ensure_ascii=False, separators=(",", ":")
        ).encode("utf-8")
        return packed(b"".join([len(header).to_bytes(4, "little"), header, *self._buffers]), quick=quick)
