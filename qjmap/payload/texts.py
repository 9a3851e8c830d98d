"""Many texts as one run of UTF-8, which is what Arrow holds and what most steps of a payload ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from qjmap.payload.codecs import Ints
from qjmap.tables import columns as cols


@dataclass(frozen=True)
class Utf8:
    """Texts one after the other.

    Attributes
    ----------
    data : their bytes; what stands before the first offset and after the last belongs to others.
    offsets : where each begins, and where the last ends; shape (n + 1,).
    units : the length of each in UTF-16 units, as the page's script counts; shape (n,).
    """

    data: npt.NDArray[np.uint8]
    offsets: Ints
    units: Ints

    @classmethod
    def of(cls, values: Sequence[str]) -> Utf8:
        """Python's strings."""
        text, units = joined(values)
        data = np.frombuffer(text.encode("utf-8"), dtype=np.uint8)
        lengths = units
        if len(data) != len(text):
            lengths = np.fromiter((len(value.encode("utf-8")) for value in values), dtype=np.int64, count=len(values))
        return cls(data, np.concatenate([[0], np.cumsum(lengths)]), units)

    @classmethod
    def of_arrow(cls, chunked: Any) -> Utf8:
        """An Arrow array of large strings without nulls; nothing is copied of an array of one chunk."""
        import pyarrow.compute as pc

        array = cols.in_one(chunked)
        _, starts, held = array.buffers()
        if held is None:  # no text has a sign
            return cls.of([""] * len(array))
        offsets = np.frombuffer(starts, dtype=np.int64, count=array.offset + len(array) + 1)[array.offset :]
        data = np.frombuffer(held, dtype=np.uint8)
        units = pc.utf8_length(array).to_numpy()
        if data.size and data.max() >= 0xF0:  # signs beyond the first 65,536 take two units, and four bytes
            units = units + pc.count_substring_regex(array, "[\U00010000-\U0010ffff]").to_numpy()
        return cls(data, offsets, units)

    def __len__(self) -> int:
        return len(self.units)

    def __getitem__(self, rows: slice) -> Utf8:
        start, stop, step = rows.indices(len(self))
        if step != 1:
            return Utf8.of([self[at : at + 1].joined() for at in range(start, stop, step)])
        return Utf8(self.data, self.offsets[start : stop + 1], self.units[start:stop])

    @property
    def bytes(self) -> npt.NDArray[np.uint8]:
        """The bytes of these texts alone."""
        return self.data[self.offsets[0] : self.offsets[-1]]

    def joined(self) -> str:
        """The texts together."""
        return self.bytes.tobytes().decode("utf-8")


@dataclass(frozen=True)
class Gathered:
    """Texts of an Arrow array in an order of their own, taken part by part: a long column is not copied as a whole.

    Attributes
    ----------
    array : large strings without nulls, in one piece.
    rows : which text stands where; shape (n,).
    """

    array: Any
    rows: Ints

    @classmethod
    def of(cls, chunked: Any, rows: Ints) -> Gathered:
        """Of an Arrow array in any number of pieces."""
        return cls(cols.in_one(chunked), rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, part: slice) -> Utf8:
        import pyarrow as pa
        import pyarrow.compute as pc

        return Utf8.of_arrow(pc.take(self.array, pa.array(self.rows[part])))


def joined(values: Sequence[str]) -> tuple[str, Ints]:
    """Python's strings together, and the length of each in UTF-16 units."""
    text = "".join(values)
    units = np.fromiter(map(len, values), dtype=np.int64, count=len(values))
    if not text.isascii() and max(text) > "\uffff":
        units += np.fromiter((sum(sign > "\uffff" for sign in value) for value in values), np.int64, len(values))
    return text, units
