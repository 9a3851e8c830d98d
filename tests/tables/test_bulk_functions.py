"""Functions over whole columns return what they would return cell by cell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qjmap.schema import fold, fold_all
from qjmap.tables import cell_values
from tests.properties import examples

ADDRESSES = [
    "",
    "http://",
    "https://a.cn",
    "http://a/b?c=1",
    "x",
    "http://a b",
    "\n",
    " http://a",
    "ftp://a",
    "https://\n",
]
ODD = st.text(st.sampled_from("aA １Ａ綦稱-_·\u3000\u200b\ufeff\u0301\x01\n\x00ßİΣς가\ufb01#'"), max_size=5)


@examples(300)
@given(st.lists(st.one_of(ODD, st.text(max_size=6)), min_size=1, max_size=12), st.booleans())
def test_folding(texts: list[str], long: bool) -> None:
    many = texts * 100 + (["綦江"] * 6000 if long else [])
    assert fold_all(many) == [fold(text) for text in many]


@examples(500)
@given(st.lists(st.sampled_from(ADDRESSES), max_size=5))
def test_addresses(texts: list[str]) -> None:
    if cell_values.all_urls(texts):
        assert [cell_values.read_url(text) if text else "" for text in texts] == texts


@given(st.lists(ODD, max_size=5))
def test_removing_blanks_from_a_column_equals_removing_them_cell_by_cell(texts: list[str]) -> None:
    assert list(cell_values.clean_all(texts)) == [cell_values.clean(text) for text in texts]
