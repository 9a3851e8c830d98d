"""OLE2 compound file (MS-CFB), the container of .xls and .et workbooks -> its streams."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_END = 0xFFFFFFFA
"""Sector numbers from this one on are markers (end of chain, free)."""
_ENTRY = 128  # size of a directory entry in bytes
_STREAM = 2  # type of a directory entry that is a stream
_FAT_SECTORS_IN_HEADER = 109

DAMAGED = (struct.error, ValueError, LookupError)
"""Exceptions that parsing a damaged container or its records may raise."""


class _Container:
    """The sectors, allocation tables and directory of a container; raises one of `DAMAGED` if they are not sound."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._size = 1 << struct.unpack_from("<H", data, 30)[0]
        self._mini_size = 1 << struct.unpack_from("<H", data, 32)[0]
        if not (128 <= self._size <= 65_536 and 8 <= self._mini_size <= self._size):
            raise ValueError
        fat_sectors, directory, _, self._mini_below, mini_fat, _ = struct.unpack_from("<IIIIII", data, 44)
        self._fat = self._read_fat(fat_sectors)
        self._directory = self._chain_bytes(directory)
        self.entries: dict[str, tuple[int, int]] = {}
        """Name of a stream or storage -> its first sector, and its length in bytes."""
        self._read_directory()
        self._mini_stream = self._chain_bytes(self.entries["Root Entry"][0])
        links = self._chain_bytes(mini_fat)
        self._mini_fat = [*struct.unpack(f"<{len(links) // 4}I", links)]
        self._check_chains()

    def stream(self, names: Sequence[str]) -> bytes:
        """Return the bytes of the first of these streams that exists; b"" if none does."""
        start, length = next((self.entries[name] for name in names if name in self.entries), (0xFFFFFFFE, 0))
        if length >= self._mini_below:
            return self._chain_bytes(start)[:length]
        size = self._mini_size
        sectors = _chain(start, self._mini_fat)
        return b"".join(self._mini_stream[number * size : (number + 1) * size] for number in sectors)[:length]

    def _sector(self, number: int) -> bytes:
        """Return the bytes of a sector. The header, which is as long as a sector, precedes sector 0."""
        return self._data[(number + 1) * self._size : (number + 2) * self._size]

    def _chain_bytes(self, start: int) -> bytes:
        """Return the bytes of all sectors of the chain that begins with a sector."""
        return b"".join(map(self._sector, _chain(start, self._fat)))

    def _read_fat(self, count: int) -> list[int]:
        """Return the allocation table. The numbers of its sectors are listed in the header and in a chain of further sectors."""
        numbers = [*struct.unpack_from(f"<{_FAT_SECTORS_IN_HEADER}I", self._data, 76)]
        following = struct.unpack_from("<I", self._data, 68)[0]
        most = len(self._data) // self._size + 1
        words_in_sector = f"<{self._size // 4}I"
        for _ in range(most):
            if following >= _END:
                break
            *more, following = struct.unpack_from(words_in_sector, self._sector(following))
            numbers += more
        else:
            raise ValueError  # a cycle
        fat: list[int] = []
        for number in numbers[: min(count, most)]:
            fat += struct.unpack_from(words_in_sector, self._sector(number))
        return fat

    def _read_directory(self) -> None:
        """Read name, first sector and length of each entry of the directory; of equal names the first counts."""
        for offset in self._entry_offsets():
            length = min(struct.unpack_from("<H", self._directory, offset + 64)[0], 64)
            name = self._directory[offset : offset + max(length - 2, 0)].decode("utf-16-le", "replace")
            self.entries.setdefault(name, struct.unpack_from("<II", self._directory, offset + 116))

    def _check_chains(self) -> None:
        """Follow the chain of every stream once, since calamine follows them all and a cycle would never end."""
        for offset in self._entry_offsets():
            start, length = struct.unpack_from("<II", self._directory, offset + 116)
            if self._directory[offset + 66] == _STREAM and length >= self._mini_below:
                _chain(start, self._fat)
            elif self._directory[offset + 66] == _STREAM and length:
                _chain(start, self._mini_fat)

    def _entry_offsets(self) -> range:
        return range(0, len(self._directory) - _ENTRY + 1, _ENTRY)


def _chain(start: int, table: list[int]) -> list[int]:
    """Return the numbers of the sectors of a chain in an allocation table; one of `DAMAGED` for an endless or broken chain."""
    numbers: list[int] = []
    while start < _END:
        if len(numbers) > len(table):
            raise ValueError  # a cycle
        numbers.append(start)
        start = table[start]
    return numbers


def read_stream(data: bytes, names: Sequence[str]) -> bytes:
    """Return the bytes of the first of these streams that a container has; b"" if it has none. Raises one of `DAMAGED`."""
    return _Container(data).stream(names)


def stream_names(data: bytes) -> frozenset[str]:
    """Return the names of the streams and storages in a container; an empty set if it is damaged."""
    try:
        return frozenset(_Container(data).entries)
    except DAMAGED:
        return frozenset()
