"""Find equal texts of all partitions by their sorted 64-bit hashes (`tables.columns.hashing`).

Equal texts have equal hashes in every process and on every machine, so no duplicate is missed. Different texts rarely
have equal hashes: among 10 million texts with a chance of 1 in 370,000. Where that would matter, the texts themselves are compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
import numpy.typing as npt

from qjmap.tables.columns import operations as cols

Hashes = npt.NDArray[np.uint64]


def hash_set(texts: Collection[str]) -> Hashes:
    """Return the hashes of the filled texts, sorted and unique."""
    return sorted_hashes([cols.hash_array(np.array([*texts, ""], dtype=object))], unique=True)


def isin(hashes: Hashes, values: Hashes) -> npt.NDArray[np.bool_]:
    """Return a mask of the hashes that are among the sorted `values`; always False for 0, the hash of an empty cell."""
    if not len(values):
        return np.zeros(len(hashes), dtype=bool)
    positions = np.minimum(np.searchsorted(values, hashes), len(values) - 1)
    return np.asarray((values[positions] == hashes) & (hashes != 0), dtype=bool)


def duplicated(partitions: Iterable[Hashes]) -> Hashes:
    """Return the hashes, apart from 0, that occur more than once in all partitions together, sorted and unique."""
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
