"""Cut the numbers of an own column into the classes by which a reader filters."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from qjmap.tables.numbers import plain_number

_MOST_NUMBERS = 12
"""Maximum number of distinct numbers of a column in which each number is a class of its own."""
_RANGES = 6
"""Number of ranges into which more numbers are cut; fewer if bounds coincide."""


def number_classes(numbers: npt.NDArray[np.float64]) -> list[str]:
    """Return the class of each number; "" for NaN and infinity.

    A class is the number itself or, if there are more than `_MOST_NUMBERS` distinct ones, a range "from/to", which includes `from`
    and excludes `to`. Each range has about the same number of rows, and bounds have two significant digits. The first and the last
    range are open: "/100", "5000/".
    """
    known = np.isfinite(numbers)
    distinct = np.unique(numbers[known])
    if len(distinct) <= _MOST_NUMBERS:
        names = [plain_number(number) for number in distinct.tolist()]
        codes = np.searchsorted(distinct, numbers)
    else:
        steps = np.quantile(numbers[known], np.arange(1, _RANGES) / _RANGES, method="lower").tolist()
        bounds = sorted({float(f"{step:.1e}") for step in steps})
        ends = ["", *map(plain_number, bounds), ""]
        names = [f"{start}/{end}" for start, end in itertools.pairwise(ends)]
        codes = np.searchsorted(np.array(bounds), numbers, side="right")
    return [names[code] if is_known else "" for code, is_known in zip(codes, known, strict=True)]
