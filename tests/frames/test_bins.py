"""Bins of numbers: every number lies in the bin that its name says, and whole numbers are named by what they are."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.frames.bins import number_bins

WHOLE = st.lists(st.integers(-(10**6), 10**6), min_size=20, max_size=60)
ANY = st.lists(st.floats(-1e9, 1e9, allow_subnormal=False), min_size=20, max_size=60)


@given(WHOLE | ANY)
def test_every_number_lies_between_the_ends_that_its_bin_names(numbers: list[float]) -> None:
    values = np.array(numbers, dtype=float)
    bins = number_bins(values)
    if bins is None:
        return
    ends = [[float(end) for end in name.split("/")] for name in bins.names]
    for value, code in zip(values.tolist(), bins.codes.tolist(), strict=True):
        slack = 1e-9 * max(1.0, abs(value))
        assert ends[code][0] - slack <= value <= ends[code][-1] + slack
        if len(ends[code]) == 1:
            assert value == pytest.approx(ends[code][0])


@given(st.lists(st.integers(-100, 100), min_size=20, max_size=60))
def test_narrow_bins_of_whole_numbers_share_no_number(numbers: list[int]) -> None:
    bins = number_bins(np.array(numbers, dtype=float))
    if bins is None:
        return
    ends = [[float(end) for end in name.split("/")] for name in bins.names]
    assert all(before[-1] < after[0] for before, after in itertools.pairwise(ends))


@pytest.mark.parametrize(
    ("numbers", "first", "last"),
    [
        (range(1, 20), "1", "19"),  # storeys
        (range(80), "0/4", "75/79"),
        (range(3000), "0/100", "2900/3000"),  # wide bins have round ends
        ([number / 10 for number in range(31)], "0/0.1", "3/3.1"),
    ],
)
def test_the_names_of_bins(numbers: list[float], first: str, last: str) -> None:
    bins = number_bins(np.array(numbers, dtype=float))
    assert bins is not None
    assert (bins.names[0], bins.names[-1]) == (first, last)


def test_numbers_of_all_magnitudes_have_few_bins() -> None:
    bins = number_bins(np.array([*np.geomspace(1e-100, 1e100, 50), *[1e-100] * 200]))
    assert bins is not None
    assert len(bins.names) <= 34


def test_infinities_lie_in_the_first_and_the_last_bin() -> None:
    bins = number_bins(np.array([*range(20), np.inf, -np.inf, np.nan]))
    assert bins is not None
    assert (bins.names[0], bins.names[-1]) == ("/1", "19/")
    assert bins.codes[-3:].tolist() == [len(bins.names) - 1, 0, len(bins.names)]
