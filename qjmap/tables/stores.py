"""Where the texts of a large file stand: each column in one run of memory, or, long texts, in a file that is mapped.

A run is as long as the first rows let expect, and grows where they deceive. A mapped file costs no memory of its own, since
what it holds can be read again: `forget` says that it is not needed just now.
"""

from __future__ import annotations

import mmap
import tempfile
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

_mapped: WeakSet[Any] = WeakSet()


def forget() -> None:
    """Let the system take back the memory in which mapped texts were read; who asks for them again reads them again."""
    if hasattr(mmap.mmap, "madvise"):
        for one in list(_mapped):
            one.madvise(mmap.MADV_DONTNEED)


def _opened() -> Any:
    """A file that goes with its last user, and keeps nothing back; None where there is no place for one."""
    try:
        return tempfile.TemporaryFile(buffering=0)
    except OSError:
        return None


class Store:
    """The texts of one column, block after block as a file is read.

    Parameters
    ----------
    room : bytes that they will take, as far as can be told.
    mapped : keep them in a temporary file; in memory where there is no room for one.
    """

    def __init__(self, room: int, *, mapped: bool = False) -> None:
        self._room, self._size = room, 0
        self._file: Any = _opened() if mapped else None
        self._bytes = np.empty(room if self._file is None else 0, dtype=np.uint8)
        self._ends: list[npt.NDArray[np.int64]] = [np.zeros(1, dtype=np.int64)]

    def add(self, block: Any) -> None:
        """Take in an Arrow array of large strings without nulls."""
        _, held, texts = block.buffers()
        offsets = np.frombuffer(held, dtype=np.int64, count=block.offset + len(block) + 1)[block.offset :]
        first, last = int(offsets[0]), int(offsets[-1])
        self._ends.append(offsets[1:] + (self._size - first))
        if last > first:
            self._write(np.frombuffer(texts, dtype=np.uint8)[first:last])
            self._size += last - first

    def _write(self, data: npt.NDArray[np.uint8]) -> None:
        if self._file is not None:
            try:
                left = data.data
                while left:
                    left = left[self._file.write(left) :]
                return
            except OSError:  # no room there
                self._bytes = self._read_back()
        end = self._size + len(data)
        if end > len(self._bytes):
            grown = np.empty(max(end + end // 2, self._room), dtype=np.uint8)
            grown[: self._size] = self._bytes[: self._size]
            self._bytes = grown
        self._bytes[self._size : end] = data

    def _read_back(self) -> npt.NDArray[np.uint8]:
        """What the file holds, which is given up."""
        found = np.empty(self._size, dtype=np.uint8)
        self._file.seek(0)
        left = found.data
        while left:
            left = left[self._file.readinto(left) :]
        self._file.close()
        self._file = None
        return found

    def array(self) -> pa.Array:
        """All texts as one Arrow array."""
        import pyarrow as pa

        ends = np.concatenate(self._ends)
        return pa.LargeStringArray.from_buffers(len(ends) - 1, pa.py_buffer(ends), pa.py_buffer(self._held()))

    def _held(self) -> Any:
        if self._file is None or not self._size:
            return self._bytes[: self._size]
        try:
            found = mmap.mmap(self._file.fileno(), self._size, access=mmap.ACCESS_READ)
        except OSError:  # a folder that cannot be mapped
            return self._read_back()
        self._file.close()  # the map keeps what it needs
        _mapped.add(found)
        return found
