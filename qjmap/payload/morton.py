"""Rows in Morton order (Z-order): what lies near on the ground stands near in the file.

A cell of 2**s by 2**s micro-degrees (s is called shift, here and in the page's script) is then one run of rows, found by
bisection, and differences between neighbours are small. The order is taken on whole micro-degrees, so that Python and
script agree on every cell to the bit.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

WEST, SOUTH = -180_000_000, -90_000_000
"""Where the cells are counted from, in micro-degrees."""


def _spread(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Bits of numbers below 2**32, each followed by a gap."""
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        values = (values | (values << np.uint64(shift))) & np.uint64(mask)
    return values


def keys(lon: Ints, lat: Ints) -> npt.NDArray[np.uint64]:
    """Morton keys of positions in micro-degrees (WGS 84): longitude in the even bits, latitude in the odd ones."""
    east = (lon - WEST).astype(np.uint64)
    north = (lat - SOUTH).astype(np.uint64)
    return _spread(east) | (_spread(north) << np.uint64(1))


def picked(ordered: npt.NDArray[np.uint64], most: int) -> Ints:
    """Rows, at most ``most``, that together show where all of them lie: the first of every occupied cell.

    ``ordered`` are keys in ascending order; the cells are the smallest for which there are not too many.
    """
    if not ordered.size:
        return np.zeros(0, dtype=np.int64)
    # How many levels a row differs from the row before it decides on which levels it is the first of a cell.
    differs = ordered[1:] ^ ordered[:-1]
    for shift in range(0, 64, 2):
        first = np.concatenate([[True], (differs >> np.uint64(shift)) > 0])
        if int(first.sum()) <= most:
            return np.flatnonzero(first)
    return np.zeros(1, dtype=np.int64)
