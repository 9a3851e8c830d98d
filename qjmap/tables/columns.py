"""Long columns of text as Arrow holds them: one buffer of UTF-8 instead of a Python string a cell.

A column of a frame is either an object array of strings, as everywhere, or, in large files and where its cells hardly
repeat, pandas' own string array over Arrow: a third of the memory, and what is asked of all cells is answered by a pass
over the buffer. Every function here takes both and answers the same for both. Arrow (pyarrow) is an extra; without it
all columns are object arrays.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap.engine.ahead import ahead
from qjmap.schema import fold, fold_all
from qjmap.tables.cells import BLANKS, clean_all

if TYPE_CHECKING:
    import pyarrow as pa

Mask = npt.NDArray[np.bool_]

LARGE = 2_000_000
"""Bytes of a file from which columns are worth more than rows."""
LONG = 20_000
"""Rows from which a table is asked as a whole instead of row by row."""

_SAMPLE = 10_000
_FEW = 4
"""Few of a column's cells differ where as many, on average, say the same."""


@cache
def has_arrow() -> bool:
    """Whether pyarrow is installed."""
    return find_spec("pyarrow") is not None


@cache
def pool() -> pa.MemoryPool:
    """Where long columns live: jemalloc where there is one, told to give back at once what a column no longer needs."""
    import pyarrow as pa

    if "jemalloc" not in pa.supported_memory_backends():
        return pa.default_memory_pool()
    found = pa.jemalloc_memory_pool()
    pa.jemalloc_set_decay_ms(0)  # else it keeps, of a million rows, as much again
    return found


def release() -> None:
    """Give back to the system what Arrow keeps for later: called between steps that each need much for a moment."""
    if "pyarrow" in sys.modules:
        import pyarrow as pa

        for one in (pa.default_memory_pool(), pool()):
            one.release_unused()


def filled(count: int, value: Any) -> npt.NDArray[np.object_]:
    """A column that says the same in every row, and takes no room for it; read-only."""
    one = np.empty(1, dtype=object)
    one[0] = value
    return np.broadcast_to(one, count) if count else np.empty(0, dtype=object)


def taken(values: Any, rows: npt.NDArray[np.int64]) -> Any:
    """The cells of some rows, in their order."""
    found = arrow(values)
    if found is None:
        constant = isinstance(values, np.ndarray) and values.strides == (0,) and len(values) > 0
        return np.broadcast_to(values[:1], len(rows)) if constant else values[rows]
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = in_one(found)
    del values, found  # of a column that nobody else holds, the pieces go before its successor is made
    return over_arrow(pa.chunked_array([pc.take(whole, pa.array(rows), memory_pool=pool())]))


def column(frame: pd.DataFrame, name: str) -> Any:
    """A column's cells: the string array over Arrow where it is one, else an object (or number) array."""
    values = frame[name].array
    return values if arrow(values) is not None else frame[name].to_numpy()


def arrow(values: Any) -> pa.ChunkedArray | None:
    """The Arrow array behind a column; None for an object array."""
    if isinstance(values, pd.Series):
        values = values.array
    if isinstance(values, pd.arrays.ArrowStringArray):
        return values.__arrow_array__()
    return None


def over_arrow(chunked: pa.ChunkedArray) -> Any:
    """pandas' string array over an Arrow array of texts without nulls; nothing is copied."""
    return pd.StringDtype("pyarrow", na_value=np.nan).__from_arrow__(chunked)  # type: ignore[attr-defined]


def in_one(array: Any) -> pa.Array:
    """An Arrow array in one piece; copied only where it is in several."""
    if not hasattr(array, "chunks"):
        return array
    return array.chunk(0) if array.num_chunks == 1 else array.combine_chunks(memory_pool=pool())


def objects(values: Any) -> npt.NDArray[np.object_]:
    """The cells as Python strings."""
    found = arrow(values)
    return np.asarray(values, dtype=object) if found is None else found.to_numpy().astype(object, copy=False)


def compact(chunked: pa.ChunkedArray) -> Any:
    """A column in the form that suits it: few different texts as an object array that shares them, others over Arrow."""
    if has_few(chunked.slice(0, _SAMPLE)):
        # Chunk by chunk: each has a dictionary of its own, which is small.
        codes, texts = _codes(chunked)
        if len(texts) * _FEW <= len(chunked):
            return texts[codes]
    return over_arrow(spelled_out(chunked))


def spread(texts: Sequence[str | None], codes: npt.NDArray[np.integer[Any]]) -> Any:
    """The text of each code; over Arrow in a long column."""
    if len(codes) <= LONG or not has_arrow():
        return _array(texts)[codes]
    import pyarrow as pa

    return over_arrow(pa.chunked_array([pa.array(texts, pa.large_string()).take(pa.array(codes))]))


def has_few(array: pa.Array | pa.ChunkedArray) -> bool:
    """Whether few of the cells differ."""
    import pyarrow.compute as pc

    return len(array) > 0 and len(pc.unique(array)) * _FEW <= len(array)


def spelled_out(chunked: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts, where a column may be a dictionary of them."""
    import pyarrow as pa

    return chunked.cast(chunked.type.value_type) if pa.types.is_dictionary(chunked.type) else chunked


def _codes(chunked: pa.ChunkedArray) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.object_]]:
    import pyarrow as pa

    coded = chunked if pa.types.is_dictionary(chunked.type) else chunked.dictionary_encode()
    coded = coded.unify_dictionaries()
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in coded.chunks] or [np.empty(0, dtype=np.int64)])
    texts = coded.chunks[0].dictionary.to_pylist() if coded.num_chunks else []
    distinct = np.empty(len(texts), dtype=object)
    distinct[:] = texts
    return codes, distinct


def distinct(values: Any) -> list[str]:
    """The different cells, in the order of their first row."""
    found = arrow(values)
    if found is None:
        return pd.unique(values[:1] if values.strides == (0,) else values).tolist()  # type: ignore[no-any-return]
    return found.unique().to_pylist()  # type: ignore[no-any-return]


def each(values: Any, made: Callable[[Sequence[str]], Sequence[str]]) -> npt.NDArray[np.object_]:
    """What a function of many texts makes of each cell of an object array; of what stands in many cells once."""
    if len(values) > LONG and len(pd.unique(values[:_SAMPLE])) * _FEW <= _SAMPLE:
        codes, texts = factorized(values)
        return _array(made(texts.tolist()))[codes]
    return _array(made(values.tolist()))


def pieces(values: Any) -> Iterator[str]:
    """All that the cells hold in a few long texts; of an object array, what stands in several cells once."""
    found = arrow(values)
    if found is not None:
        yield from (data.decode("utf-8", "surrogatepass") for _, data in _buffers(found))
    elif len(values):
        yield "".join(distinct(values))


def empty(values: Any) -> Mask:
    """Where cells are empty."""
    found = arrow(values)
    if found is None:
        return np.asarray(values == "", dtype=bool)
    return np.concatenate([np.diff(offsets) == 0 for offsets, _ in _buffers(found)] or [np.zeros(0, dtype=bool)])


def any_holds(values: Any, *parts: str) -> bool:
    """Whether a cell holds one of the parts."""
    found = arrow(values)
    if found is None:
        whole = "".join(distinct(values))
        return any(part in whole for part in parts)
    wanted = [part.encode() for part in parts]
    # One byte is found ten times as fast as several, and mostly settles it.
    return any(part[:1] in data and part in data for _, data in _buffers(found) for part in wanted)


def has_only(values: Any, characters: bytes) -> bool:
    """Whether all cells are made of these ASCII characters."""
    found = arrow(values)
    if found is None:
        whole = "".join(distinct(values))
        return whole.isascii() and not whole.encode().translate(None, characters)
    return not any(data.translate(None, characters) for _, data in _buffers(found))


_CONTROLS_AFTER_ASCII = [chr(code).encode() for code in range(0x80, 0xA0)]


def is_plain(values: Any) -> bool:
    """Whether no cell has a control character or the mark of a failed conversion, as `cells.check_characters` means it.

    May say no where only line breaks or rare blanks are meant, never yes where a cell is refused.
    """
    found = arrow(values)
    if found is None:
        whole = "".join(distinct(values))
        return whole.isprintable() and "\ufffd" not in whole
    for _, data in _buffers(found):
        signs = np.frombuffer(data, dtype=np.uint8)
        # Full-width punctuation begins as the mark of a failed conversion does, so that bytes.find stumbles at every one.
        if ((signs[:-1] == 0xEF) & (signs[1:] == 0xBF)).any() and b"\xef\xbf\xbd" in data:
            return False
        if b"\xc2" in data and any(sign in data for sign in _CONTROLS_AFTER_ASCII):
            return False
        if b"\x7f" in data or (len(data) and signs.min() < 0x20):
            return False
    return True


def trimmed(values: Any) -> Any:
    """The cells without the blanks around them, as `cells.clean` takes them off."""
    found = arrow(values)
    if found is None:
        return each(values, clean_all)
    if not any(_edged(offsets, data) for offsets, data in _buffers(found)):
        return values
    import pyarrow.compute as pc

    return over_arrow(pc.utf8_trim(found, characters=BLANKS))


_EDGES = [int.from_bytes(blank.encode(), "big") for blank in BLANKS]
_FIRST, _LAST = np.zeros(256, dtype=bool), np.zeros(256, dtype=bool)
_FIRST[[blank.encode()[0] for blank in BLANKS]] = _LAST[[blank.encode()[-1] for blank in BLANKS]] = True


def _edged(offsets: npt.NDArray[np.int64], data: bytes) -> bool:
    """Whether a cell begins or ends with a blank. UTF-8 lets the bytes of one character stand for no other."""
    signs = np.frombuffer(data, dtype=np.uint8)
    filled = np.diff(offsets) > 0
    starts, ends = (offsets[:-1] - offsets[0])[filled], (offsets[1:] - offsets[0])[filled]
    starts, ends = starts[_FIRST[signs[starts]]], ends[_LAST[signs[ends - 1]]]
    for length in (1, 2, 3):
        blanks = [edge for edge in _EDGES if 256 ** (length - 1) <= edge < 256**length]
        for at in (starts[starts + length <= len(signs)], ends[ends >= length] - length):
            words = sum(signs[at + place].astype(np.int64) << 8 * (length - 1 - place) for place in range(length))
            if np.isin(words, blanks).any():
                return True
    return False


def all_match(values: Any, pattern: str) -> bool:
    """Whether all cells match a pattern as a whole; only for patterns that RE2 and `re` read alike."""
    import pyarrow.compute as pc

    return bool(pc.all(pc.match_substring_regex(arrow(values), f"^(?:{pattern})$"), min_count=0).as_py())


def degrees(values: Any) -> npt.NDArray[np.float64] | None:
    """Plain decimal numbers as float64, NaN for empty cells; None when a cell is anything else."""
    found = arrow(values)
    if found is None or not has_only(values, b"0123456789.-"):
        return None
    import pyarrow as pa
    import pyarrow.compute as pc

    blank = empty(values)
    if blank.any():
        found = pc.if_else(pa.array(blank), pa.scalar(None, found.type), found)
    try:
        numbers = pc.cast(found, pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    return numbers if (np.isfinite(numbers) | blank).all() else None


_EVEN = frozenset(
    map(chr, [*range(0x20, 0x7F), *range(0x3001, 0x3016), *range(0x4E00, 0xA000), *range(0xFF01, 0xFF5F)])
)
"""Characters that fold one by one, whatever stands beside them: ASCII, common Han and its punctuation, full-width ASCII."""


def folded(values: Any) -> Any:
    """`schema.fold` of each cell."""
    found = arrow(values)
    if found is None:
        return _array(fold_all(values.tolist()))
    used = _alphabet(found)
    if not used <= _EVEN:
        return _array(fold_all(found.to_pylist()))
    import pyarrow as pa
    import pyarrow.compute as pc

    changes = {sign: to for sign in sorted(used) if (to := fold(sign)) != sign}
    if any("A" <= sign <= "Z" for sign in changes):
        found = pc.ascii_lower(found)
    rest = [(sign, to) for sign, to in changes.items() if not "A" <= sign <= "Z"]
    if len(rest) > 12:
        return _array(fold_all(found.to_pylist()))
    for sign, to in rest:
        found = pc.replace_substring(found, sign, to)
    return over_arrow(found if isinstance(found, pa.ChunkedArray) else pa.chunked_array([found]))


def _alphabet(chunked: pa.ChunkedArray) -> set[str]:
    """The characters that occur."""
    seen = np.zeros(0x10000, dtype=bool)
    for piece in pieces(over_arrow(chunked)):
        # UTF-16 units: a character beyond them shows as two surrogates, which belong to no alphabet here.
        seen[np.frombuffer(piece.encode("utf-16-le", "surrogatepass"), dtype="<u2")] = True
    return set(map(chr, np.flatnonzero(seen)))


def _array(texts: Sequence[str | None]) -> npt.NDArray[np.object_]:
    out = np.empty(len(texts), dtype=object)
    out[:] = texts
    return out


def without(values: Any, pattern: str) -> Any:
    """The cells without what matches the pattern, in which ``\\d`` is any decimal digit of Unicode."""
    found = arrow(values)
    if found is None:
        return _array([re.sub(pattern, "", cell) for cell in values])
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = pattern.replace(r"\d", r"\p{Nd}")
    made = ahead(lambda chunk: pc.replace_substring_regex(chunk, wanted, ""), found.chunks)
    return over_arrow(pa.chunked_array(made, found.type))


def repeated(values: Any) -> Mask:
    """Where a cell's text stands in more than one row."""
    found = arrow(values)
    if found is None:
        return pd.Series(values, dtype=object).duplicated(keep=False).to_numpy()
    counts = found.value_counts()
    if len(counts) == len(found):
        return np.zeros(len(found), dtype=bool)
    many = counts.field("values").filter(counts.field("counts").to_numpy() > 1)
    return among(values, many)


def among(values: Any, wanted: Any) -> Mask:
    """Where a cell's text is one of the wanted ones."""
    found = arrow(values)
    if found is None:
        return np.asarray(pd.Series(values, dtype=object).isin(list(wanted)), dtype=bool)
    import pyarrow as pa
    import pyarrow.compute as pc

    if not isinstance(wanted, (pa.Array, pa.ChunkedArray)):
        wanted = pa.array(list(wanted), found.type)
    return np.array(pc.is_in(found, value_set=wanted).to_numpy(), dtype=bool)


def same(one: Any, other: Any) -> Mask:
    """Where two columns say the same."""
    if arrow(one) is not None and arrow(other) is not None:
        import pyarrow.compute as pc

        return np.array(pc.equal(arrow(one), arrow(other)).to_numpy(), dtype=bool)
    return np.asarray(objects(one) == objects(other), dtype=bool)


def factorized(values: Any) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any]]:
    """A code of each cell, -1 for one that is missing, and the values they stand for; TypeError for lists in some cells."""
    found = arrow(values)
    if found is not None:
        return _codes(found)
    if values.strides == (0,) and len(values):  # a column that says the same in every row
        codes, distinct = pd.factorize(values[:1])
        return np.broadcast_to(codes, len(values)), distinct
    return pd.factorize(values)


def every_value(values: Any) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any]]:
    """The same of an object array; what is missing is a value too."""
    codes, found = factorized(values)
    return pd.factorize(values, use_na_sentinel=False) if (codes < 0).any() else (codes, found)


def ascending(values: Any) -> bool:
    """Whether no cell is before the one above it, by code point."""
    found = arrow(values)
    if found is None:
        return bool((values[1:] >= values[:-1]).all())
    import pyarrow.compute as pc

    return bool(pc.all(pc.greater_equal(found[1:], found[:-1]), min_count=0).as_py())


def order(values: Any) -> npt.NDArray[np.int64]:
    """The rows in the order of their texts by code point, equal ones as they stand."""
    found = arrow(values)
    if found is None:
        return np.argsort(values, kind="stable")
    import pyarrow.compute as pc

    return pc.sort_indices(found).to_numpy().astype(np.int64)  # type: ignore[no-any-return]


def _buffers(chunked: pa.ChunkedArray) -> Iterator[tuple[Any, bytes]]:
    """Of each chunk the offsets (length + 1) and the bytes of its cells one after the other."""
    import pyarrow as pa

    for chunk in chunked.chunks:
        width = np.int64 if pa.types.is_large_string(chunk.type) else np.int32
        _, offsets, data = chunk.buffers()
        at = np.frombuffer(offsets, dtype=width, count=chunk.offset + len(chunk) + 1)[chunk.offset :]
        if not len(chunk) or data is None:
            yield at if len(at) else np.zeros(1, dtype=np.int64), b""
            continue
        yield at, data.slice(int(at[0]), int(at[-1] - at[0])).to_pybytes()
