"""Names of Chinese units: short forms, forms in Latin letters, and former names from the history of changes."""

import re
import unicodedata
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
#: Country (ISO 3166-1) -> its other names in Chinese, and in English.
COUNTRIES: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "US": (("美利坚合众国",), ("usa", "us", "america", "united states of america")),
    "GB": (("大不列颠",), ("uk", "great britain", "england", "scotland", "wales")),
    "KR": (("南韩", "大韩民国"), ("korea", "republic of korea")), "KP": (("北朝鲜",), ()),
    "NL": (("尼德兰",), ("netherlands", "the netherlands", "holland")), "CZ": (("捷克共和国",), ("czech republic", "czechia")),
    "AE": (("阿联酋", "阿拉伯联合酋长国"), ("uae",)), "RU": (("俄国", "俄罗斯联邦"), ("russian federation",)),
    "SA": (("沙特", "沙特阿拉伯"), ()), "DE": ((), ("deutschland",)), "TR": ((), ("turkey", "turkiye")),
    "VN": ((), ("viet nam",)), "LA": ((), ("lao pdr",)), "ES": ((), ("espana",)), "MM": ((), ("burma",)),
    "KG": (("吉尔吉斯", "吉尔吉斯斯坦"), ()), "BA": (("波黑",), ("bosnia",)), "CI": (("科特迪瓦",), ("cote d'ivoire",)),
    "CH": (("瑞士",), ()), "GD": (("格林纳达",), ()), "NR": (("瑙鲁",), ()), "ST": (("圣多美和普林西比",), ()),
    "PR": (("波多黎各",), ()), "NC": (("新喀里多尼亚",), ()), "PF": (("法属波利尼西亚",), ()), "GU": (("关岛",), ()),
    "RE": (("留尼汪",), ()), "GP": (("瓜德罗普",), ()), "MQ": (("马提尼克",), ()), "GF": (("法属圭亚那",), ()),
    "CW": (("库拉索",), ()), "AW": (("阿鲁巴",), ()),
}  # fmt: skip
_ETHNIC_GROUPS: Final = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|"
    "达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|"
    "赫哲|门巴|珞巴|基诺"
)
_BARE_IN_NAMES: Final = ("蒙古", "锡伯")  # written without 族: 巴音郭楞蒙古自治州
_ETHNIC_SUFFIXES: Final = sorted(
    [*(f"{one}族" for one in _ETHNIC_GROUPS.split("|")), "各族"]
    + [one for one in _ETHNIC_GROUPS.split("|") if len(one) > 2 or one in _BARE_IN_NAMES],
    key=len,
    reverse=True,
)
_OF_PEOPLES: Final = ("自治区", "自治州", "自治县", "自治旗", "民族乡", "乡", "镇", "区")
_ENDS: Final[Mapping[str, tuple[str, ...]]] = {
    "province": ("特别行政区", "自治区", "省", "市"),
    "city": ("自治州", "地区", "盟", "市"),
    "district": ("自治县", "自治旗", "新区", "林区", "特区", "区", "县", "市", "旗"),
    "town": ("街道办事处", "民族乡", "街道", "镇", "乡", "苏木"),
}
_NO_NAMES: Final = ("市辖区", "县", "省直辖县级行政区划")
_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "自治州": ("州",), "自治县": ("县",), "自治旗": ("旗",), "自治区": (),
}  # fmt: skip
_WING: Final = re.compile("(?P<people>..+?)(?P<wing>[左右]翼?[前中后]?|[前中后])(?P<kind>旗|蒙古族自治县)")
_EAST_WEST: Final = re.compile("(?P<side>[东西])(?P<people>...+)旗")
_LATIN: Final[Mapping[str, tuple[str, ...]]] = {
    "市": ("city", "shi"), "区": ("district", "qu"), "县": ("county", "xian"), "省": ("province", "sheng"),
    "州": ("prefecture", "zhou"), "旗": ("banner", "qi"), "地区": ("prefecture", "diqu"), "盟": ("league", "meng"),
}  # fmt: skip

_LETTERS: Final = str.maketrans(
    {"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_ZONES: Final[Mapping[str, tuple[str, ...]]] = {
    "高新区": ("hightech zone", "hitech zone", "hightech industrial development zone"),
    "经开区": ("economic development zone", "economic and technological development zone", "development zone"),
    "新区": ("new area",),
    "科学城": ("science city",),
    "工业园区": ("industrial park",),
}


def stem(name: str, level: str) -> str:
    """Return a name without the kind of unit and ethnic groups: 彭水苗族土家族自治县 -> 彭水. At least two characters are left.

    Parameters
    ----------
    level : "province", "city", "district" or "town".
    """
    end = next((one for one in _ENDS[level] if name.endswith(one) and len(name) - len(one) >= 2), "")
    short = name.removesuffix(end)
    if not name.endswith(_OF_PEOPLES) or (end in ("区", "镇", "乡") and not short.endswith("族")):
        return short
    while people := next((one for one in _ETHNIC_SUFFIXES if short.endswith(one) and len(short) - len(one) >= 2), None):
        short = short.removesuffix(people)
    if end.startswith("自治"):
        for people in _ETHNIC_SUFFIXES:  # 双江拉祜族佤族布朗族傣族 -> 双江
            short = short.removesuffix(people) if len(short) - len(people) >= 2 else short
        if short in _ETHNIC_SUFFIXES:  # 东乡族自治县 -> 东乡, 鄂温克族自治旗 -> 鄂温克
            short = short.removesuffix("族")
    return short


def short_names(name: str, level: str) -> Iterator[str]:
    """Yield the short forms of the name of a unit that people use: 彭水, 彭水县, 科左中旗, 锡盟, 广西自治区."""
    short = stem(name, level)
    if len(short) >= 2 and short != name:
        yield short
    for end, kinds in _KINDS.items():
        if name.endswith(end):
            yield from (short + kind for kind in (*kinds, end) if level != "province" or kind == end)
    if level in ("city", "district"):
        yield from spoken_names(name, short)
        if name.endswith("区") and name != short + "区":  # 管城回族区 -> 管城区
            yield short + "区"


def spoken_names(name: str, short: str) -> Iterator[str]:
    """Yield the abbreviations of a banner, league or Mongol county: 科尔沁左翼后旗 -> 科左后旗, 锡林郭勒盟 -> 锡盟.

    Parameters
    ----------
    short : the name without its kind of unit.
    """
    if name.endswith("盟") and len(short) > 2:
        yield short[0] + "盟"
    if match := _WING.fullmatch(name):
        people, wing, kind = match["people"], match["wing"].replace("翼", ""), match["kind"][-1]
        yield people[0] + wing + kind
        if kind == "县":  # 喀喇沁左翼蒙古族自治县 -> 喀左
            yield people[0] + wing
    elif match := _EAST_WEST.fullmatch(name):  # 东乌珠穆沁旗 -> 东乌旗
        yield match["side"] + match["people"][0] + "旗"
    elif name.endswith("旗") and len(short) > 2:  # 克什克腾旗 -> 克旗
        yield short[0] + "旗"
    if name.endswith("蒙古族自治县") and "族蒙古族" not in name:  # 杜尔伯特蒙古族自治县 -> 杜蒙
        yield from (name[0] + "蒙", name[0] + "蒙县")


def autonomous_region_names(name: str, short: str) -> Iterator[str]:
    """Yield other names of an autonomous or special administrative region: 广西省, 香港特区."""
    if name.endswith("自治区"):
        yield short + "省"
    if name.endswith("特别行政区"):
        yield from (short + "特区", short + "行政区")


def latin_forms(name: str, level: str) -> Iterator[str]:
    """Yield the pinyin of a name, alone and with the kind of unit: qijiang, qijiang district, qijiang qu."""
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


def latin_forms_of_zone(name: str) -> Iterator[str]:
    """Yield the names of a zone in Latin letters: 贵阳高新区 -> guiyang hightech zone, guiyang gaoxinqu; 万盛 -> wansheng."""
    end = next((one for one in _ZONES if name.endswith(one) and len(name) > len(one)), None)
    if end is None and len(name) > 2:
        return
    own = slug(name.removesuffix(end or ""))
    yield from (f"{own} {word}" for word in (*_ZONES[end], slug(end))) if end else (own,)


def slug(name: str) -> str:
    """Return the pinyin of a name as one word, as for an id: 贵阳高新区 -> guiyanggaoxinqu."""
    return "".join(word for word in lazy_pinyin(name) if word.isalnum() and word.isascii())


def plain_letters(name: str) -> str:
    """Return a name without accents and other marks: Ürümqi -> Urumqi."""
    folded = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    return "".join(one for one in folded if not unicodedata.combining(one))


def is_latin(name: str) -> bool:
    """Whether all letters of a name are Latin."""
    return all(one.isascii() for one in plain_letters(name) if one.isalpha())


def ascii_letters(name: str) -> str:
    """Return the ASCII letters of a GeoNames name in lower case: Xi'an -> xian."""
    return "".join(one for one in name.lower() if one.isalnum() and one.isascii())


class UnitHistory:
    """History of administrative units, by which the present unit of a former name is found.

    Parameters
    ----------
    events : changes, as `unit_changes` returns them.
    today : adcode -> name of the present units.
    """

    _TYPES: Final = frozenset(
        ("更名", "同名改码", "撤县设区", "撤县设市", "撤市设区", "撤地设市", "撤旗设区", "撤区设区", "区划调整", "撤销")
    )

    def __init__(self, events: Iterable[Mapping[str, Any]], today: Mapping[str, str]) -> None:
        self._today = today
        self._steps: dict[tuple[str, str], list[tuple[int, str, str]]] = {}
        for event in events:
            old, new = event["old"] or {}, event["new"] or {}
            if event["type"] not in self._TYPES or not (old.get("name") and new.get("name")):
                continue
            if event["type"] == "区划调整" and not old["name"].endswith("盟"):
                continue  # of these changes only those from a league to a city count: 邯郸市 did not become 邯郸县
            before = (str(old.get("code") or "")[:6], old["name"])
            after = str(new.get("code") or "")
            if event["type"] == "撤销" and old["name"] == new["name"] and before[0][:4] != after[:4]:
                continue  # 矿区 of 大同 did not become 矿区 of 阳泉: they only have the same name
            self._steps.setdefault(before, []).append((event["year"], str(new.get("code") or "")[:6], new["name"]))

    def former_names(self) -> Iterator[tuple[str, str, int, str]]:
        """Yield (former name, adcode of the present unit, year of the change, former adcode) of units that had another name or code."""
        for (old, name), steps in sorted(self._steps.items()):
            for year, new_code, new_name in steps:
                target, complete = self._follow(new_code, new_name, year)
                if not complete and target and name == self._today[target]:
                    continue  # the history has a gap, and a unit elsewhere in the province has the same name
                if target and (name, old) != (self._today[target], target) and name not in _NO_NAMES:
                    yield name, target, year, old

    def _follow(self, code: str, name: str, year: int) -> tuple[str, bool]:
        """Return the adcode of the present unit that a former unit has become ("" if unknown), and whether the history has no gap."""
        for _ in range(12):
            if self._today.get(code) == name:
                return code, True
            later = [step for step in self._steps.get((code, name), ()) if step[0] >= year and step[1:] != (code, name)]
            if not later:
                break
            year, code, name = later[0]
        same_name = [adcode for adcode, today in self._today.items() if today == name and adcode[:2] == code[:2]]
        return (same_name[0] if len(same_name) == 1 else ""), False
