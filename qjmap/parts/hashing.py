"""Texts as 64-bit numbers (SipHash with pandas' fixed key: the same in every process and on every machine).

Equal texts have equal numbers, so nothing that is there twice is missed; among 10 million texts two different ones share
a number once in 370,000 tables, and where that would matter the texts themselves are compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap.tables import columns as cols

Hashes = npt.NDArray[np.uint64]


def hashes(values: Any) -> Hashes:
    """The number of each text of a column; 0 for empty cells."""
    texts = cols.objects(values)
    if not len(texts):
        return np.empty(0, dtype=np.uint64)
    found = pd.util.hash_array(texts, categorize=False)
    found[cols.empty(values)] = 0
    return found


def hash_set(texts: Collection[str]) -> Hashes:
    """The numbers of some texts, sorted, each once."""
    return in_order([hashes(np.array([*texts, ""], dtype=object))], once=True)


def among(found: Hashes, wanted: Hashes) -> npt.NDArray[np.bool_]:
    """Which numbers are among the wanted ones, which are sorted; never the number of an empty cell."""
    if not len(wanted):
        return np.zeros(len(found), dtype=bool)
    at = np.minimum(np.searchsorted(wanted, found), len(wanted) - 1)
    return np.asarray((wanted[at] == found) & (found != 0), dtype=bool)


def repeated(parts: Iterable[Hashes]) -> Hashes:
    """The numbers that stand more than once in all parts together, sorted; needs 8 bytes a row more for a moment."""
    every = in_order(parts)
    return in_order([every[1:][every[1:] == every[:-1]]], once=True)


def in_order(parts: Iterable[Hashes], *, once: bool = False) -> Hashes:
    """All numbers sorted, without those of empty cells; each once if so told."""
    every = np.concatenate([*parts, np.empty(0, dtype=np.uint64)])
    every.sort()
    every = every[np.searchsorted(every, 1) :]
    if once and len(every):  # numpy's own `unique` hashes them first, and needs ten times as long
        every = every[np.concatenate([[True], every[1:] != every[:-1]])]
    return every
