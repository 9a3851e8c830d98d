"""Columns of texts in one buffer of UTF-8, as both Arrow and the payload store them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from qjmap.payload.codecs import Ints
from qjmap.tables.columns import operations as cols


@dataclass(frozen=True)
class Utf8:
    """A column of n texts, concatenated in UTF-8. A slice with step 1 shares the buffer.

    Attributes
    ----------
    data : buffer that has the bytes of the texts between the first and the last offset.
    offsets : index in `data` of the start of each text, and of the end of the last one; shape (n + 1,).
    units : length of each text in UTF-16 units, as JavaScript counts; shape (n,).
    """

    data: npt.NDArray[np.uint8]
    offsets: Ints
    units: Ints

    @classmethod
    def of(cls, values: Sequence[str]) -> Utf8:
        """Return the column of some Python strings."""
        text, units = concatenate(values)
        data = np.frombuffer(text.encode("utf-8"), dtype=np.uint8)
        lengths = units
        if len(data) != len(text):
            lengths = np.fromiter((len(value.encode("utf-8")) for value in values), dtype=np.int64, count=len(values))
        return cls(data, np.concatenate([[0], np.cumsum(lengths)]), units)

    @classmethod
    def of_arrow(cls, chunked: Any) -> Utf8:
        """Return an Arrow array (chunked, of large strings without nulls) as a column. An array of one chunk is not copied."""
        import pyarrow.compute as pc

        array = cols.combine_chunks(chunked)
        _, starts, characters = array.buffers()
        if characters is None:  # all texts are empty
            return cls.of([""] * len(array))
        offsets = np.frombuffer(starts, dtype=np.int64, count=array.offset + len(array) + 1)[array.offset :]
        data = np.frombuffer(characters, dtype=np.uint8)
        units = pc.utf8_length(array).to_numpy()
        if data.size and data.max() >= 0xF0:  # characters beyond the first 65,536 take two units and four bytes
            units = units + pc.count_substring_regex(array, "[\U00010000-\U0010ffff]").to_numpy()
        return cls(data, offsets, units)

    def __len__(self) -> int:
        return len(self.units)

    def __getitem__(self, rows: slice) -> Utf8:
        start, stop, step = rows.indices(len(self))
        if step != 1:
            return Utf8.of([self[row : row + 1].text() for row in range(start, stop, step)])
        return Utf8(self.data, self.offsets[start : stop + 1], self.units[start:stop])

    @property
    def bytes(self) -> npt.NDArray[np.uint8]:
        """The bytes of all texts, shape (number of bytes,)."""
        return self.data[self.offsets[0] : self.offsets[-1]]

    def text(self) -> str:
        """Return all texts, concatenated."""
        return self.bytes.tobytes().decode("utf-8")


@dataclass(frozen=True)
class TakenTexts:
    """Texts of an Arrow array in another order. They are taken slice by slice, so that a long column is never copied as a whole.

    Attributes
    ----------
    array : large strings without nulls, in one chunk.
    rows : index in ``array`` of each text; shape (n,).
    """

    array: Any
    rows: Ints

    @classmethod
    def of(cls, chunked: Any, rows: Ints) -> TakenTexts:
        """Return the texts of an Arrow array (of any number of chunks) at the given rows."""
        return cls(cols.combine_chunks(chunked), rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: slice) -> Utf8:
        import pyarrow as pa
        import pyarrow.compute as pc

        return Utf8.of_arrow(pc.take(self.array, pa.array(self.rows[index])))


def concatenate(values: Sequence[str]) -> tuple[str, Ints]:
    """Return strings concatenated, and the length of each string in UTF-16 units."""
    text = "".join(values)
    units = np.fromiter(map(len, values), dtype=np.int64, count=len(values))
    if not text.isascii() and max(text) > "\uffff":
        units += np.fromiter(
            (sum(character > "\uffff" for character in value) for value in values), np.int64, len(values)
        )
    return text, units
