"""How the names of Chinese units are shortened, written in Latin letters, and followed through their changes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pypinyin import lazy_pinyin

ABBREVIATIONS: Final[Mapping[str, str]] = {
    "110000": "京", "120000": "津", "130000": "冀", "140000": "晋", "150000": "内蒙|蒙", "210000": "辽", "220000": "吉",
    "230000": "黑", "310000": "沪|申", "320000": "苏", "330000": "浙", "340000": "皖", "350000": "闽", "360000": "赣",
    "370000": "鲁", "410000": "豫", "420000": "鄂", "430000": "湘", "440000": "粤", "450000": "桂", "460000": "琼",
    "500000": "渝", "510000": "川|蜀", "520000": "黔|贵", "530000": "滇|云", "540000": "藏", "610000": "陕|秦",
    "620000": "甘|陇", "630000": "青", "640000": "宁", "650000": "新", "710000": "台", "810000": "港", "820000": "澳",
}  # fmt: skip
ENGLISH: Final[Mapping[str, str]] = {
    "150000": "Inner Mongolia|Nei Mongol", "540000": "Xizang|Tibet", "610000": "Shaanxi", "810000": "Hong Kong",
    "820000": "Macao|Macau", "710000": "Taiwan", "230000": "Heilongjiang",
}  # fmt: skip
NATIONS: Final = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|"
    "达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|"
    "赫哲|门巴|珞巴|基诺"
)
_PEOPLES: Final = sorted(
    [f"{one}族" for one in NATIONS.split("|")] + [one for one in NATIONS.split("|") if len(one) > 2],
    key=len,
    reverse=True,
)
_AUTONOMOUS: Final = ("自治区", "自治州", "自治县", "自治旗", "民族乡", "乡", "镇")
_ENDS: Final[Mapping[str, tuple[str, ...]]] = {
    "province": ("特别行政区", "自治区", "省", "市"),
    "city": ("自治州", "地区", "盟", "市"),
    "district": ("自治县", "自治旗", "新区", "林区", "特区", "区", "县", "市", "旗"),
    "town": ("街道办事处", "民族乡", "街道", "镇", "乡", "苏木"),
}
_NO_NAMES: Final = ("市辖区", "县", "省直辖县级行政区划")
_KINDS: Final[Mapping[str, tuple[str, ...]]] = {"自治州": ("州",), "自治县": ("县",), "自治旗": ("旗",)}
_LATIN: Final[Mapping[str, tuple[str, ...]]] = {
    "市": ("city", "shi"), "区": ("district", "qu"), "县": ("county", "xian"), "省": ("province", "sheng"),
    "州": ("prefecture", "zhou"), "旗": ("banner", "qi"), "地区": ("prefecture", "diqu"), "盟": ("league", "meng"),
}  # fmt: skip

_ZONES: Final[Mapping[str, tuple[str, ...]]] = {
    "高新区": ("hightech zone", "hitech zone", "hightech industrial development zone"),
    "经开区": ("economic development zone", "economic and technological development zone", "development zone"),
    "新区": ("new area",),
    "科学城": ("science city",),
    "工业园区": ("industrial park",),
}


def stem(name: str, level: str) -> str:
    """Give a name without its kind and its peoples: 彭水苗族土家族自治县 -> 彭水; itself where nothing would be left."""
    end = next((one for one in _ENDS[level] if name.endswith(one) and len(name) - len(one) >= 2), "")
    short = name.removesuffix(end)
    if name.endswith(_AUTONOMOUS):
        while people := next((one for one in _PEOPLES if short.endswith(one) and len(short) - len(one) >= 2), None):
            short = short.removesuffix(people)
        for people in _PEOPLES:  # 双江拉祜族佤族布朗族傣族: what is left is 双江
            short = short.removesuffix(people) if len(short) - len(people) >= 2 else short
    return short


def short_names(name: str, level: str) -> Iterator[str]:
    """Give the shorter ways to write a unit's name."""
    short = stem(name, level)
    if len(short) >= 2 and short != name:
        yield short
    for end, kinds in _KINDS.items():
        if name.endswith(end):
            yield from (short + kind for kind in (*kinds, end))


def latin(name: str, level: str) -> Iterator[str]:
    """Give a name in pinyin without gaps, alone and with the kind after it: qijiang, qijiang district, qijiang qu."""
    short = stem(name, level)
    written = "".join(lazy_pinyin(short))
    if not written.isascii():
        return
    yield written
    for end, words in _LATIN.items():
        if name.endswith(end):
            yield from (f"{written} {word}" for word in words)
    if level == "province":
        yield f"{written} province"


def latin_of_zone(name: str) -> Iterator[str]:
    """Give a zone's name in Latin letters: 贵阳高新区 -> guiyang hightech zone, guiyang gaoxinqu; 万盛 -> wansheng."""
    end = next((one for one in _ZONES if name.endswith(one) and len(name) > len(one)), None)
    if end is None and len(name) > 2:
        return
    own = slug(name.removesuffix(end or ""))
    yield from (f"{own} {word}" for word in (*_ZONES[end], slug(end))) if end else (own,)


def slug(name: str) -> str:
    """Give a name as an id: 贵阳高新区 -> guiyanggaoxinqu."""
    return "".join(word for word in lazy_pinyin(name) if word.isalnum() and word.isascii())


def letters(name: str) -> str:
    """Give the plain small letters of a name as GeoNames writes it: Xi'an -> xian."""
    return "".join(one for one in name.lower() if one.isalnum() and one.isascii())


class Changes:
    """The history of units: what a former unit is today."""

    _USED: Final = frozenset(
        ("更名", "同名改码", "撤县设区", "撤县设市", "撤市设区", "撤地设市", "撤旗设区", "撤区设区", "撤销")
    )

    def __init__(self, events: Iterable[Mapping[str, Any]], today: Mapping[str, str]) -> None:
        self._today = today
        self._steps: dict[tuple[str, str], list[tuple[int, str, str]]] = {}
        for event in events:
            old, new = event["old"] or {}, event["new"] or {}
            if event["type"] not in self._USED or not (old.get("name") and new.get("name")):
                continue
            before = (str(old.get("code") or "")[:6], old["name"])
            after = str(new.get("code") or "")
            if event["type"] == "撤销" and old["name"] == new["name"] and before[0][:4] != after[:4]:
                continue  # 大同's 矿区 did not become 阳泉's: only the name is the same
            self._steps.setdefault(before, []).append((event["year"], str(new.get("code") or "")[:6], new["name"]))

    def former(self) -> Iterator[tuple[str, str, int, str]]:
        """Give (former name, today's adcode, year, former code) of every unit that had another name or code."""
        for (old, name), steps in sorted(self._steps.items()):
            for year, new_code, new_name in steps:
                target, sure = self._follow(new_code, new_name, year)
                if not sure and target and name == self._today[target]:
                    continue  # the same name elsewhere in the province
                if target and (name, old) != (self._today[target], target) and name not in _NO_NAMES:
                    yield name, target, year, old

    def _follow(self, code: str, name: str, year: int) -> tuple[str, bool]:
        """Give today's adcode of a unit, and whether every step to it is in the history."""
        for _ in range(12):
            if self._today.get(code) == name:
                return code, True
            later = [step for step in self._steps.get((code, name), ()) if step[0] >= year and step[1:] != (code, name)]
            if not later:
                break
            year, code, name = later[0]
        same = [one for one, known in self._today.items() if known == name and one[:2] == code[:2]]
        return (same[0] if len(same) == 1 else ""), False
