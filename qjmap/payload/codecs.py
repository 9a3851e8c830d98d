"""Codecs of the payload: varints, byte planes, prefix compression, deflate and base64."""

from __future__ import annotations

import base64
import zlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt

try:
    from isal.isal_zlib import compress as _compress_quickly
except ImportError:  # no wheel for this platform
    _compress_quickly = zlib.compress

Ints = npt.NDArray[np.int64]

_QUICK_FROM = 1 << 20
"""Size in bytes from which the faster compressor is used; for less, the highest level of zlib is fast enough."""

_QUICK_LEVEL = 2 if _compress_quickly is not zlib.compress else 4
"""Level of ISA-L, or of zlib on a platform without it: at these both compress texts of tables about equally."""


def packed(data: bytes, *, quick: bool | None = None) -> str:
    """Compress bytes (zlib format) and encode them in base64. For a version of the compressor, the same bytes give the same text.

    Parameters
    ----------
    quick : False for zlib at its highest level; True for ISA-L, which is about ten times as fast as zlib at its default level and gives
        10 to 30 percent more output. On platforms without a wheel of ISA-L, True means a low level of zlib. By default the size of the data
        decides.
    """
    if quick is None:
        quick = len(data) >= _QUICK_FROM
    compressed = _compress_quickly(data, _QUICK_LEVEL) if quick else _compress(data)
    return base64.b64encode(compressed).decode("ascii")


@lru_cache(maxsize=32)  # `qjmap serve` draws a page again after each edit, and most of its blocks are as they were
def _compress(data: bytes) -> bytes:
    """Compress bytes with zlib at its highest level."""
    return zlib.compress(data, 9)


def zigzag(values: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """Map signed integers to unsigned ones that are small for small magnitudes: 0, -1, 1, -2 to 0, 1, 2, 3."""
    return ((values << 1) ^ (values >> 63)).astype(np.uint64)


def varints(values: npt.ArrayLike, *, delta: bool) -> bytes:
    """Encode integers as zigzag-coded varints: LEB128, seven bits in a byte, the lowest first.

    Parameters
    ----------
    values : int64, shape (n,)
    delta : encode the first value and the differences between neighbours instead of the values.
    """
    numbers = np.asarray(values, dtype=np.int64)
    if numbers.size == 0:
        return b""
    if delta:
        numbers = np.diff(numbers, prepend=np.int64(0))
    unsigned = zigzag(numbers)
    lengths = np.ones(unsigned.shape, dtype=np.int64)
    rest = unsigned >> np.uint64(7)
    while rest.any():
        lengths += rest > 0
        rest = rest >> np.uint64(7)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    out = np.zeros(int(ends[-1]), dtype=np.uint8)
    for place in range(int(lengths.max())):
        reaches = lengths > place
        group = (unsigned[reaches] >> np.uint64(7 * place)) & np.uint64(0x7F)
        continuation = (lengths[reaches] > place + 1).astype(np.uint64) << np.uint64(7)
        out[starts[reaches] + place] = (group | continuation).astype(np.uint8)
    return out.tobytes()


def planes(values: npt.ArrayLike, *, delta: bool) -> bytes:
    """Encode 32-bit integers in four byte planes: the lowest bytes of all integers, then the second bytes, and so on.

    They are zigzag-coded, so that the high planes of small integers are zero and compress well.

    Parameters
    ----------
    values : integers from -2**31 to 2**31 - 1, shape (n,)
    delta : encode the first value and the differences between neighbours instead of the values.

    Raises
    ------
    ValueError : an integer to encode does not fit into 32 bits.
    """
    numbers = np.asarray(values, dtype=np.int64)
    if delta:
        numbers = np.diff(numbers, prepend=np.int64(0))
    unsigned = zigzag(numbers)
    if unsigned.size and int(unsigned.max()) > 0xFFFFFFFF:
        raise ValueError("a value beyond 32 bits")
    return np.ascontiguousarray(unsigned.astype("<u4").view(np.uint8).reshape(-1, 4).T).tobytes()


def sorted_texts(data: npt.NDArray[np.uint8], lengths: Ints) -> bytes:
    """Prefix-compress sorted texts.

    Returns three arrays, one after the other: for each text the number of bytes that it shares with the start of the previous text
    (uint8, at most 255), for each text its length in bytes (uint16, little-endian), and the bytes that are not shared. Compression
    then shrinks ids that follow a pattern to a fraction of a byte each.

    Parameters
    ----------
    data : the sorted texts in UTF-8, concatenated
    lengths : length of each text in bytes, shape (n,)

    Raises
    ------
    ValueError : a text has 65,536 bytes or more.
    """
    if lengths.size and int(lengths.max()) > 0xFFFF:
        raise ValueError("a text of 65,536 bytes or more")
    starts = np.cumsum(lengths) - lengths
    # For each byte, keep the rows whose prefix still equals that of the previous row.
    shared = np.zeros(len(lengths), dtype=np.int64)
    agreeing = np.arange(1, len(lengths))
    for place in range(255):
        agreeing = agreeing[np.minimum(lengths[agreeing], lengths[agreeing - 1]) > place]
        agreeing = agreeing[data[starts[agreeing] + place] == data[starts[agreeing - 1] + place]]
        if not agreeing.size:
            break
        shared[agreeing] += 1
    offset_in_text = np.arange(len(data)) - np.repeat(starts, lengths)
    rest = data[offset_in_text >= np.repeat(shared, lengths)]
    return shared.astype(np.uint8).tobytes() + lengths.astype("<u2").tobytes() + rest.tobytes()
