"""External sort of the rows of many partitions by id.

The ids are divided into ranges. Each partition is sorted and cut into one chunk per range, which is appended to the file of the
range. A range is sorted only when it is read, so few ranges are in memory at once. Chunks are Arrow streams compressed with LZ4.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qjmap.engine.prefetch import prefetch

if TYPE_CHECKING:
    import pyarrow as pa

Chunk = tuple[int, bytes]
"""Number of a range, and rows of that range as an Arrow stream."""


def range_bounds(sample: Iterable[str], rows: int, rows_per_range: int) -> tuple[str, ...]:
    """Return the ids at which a new range starts, so that `rows` rows are divided into ranges of about `rows_per_range` rows.

    The bounds are estimated from a sample of all ids; () for a single range.
    """
    ordered = sorted(set(sample))
    ranges = max(1, -(-rows // rows_per_range))
    return tuple(sorted({ordered[len(ordered) * number // ranges] for number in range(1, ranges)})) if ordered else ()


def split_by_range(table: pa.Table, bounds: Sequence[str]) -> Iterator[Chunk]:
    """Cut a table sorted by its column `id` at `bounds`; yield a chunk for each range that has rows."""
    import pyarrow as pa

    ids = _Texts(table.column("id"))
    start = 0
    for number in range(len(bounds) + 1):
        stop = bisect_left(ids, bounds[number], start) if number < len(bounds) else len(ids)
        if stop > start:
            sink = pa.BufferOutputStream()
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
                writer.write_table(table.slice(start, stop - start))
            yield number, sink.getvalue().to_pybytes()
        start = stop


class _Texts(Sequence[str]):
    """An Arrow column as a sequence of strings, for `bisect`."""

    def __init__(self, column: Any) -> None:
        self._column = column

    def __len__(self) -> int:
        return len(self._column)

    def __getitem__(self, index: Any) -> Any:
        return self._column[index].as_py()


class RangeFiles:
    """Files in a folder, one for each of `ranges` ranges that has rows, which collect the chunks of all partitions."""

    def __init__(self, folder: Path, ranges: int) -> None:
        self._folder, self._ranges = folder, ranges

    def add(self, chunks: Iterable[Chunk]) -> None:
        """Append the chunks of a partition to the files of their ranges."""
        for number, data in chunks:
            with self._path(number).open("ab") as file:
                file.write(len(data).to_bytes(8, "big") + data)

    def in_order(self, convert: Callable[[pa.Table], Any]) -> Iterator[Any]:
        """Yield the rows of each range, sorted by id and converted by `convert`; meanwhile threads prepare the next two ranges."""
        numbers = [number for number in range(self._ranges) if self._path(number).exists()]
        yield from prefetch(lambda number: convert(self._sorted(number)), numbers)

    def _sorted(self, number: int) -> pa.Table:
        """Return the rows of a range sorted by id, and delete its file."""
        import pyarrow as pa
        import pyarrow.compute as pc

        tables = []
        path = self._path(number)
        with path.open("rb") as file:
            while size := file.read(8):
                with pa.ipc.open_stream(file.read(int.from_bytes(size, "big"))) as reader:
                    tables.append(reader.read_all())
        path.unlink()
        table = pa.concat_tables(tables).combine_chunks()
        return table.take(pc.sort_indices(table.column("id")))

    def _path(self, number: int) -> Path:
        """Return the path of the file of a range."""
        return self._folder / f"{number:06}.arrows"
