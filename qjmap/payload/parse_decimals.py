"""Vectorized parser of decimal numbers. It records their format, so that the page can restore each text exactly."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qjmap.payload.codecs import Ints

_MOST_CHARACTERS = 16
"""Maximum length of a number in characters."""
_MOST_DIGITS = 9
"""Maximum number of decimals."""
_BATCH = 1 << 15
"""Number of texts parsed at once: their arrays fit into the cache of a processor."""

Mask = npt.NDArray[np.bool_]


def parse_decimals(text: str, lengths: Ints) -> tuple[Ints, int, int] | None:
    """Parse plain decimal numbers into whole units of 10**-digits.

    Parameters
    ----------
    text : the numbers, concatenated
    lengths : number of characters of each number, shape (n,)

    Returns
    -------
    units : the numbers as integers, in units of 10**-digits; shape (n,)
    digits : the greatest number of decimals of any text
    fixed : JavaScript restores each text by ``toFixed(fixed)`` or, if ``fixed`` is 0, by ``String``

    None without texts, and if neither restores all of them: one is no plain decimal number, has more than 16 characters or 9 decimals,
    or is written otherwise (29.50 beside 29.5, -0).
    """
    if not len(lengths) or not text.isascii() or not 0 < int(lengths.max()) <= _MOST_CHARACTERS or not lengths.all():
        return None
    data, ends = np.frombuffer(text.encode("ascii"), dtype=np.uint8), np.cumsum(lengths)
    batches = []
    for start in range(0, len(lengths), _BATCH):
        batch = lengths[start : start + _BATCH]
        parsed = _parse_batch(data[ends[start] - lengths[start] : ends[start + len(batch) - 1]], batch)
        if parsed is None:
            return None
        batches.append(parsed)
    units, decimals, minus, trailing_zero = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    digits = int(decimals.max())
    units *= 10 ** (digits - decimals)
    if int(units.max()) >= 2**53:
        return None
    small = (units != 0) & (units < 10 ** max(0, digits - 6))  # JavaScript formats these with an exponent
    units = np.where(minus, -units, units)
    if digits and (decimals == digits).all():
        return units, digits, digits
    return None if (trailing_zero & (decimals > 0)).any() or small.any() else (units, digits, 0)


def _parse_batch(data: npt.NDArray[np.uint8], lengths: Ints) -> tuple[Ints, Ints, Mask, Mask] | None:
    """Parse a batch: return for each number its absolute value in units of its last decimal, the number of its decimals, whether it
    has a leading minus, and whether its last digit is 0. None if any text is no plain decimal number, has more than `_MOST_DIGITS`
    decimals, or is a zero with a minus.

    Parameters
    ----------
    data : characters of all numbers in ASCII
    """
    width, starts = int(lengths.max()), np.cumsum(lengths) - lengths
    # One row per character position, so that each step reads contiguous memory.
    characters = np.zeros((width, len(lengths)), dtype=np.uint8)
    for place in range(width):
        characters[place] = np.where(place < lengths, data[np.minimum(starts + place, len(data) - 1)], 0)
    dots, minus = characters == ord("."), characters[0] == ord("-")
    is_digit = (characters >= ord("0")) & (characters <= ord("9"))
    allowed = is_digit | dots | (characters == 0)
    allowed[0] |= minus
    has_dot = dots.any(axis=0)
    integer_end = np.where(has_dot, dots.argmax(axis=0), lengths)
    decimals = np.where(has_dot, lengths - integer_end - 1, 0)
    integer_digits = integer_end - minus
    leading_zero = np.where(minus, characters[min(1, width - 1)], characters[0]) == ord("0")
    valid = (
        allowed.all(axis=0)
        & (dots.sum(axis=0) <= 1)
        & (integer_digits >= 1)
        & ~(has_dot & (decimals == 0))
        & ~(leading_zero & (integer_digits > 1))
    )
    if not valid.all() or int(decimals.max()) > _MOST_DIGITS or 0 in data:
        return None
    units = np.zeros(len(lengths), dtype=np.int64)
    for place in range(width):
        units = np.where(is_digit[place], units * 10 + characters[place] - ord("0"), units)
    if (minus & (units == 0)).any():
        return None
    return units, decimals, minus, data[starts + lengths - 1] == ord("0")
