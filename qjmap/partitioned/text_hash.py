"""Hash texts to 64 bits, equal in every process and on every machine (see `tables.columns.hashing`).

Equal texts have equal hashes, so no duplicate is missed. Different texts rarely have equal hashes: among 10 million texts with a
chance of 1 in 370,000. Where that would matter, the texts themselves are compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from qjmap.tables.columns import ops as cols

Hashes = npt.NDArray[np.uint64]


def hash_texts(values: Any) -> Hashes:
    """Return the hash of each cell of a column; 0 for empty cells."""
    return cols.hash_array(values)


def hash_set(texts: Collection[str]) -> Hashes:
    """Return the hashes of some texts, sorted and unique."""
    return sorted_hashes([hash_texts(np.array([*texts, ""], dtype=object))], unique=True)


def isin(hashes: Hashes, values: Hashes) -> npt.NDArray[np.bool_]:
    """Return a mask of the hashes that are among the sorted `values`; False for empty cells."""
    if not len(values):
        return np.zeros(len(hashes), dtype=bool)
    positions = np.minimum(np.searchsorted(values, hashes), len(values) - 1)
    return np.asarray((values[positions] == hashes) & (hashes != 0), dtype=bool)


def duplicated(partitions: Iterable[Hashes]) -> Hashes:
    """Return the hashes that occur more than once in all partitions together, sorted and unique."""
    hashes = sorted_hashes(partitions)
    return sorted_hashes([hashes[1:][hashes[1:] == hashes[:-1]]], unique=True)


def sorted_hashes(partitions: Iterable[Hashes], *, unique: bool = False) -> Hashes:
    """Return the sorted hashes of all partitions, without those of empty cells; without repetitions if `unique`."""
    hashes = np.concatenate([*partitions, np.empty(0, dtype=np.uint64)])
    hashes.sort()
    hashes = hashes[np.searchsorted(hashes, 1) :]
    if unique and len(hashes):  # np.unique would take ten times as long: it does not use the order
        hashes = hashes[np.concatenate([[True], hashes[1:] != hashes[:-1]])]
    return hashes
