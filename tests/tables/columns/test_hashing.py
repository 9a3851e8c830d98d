"""Texts that stand twice are found by hashes of their bytes: none is missed, and none is found that stands alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.tables.columns import hashing
from tests.properties import examples

TEXTS = st.lists(st.text(st.sampled_from("ab綦0\U00020000"), max_size=9), max_size=40)


@examples(300)
@given(TEXTS, TEXTS, st.integers(0, 5))
def test_what_stands_twice_is_found(before: list[str], after: list[str], skipped: int) -> None:
    chunked = pa.chunked_array([pa.array(before, pa.large_string()), pa.array(after, pa.large_string())]).slice(skipped)
    texts = [*before, *after][skipped:]
    assert hashing.duplicated_texts(chunked).tolist() == pd.Series(texts, dtype=object).duplicated(keep=False).tolist()


def test_equal_texts_have_one_number_wherever_they_stand_and_others_their_own() -> None:
    texts = ["", *(f"{'长' * length}{number}" for length in (0, 1, 2, 3, 40, 400) for number in range(500))]
    hashes = hashing.hash_texts(pa.chunked_array([pa.array([*texts, "x", *texts], pa.large_string())]))
    assert (hashes[: len(texts)] == hashes[len(texts) + 1 :]).all()
    assert len(np.unique(hashes)) == len(set(texts)) + 1


def test_texts_that_share_a_number_by_chance_are_not_taken_for_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "hash_texts", lambda chunked: np.zeros(len(chunked), dtype=np.uint64))
    found = hashing.duplicated_texts(pa.chunked_array([pa.array(["a", "b", "a", "c"], pa.large_string())]))
    assert found.tolist() == [True, False, True, False]
