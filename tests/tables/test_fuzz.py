"""A short run of the fuzz test, and the files on which it once failed."""

from __future__ import annotations

import pytest

from tests.tables import fuzz

pytestmark = pytest.mark.slow

FOUND = [(1, 64), (1, 89), (1, 139), (2026, 40), (1, 4857), (1, 6080), (1, 7768), (1, 7780), (1, 9230)]
"""Seed and number: a name that two rows of the file have; refused rows without a known header; an infinite number in a workbook;
a line of totals that was refused; an extent beyond any sheet; a name of marks alone; a header `sep=;`; the same column twice."""


@pytest.mark.filterwarnings("ignore")
def test_damaged_files_lose_no_row_and_leave_nothing_half_written() -> None:
    outcomes, failures = fuzz.run(2026, range(100))
    assert failures == []
    assert outcomes["all added"] > 3
    assert outcomes["some added"] > 10


@pytest.mark.filterwarnings("ignore")
def test_damaged_workbooks_end_no_process() -> None:
    outcomes, failures = fuzz.run_in_children(2026, range(40), kind="workbooks")
    assert failures == []
    assert sum(outcomes.values()) == 40
    assert outcomes["all added"] + outcomes["some added"] > 2


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("seed", "number"), FOUND)
def test_files_on_which_the_fuzz_test_once_failed_pass(seed: int, number: int) -> None:
    assert fuzz.run(seed, [number])[1] == []
