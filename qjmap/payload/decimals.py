"""Decimal numbers as somebody typed them, read digit by digit in arrays, so that they can be written again to the sign."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qjmap.payload.codecs import Ints

_LONGEST = 16
_MOST_DIGITS = 9
_ROWS = 1 << 15
"""Numbers read at once: what is made of them stays in a processor's cache."""

Mask = npt.NDArray[np.bool_]


def decimals(text: str, lengths: Ints) -> tuple[Ints, int, int] | None:
    """Plain decimal numbers as whole units of 10**-digits, or None where one of them is written in any other way.

    Returns (units, digits, fixed). Each text is its number either with ``fixed`` decimals, or, when that is 0, in the
    shortest way of writing it: what JavaScript makes of the number with ``toFixed(fixed)`` and ``String``.

    Parameters
    ----------
    text : the numbers one after the other
    lengths : of each; shape (n,)
    """
    if not len(lengths) or not text.isascii() or not 0 < int(lengths.max()) <= _LONGEST or not lengths.all():
        return None
    data, ends = np.frombuffer(text.encode("ascii"), dtype=np.uint8), np.cumsum(lengths)
    found = []
    for start in range(0, len(lengths), _ROWS):
        some = lengths[start : start + _ROWS]
        one = _read(data[ends[start] - lengths[start] : ends[start + len(some) - 1]], some)
        if one is None:
            return None
        found.append(one)
    units, after, minus, zero = (np.concatenate(parts) for parts in zip(*found, strict=True))
    digits = int(after.max())
    units *= 10 ** (digits - after)
    if int(units.max()) >= 2**53:
        return None
    small = (units != 0) & (units < 10 ** max(0, digits - 6))  # written with an exponent
    units = np.where(minus, -units, units)
    if digits and (after == digits).all():
        return units, digits, digits
    return None if (zero & (after > 0)).any() or small.any() else (units, digits, 0)


def _read(data: npt.NDArray[np.uint8], lengths: Ints) -> tuple[Ints, Ints, Mask, Mask] | None:
    """Of some numbers their size in units of their last decimal, their decimals, whether a minus begins them and a zero ends them."""
    width, starts = int(lengths.max()), np.cumsum(lengths) - lengths
    signs = np.zeros((width, len(lengths)), dtype=np.uint8)  # sign by sign of all numbers, so that each step is one run of memory
    for place in range(width):
        signs[place] = np.where(place < lengths, data[np.minimum(starts + place, len(data) - 1)], 0)
    dots, minus = signs == ord("."), signs[0] == ord("-")
    figures = (signs >= ord("0")) & (signs <= ord("9"))
    plain = figures | dots | (signs == 0)
    plain[0] |= minus
    has_dot = dots.any(axis=0)
    whole_end = np.where(has_dot, dots.argmax(axis=0), lengths)
    after = np.where(has_dot, lengths - whole_end - 1, 0)
    before = whole_end - minus
    leading = np.where(minus, signs[min(1, width - 1)], signs[0]) == ord("0")
    good = plain.all(axis=0) & (dots.sum(axis=0) <= 1) & (before >= 1) & ~(has_dot & (after == 0)) & ~(leading & (before > 1))
    if not good.all() or int(after.max()) > _MOST_DIGITS or 0 in data:
        return None
    units = np.zeros(len(lengths), dtype=np.int64)
    for place in range(width):
        units = np.where(figures[place], units * 10 + signs[place] - ord("0"), units)
    if (minus & (units == 0)).any():
        return None
    return units, after, minus, data[starts + lengths - 1] == ord("0")
