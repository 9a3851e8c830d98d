"""Read delimited text by columns with Arrow, without holding the whole text as a Python string.

Only for *uniform* files: one delimiter, one kind of line breaks, every quotation mark at the border of its cell or doubled, every
row as long as the header. For any other file the result is None, and `delimited` reads it row by row. Of a uniform file both
readers make the same grid. Files in other encodings are first transcoded to UTF-8.
"""

from __future__ import annotations

import codecs
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from qjmap import performance_settings
from qjmap.engine.prefetch import prefetch
from qjmap.i18n import Note
from qjmap.schema import Table
from qjmap.tables.columns import operations as cols
from qjmap.tables.columns.spill import Store
from qjmap.tables.readers.delimited import annotate, find_delimiter, plain_header, unguarded
from qjmap.tables.readers.encoding import ENCODING_NAMES, Decoded
from qjmap.tables.readers.find_header_row import HEADER_ROWS, kind_notes
from qjmap.tables.readers.grid import Grid
from qjmap.tables.readers.non_data_rows import RowKinds
from qjmap.tables.readers.row_words import SIGNS

_SUFFIXES = ("", ".csv", ".tsv", ".txt")
_PLAIN_DEGREES = r"^[+-]?[0-9]{1,3}\.[0-9]{2,}$"
"""Pattern of decimal degrees in ASCII. Each cell that matches also matches the pattern `degrees` of the grammar, normalised or not."""
_UTF8 = Decoded("", "utf-8", "strict")
_UTF8_BOM = Decoded("", "utf-8-sig", "mark")

Positions = npt.NDArray[np.int64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Scan:
    """The cells of a uniform file.

    Attributes
    ----------
    header_index, header : index of the header row, from 0, and its cells.
    delimiter : the delimiter.
    has_bom : whether the file begins with a byte-order mark.
    columns : the cells below the header by column: large strings, or dictionaries of them.
    """

    header_index: int
    header: list[str]
    delimiter: str
    has_bom: bool
    columns: list[pa.ChunkedArray]


def read_uniform(path: Path, table: Table, *, shown: str, on_progress: Progress | None = None) -> Grid | None:
    """Return the grid of a uniform file in UTF-8 with the suffix .csv, .tsv, .txt or none; None for any other file.

    Parameters
    ----------
    on_progress : called with the bytes read so far and the size of the file.

    Raises
    ------
    OSError : the file cannot be read.
    """
    scan = None if path.suffix.lower() not in _SUFFIXES else _scan(path, table, on_progress)
    return None if scan is None else _grid(scan, table, _UTF8_BOM if scan.has_bom else _UTF8, shown)


def read_transcoded(path: Path, table: Table, decoded: Decoded, *, shown: str) -> Grid | None:
    """Return the grid of a uniform file in the given encoding; None for any other file, for an unclear encoding, and if the copy in UTF-8
    cannot be written.

    Parameters
    ----------
    decoded : the encoding and how it was detected; its text is not used.
    """
    if path.suffix.lower() not in _SUFFIXES or decoded.encoding not in ENCODING_NAMES or decoded.method == "unclear":
        return None
    try:
        with tempfile.TemporaryDirectory() as folder:
            utf8 = Path(folder) / "utf8.csv"
            _transcode(path, decoded.encoding, utf8)
            scan = _scan(utf8, table)
    except (OSError, UnicodeError):  # no space for the copy, or a byte that is invalid in the encoding
        return None
    return None if scan is None or scan.has_bom else _grid(scan, table, decoded, shown)


def _transcode(path: Path, encoding: str, out: Path) -> None:
    """Write a copy of a file in UTF-8. Raises UnicodeError for a byte that is invalid in its encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as source, out.open("wb") as target:
        while block := source.read(performance_settings.READ_BYTES):
            target.write(decoder.decode(block).encode())
        target.write(decoder.decode(b"", final=True).encode())


def _grid(scan: Scan, table: Table, decoded: Decoded, shown: str) -> Grid:
    """Make the grid of scanned columns, without blank rows and rows that are not data. The list of columns is emptied."""
    columns, first = scan.columns, scan.header_index + 2
    numbers: Any = range(first, first + len(columns[0]))
    blank = _blank_rows(columns)
    if blank.any():
        columns = [column.filter(~blank) for column in columns]
        numbers = np.asarray(numbers)[~blank].tolist()
    notes = list[Note]()
    if kinds := _row_kinds(scan.header, table, columns):
        notes = kind_notes({int(numbers[index]): kind for index, kind in kinds.items()})
        is_data = np.ones(len(columns[0]), dtype=bool)
        is_data[[*kinds]] = False
        columns, numbers = [column.filter(is_data) for column in columns], np.asarray(numbers)[is_data].tolist()
    grid = Grid(scan.header, [], numbers, notes=notes, header_row=scan.header_index + 1, columns=[])
    while columns:  # one at a time, so that the memory of each is free before the next is made
        grid.columns.append(_unguarded_column(columns.pop(0)))  # type: ignore[union-attr]
    cols.release_memory()
    annotate(grid, decoded, scan.delimiter, shown)
    return grid


def _blank_rows(columns: list[Any]) -> Any:
    """Return a mask of the rows whose cells are all blank."""
    blank = np.ones(len(columns[0]), dtype=bool)
    for column in columns:
        blank &= pc.equal(pc.utf8_trim_whitespace(cols.dictionary_decode(column)), "").to_numpy()
        if not blank.any():
            break
    return blank


def _row_kinds(header: Sequence[str], table: Table, columns: list[Any]) -> dict[int, str]:
    """Return row index -> kind for the rows that are not data. Only rows that a fast pattern finds are examined one by one."""
    row_kinds = RowKinds(header, [header], table)
    texts = {index: cols.dictionary_decode(columns[index]) for index in {*row_kinds.lead, *row_kinds.merged}}
    possible = pc.equal(*(texts[index] for index in row_kinds.merged)).to_numpy()
    blank = np.ones(len(possible), dtype=bool)
    for index in row_kinds.names:
        blank &= pc.equal(pc.utf8_trim_whitespace(texts[index]), "").to_numpy()
    possible = possible | blank
    initials = pa.array([*row_kinds.initials], pa.large_string())
    for index in row_kinds.lead:
        begun = np.flatnonzero(pc.is_in(pc.utf8_slice_codeunits(texts[index], 0, 1), initials).to_numpy())
        matches = pc.match_substring_regex(texts[index].take(pa.array(begun)), row_kinds.beginning.pattern)
        possible[begun[matches.to_numpy()]] = True
        if cols.any_contains(cols.from_arrow(texts[index]), *SIGNS):
            possible |= pc.match_substring_regex(texts[index], f"[{SIGNS}]").to_numpy()
    return row_kinds.find(
        len(possible),
        lambda index: unguarded([column[index].as_py() for column in columns]),
        _without_data(np.flatnonzero(possible), row_kinds, columns).tolist(),
    )


def _without_data(rows: Positions, row_kinds: RowKinds, columns: Sequence[Any]) -> Positions:
    """Return `rows`, indices in ascending order, without those that must be data because they have a position in plain degrees."""
    axes = row_kinds.positions_of_data()
    is_data: cols.Mask = np.full(len(rows), bool(axes))
    for index in axes:
        degrees = cols.dictionary_decode(columns[index].take(pa.array(rows)))
        is_data &= pc.match_substring_regex(degrees, _PLAIN_DEGREES).to_numpy()
    return rows[~is_data]


def _unguarded_column(chunked: Any) -> Any:
    """Convert an Arrow column to a column of a grid, its cells `unguarded`."""
    is_coded = pa.types.is_dictionary(chunked.type)
    pieces = (chunk.dictionary for chunk in chunked.chunks) if is_coded else cols.iter_slices(chunked)
    guarded = any(
        pc.any(pc.starts_with(piece, guard), min_count=0).as_py() for piece in pieces for guard in ("'", '="')
    )
    column = cols.from_arrow(chunked)
    return cols.map_unique(column, unguarded) if guarded else column


def _scan(path: Path, table: Table, on_progress: Progress | None = None) -> Scan | None:
    """Read the cells of a uniform file in UTF-8 with a simple header; None for any other file."""
    if (head := read_head(path)) is None:
        return None
    text, has_bom = head
    delimiter = find_delimiter(text, table)
    if not delimiter.isascii() or (header_row := plain_header(text, delimiter, table)) is None:
        return None
    index, header = header_row
    marks = quotation_marks(path, delimiter.encode())
    if marks is None or len(header) < 2 or any(re.search(r"[\r\n]", name) for name in header):
        return None
    columns = _parse(path, delimiter, index + 1, len(header), marks, on_progress)
    return None if columns is None else Scan(index, header, delimiter, has_bom, columns)


def read_head(path: Path) -> tuple[str, bool] | None:
    """Return the first characters of a file, and whether it begins with a byte-order mark; None if they are no UTF-8, or begin with
    ``sep=`` or as a zip file.
    """
    with path.open("rb") as file:
        data = file.read(performance_settings.HEAD_BYTES)
        if data.count(b"\n") <= HEADER_ROWS:  # very long rows: read more
            data += file.read(performance_settings.READ_BYTES)
    has_bom = data.startswith(codecs.BOM_UTF8)
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(data) - 4 or len(data) < performance_settings.HEAD_BYTES - len(codecs.BOM_UTF8):
            return None
        text = data[: error.start].decode("utf-8")
    return None if text.startswith(("sep=", "PK\x03\x04")) else (text, has_bom)


def quotation_marks(path: Path, delimiter: bytes) -> Positions | None:
    """Return the byte offsets of all quotation marks of a uniform file (int64, ascending); None if the file is not uniform.

    This checks that there is no NUL, that all line breaks are of one kind, and that every quotation mark is at the border of its cell or
    doubled. All CSV parsers read such files alike. The number of cells in a row is not checked.
    """
    count = returns = pairs = 0
    last = b""
    with path.open("rb") as file:
        while block := file.read(performance_settings.READ_BYTES):
            if b"\0" in block:
                return None
            count += block.count(b'"') if b'"' in block else 0  # testing with `in` is faster, and most blocks have none
            if b"\r" in block or last == b"\r":
                returns += block.count(b"\r")
                pairs += block.count(b"\r\n") + (last == b"\r" and block[:1] == b"\n")
            last = block[-1:]
    if returns != pairs or count % 2:
        return None
    if not count:
        return np.empty(0, dtype=np.int64)
    data = np.memmap(path, dtype=np.uint8, mode="r")
    starts = range(0, len(data), performance_settings.READ_BYTES)
    marks = np.concatenate(
        [np.flatnonzero(data[start : start + performance_settings.READ_BYTES] == ord('"')) + start for start in starts]
    )
    opened, closed = marks[0::2], marks[1::2]
    doubled = opened[1:] == closed[:-1] + 1
    border = np.zeros(256, dtype=bool)
    border[list(delimiter + b"\n")] = True
    begins = border[data[opened - 1]]
    begins[0] |= opened[0] == 0 or (opened[0] == 3 and data[:3].tobytes() == codecs.BOM_UTF8)
    begins[1:] |= doubled
    border[ord("\r")] = True
    ends = border[data[np.minimum(closed + 1, len(data) - 1)]]
    ends[-1] |= closed[-1] == len(data) - 1
    ends[:-1] |= doubled
    return marks if begins.all() and ends.all() else None


def row_starts(path: Path, marks: Positions, size: int) -> list[int]:
    """Return byte offsets, from 0 to the size of the file, that cut a uniform file at row starts into pieces of about `size` bytes."""
    end = path.stat().st_size
    starts = [0]
    with path.open("rb") as file:
        while (position := starts[-1] + size) < end:
            file.seek(position)
            for line in file:
                position += len(line)
                if not np.searchsorted(marks, position) % 2:  # odd: the line ends inside a quoted cell
                    break
            if position >= end:
                break
            starts.append(position)
    return [*starts, end]


def _parse(
    path: Path, delimiter: str, skipped: int, width: int, marks: Positions, on_progress: Progress | None
) -> list[pa.ChunkedArray] | None:
    """Parse the cells of each column; None if Arrow cannot parse the file: rows differ in length, or bytes are not UTF-8.

    Columns are texts, or dictionaries if texts repeat often in the first block.

    Parameters
    ----------
    skipped : number of rows to skip at the start, up to the header.
    width : number of columns.
    marks : what `quotation_marks` returns.
    """
    names = [str(number) for number in range(width)]
    types: dict[str, pa.DataType] = dict.fromkeys(names, pa.large_string())
    quoted = bool(len(marks))

    def open_piece(piece: tuple[int, int]) -> Any:
        start, end = piece
        return csv.open_csv(
            file.get_stream(start, end - start),
            read_options=csv.ReadOptions(
                column_names=names,
                skip_rows=0 if start else skipped,
                block_size=performance_settings.BLOCK_BYTES,
                use_threads=False,
            ),
            parse_options=csv.ParseOptions(
                delimiter=delimiter,
                quote_char='"' if quoted else False,
                newlines_in_values=quoted,
                ignore_empty_lines=False,
            ),
            convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=False),
        )

    def read_piece(piece: tuple[int, int]) -> list[pa.RecordBatch]:
        with open_piece(piece) as reader:
            return list(reader)

    pieces = list(pairwise(row_starts(path, marks, performance_settings.READ_BYTES)))
    size = pieces[-1][1]
    try:
        with pa.OSFile(str(path)) as file:
            if size <= performance_settings.BLOCK_BYTES:
                table = pa.Table.from_batches(read_piece(pieces[0]), pa.schema(types.items()))
                return table.columns  # type: ignore[no-any-return]
            with open_piece(pieces[0]) as reader:
                first = reader.read_next_batch()
            types |= {
                name: _CODED for name, cells in zip(names, first.columns, strict=True) if cols.is_repetitive(cells)
            }
            columns = _Columns(types, first, size)
            for (_, end), batches in zip(pieces, prefetch(read_piece, pieces), strict=True):
                for batch in batches:
                    columns.add(batch)
                if on_progress:
                    on_progress(end, size)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, StopIteration):
        return None
    return columns.arrays()


_CODED = pa.dictionary(pa.int32(), pa.large_string())


class _Columns:
    """Collects the columns of a file batch by batch: those of type `_CODED` as dictionary-encoded chunks, others as text in a `Store` each.

    Parameters
    ----------
    types : name of a column -> its Arrow type.
    first : first batch, from which the size of each column is estimated; it is not added.
    size : size of the file in bytes.
    """

    def __init__(self, types: dict[str, pa.DataType], first: pa.RecordBatch, size: int) -> None:
        self._types = types
        self._chunks: dict[str, list[pa.Array]] = {name: [] for name in types}
        self._stores = {
            name: Store(
                int(performance_settings.STORE_MARGIN * size * cells.nbytes / max(1, first.nbytes)),
                mapped=size > performance_settings.MAPPED_BYTES
                and cells.nbytes > performance_settings.LONG_TEXT_BYTES * len(cells),
            )
            for name, cells in zip(types, first.columns, strict=True)
            if types[name] != _CODED
        }

    def add(self, batch: pa.RecordBatch) -> None:
        """Add the cells of a batch to their columns."""
        for name, cells in zip(self._types, batch.columns, strict=True):
            if name in self._stores:
                self._stores[name].add(cells)
            else:
                self._chunks[name].append(cells)

    def arrays(self) -> list[pa.ChunkedArray]:
        """Return the columns; those in stores are read back."""
        return [
            pa.chunked_array([self._stores.pop(name).array()] if name in self._stores else self._chunks[name], kind)
            for name, kind in self._types.items()
        ]
