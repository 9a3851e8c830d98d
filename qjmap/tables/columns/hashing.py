"""64-bit hashes of the texts of an Arrow-backed column, and its duplicates."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from qjmap import performance_settings

Hashes = npt.NDArray[np.uint64]

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
"""2**64 divided by the golden ratio (Knuth, The Art of Computer Programming, 6.4): spreads each bit to higher bits."""


def duplicated_texts(chunked: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Return a mask of the rows whose text occurs more than once. Hashes find candidates, whose texts are then compared."""
    hashes = hash_texts(chunked)
    ordered = np.sort(hashes)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    mask = np.zeros(len(hashes), dtype=bool)
    if not len(repeated):
        return mask
    positions = np.minimum(np.searchsorted(repeated, hashes), len(repeated) - 1)
    rows = np.flatnonzero(repeated[positions] == hashes)
    texts = chunked.take(pa.array(rows))
    counts = texts.value_counts()
    duplicates = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    mask[rows] = pc.is_in(texts, value_set=duplicates).to_numpy()
    return mask


def hash_texts(chunked: pa.ChunkedArray) -> Hashes:
    """Return a 64-bit hash (uint64) of each text, in the order of the texts; 0 for an empty text.

    A text has the same hash in every process and on every machine. Two different texts have equal hashes about as often as two random
    64-bit numbers.
    """
    hashes = [
        _hash_chunk(chunk.slice(start, performance_settings.HASH_ROWS))
        for chunk in chunked.chunks
        for start in range(0, len(chunk), performance_settings.HASH_ROWS)
    ]
    return np.concatenate(hashes) if hashes else np.empty(0, dtype=np.uint64)


def _hash_chunk(chunk: Any) -> Hashes:
    """Hash the texts of one Arrow array by windows of 8 bytes; texts of more than `performance_settings.HASH_WINDOWS` windows by BLAKE2."""
    dtype = np.int64 if pa.types.is_large_string(chunk.type) else np.int32
    _, ends, texts = chunk.buffers()
    offsets = np.frombuffer(ends, dtype=dtype, count=chunk.offset + len(chunk) + 1)[chunk.offset :].astype(np.int64)
    first, last = int(offsets[0]), int(offsets[-1])
    data = np.frombuffer(texts, dtype=np.uint8)[first:last] if last > first else np.empty(0, dtype=np.uint8)
    if len(data) < 8:
        data = np.concatenate([data, np.zeros(8, dtype=np.uint8)])
    # View the 8 bytes from each position as an integer: strides of one byte, no copy.
    words = np.ndarray((len(data) - 7,), dtype="<u8", buffer=data, strides=(1,))
    starts, lengths = offsets[:-1] - first, np.diff(offsets)
    out = lengths.astype(np.uint64) * _MULTIPLIER
    short = np.flatnonzero((lengths < 8) & (lengths > 0))
    if short.size:
        positions = np.minimum(starts[short], len(words) - 1)
        shifted = words[positions] >> ((starts[short] - positions).astype(np.uint64) << np.uint64(3))
        mask = (np.uint64(1) << (lengths[short].astype(np.uint64) << np.uint64(3))) - np.uint64(1)
        out[short] = _mix(out[short], shifted & mask)
    rows = np.flatnonzero(lengths >= 8)
    for window in range(0, 8 * performance_settings.HASH_WINDOWS, 8):
        if window:
            rows = rows[lengths[rows] > window]
        if not rows.size:
            return out
        # The last window ends with its text and may overlap the previous one.
        positions = starts[rows] + np.minimum(window, lengths[rows] - 8)
        out[rows] = _mix(out[rows], words[positions])
    for row in rows[lengths[rows] > 8 * performance_settings.HASH_WINDOWS].tolist():
        digest = hashlib.blake2b(data[starts[row] : starts[row] + lengths[row]].tobytes(), digest_size=8).digest()
        out[row] = np.frombuffer(digest, dtype="<u8")[0]
    return out


def _mix(hashes: Hashes, words: Hashes) -> Hashes:
    mixed = (hashes ^ words) * _MULTIPLIER
    mixed ^= mixed >> np.uint64(29)
    return mixed
