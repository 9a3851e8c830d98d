"""What is done to a whole column at once is what would be done to each of its cells."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from qjmap.schema import fold, fold_all
from qjmap.tables import cells, slugs
from qjmap.tables.positions import _plain

ADDRESSES = ["", "http://", "https://a.cn", "http://a/b?c=1", "x", "http://a b", "\n", " http://a", "ftp://a", "https://\n"]
ODD = st.text(st.sampled_from("aA １Ａ綦稱-_·\u3000\u200b\ufeff\u0301\x01\n\x00ßİΣς가\ufb01#'"), max_size=5)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(ODD, st.text(max_size=6)), min_size=1, max_size=12), st.booleans())
def test_folding(texts: list[str], long: bool) -> None:
    many = texts * 100 + (["綦江"] * 6000 if long else [])
    assert fold_all(many) == [fold(text) for text in many]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(st.sampled_from("ab0-_.A \n中"), max_size=4), max_size=5))
def test_ids(texts: list[str]) -> None:
    assert not slugs.all_ids(texts) or all(not text or slugs.ID.fullmatch(text) for text in texts if "\n" not in text)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(ADDRESSES), max_size=5))
def test_addresses(texts: list[str]) -> None:
    if cells.all_urls(texts):
        assert [cells.read_url(text) if text else "" for text in texts] == texts


@given(st.lists(ODD, max_size=5))
def test_blanks(texts: list[str]) -> None:
    assert list(cells.clean_all(texts)) == [cells.clean(text) for text in texts]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(st.sampled_from("0123.-"), max_size=6), min_size=1, max_size=4))
def test_numbers(texts: list[str]) -> None:
    raw = np.array(texts, dtype=object)
    quick = _plain(raw)
    if quick is not None:
        slow = pd.to_numeric(pd.Series(raw, dtype=object), errors="coerce").to_numpy(dtype=np.float64)
        assert np.array_equal(quick, slow)
