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
    return np.unique(hashes(np.array([*texts, ""], dtype=object)))[1:]


def among(found: Hashes, wanted: Hashes) -> npt.NDArray[np.bool_]:
    """Which numbers are among the wanted ones, which are sorted; never the number of an empty cell."""
    if not len(wanted):
        return np.zeros(len(found), dtype=bool)
    at = np.minimum(np.searchsorted(wanted, found), len(wanted) - 1)
    return np.asarray((wanted[at] == found) & (found != 0), dtype=bool)


def repeated(parts: Iterable[Hashes]) -> Hashes:
    """The numbers that stand more than once in all parts together, sorted; needs 8 bytes a row more for a moment."""
    every = np.concatenate([*parts, np.empty(0, dtype=np.uint64)])
    every.sort()
    twice = every[1:][every[1:] == every[:-1]]
    return np.unique(twice[twice != 0])
