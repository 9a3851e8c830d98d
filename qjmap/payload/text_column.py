"""Columns of texts as one buffer of UTF-8, the layout of Arrow and of the payload."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from qjmap.payload.codecs import Ints
from qjmap.tables.columns import ops as cols


@dataclass(frozen=True)
class Utf8:
    """Concatenated texts in UTF-8.

    Attributes
    ----------
    data : buffer with the bytes of the texts, from the first to the last offset.
    offsets : start of each text, and end of the last; shape (n + 1,).
    units : length of each text in UTF-16 units, as JavaScript counts; shape (n,).
    """

    data: npt.NDArray[np.uint8]
    offsets: Ints
    units: Ints

    @classmethod
    def of(cls, values: Sequence[str]) -> Utf8:
        """Encode Python strings."""
        text, units = concatenate(values)
        data = np.frombuffer(text.encode("utf-8"), dtype=np.uint8)
        lengths = units
        if len(data) != len(text):
            lengths = np.fromiter((len(value.encode("utf-8")) for value in values), dtype=np.int64, count=len(values))
        return cls(data, np.concatenate([[0], np.cumsum(lengths)]), units)

    @classmethod
    def of_arrow(cls, chunked: Any) -> Utf8:
        """View an Arrow array of large strings without nulls; an array of one chunk is not copied."""
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
        """Bytes of the texts."""
        return self.data[self.offsets[0] : self.offsets[-1]]

    def text(self) -> str:
        """The concatenated texts."""
        return self.bytes.tobytes().decode("utf-8")


@dataclass(frozen=True)
class TakenTexts:
    """Texts of an Arrow array at given rows, taken slice by slice so that a long column is not copied as a whole.

    Attributes
    ----------
    array : large strings without nulls, in one chunk.
    rows : indices into ``array``; shape (n,).
    """

    array: Any
    rows: Ints

    @classmethod
    def of(cls, chunked: Any, rows: Ints) -> TakenTexts:
        """Take rows of an Arrow array of any number of chunks."""
        return cls(cols.combine_chunks(chunked), rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: slice) -> Utf8:
        import pyarrow as pa
        import pyarrow.compute as pc

        return Utf8.of_arrow(pc.take(self.array, pa.array(self.rows[index])))


def concatenate(values: Sequence[str]) -> tuple[str, Ints]:
    """Concatenate strings; return the text and the length of each string in UTF-16 units."""
    text = "".join(values)
    units = np.fromiter(map(len, values), dtype=np.int64, count=len(values))
    if not text.isascii() and max(text) > "\uffff":
        units += np.fromiter(
            (sum(character > "\uffff" for character in value) for value in values), np.int64, len(values)
        )
    return text, units
