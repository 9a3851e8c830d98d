"""English names of Chinese administrative units: pinyin, and the usual English form for the provincial units."""

from collections.abc import Mapping
from typing import Final

from pypinyin import lazy_pinyin

_PROVINCES: Final[Mapping[str, str]] = {
    "内蒙古自治区": "Inner Mongolia",
    "西藏自治区": "Xizang (Tibet)",
    "陕西省": "Shaanxi",
    "香港特别行政区": "Hong Kong",
    "澳门特别行政区": "Macao",
    "台湾省": "Taiwan Province",
    "重庆市": "Chongqing",
}
_PROVINCE_ENDS: Final = ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市")
_PEOPLES: Final[Mapping[str, str]] = {
    "土家族": "Tujia",
    "布依族": "Buyei",
    "苗族": "Miao",
    "侗族": "Dong",
    "藏族": "Tibetan",
    "羌族": "Qiang",
    "彝族": "Yi",
}
_ENDS: Final[Mapping[str, str]] = {
    "自治州": " Autonomous Prefecture",
    "自治县": " Autonomous County",
    "区": " District",
    "县": " County",
    "市": "",
}


def pinyin(name: str) -> str:
    """Return a Chinese name as one word of pinyin: 綦江 -> Qijiang, 广安 -> Guang'an."""
    syllables = lazy_pinyin(name)
    joined = syllables[0] + "".join(f"'{one}" if one[0] in "aoe" else one for one in syllables[1:])
    return joined.capitalize()


def english(name: str) -> str:
    """Return the English name of a county or prefecture: 石柱土家族自治县 -> Shizhu Tujia Autonomous County.

    Raises ValueError if the kind of unit at the end of the name has no English word here.
    """
    end = next((one for one in _ENDS if name.endswith(one)), None)
    if end is None:
        raise ValueError(f"no English for the kind of {name}")
    stem, peoples = name.removesuffix(end), list[str]()
    while people := next((one for one in _PEOPLES if stem.endswith(one)), None):
        stem = stem.removesuffix(people)
        peoples.insert(0, _PEOPLES[people])
    return pinyin(stem) + "".join([" ", " and ".join(peoples)] if peoples else []) + _ENDS[end]


def province_english(name: str) -> str:
    """Return the English name of a province: 贵州省 -> Guizhou."""
    if name in _PROVINCES:
        return _PROVINCES[name]
    end = next(one for one in _PROVINCE_ENDS if name.endswith(one))
    return pinyin(name.removesuffix(end))
