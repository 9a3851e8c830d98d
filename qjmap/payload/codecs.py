"""Arrays and texts as bytes, and bytes as text: the smallest steps of a payload, each undone by a few lines of script."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import numpy.typing as npt
from isal import isal_zlib

Ints = npt.NDArray[np.int64]

_QUICK_FROM = 1 << 20
"""Bytes from which the quicker compressor is taken: below, zlib's closest costs nothing that anybody would notice."""


def packed(data: bytes, *, quick: bool | None = None) -> str:
    """The bytes compressed (zlib format) and in base64.

    Small ones by zlib at its closest, large ones (or as ``quick`` says) by ISA-L, which is some ten times faster than
    zlib at its default and a tenth larger. Both give the same bytes for the same input and version.
    """
    if quick is None:
        quick = len(data) >= _QUICK_FROM
    compressed = isal_zlib.compress(data, 2) if quick else zlib.compress(data, 9)
    return base64.b64encode(compressed).decode("ascii")


def zigzag(values: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """Signed integers as unsigned ones, small for small magnitudes: 0, -1, 1, -2 become 0, 1, 2, 3."""
    return ((values << 1) ^ (values >> 63)).astype(np.uint64)


def varints(values: npt.ArrayLike, *, delta: bool) -> bytes:
    """Zigzag LEB128 bytes of integers, in arrays.

    Parameters
    ----------
    values : int64, shape (n,)
    delta : write first differences (the first value as it is) instead of the values.
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
        here = lengths > place
        group = (unsigned[here] >> np.uint64(7 * place)) & np.uint64(0x7F)
        more = (lengths[here] > place + 1).astype(np.uint64) << np.uint64(7)
        out[starts[here] + place] = (group | more).astype(np.uint8)
    return out.tobytes()


def planes(values: npt.ArrayLike, *, delta: bool) -> bytes:
    """Integers of 32 bits as four planes of bytes, lowest first, zigzag so that small ones have empty high planes.

    Values (and, with ``delta``, their first differences) must lie in -2**31..2**31-1.
    """
    numbers = np.asarray(values, dtype=np.int64)
    if delta:
        numbers = np.diff(numbers, prepend=np.int64(0))
    unsigned = zigzag(numbers)
    if unsigned.size and int(unsigned.max()) > 0xFFFFFFFF:
        raise ValueError("a value beyond 32 bits")
    return np.ascontiguousarray(unsigned.astype("<u4").view(np.uint8).reshape(-1, 4).T).tobytes()


def sorted_texts(data: npt.NDArray[np.uint8], lengths: Ints) -> bytes:
    """Texts in ascending order as three arrays: shared bytes (uint8), length in bytes (uint16), the bytes not shared.

    Neighbours in order look alike, so that ids that follow a pattern take about a byte each. Up to 255 shared bytes are
    counted; a text must be shorter than 65,536 bytes.

    Parameters
    ----------
    data : the texts one after the other in UTF-8
    lengths : of each in bytes; shape (n,)
    """
    if lengths.size and int(lengths.max()) > 0xFFFF:
        raise ValueError("a text of 65,536 bytes or more")
    starts = np.cumsum(lengths) - lengths
    # Place by place: how many rows still agree with the row before them.
    shared = np.zeros(len(lengths), dtype=np.int64)
    alive = np.arange(1, len(lengths))
    for place in range(255):
        alive = alive[np.minimum(lengths[alive], lengths[alive - 1]) > place]
        alive = alive[data[starts[alive] + place] == data[starts[alive - 1] + place]]
        if not alive.size:
            break
        shared[alive] += 1
    place_in_text = np.arange(len(data)) - np.repeat(starts, lengths)
    rest = data[place_in_text >= np.repeat(shared, lengths)]
    return shared.astype(np.uint8).tobytes() + lengths.astype("<u2").tobytes() + rest.tobytes()
