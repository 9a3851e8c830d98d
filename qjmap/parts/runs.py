"""Rows of many parts in the order of their ids, through files: of all rows no more than two ranges are in memory.

Each part comes in the order of its ids and is cut where the ranges meet; a range collects its pieces in a file, and is put
in order when it is written. Pieces are Arrow streams, compressed with LZ4.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qjmap.engine.ahead import ahead

if TYPE_CHECKING:
    import pyarrow as pa

RANGE = 50_000
"""Rows of a range, about: what is sorted at once."""

Piece = tuple[int, bytes]
"""The number of a range, and rows of it."""


def bounds(sample: Iterable[str], rows: int) -> tuple[str, ...]:
    """The ids at which ranges of about `RANGE` rows meet, by a sample of all ids."""
    ordered = sorted(set(sample))
    ranges = max(1, -(-rows // RANGE))
    return tuple(sorted({ordered[len(ordered) * at // ranges] for at in range(1, ranges)})) if ordered else ()


def split(table: pa.Table, meeting: Sequence[str]) -> Iterator[Piece]:
    """A table in the order of its column `id`, cut where ranges meet."""
    import pyarrow as pa

    own = table.column("id")
    place = _Texts(own)
    start = 0
    for number in range(len(meeting) + 1):
        stop = bisect_left(place, meeting[number], start) if number < len(meeting) else len(own)
        if stop > start:
            sink = pa.BufferOutputStream()
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
                writer.write_table(table.slice(start, stop - start))
            yield number, sink.getvalue().to_pybytes()
        start = stop


class _Texts(Sequence[str]):
    """An Arrow column as bisection asks it."""

    def __init__(self, column: Any) -> None:
        self._column = column

    def __len__(self) -> int:
        return len(self._column)

    def __getitem__(self, at: Any) -> Any:
        return self._column[at].as_py()


class Runs:
    """The pieces of all ranges, in files of a folder."""

    def __init__(self, folder: Path, ranges: int) -> None:
        self._folder, self._ranges = folder, ranges

    def add(self, pieces: Iterable[Piece]) -> None:
        """Keep the pieces of a part."""
        for number, data in pieces:
            with self._path(number).open("ab") as file:
                file.write(len(data).to_bytes(8, "big") + data)

    def in_order(self, made: Callable[[pa.Table], Any]) -> Iterator[Any]:
        """What is made of each range, its rows in the order of their ids; the next two are made while one is written."""
        numbers = [number for number in range(self._ranges) if self._path(number).exists()]
        yield from ahead(lambda number: made(self._sorted(number)), numbers)

    def _sorted(self, number: int) -> pa.Table:
        import pyarrow as pa
        import pyarrow.compute as pc

        tables = []
        path = self._path(number)
        with path.open("rb") as file:
            while size := file.read(8):
                with pa.ipc.open_stream(file.read(int.from_bytes(size, "big"))) as reader:
                    tables.append(reader.read_all())
        path.unlink()
        whole = pa.concat_tables(tables).combine_chunks()
        return whole.take(pc.sort_indices(whole.column("id")))

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:06}.run"
