"""Decimal numbers as somebody typed them, read digit by digit in arrays, so that they can be written again to the sign."""

from __future__ import annotations

import numpy as np

from qjmap.payload.codecs import Ints

_LONGEST = 16
_MOST_DIGITS = 9


def decimals(text: str, lengths: Ints) -> tuple[Ints, int, int] | None:
    """Plain decimal numbers as whole units of 10**-digits, or None where one of them is written in any other way.

    Returns (units, digits, fixed). Each text is its number either with ``fixed`` decimals, or, when that is 0, in the
    shortest way of writing it: what JavaScript makes of the number with ``toFixed(fixed)`` and ``String``.

    Parameters
    ----------
    text : the numbers one after the other
    lengths : of each; shape (n,)
    """
    if not len(lengths) or not text.isascii():
        return None
    width = int(lengths.max())
    if not 0 < width <= _LONGEST:
        return None
    used = np.arange(width) < lengths[:, None]
    signs = np.zeros(used.shape, dtype=np.uint8)
    signs[used] = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    dots, minus = signs == ord("."), signs[:, 0] == ord("-")
    figures = (signs >= ord("0")) & (signs <= ord("9"))
    plain = figures | dots | ~used
    plain[:, 0] |= minus
    has_dot = dots.any(axis=1)
    whole_end = np.where(has_dot, dots.argmax(axis=1), lengths)
    after = np.where(has_dot, lengths - whole_end - 1, 0)
    before = whole_end - minus
    leading = signs[np.arange(len(signs)), np.minimum(minus.astype(np.int64), width - 1)] == ord("0")
    good = (
        plain.all(axis=1)
        & (dots.sum(axis=1) <= 1)
        & (before >= 1)
        & ~(has_dot & (after == 0))
        & ~(leading & (before > 1))
    )
    digits = int(after.max())
    if not good.all() or digits > _MOST_DIGITS:
        return None
    units = np.zeros(len(signs), dtype=np.int64)
    for place in range(width):
        units = np.where(figures[:, place], units * 10 + signs[:, place] - ord("0"), units)
    units *= 10 ** (digits - after)
    if (minus & (units == 0)).any() or int(units.max()) >= 2**53:
        return None
    units = np.where(minus, -units, units)
    if digits and (after == digits).all():
        return units, digits, digits
    last = signs[np.arange(len(signs)), lengths - 1] == ord("0")
    small = (units != 0) & (np.abs(units) < 10 ** max(0, digits - 6))  # written with an exponent
    return None if (last & has_dot).any() or small.any() else (units, digits, 0)
