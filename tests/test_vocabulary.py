"""Vocabularies: found words, equal units, copies."""

from __future__ import annotations

import pickle

from hypothesis import given
from hypothesis import strategies as st

from qjmap.grammar import grammar
from qjmap.schema import DATUMS, OPEN_VOCABULARIES, TABLES
from qjmap.tables.cell_values import read_word
from qjmap.tables.datum_words import find_datum
from qjmap.vocabulary import BUILT_IN, OTHER, SETTING_OF, Vocabularies, Word
from tests.properties import examples

MU = Vocabularies((Word("unit", "mu", "亩", "mu", ("市亩",)), Word("unit", "far", "里程公里", "", ("km",))))


def test_every_open_vocabulary_has_other_and_a_setting() -> None:
    assert all(OTHER in BUILT_IN.entries(name) for name in OPEN_VOCABULARIES)
    assert set(OPEN_VOCABULARIES) <= set(SETTING_OF)
    used = {column.vocab for table in TABLES.values() for column in table.columns if column.vocab}
    assert set(OPEN_VOCABULARIES) <= used


def test_a_copy_in_another_process_is_equal() -> None:
    assert pickle.loads(pickle.dumps(MU)) == MU


def test_words_of_one_unit_are_equal_with_the_built_in_ones() -> None:
    mu, far = MU.equal_units
    assert mu == {"mu", "亩", "市亩"}
    assert {"里程公里", "km", "公里"} <= far


def test_trees_name_categories_that_there_are() -> None:
    trees = grammar("category_trees")
    named = {category for tree in (*trees["paths"].values(), trees["tags"]) for category in tree}
    assert named <= set(BUILT_IN.entries("category"))


@examples(200)
@given(st.text("未不停缓非没待已建成开工;=|> ab", max_size=8).filter(str.strip), st.sampled_from(OPEN_VOCABULARIES))
def test_a_word_is_known_or_kept(text: str, vocabulary: str) -> None:
    value, word = read_word(text, vocabulary)
    assert value in BUILT_IN.entries(vocabulary)
    assert word == text.strip() if word else BUILT_IN.find(text, vocabulary) == value


NAMES = {datum: [datum, *BUILT_IN.entries("datum")[datum]["synonyms"]] for datum in DATUMS}
NAMES["cgcs2000"].remove("天地图")  # 天地图坐标 is taken as WGS 84, which is the same
WRAPPED = ("{}坐标系", "{} 坐标", "坐标系：{}", "（{}）", "{}经纬度", "{}地图", "{}大地坐标系", "CRS: {}")


@examples(200)
@given(st.sampled_from(DATUMS), st.sampled_from(WRAPPED), st.data())
def test_a_datum_is_found_among_generic_words(datum: str, form: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES[datum]))
    assert find_datum(form.format(name)) == datum


@examples(200)
@given(st.sampled_from(DATUMS), st.sampled_from(DATUMS), st.sampled_from(("{}（{}）", "{}/{}", "{}、{}")), st.data())
def test_two_different_datums_in_a_text_are_no_datum(one: str, other: str, form: str, data: st.DataObject) -> None:
    names = [data.draw(st.sampled_from(NAMES[datum])) for datum in (one, other)]
    assert find_datum(form.format(*names)) == (one if one == other else None)


@examples(200)
@given(st.sampled_from(DATUMS), st.sampled_from(("非", "西安80", "北京54", "转", "3度带", "加偏")), st.booleans())
def test_a_datum_with_any_other_word_is_none(datum: str, word: str, first: bool) -> None:
    assert find_datum(word + datum if first else datum + word) is None
