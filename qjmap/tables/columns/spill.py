"""Buffers for the texts of a large file: for each column a growing buffer in memory, or a memory-mapped file for long texts.

Pages of a mapped file can be read again from disk, so the system may drop them from memory at any time; `evict_pages` makes it do so.
"""

from __future__ import annotations

import mmap
import tempfile
from typing import Any
from weakref import WeakSet

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_mapped: WeakSet[Any] = WeakSet()


def evict_pages() -> None:
    """Drop the resident pages of all mapped files; a later access reads them from disk again."""
    if hasattr(mmap.mmap, "madvise"):
        for mapping in list(_mapped):
            mapping.madvise(mmap.MADV_DONTNEED)


def _temporary_file() -> Any:
    """Return an unbuffered temporary file, deleted when it is closed; None if none can be created."""
    try:
        return tempfile.TemporaryFile(buffering=0)
    except OSError:
        return None


class Store:
    """Append-only buffer of the texts of one column.

    Parameters
    ----------
    capacity : expected size in bytes.
    mapped : whether to write to a temporary file, which is mapped at the end; memory is used if the disk is full.
    """

    def __init__(self, capacity: int, *, mapped: bool = False) -> None:
        self._capacity, self._size = capacity, 0
        self._file: Any = _temporary_file() if mapped else None
        self._bytes = np.empty(capacity if self._file is None else 0, dtype=np.uint8)
        self._ends: list[npt.NDArray[np.int64]] = [np.zeros(1, dtype=np.int64)]

    def add(self, block: Any) -> None:
        """Append an Arrow array of large strings without nulls."""
        _, ends, texts = block.buffers()
        offsets = np.frombuffer(ends, dtype=np.int64, count=block.offset + len(block) + 1)[block.offset :]
        first, last = int(offsets[0]), int(offsets[-1])
        self._ends.append(offsets[1:] + (self._size - first))
        if last > first:
            self._write(np.frombuffer(texts, dtype=np.uint8)[first:last])
            self._size += last - first

    def _write(self, data: npt.NDArray[np.uint8]) -> None:
        """Append bytes to the file, or to those in memory if there is no file or its disk is full."""
        if self._file is not None:
            try:
                remaining = data.data
                while remaining:
                    remaining = remaining[self._file.write(remaining) :]
                return
            except OSError:  # the disk is full
                self._bytes = self._read_back()
        end = self._size + len(data)
        if end > len(self._bytes):
            grown = np.empty(max(end + end // 2, self._capacity), dtype=np.uint8)
            grown[: self._size] = self._bytes[: self._size]
            self._bytes = grown
        self._bytes[self._size : end] = data

    def _read_back(self) -> npt.NDArray[np.uint8]:
        """Read the content of the file into memory, close the file, and return the content."""
        data = np.empty(self._size, dtype=np.uint8)
        self._file.seek(0)
        remaining = data.data
        while remaining:
            remaining = remaining[self._file.readinto(remaining) :]
        self._file.close()
        self._file = None
        return data

    def array(self) -> pa.Array:
        """Return all texts as one Arrow array over the buffer."""
        ends = np.concatenate(self._ends)
        return pa.LargeStringArray.from_buffers(len(ends) - 1, pa.py_buffer(ends), pa.py_buffer(self._content()))

    def _content(self) -> Any:
        """Return all bytes: in memory, or as a mapping of the file."""
        if self._file is None or not self._size:
            return self._bytes[: self._size]
        try:
            mapping = mmap.mmap(self._file.fileno(), self._size, access=mmap.ACCESS_READ)
        except OSError:  # the file system cannot map files
            return self._read_back()
        self._file.close()  # the mapping keeps the file open
        _mapped.add(mapping)
        return mapping
