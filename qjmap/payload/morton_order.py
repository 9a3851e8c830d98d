"""Morton order (Z-order) of points: points near each other on the ground are mostly near each other in the payload.

The globe is divided into square cells of 2**shift by 2**shift micro-degrees. The rows of a cell are consecutive, so that bisection
finds them, and the differences between neighbours are small. Keys are computed from whole micro-degrees, so that Python and the page's
scripts agree on every cell.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

WEST, SOUTH = -180_000_000, -90_000_000
"""South-western corner of the first cell in micro-degrees."""


def _interleave_zeros(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Insert a zero bit above each bit of numbers below 2**32."""
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
    """Return the Morton keys of positions in micro-degrees (WGS 84): the longitude in the even bits, the latitude in the odd ones."""
    east = (lon - WEST).astype(np.uint64)
    north = (lat - SOUTH).astype(np.uint64)
    return _interleave_zeros(east) | (_interleave_zeros(north) << np.uint64(1))


def sample_rows(ordered: npt.NDArray[np.uint64], most: int) -> Ints:
    """Return the indices of rows that are spread evenly in space: the first row of each cell that has rows.

    The cells are the smallest for which this gives at most ``most`` rows.

    Parameters
    ----------
    ordered : Morton keys, ascending; shape (n,)
    """
    if not ordered.size:
        return np.zeros(0, dtype=np.int64)
    # The highest bit in which a row differs from the previous one decides at which cell sizes it is the first of its cell.
    differs = ordered[1:] ^ ordered[:-1]
    for shift in range(0, 64, 2):
        first = np.concatenate([[True], (differs >> np.uint64(shift)) > 0])
        if int(first.sum()) <= most:
            return np.flatnonzero(first)
    return np.zeros(1, dtype=np.int64)
