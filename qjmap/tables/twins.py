"""Texts that stand more than once in a long column over Arrow, found by numbers that are made of their bytes in arrays."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

Numbers = npt.NDArray[np.uint64]

_ROWS = 1 << 15
"""Rows at a time: what is made of them stays in a processor's cache."""
_WINDOWS = 64
"""Windows of 8 bytes of a text that are mixed in arrays; the rest of the few texts that are longer is hashed one by one."""
_ODD = np.uint64(0x9E3779B97F4A7C15)
"""2**64 divided by the golden ratio: Knuth's multiplier, whose product spreads each bit over those above it."""


def repeated_texts(chunked: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Where a text stands in more than one row. Different texts with the same number cost a second look, and no more."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = numbers_of(chunked)
    every = np.sort(found)
    twice = every[1:][every[1:] == every[:-1]]
    out = np.zeros(len(found), dtype=bool)
    if not len(twice):
        return out
    at = np.minimum(np.searchsorted(twice, found), len(twice) - 1)
    here = np.flatnonzero(twice[at] == found)
    texts = chunked.take(pa.array(here))
    counts = texts.value_counts()
    many = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    out[here] = pc.is_in(texts, value_set=many).to_numpy()
    return out


def numbers_of(chunked: pa.ChunkedArray) -> Numbers:
    """A 64-bit number of each text's bytes, made alike on every machine; equal texts have equal numbers."""
    parts = [_of_chunk(chunk.slice(start, _ROWS)) for chunk in chunked.chunks for start in range(0, len(chunk), _ROWS)]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.uint64)


def _of_chunk(chunk: Any) -> Numbers:
    import pyarrow as pa

    width = np.int64 if pa.types.is_large_string(chunk.type) else np.int32
    _, held, texts = chunk.buffers()
    offsets = np.frombuffer(held, dtype=width, count=chunk.offset + len(chunk) + 1)[chunk.offset :].astype(np.int64)
    first, last = int(offsets[0]), int(offsets[-1])
    data = np.frombuffer(texts, dtype=np.uint8)[first:last] if last > first else np.empty(0, dtype=np.uint8)
    if len(data) < 8:
        data = np.concatenate([data, np.zeros(8, dtype=np.uint8)])
    # Every run of 8 bytes as a number, wherever it begins: a view, nothing is copied.
    words = np.ndarray((len(data) - 7,), dtype="<u8", buffer=data, strides=(1,))
    starts, lengths = offsets[:-1] - first, np.diff(offsets)
    out = lengths.astype(np.uint64) * _ODD
    short = np.flatnonzero((lengths < 8) & (lengths > 0))
    if short.size:
        at = np.minimum(starts[short], len(words) - 1)
        shifted = words[at] >> ((starts[short] - at).astype(np.uint64) << np.uint64(3))
        kept = (np.uint64(1) << (lengths[short].astype(np.uint64) << np.uint64(3))) - np.uint64(1)
        out[short] = _mixed(out[short], shifted & kept)
    rows = np.flatnonzero(lengths >= 8)
    for place in range(0, 8 * _WINDOWS, 8):
        if place:
            rows = rows[lengths[rows] > place]
        if not rows.size:
            return out
        # The last window of a text ends where the text ends, and may repeat some of the one before.
        at = starts[rows] + np.minimum(place, lengths[rows] - 8)
        out[rows] = _mixed(out[rows], words[at])
    for row in rows[lengths[rows] > 8 * _WINDOWS].tolist():
        rest = hashlib.blake2b(data[starts[row] : starts[row] + lengths[row]].tobytes(), digest_size=8).digest()
        out[row] = np.frombuffer(rest, dtype="<u8")[0]
    return out


def _mixed(before: Numbers, words: Numbers) -> Numbers:
    made = (before ^ words) * _ODD
    made ^= made >> np.uint64(29)
    return made
