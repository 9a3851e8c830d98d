"""Slugs: what ids are made of where a row has none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from qjmap.tables.generate_ids import ID
from qjmap.tables.slugs import slug, slugs
from tests.properties import examples

_WORDS = sorted(PHRASES_DICT)[:: len(PHRASES_DICT) // 2_000]


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("3D建筑打印", "3d-jianzhudayin"),
        ("重庆长江银行（江津）支行", "chongqingchangjiangyinhang-jiangjin-zhixing"),
        ("Café Zürich №5", "cafe-zurich-no5"),
        ("甲\n乙", "jia-yi"),
        ("🙂", ""),
        ("", ""),
    ],
)
def test_slugs_of_names(name: str, made: str) -> None:
    assert slug(name) == made


@given(st.lists(st.text(max_size=60)))
@examples(200)
def test_slugs_are_ids_and_do_not_depend_on_the_names_beside(names: list[str]) -> None:
    made = slugs(names)
    assert all(not one or ID.fullmatch(one) for one in made)
    assert made == [slug(name) for name in names]


@given(st.lists(st.lists(st.sampled_from(_WORDS).flatmap(lambda w: st.sampled_from([w, w[:-1], w[1:]])), max_size=5)))
@examples(300)
def test_chinese_is_read_as_pypinyin_reads_it(names: list[list[str]]) -> None:
    """Whether a word is cut off at the end of a name or before another character decides how it is read."""
    runs = ["".join(words) for words in names]
    read = ["".join(lazy_pinyin(run, style=Style.NORMAL, errors="ignore", v_to_u=False)) for run in runs]
    assert slugs(runs) == read
