"""Operations on columns; the cells of the result do not depend on the dtype of a column (see `dtypes`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from qjmap import performance_settings
from qjmap.engine.prefetch import prefetch
from qjmap.schema import BLANKS, fold, fold_all
from qjmap.tables.cell_values import clean_all
from qjmap.tables.columns.arrow import combine_chunks, dictionary_decode, is_repetitive, release_memory
from qjmap.tables.columns.dtypes import (
    Codes,
    arrow_or_none,
    as_texts,
    categorical,
    categorical_or_none,
    category_texts,
    column,
    encode_arrow,
    from_arrow,
    from_texts,
    full,
    is_constant,
    object_array,
    string_array,
    to_arrow,
    to_objects,
)
from qjmap.tables.columns.hashing import duplicated_texts, hash_texts
from qjmap.tables.columns.spill import evict_pages

__all__ = [
    "arrow_or_none", "as_texts", "categorical", "categorical_or_none", "column", "combine_chunks", "dictionary_decode",
    "evict_pages", "from_arrow", "from_texts", "full", "is_repetitive", "object_array", "release_memory", "string_array", "to_arrow", "to_objects",
]  # fmt: skip

Mask = npt.NDArray[np.bool_]


def take(values: Any, rows: npt.NDArray[np.int64]) -> Any:
    """Return the cells of the given rows, in that order."""
    if is_constant(values):
        return np.broadcast_to(values[:1], len(rows))
    chunked = arrow_or_none(values)
    if chunked is None:
        return values[rows]
    array = combine_chunks(chunked)
    del values, chunked  # frees the chunks of a column that nobody else refers to before they are copied
    return string_array(pa.chunked_array([pc.take(array, pa.array(rows))]))


def decode(cells: Sequence[Any], codes: Codes) -> Any:
    """Return a column of the cell of each code, an index into `cells`: Arrow-backed for texts and None, else an object array."""
    if all(cell is None or isinstance(cell, str) for cell in cells):
        return string_array(pa.chunked_array([pa.array(cells, pa.large_string()).take(pa.array(codes))]))
    return object_array(cells)[codes]


def from_codes(cells: Sequence[Any], codes: Codes) -> Any:
    """Do what `decode` does, but return a categorical if the cells are texts that repeat often."""
    if len(cells) * performance_settings.REPEATS_PER_TEXT <= len(codes) and all(
        isinstance(cell, str) for cell in cells
    ):
        return categorical(cells, codes)
    return decode(cells, codes)


def unique(values: Any) -> list[Any]:
    """Return the unique cells in the order of their first occurrence."""
    if (chunked := arrow_or_none(values)) is not None:
        return chunked.unique().to_pylist()  # type: ignore[no-any-return]
    if (coded := categorical_or_none(values)) is not None:
        return category_texts(coded)[pd.unique(coded.codes)].tolist()  # type: ignore[no-any-return]
    return pd.unique(values[:1] if is_constant(values) else values).tolist()  # type: ignore[no-any-return]


def unique_words(values: Any, most_bytes: int) -> list[str]:
    """Return the unique filled cells of at most `most_bytes` bytes that neither begin nor end with an ASCII digit."""
    if contains_only(values, b"0123456789.") and not any_contains(values, "..") and not isin(values, ["."]).any():
        return []
    texts = _array_to_scan(values)
    sizes = pc.binary_length(texts)
    texts = texts.filter(pc.and_(pc.greater(sizes, 0), pc.less_equal(sizes, most_bytes)))
    digits = pa.array([*"0123456789"], texts.type)
    for first, last in ((0, 1), (-1, None)):
        texts = texts.filter(pc.invert(pc.is_in(pc.utf8_slice_codeunits(texts, first, last), digits)))
    return texts.unique().to_pylist()  # type: ignore[no-any-return]


def map_unique(values: Any, function: Callable[[Sequence[str]], Sequence[str]]) -> Any:
    """Call `function` once with the unique texts, for which it returns as many texts; return a column with the result for each cell."""
    codes, texts = dictionary_encode(as_texts(values))
    results = function(texts.tolist())
    return decode(results, codes) if categorical_or_none(values) is None else categorical(results, codes)


def _chunked_array(values: Any) -> Any:
    """Return the Arrow array of a column of texts that is not categorical."""
    return arrow_or_none(as_texts(values))


def _array_to_scan(values: Any) -> pa.ChunkedArray:
    """Return the texts that occur in a column, for tests of all cells: the used categories of a categorical, else the cells."""
    return _chunked_array(values if categorical_or_none(values) is None else object_array(unique(values)))


def texts_to_scan(values: Any) -> list[str]:
    """Return the texts that occur in a column (see `_array_to_scan`) as Python strings."""
    return _array_to_scan(values).to_pylist()  # type: ignore[no-any-return]


def text_blocks(values: Any) -> Iterator[str]:
    """Yield the texts that occur in a column (see `_array_to_scan`), joined without separators into blocks."""
    return (data.decode("utf-8", "surrogatepass") for _, data in _iter_buffers(_array_to_scan(values)))


def is_empty(values: Any) -> Mask:
    """Return a mask of the cells that are "", or null in an Arrow-backed column. An empty tuple does not count as empty."""
    if (chunked := arrow_or_none(values)) is not None:
        return np.array(pc.equal(pc.binary_length(chunked), 0).fill_null(True).to_numpy(), dtype=bool)
    if (coded := categorical_or_none(values)) is not None:
        return (category_texts(coded) == "")[coded.codes]  # type: ignore[no-any-return]
    return np.asarray(values == "", dtype=bool)


def where_filled(values: Any, others: Any) -> Any:
    """Return a column of texts: the cells of `values` where they are filled, those of `others` elsewhere."""
    return from_texts(np.where(is_empty(values), to_objects(others), to_objects(values)))


def any_contains(values: Any, *parts: str) -> bool:
    """Whether any cell contains one of the parts."""
    searched = [part.encode() for part in parts]
    # A search for one byte is ten times as fast as one for several, and mostly gives the answer.
    return any(
        part[:1] in data and part in data for _, data in _iter_buffers(_array_to_scan(values)) for part in searched
    )


def max_byte_length(values: Any) -> int:
    """Return the size of the longest cell in bytes of UTF-8; 0 without cells."""
    return pc.max(pc.binary_length(_array_to_scan(values))).as_py() or 0


def any_byte_below(values: Any, code: int) -> bool:
    """Whether any cell has a byte of UTF-8 below `code`."""
    buffers = _iter_buffers(_array_to_scan(values))
    return any(len(data) and np.frombuffer(data, dtype=np.uint8).min() < code for _, data in buffers)


def contains_only(values: Any, characters: bytes) -> bool:
    """Whether all cells consist of these ASCII characters."""
    return not any(data.translate(None, characters) for _, data in _iter_buffers(_array_to_scan(values)))


def _has_noncharacter(octets: npt.NDArray[np.uint8]) -> bool:
    """Whether bytes of UTF-8 contain a replacement character (U+FFFD) or a noncharacter."""
    starts = np.flatnonzero(octets[:-2] == 0xEF)
    second, third = octets[starts + 1], octets[starts + 2]
    if (((second == 0xBF) & (third >= 0xBD)) | ((second == 0xB7) & (third >= 0x90) & (third <= 0xAF))).any():
        return True  # U+FFFD to U+FFFF, U+FDD0 to U+FDEF
    starts = np.flatnonzero(octets[:-3] >= 0xF0) if len(octets) and octets.max() >= 0xF0 else starts[:0]
    return bool(
        ((octets[starts + 1] & 0x0F == 0x0F) & (octets[starts + 2] == 0xBF) & (octets[starts + 3] >= 0xBE)).any()
    )


_C1_CONTROLS = [chr(code).encode() for code in range(0x80, 0xA0)]


def is_plain(values: Any) -> bool:
    """Return True only if no cell has a character that `cell_values.check_characters` refuses.

    This is a quick test of the bytes: it also returns False for some allowed characters, such as line breaks and tabs.
    """
    for _, data in _iter_buffers(_array_to_scan(values)):
        octets = np.frombuffer(data, dtype=np.uint8)
        if _has_noncharacter(octets):
            return False
        if b"\xc2" in data and any(control in data for control in _C1_CONTROLS):
            return False
        if b"\x7f" in data or (len(data) and octets.min() < 0x20):
            return False
    return True


def strip(values: Any) -> Any:
    """Remove the blanks around each cell, as `cell_values.clean` does."""
    if not any(_has_outer_blank(offsets, data) for offsets, data in _iter_buffers(_array_to_scan(values))):
        return as_texts(values)
    if categorical_or_none(values) is not None:
        return map_unique(values, clean_all)
    return string_array(pc.utf8_trim(_chunked_array(values), characters=BLANKS))


_BLANK_CODES = [int.from_bytes(blank.encode(), "big") for blank in BLANKS]
"""The UTF-8 bytes of each blank as one big-endian integer."""
_FIRST, _LAST = np.zeros(256, dtype=bool), np.zeros(256, dtype=bool)
"""Masks, shape (256,), of the bytes that are the first, or the last, byte of a blank in UTF-8."""
_FIRST[[blank.encode()[0] for blank in BLANKS]] = _LAST[[blank.encode()[-1] for blank in BLANKS]] = True


def _has_outer_blank(offsets: npt.NDArray[np.int64], data: bytes) -> bool:
    """Whether a cell of a slice, as `_iter_buffers` yields it, begins or ends with a blank, by its UTF-8 bytes, which are unambiguous."""
    octets = np.frombuffer(data, dtype=np.uint8)
    filled = np.diff(offsets) > 0
    starts, ends = (offsets[:-1] - offsets[0])[filled], (offsets[1:] - offsets[0])[filled]
    starts, ends = starts[_FIRST[octets[starts]]], ends[_LAST[octets[ends - 1]]]
    for length in (1, 2, 3):
        blanks = [code for code in _BLANK_CODES if 256 ** (length - 1) <= code < 256**length]
        for positions in (starts[starts + length <= len(octets)], ends[ends >= length] - length):
            codes = sum(octets[positions + i].astype(np.int64) << 8 * (length - 1 - i) for i in range(length))
            if np.isin(codes, blanks).any():
                return True
    return False


def all_fullmatch(values: Any, pattern: str) -> bool:
    """Whether all cells match a pattern in full; only for patterns that RE2 and `re` understand alike."""
    return bool(pc.all(pc.match_substring_regex(_array_to_scan(values), f"^(?:{pattern})$"), min_count=0).as_py())


def parse_floats(values: Any) -> npt.NDArray[np.float64] | None:
    """Parse plain decimal numbers as float64, NaN for empty cells; None if any cell is anything else."""
    if categorical_or_none(values) is not None:
        codes, cells = factorize(values)
        numbers = parse_floats(from_texts(cells))
        return None if numbers is None else numbers[codes]
    if not contains_only(values, b"0123456789.-"):
        return None
    texts = _chunked_array(values)
    blank = is_empty(values)
    if blank.any():
        texts = pc.if_else(pa.array(blank), pa.scalar(None, texts.type), texts)
    try:
        numbers = pc.cast(texts, pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    return numbers if (np.isfinite(numbers) | blank).all() else None


_INDEPENDENT = np.zeros(0x10000, dtype=bool)
"""Mask, shape (65536,), of characters that fold independently of their neighbours: ASCII, CJK ideographs and punctuation, full-width ASCII."""
for _first, _end in ((0x20, 0x7F), (0x3001, 0x3016), (0x4E00, 0xA000), (0xFF01, 0xFF5F)):
    _INDEPENDENT[_first:_end] = True


def folded(values: Any) -> Any:
    """Apply `schema.fold` to each cell."""
    if categorical_or_none(values) is not None:
        return map_unique(values, fold_all)
    texts = _chunked_array(values)
    lower, pattern = pc.ascii_lower(texts), _changed_in_folding(_code_units(texts))
    if not pattern:
        return string_array(lower)
    mask = pc.match_substring_regex(texts, pattern)
    if 2 * (pc.sum(mask).as_py() or 0) > len(texts):
        return from_texts(fold_all(texts.to_pylist()))
    others = pa.array(fold_all(texts.filter(mask).to_pylist()), lower.type)
    return string_array(pa.chunked_array([pc.replace_with_mask(combine_chunks(lower), combine_chunks(mask), others)]))


def _changed_in_folding(used: Mask) -> str:
    """Return a pattern of the characters in use that folding may change, except ASCII capital letters; "" if there are none."""
    codes = np.flatnonzero(used)
    plain = _INDEPENDENT[codes]
    changed = [code for code in codes[plain].tolist() if _changes_in_folding(code)] + codes[~plain].tolist()
    characters = [f"\\x{{{code:x}}}" for code in changed if not 0xD800 <= code < 0xE000]
    if len(characters) < len(changed):
        characters.append("\\x{10000}-\\x{10ffff}")
    return f"[{''.join(characters)}]" if characters else ""


@cache
def _changes_in_folding(code: int) -> bool:
    return not 0x41 <= code <= 0x5A and fold(chr(code)) != chr(code)


def _code_units(chunked: pa.ChunkedArray) -> Mask:
    """Return a mask, shape (65536,), of the UTF-16 code units in use. Characters beyond U+FFFF appear as surrogates, which fold to
    themselves.
    """
    used = np.zeros(0x10000, dtype=bool)
    for block in text_blocks(string_array(chunked)):
        used[np.frombuffer(block.encode("utf-16-le", "surrogatepass"), dtype="<u2")] = True
    return used


def factorize_without(values: Any, pattern: str) -> tuple[Codes, npt.NDArray[Any]]:
    """Factorize the cells after removing what matches the pattern (see `factorize`); ``\\d`` is any Unicode decimal digit."""
    if categorical_or_none(values) is not None:
        return factorize(map_unique(values, lambda cells: [re.sub(pattern, "", cell) for cell in cells]))
    texts, pattern = _chunked_array(values), pattern.replace(r"\d", r"\p{Nd}")
    chunks = prefetch(
        lambda chunk: pc.replace_substring_regex(chunk, pattern, "").dictionary_encode(), list(iter_slices(texts))
    )
    return encode_arrow(pa.chunked_array(chunks, pa.dictionary(pa.int32(), texts.type)))


def duplicated(values: Any) -> Mask:
    """Return a mask of the rows whose text occurs in another row too."""
    if (coded := categorical_or_none(values)) is not None:
        codes = coded.codes
        return (np.bincount(codes, minlength=len(coded.categories)) > 1)[codes]  # type: ignore[no-any-return]
    return duplicated_texts(_chunked_array(values))


def hash_array(values: Any) -> npt.NDArray[np.uint64]:
    """Return the 64-bit hash (uint64) of each cell, 0 for an empty one; see `hashing.hash_texts`."""
    if (coded := categorical_or_none(values)) is not None:
        return hash_texts(_chunked_array(category_texts(coded)))[coded.codes]  # type: ignore[no-any-return]
    return hash_texts(_chunked_array(values))


def isin(values: Any, texts: Collection[str]) -> Mask:
    """Return a mask of the cells whose text is one of `texts`."""
    if (coded := categorical_or_none(values)) is not None:
        return coded.categories.isin([*texts])[coded.codes]  # type: ignore[no-any-return]
    chunked = _chunked_array(values)
    return np.array(pc.is_in(chunked, value_set=pa.array([*texts], chunked.type)).to_numpy(), dtype=bool)


def equal(values: Any, others: Any) -> Mask:
    """Return a mask of the rows in which two columns of texts are equal."""
    return np.array(pc.equal(to_arrow(values), to_arrow(others)).to_numpy(zero_copy_only=False), dtype=bool)


def factorize(values: Any) -> tuple[Codes, npt.NDArray[Any]]:
    """Return the code of each cell, an index into the unique values, and these in the order of their first occurrence.

    In an object array a missing value has the code -1. Raises TypeError for cells that cannot be hashed.
    """
    if (chunked := arrow_or_none(values)) is not None:
        return encode_arrow(chunked)
    if (coded := categorical_or_none(values)) is not None:
        codes, used = pd.factorize(coded.codes)
        return codes, category_texts(coded)[used]
    if is_constant(values):
        codes, distinct = pd.factorize(values[:1])
        return np.broadcast_to(codes, len(values)), distinct
    return pd.factorize(values)


def dictionary_encode(values: Any) -> tuple[Codes, npt.NDArray[Any]]:
    """Do what `factorize_with_missing` does, but for a categorical return its own codes and categories, used or not."""
    coded = categorical_or_none(values)
    return factorize_with_missing(values) if coded is None else (coded.codes, category_texts(coded))


def factorize_with_missing(values: Any) -> tuple[Codes, npt.NDArray[Any]]:
    """Do what `factorize` does, with a missing value as a value of its own."""
    codes, distinct = factorize(values)
    return pd.factorize(values, use_na_sentinel=False) if (codes < 0).any() else (codes, distinct)


def is_sorted(values: Any) -> bool:
    """Whether the cells are in ascending order by code point."""
    if (coded := categorical_or_none(values)) is not None:
        codes = coded.codes
        return bool((codes[1:] >= codes[:-1]).all())
    texts = _chunked_array(values)
    return bool(pc.all(pc.greater_equal(texts[1:], texts[:-1]), min_count=0).as_py())


def argsort(values: Any) -> npt.NDArray[np.int64]:
    """Return the row indices in the order of the texts by code point; the sort is stable."""
    if (coded := categorical_or_none(values)) is not None:
        return np.argsort(coded.codes, kind="stable")
    return pc.sort_indices(_chunked_array(values)).to_numpy().astype(np.int64)  # type: ignore[no-any-return]


def iter_slices(chunked: pa.ChunkedArray) -> Iterator[pa.Array]:
    """Yield the cells in slices of about `performance_settings.SLICE_BYTES`; meanwhile pages of memory-mapped texts are evicted from memory."""
    for chunk in chunked.chunks:
        rows = max(1, len(chunk) * performance_settings.SLICE_BYTES // max(1, chunk.nbytes))
        for number, start in enumerate(range(0, len(chunk), rows), 1):
            yield chunk.slice(start, rows)
            if number % performance_settings.EVICT_SLICES == 0:
                evict_pages()


def _iter_buffers(chunked: pa.ChunkedArray) -> Iterator[tuple[Any, bytes]]:
    """Yield for each slice the byte offsets of its cells and of its end, the first of them not always 0, and its concatenated bytes."""
    for chunk in iter_slices(chunked):
        dtype = np.int64 if pa.types.is_large_string(chunk.type) else np.int32
        _, buffer, data = chunk.buffers()
        offsets = np.frombuffer(buffer, dtype=dtype, count=chunk.offset + len(chunk) + 1)[chunk.offset :]
        if not len(chunk) or data is None:
            yield offsets if len(offsets) else np.zeros(1, dtype=np.int64), b""
            continue
        yield offsets, data.slice(int(offsets[0]), int(offsets[-1] - offsets[0])).to_pybytes()
