"""Bins of numbers and dates with round bounds, by which a reader of the page filters rows."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qjmap.tables.numbers import plain_number

Floats = npt.NDArray[np.float64]

_FEW = 12
"""If a column has at most this many distinct numbers, each number is a bin."""
_MOST = 32
"""Approximate maximum number of bins of a column of numbers."""
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_NARROW = 10
"""Maximum width of the bins of whole numbers that are named by their last number instead of their upper bound."""
_EXACT = 2.0**53
"""Magnitude from which floats skip whole numbers."""
_SKEWED = 0.6
"""If a bin of equal width has more than this share of the rows, positive numbers of very different magnitudes get bounds 1, 2, 5, 10 ..."""
_UNITS = (("Y", 4), ("M", 2), ("D", 0))
"""NumPy's units of dates, the longest first, each with a number: bins have this unit if the dates span more units than that."""


@dataclass(frozen=True)
class Bins:
    """Bins of a column.

    Attributes
    ----------
    names : names of the bins in ascending order. A range of numbers is named as by `bin_names` ("/to" or "from/" if it includes an
        infinity), a single number by that number, a period by its year, month or day in ISO 8601.
    codes : index of the bin of each row, len(names) for a row without a value; shape (n,).
    """

    names: list[str]
    codes: npt.NDArray[np.int64]


def number_bins(values: Floats) -> Bins | None:
    """Return the bins of numbers (NaN for missing); None if there is nothing to filter: all rows are equal, or no number is finite."""
    known = ~np.isnan(values)
    finite = values[np.isfinite(values)]
    distinct = np.unique(finite)
    if len(distinct) + (not known.all()) + bool(np.isinf(values).any()) < 2 or not len(distinct):
        return None
    if len(distinct) <= _FEW and not np.isinf(values).any():
        names = [plain_number(number) for number in distinct.tolist()]
        return Bins(names, np.where(known, np.searchsorted(distinct, values), len(names)))
    edges = _edges(finite)
    names = bin_names(edges, values[known])
    codes = np.clip(np.searchsorted(np.array(edges), values, side="right") - 1, 0, len(names) - 1)
    if np.isneginf(values).any():
        names[0] = "/" + names[0].split("/")[1]
    if np.isposinf(values).any():
        names[-1] = names[-1].split("/")[0] + "/"
    return Bins(names, np.where(known, codes, len(names)))


def bin_names(edges: Sequence[float], values: Floats) -> list[str]:
    """Return the names of the bins between ascending bounds, for values without NaN.

    A name is "from/to" with the upper bound excluded. Narrow bins of whole numbers have the first and the last number that they hold
    instead: "9" for the bin from 9 to 10, "5/9" for that from 5 to 10.
    """
    whole = is_whole(values) and is_whole(np.array(edges))
    names = []
    for start, end in itertools.pairwise(edges):
        last = end - 1 if whole and end - start <= _NARROW else end
        names.append(plain_number(start) if last == start else f"{plain_number(start)}/{plain_number(last)}")
    return names


def is_whole(values: Floats) -> bool:
    """Return whether all values are whole numbers that floats tell apart; infinity is none."""
    return bool((np.abs(values) < _EXACT).all() and (values == np.floor(values)).all())


def _edges(finite: Floats) -> list[float]:
    """Return the ascending round bounds of about `_MOST` bins or fewer that contain all of the finite numbers."""
    low, high = float(finite.min()), float(finite.max())
    step = bin_width((high - low) / _MOST, finite) if high > low else 1.0
    first = math.floor(low / step)
    count = math.floor(high / step) - first + 1
    edges = [rounded((first + number) * step, step) for number in range(count + 1)]
    inside = np.histogram(finite, bins=np.unique(edges))[0] if len({*edges}) > 1 else np.array([len(finite)])
    if low > 0 and high / low > 1000 and inside.max() > _SKEWED * len(finite):
        return _growing(low, high)
    return list(dict.fromkeys(edges)) if len({*edges}) > 1 else [low, math.nextafter(high, math.inf)]


def round_step(width: float) -> float:
    """Return the smallest number of the form 1, 2, 2.5 or 5 times a power of ten that is at least ``width``; 1 if that is not positive."""
    power = 10.0 ** math.floor(math.log10(width)) if width > 0 else 1.0
    return next((step * power for step in _STEPS if step * power >= width * (1 - 1e-9)), 10 * power)


def bin_width(width: float, values: Floats) -> float:
    """Return a round width of bins that is at least ``width``; a whole number if all values are."""
    step = round_step(width)
    return step if step == int(step) or not is_whole(values) else round_step(max(1.0, 2 * width))


def rounded(edge: float, step: float) -> float:
    """Return a bound rounded to the decimals of its step: 3 * 0.1 is 0.3, not 0.30000000000000004."""
    digits = max(0, 2 - math.floor(math.log10(step)))
    return round(edge, digits) if digits < 300 else edge


def _growing(low: float, high: float) -> list[float]:
    """Return the bounds 1, 2, 5, 10 ... around positive numbers from ``low`` to ``high``; only powers of ten, or only some of them, if
    these bounds are too many.
    """
    start, stop = math.floor(math.log10(low)), math.floor(math.log10(high)) + 1
    powers = range(start, stop + (stride := math.ceil((stop - start) / _MOST)), stride)
    factors = (1, 2, 5) if 3 * len(powers) <= _MOST + 4 else (1,)
    edges = [float(f"{factor}e{power}") for power in powers for factor in factors]
    first = max(number for number, edge in enumerate(edges) if edge <= low)
    last = min(number for number, edge in enumerate(edges) if edge > high)
    return edges[first : last + 1]


def date_bins(seconds: Floats) -> Bins | None:
    """Return bins of years, months or days for times in seconds since 1970 (NaN for missing).

    None if there is nothing to filter: all rows have the same period, or none has a time.
    """
    known = np.isfinite(seconds)
    if not known.any():
        return None
    moments = seconds[known].astype("datetime64[s]")
    for unit, least in _UNITS:
        periods = moments.astype(f"datetime64[{unit}]")
        first, last = periods.min(), periods.max()
        span = int((last - first).astype(int)) + 1
        if span >= max(least, 1) and (span > least or unit == "D"):
            break
    distinct = np.unique(periods)
    if len(distinct) + (not known.all()) < 2:
        return None
    every = first + np.arange(span) if span <= 4 * _MOST else distinct
    codes = np.full(len(seconds), len(every), dtype=np.int64)
    codes[known] = np.searchsorted(every, periods)
    return Bins([str(period) for period in every], codes)
