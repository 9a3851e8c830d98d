"""Texts that stand twice are found by numbers of their bytes: none is missed, and none is found that stands alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qjmap.tables import twins

pa = pytest.importorskip("pyarrow")

TEXTS = st.lists(st.text(st.sampled_from("ab綦0\U00020000"), max_size=9), max_size=40)


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS, st.integers(0, 5))
def test_what_stands_twice_is_found(before: list[str], after: list[str], skipped: int) -> None:
    chunked = pa.chunked_array([pa.array(before, pa.large_string()), pa.array(after, pa.large_string())]).slice(skipped)
    texts = [*before, *after][skipped:]
    assert twins.repeated_texts(chunked).tolist() == pd.Series(texts, dtype=object).duplicated(keep=False).tolist()


def test_equal_texts_have_one_number_wherever_they_stand_and_others_their_own() -> None:
    texts = ["", *(f"{'长' * length}{number}" for length in (0, 1, 2, 3, 40, 400) for number in range(500))]
    numbers = twins.numbers_of(pa.chunked_array([pa.array([*texts, "x", *texts], pa.large_string())]))
    assert (numbers[: len(texts)] == numbers[len(texts) + 1 :]).all()
    assert len(np.unique(numbers)) == len(set(texts)) + 1


def test_texts_that_share_a_number_by_chance_are_not_taken_for_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twins, "numbers_of", lambda chunked: np.zeros(len(chunked), dtype=np.uint64))
    found = twins.repeated_texts(pa.chunked_array([pa.array(["a", "b", "a", "c"], pa.large_string())]))
    assert found.tolist() == [True, False, True, False]
