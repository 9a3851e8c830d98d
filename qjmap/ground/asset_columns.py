"""Reader of the binary files in `assets/ground`: named columns of integers in byte planes. Pure Python, except for `Columns.array`.

A file is compressed with zlib. Its content is the length of the header (uint32, little-endian), the header (JSON, UTF-8) and the
planes of the columns. The header has fields of the kind of file, and ``columns``: {name: [number of values, bytes of a value]}, in the
order in which the columns follow. A plane holds one byte of each value; the plane of the lowest bytes comes first. Values are
zigzag-coded (0, -1, 1, -2 become 0, 1, 2, 3), so that the high planes of small numbers are zero. `geo/_ground_files.py` is the writer.
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
    """Reader of the columns of one file of `assets/ground`, in the format that the module describes.

    Parameters
    ----------
    data : bytes of the file (compressed with zlib).

    Attributes
    ----------
    header : the JSON header, with ``columns`` and the fields of that kind of file.
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
        """Return the values of a column from index ``first`` up to, but without, ``last``; by default all. Pure Python."""
        start, count, width = self._places[name]
        last = count if last is None else last
        coded: Sequence[int] = self._data[start + first : start + last]
        for place in range(1, width):
            plane = self._data[start + place * count + first : start + place * count + last]
            coded = [low | high << 8 * place for low, high in zip(coded, plane, strict=True)]
        return [(value >> 1) ^ -(value & 1) for value in coded]

    def array(self, name: str, index: npt.NDArray[np.int64] | None = None) -> npt.NDArray[np.int64]:
        """Return the values of a column at the given indices, shape (n,), as an int64 array of the same shape; by default all."""
        import numpy as np  # imported here, since `qjmap locate` does without it

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
    """Return the columns of a file in `assets/ground`, given by its name without the suffix. Each file is read once."""
    return Columns((files("qjmap") / "assets" / "ground" / f"{name}.z").read_bytes())
