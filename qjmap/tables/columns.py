"""What is asked of the cells of a column, whatever form it has (`forms`), with the same answer for each form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap.engine.ahead import ahead
from qjmap.schema import fold, fold_all
from qjmap.tables.arrows import FEW, has_arrow, has_few, in_one, pool, release, spelled_out
from qjmap.tables.cells import BLANKS, clean_all
from qjmap.tables.forms import (
    SAMPLE,
    Codes,
    arrow,
    arrow_codes,
    as_objects,
    code_array,
    coded,
    column,
    compact,
    filled,
    is_constant,
    objects,
    over_arrow,
    over_codes,
    texts_of,
    to_arrow,
)
from qjmap.tables.stores import forget
from qjmap.tables.twins import repeated_texts

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "arrow", "coded", "column", "compact", "filled", "forget", "has_arrow", "has_few", "in_one", "objects", "over_arrow", "over_codes", "pool",
    "release", "spelled_out", "to_arrow",
]  # fmt: skip

Mask = npt.NDArray[np.bool_]

LARGE = 2_000_000
"""Bytes of a file from which columns are worth more than rows."""
LONG = 20_000
"""Rows from which a table is asked as a whole instead of row by row."""


def taken(values: Any, rows: npt.NDArray[np.int64]) -> Any:
    """The cells of some rows, in their order."""
    if is_constant(values):
        return np.broadcast_to(values[:1], len(rows))
    found = arrow(values)
    if found is None:
        return values[rows]
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = in_one(found)
    del values, found  # of a column that nobody else holds, the pieces go before its successor is made
    return over_arrow(pa.chunked_array([pc.take(whole, pa.array(rows), memory_pool=pool())]))


def spread(texts: Sequence[str | None], codes: Codes) -> Any:
    """The text of each code; over Arrow in a long column."""
    if len(codes) <= LONG or not has_arrow():
        return as_objects(texts)[codes]
    import pyarrow as pa

    return over_arrow(pa.chunked_array([pa.array(texts, pa.large_string()).take(pa.array(codes))]))


def distinct(values: Any) -> list[Any]:
    """The different cells, in the order of their first row."""
    if (found := arrow(values)) is not None:
        return found.unique().to_pylist()  # type: ignore[no-any-return]
    if (few := coded(values)) is not None:
        return texts_of(few)[pd.unique(code_array(few))].tolist()  # type: ignore[no-any-return]
    return pd.unique(values[:1] if is_constant(values) else values).tolist()  # type: ignore[no-any-return]


def each(values: Any, made: Callable[[Sequence[str]], Sequence[str]]) -> Any:
    """What a function of many texts makes of each cell; of what stands in many cells once."""
    if (few := coded(values)) is not None:
        return over_codes(made(texts_of(few).tolist()), code_array(few))
    if is_constant(values):
        return filled(len(values), made(values[:1].tolist())[0])
    if len(values) > LONG and len(pd.unique(values[:SAMPLE])) * FEW <= SAMPLE:
        codes, texts = factorized(values)
        return as_objects(made(texts.tolist()))[codes]
    return as_objects(made(values.tolist()))


def pieces(values: Any) -> Iterator[str]:
    """All that the cells hold in a few long texts; what stands in several cells once, but for cells over Arrow."""
    found = arrow(values)
    if found is not None:
        yield from (data.decode("utf-8", "surrogatepass") for _, data in _buffers(found))
    elif len(values):
        yield "".join(distinct(values))


def empty(values: Any) -> Mask:
    """Where cells are empty."""
    if (found := arrow(values)) is not None:
        return np.concatenate([np.diff(offsets) == 0 for offsets, _ in _buffers(found)] or [np.zeros(0, dtype=bool)])
    if (few := coded(values)) is not None:
        return (texts_of(few) == "")[code_array(few)]  # type: ignore[no-any-return]
    if is_constant(values):
        return np.broadcast_to(values[:1] == "", len(values))
    return np.asarray(values == "", dtype=bool)


def any_holds(values: Any, *parts: str) -> bool:
    """Whether a cell holds one of the parts."""
    found = arrow(values)
    if found is None:
        whole = "".join(distinct(values))
        return any(part in whole for part in parts)
    wanted = [part.encode() for part in parts]
    # One byte is found ten times as fast as several, and mostly settles it.
    return any(part[:1] in data and part in data for _, data in _buffers(found) for part in wanted)


def longest(values: Any) -> int:
    """How long the longest cell is; in bytes, so perhaps more, over Arrow."""
    found = arrow(values)
    if found is None:
        return max(map(len, distinct(values)), default=0)
    import pyarrow as pa

    most = 0
    for chunk in found.chunks:
        width = np.int64 if pa.types.is_large_string(chunk.type) else np.int32
        at = np.frombuffer(chunk.buffers()[1], dtype=width, count=chunk.offset + len(chunk) + 1)[chunk.offset :]
        most = max(most, int(np.diff(at).max(initial=0)))
    return most


def any_below(values: Any, code: int) -> bool:
    """Whether a cell over Arrow has a byte below this one."""
    return any(len(data) and np.frombuffer(data, dtype=np.uint8).min() < code for _, data in _buffers(arrow(values)))


def has_only(values: Any, characters: bytes) -> bool:
    """Whether all cells are made of these ASCII characters."""
    found = arrow(values)
    if found is None:
        whole = "".join(distinct(values))
        return whole.isascii() and not whole.encode().translate(None, characters)
    return not any(data.translate(None, characters) for _, data in _buffers(found))


def _holds_no_characters(signs: npt.NDArray[np.uint8]) -> bool:
    """Whether UTF-8 holds the mark of a failed conversion or a noncharacter."""
    at = np.flatnonzero(signs[:-2] == 0xEF)
    second, third = signs[at + 1], signs[at + 2]
    if (((second == 0xBF) & (third >= 0xBD)) | ((second == 0xB7) & (third >= 0x90) & (third <= 0xAF))).any():
        return True  # U+FFFD to U+FFFF, U+FDD0 to U+FDEF
    at = np.flatnonzero(signs[:-3] >= 0xF0) if len(signs) and signs.max() >= 0xF0 else at[:0]
    return bool(((signs[at + 1] & 0x0F == 0x0F) & (signs[at + 2] == 0xBF) & (signs[at + 3] >= 0xBE)).any())


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
        if _holds_no_characters(signs):
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
    found = arrow(values)
    if found is None:
        whole = re.compile(pattern)
        return all(whole.fullmatch(text) for text in distinct(values))
    import pyarrow.compute as pc

    return bool(pc.all(pc.match_substring_regex(found, f"^(?:{pattern})$"), min_count=0).as_py())


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


_EVEN = np.zeros(0x10000, dtype=bool)
"""Characters that fold one by one, whatever stands beside them: ASCII, common Han and its punctuation, full-width ASCII."""
for _first, _end in ((0x20, 0x7F), (0x3001, 0x3016), (0x4E00, 0xA000), (0xFF01, 0xFF5F)):
    _EVEN[_first:_end] = True


def folded(values: Any) -> Any:
    """`schema.fold` of each cell."""
    found = arrow(values)
    if found is None:
        return each(values, fold_all) if coded(values) is not None else as_objects(fold_all(values.tolist()))
    seen = _alphabet(found)
    if (seen & ~_EVEN).any():
        return as_objects(fold_all(found.to_pylist()))
    import pyarrow as pa
    import pyarrow.compute as pc

    changes = {sign: to for sign in map(chr, np.flatnonzero(seen)) if (to := fold(sign)) != sign}
    if any("A" <= sign <= "Z" for sign in changes):
        found = pc.ascii_lower(found)
    rest = [(sign, to) for sign, to in changes.items() if not "A" <= sign <= "Z"]
    if len(rest) > 12:
        return as_objects(fold_all(found.to_pylist()))
    for sign, to in rest:
        found = pc.replace_substring(found, sign, to)
    return over_arrow(found if isinstance(found, pa.ChunkedArray) else pa.chunked_array([found]))


def _alphabet(chunked: pa.ChunkedArray) -> Mask:
    """Which characters occur."""
    seen = np.zeros(0x10000, dtype=bool)
    for piece in pieces(over_arrow(chunked)):
        # UTF-16 units: a character beyond them shows as two surrogates, which belong to no alphabet here.
        seen[np.frombuffer(piece.encode("utf-16-le", "surrogatepass"), dtype="<u2")] = True
    return seen


def factorized_without(values: Any, pattern: str) -> tuple[Codes, npt.NDArray[Any]]:
    """`factorized` of the cells without what matches the pattern, in which ``\\d`` is any decimal digit of Unicode."""
    found = arrow(values)
    if found is None:
        return factorized(each(values, lambda texts: [re.sub(pattern, "", text) for text in texts]))
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = pattern.replace(r"\d", r"\p{Nd}")
    made = ahead(lambda chunk: pc.replace_substring_regex(chunk, wanted, "").dictionary_encode(), list(spans(found)))
    return arrow_codes(pa.chunked_array(made, pa.dictionary(pa.int32(), found.type)))


def repeated(values: Any) -> Mask:
    """Where a cell's text stands in more than one row."""
    if (found := arrow(values)) is not None:
        return repeated_texts(found)
    if (few := coded(values)) is not None:
        codes = code_array(few)
        return (np.bincount(codes, minlength=len(few.categories)) > 1)[codes]
    return pd.Series(values, dtype=object).duplicated(keep=False).to_numpy()


def among(values: Any, wanted: Any) -> Mask:
    """Where a cell's text is one of the wanted ones."""
    if (few := coded(values)) is not None:
        return among(texts_of(few), wanted)[code_array(few)]
    found = arrow(values)
    if found is None:
        if is_constant(values):
            return np.broadcast_to(among(np.array(values[:1]), wanted), len(values))
        return np.asarray(pd.Series(values, dtype=object).isin(list(wanted)), dtype=bool)
    import pyarrow as pa
    import pyarrow.compute as pc

    return np.array(pc.is_in(found, value_set=pa.array(list(wanted), found.type)).to_numpy(), dtype=bool)


def same(one: Any, other: Any) -> Mask:
    """Where two columns say the same."""
    if arrow(one) is not None and arrow(other) is not None:
        import pyarrow.compute as pc

        return np.array(pc.equal(arrow(one), arrow(other)).to_numpy(), dtype=bool)
    return np.asarray(objects(one) == objects(other), dtype=bool)


def factorized(values: Any) -> tuple[Codes, npt.NDArray[Any]]:
    """A code of each cell, -1 for one that is missing, and the values they stand for in the order of their first row.

    TypeError for lists in some cells.
    """
    if (found := arrow(values)) is not None:
        return arrow_codes(found)
    if (few := coded(values)) is not None:
        codes, used = pd.factorize(code_array(few))
        return codes, texts_of(few)[used]
    if is_constant(values):
        codes, different = pd.factorize(values[:1])
        return np.broadcast_to(codes, len(values)), different
    return pd.factorize(values)


def coding(values: Any) -> tuple[Codes, npt.NDArray[Any]]:
    """Codes of the cells and what they stand for, missing values, unused and equal ones among it: what is there already."""
    few = coded(values)
    return every_value(values) if few is None else (code_array(few), texts_of(few))


def every_value(values: Any) -> tuple[Codes, npt.NDArray[Any]]:
    """The same of an object array; what is missing is a value too."""
    codes, found = factorized(values)
    return pd.factorize(values, use_na_sentinel=False) if (codes < 0).any() else (codes, found)


def ascending(values: Any) -> bool:
    """Whether no cell is before the one above it, by code point."""
    found = arrow(values)
    if found is None:
        values = _ranked(values)
        return bool((values[1:] >= values[:-1]).all())
    import pyarrow.compute as pc

    return bool(pc.all(pc.greater_equal(found[1:], found[:-1]), min_count=0).as_py())


def order(values: Any) -> npt.NDArray[np.int64]:
    """The rows in the order of their texts by code point, equal ones as they stand."""
    found = arrow(values)
    if found is None:
        return np.argsort(_ranked(values), kind="stable")
    import pyarrow.compute as pc

    return pc.sort_indices(found).to_numpy().astype(np.int64)  # type: ignore[no-any-return]


def _ranked(values: Any) -> npt.NDArray[Any]:
    """What is in the order of the texts: of a coded column numbers, of an object array itself."""
    few = coded(values)
    if few is None:
        return values  # type: ignore[no-any-return]
    rank = np.empty(len(few.categories), dtype=np.int64)
    rank[np.argsort(texts_of(few), kind="stable")] = np.arange(len(rank))
    return rank[code_array(few)]


_SPAN = 1 << 20
"""Bytes of texts that are looked at together: they stay in a processor's cache."""
_SPANS = 32
"""Spans after which mapped texts are forgotten."""


def spans(chunked: pa.ChunkedArray) -> Iterator[pa.Array]:
    """The cells some thousands at a time; a walk over mapped texts leaves no memory behind it."""
    for chunk in chunked.chunks:
        rows = max(1, len(chunk) * _SPAN // max(1, chunk.nbytes))
        for number, start in enumerate(range(0, len(chunk), rows), 1):
            yield chunk.slice(start, rows)
            if number % _SPANS == 0:
                forget()


def _buffers(chunked: pa.ChunkedArray) -> Iterator[tuple[Any, bytes]]:
    """Of some thousand cells at a time the offsets (length + 1) and the bytes one after the other."""
    import pyarrow as pa

    for chunk in spans(chunked):
        width = np.int64 if pa.types.is_large_string(chunk.type) else np.int32
        _, offsets, data = chunk.buffers()
        at = np.frombuffer(offsets, dtype=width, count=chunk.offset + len(chunk) + 1)[chunk.offset :]
        if not len(chunk) or data is None:
            yield at if len(at) else np.zeros(1, dtype=np.int64), b""
            continue
        yield at, data.slice(int(at[0]), int(at[-1] - at[0])).to_pybytes()
