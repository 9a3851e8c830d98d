"""Pinyin readings: place names, restriction to an alphabet, characters of texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qjmap.pinyin import characters, readings, restricted


def usual(name: str) -> str:
    """A name's syllables as the page orders by them: by its exception, else each character's first reading."""
    table = readings()
    if name in table["names"]:
        return str(table["names"][name])
    first = {character: syllable for syllable, all_of_it in table["first"].items() for character in all_of_it}
    return " ".join(first[item] for item in name)


def test_place_names_are_read_as_places() -> None:
    said = {
        "綦江": "qi jiang", "重庆": "chong qing", "长寿": "chang shou", "涪陵": "fu ling", "北碚": "bei bei", "垫江": "dian jiang",
        "朝阳": "chao yang", "乐山": "le shan", "乐清": "yue qing", "六安": "lu an", "番禺": "pan yu", "厦门": "xia men",
        "蚌埠": "beng bu", "马尾": "ma wei", "浚县": "xun xian", "自贡": "zi gong", "长子": "zhang zi", "台州": "tai zhou",
    }  # fmt: skip
    assert {name: usual(name) for name in said} == said


def test_every_character_has_one_first_reading_and_no_reading_twice() -> None:
    table = readings()
    everything = "".join(table["first"].values())
    assert len(everything) == len(set(everything)) > 20_000
    for syllable, more in table["also"].items():
        assert not set(more) & set(table["first"].get(syllable, ""))


def test_a_page_carries_the_readings_of_its_own_characters() -> None:
    table = restricted(characters(["綦江区", "重庆 Chongqing", "乐"]))
    assert table["first"] == {"chong": "重", "jiang": "江", "le": "乐", "qi": "綦", "qing": "庆", "qu": "区"}
    assert table["also"] == {"lao": "乐", "yue": "乐", "zhong": "重"}
    assert table["names"] == {}
    assert restricted(characters(["乐清"]))["names"] == {"乐清": "yue qing"}


@given(st.lists(st.text()))
def test_characters_are_those_of_the_texts(texts: list[str]) -> None:
    assert characters(texts) == {item for text in texts for item in text if 0x4E00 <= ord(item) < 0xA000}
