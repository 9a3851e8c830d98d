"""Reader of the ground's files: named columns of integers as byte planes, compressed as one; pure Python, NumPy where asked for.

A file is ``deflate(header length, header, planes)``: the length is a little-endian uint32, the header JSON (UTF-8) with free fields
and ``columns``, {name: [number of values, bytes of a value]}. The planes of the columns follow in that order. A plane holds one byte of
every value, the lowest first; values are zigzag-coded (0, -1, 1, -2 are 0, 1, 2, 3), so that high planes of small numbers are zero.
`geo/_ground_files.py` writes them.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Columns:
    """A file of columns.

    Parameters
    ----------
    data : content of the file.

    Attributes
    ----------
    header : the file's own fields, JSON.
    """

    def __init__(self, data: bytes) -> None:
        self._data = zlib.decompress(data)
        start = 4 + int.from_bytes(self._data[:4], "little")
        self.header: dict[str, Any] = json.loads(self._data[4:start])
        self._places: dict[str, tuple[int, int, int]] = {}
        for name, (count, width) in self.header["columns"].items():
            self._places[name] = (start, count, width)
            start += count * width

    def values(self, name: str, first: int = 0, last: int | None = None) -> list[int]:
        """Return the values of a column from index ``first`` up to ``last``, which is left out; by default all."""
        start, count, width = self._places[name]
        last = count if last is None else last
        coded: Sequence[int] = self._data[start + first : start + last]
        for place in range(1, width):
            plane = self._data[start + place * count + first : start + place * count + last]
            coded = [low | high << 8 * place for low, high in zip(coded, plane, strict=True)]
        return [(value >> 1) ^ -(value & 1) for value in coded]

    def array(self, name: str, index: npt.NDArray[np.int64] | None = None) -> npt.NDArray[np.int64]:
        """Return the values of a column at some indices as an array; by default all."""
        import numpy as np  # a place can be located without it

        start, count, width = self._places[name]
        planes = np.frombuffer(self._data, np.uint8, count * width, start).reshape(width, count)
        if index is not None:
            planes = planes[:, index]
        coded = np.zeros(planes.shape[1], dtype=np.int64)
        for place, plane in enumerate(planes):
            coded |= plane.astype(np.int64) << (8 * place)
        return (coded >> 1) ^ -(coded & 1)


@cache
def read_columns(name: str) -> Columns:
    """Read one of the package's ground files."""
    return Columns((files("qjmap") / "assets" / "ground" / f"{name}.z").read_bytes())
