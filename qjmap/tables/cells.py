"""One cell -> its value. Each reader takes the text of a cell and returns what it means, or raises `CellError` with a fault code."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from qjmap.messages import vocab
from qjmap.schema import LIST_SEPARATOR, fold
from qjmap.tables.digits import holds_odd_numeral, plain_digits

BLANKS = " \t\r\n\v\f\xa0\u3000\u200b\ufeff\u2002\u2003\u2009"
"""What falls away around a cell's text."""


class CellError(ValueError):
    """A cell does not say what its column holds."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def clean(text: str) -> str:
    """A text without the blanks around it, full-width ones and invisible marks among them."""
    return text.strip(BLANKS)


def clean_all(texts: Sequence[str]) -> Sequence[str]:
    """`clean` of each text."""
    whole = "".join(texts)
    return [text.strip(BLANKS) for text in texts] if any(blank in whole for blank in BLANKS) else texts


_PLANE_ENDS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_REFUSED = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_PLANE_ENDS}]")


def check_characters(text: str) -> None:
    """Refuse what no office program writes on purpose: replacement characters of a failed conversion, control characters,
    halves of characters, and Unicode's noncharacters, which make an XML file unreadable."""
    if "\ufffd" in text:
        raise CellError("text-broken")
    if found := _REFUSED.search(text):
        raise CellError("text-control", point=f"U+{ord(found[0]):04X}")


def read_list(text: str) -> tuple[str, ...]:
    """`a|b`; the full-width bar and the Chinese list comma separate too. Empty and repeated items fall out."""
    parts = re.split(r"[|｜]" if "|" in text or "｜" in text else r"[|、；]", text)
    return tuple(dict.fromkeys(part for part in map(clean, parts) if part))


def read_roles(text: str) -> tuple[tuple[str, str], ...]:
    """`id:role|id:role` -> ((id, role), ...); a role in either language becomes its canonical value."""
    pairs = []
    for item in read_list(text):
        party, colon, role = item.replace("：", ":").rpartition(":")
        if not colon or not clean(party) or not clean(role):
            raise CellError("roles-form", item=item)
        pairs.append((clean(party), read_vocab(role, "role")))
    return tuple(pairs)


def read_vocab(text: str, vocabulary: str) -> str:
    """The canonical value that a label or synonym in either language stands for."""
    known = _values(vocabulary)
    found = known.get(fold_value(text))
    if found is None:
        words = vocab()[vocabulary]
        allowed = {
            "zh": "、".join(entry["zh"] or value for value, entry in words.items()),
            "en": ", ".join(words),
        }
        raise CellError("vocab-unknown", allowed=allowed)
    return found


def fold_value(text: str) -> str:
    """A vocabulary word as comparisons see it."""
    folded = fold(text)
    return folded or unicodedata.normalize("NFKC", clean(text))  # "-" and the like fold to nothing


@cache
def _values(vocabulary: str) -> Mapping[str, str]:
    known: dict[str, str] = {}
    words = vocab()[vocabulary]
    for value in words:
        known[fold_value(value)] = value
    for value, entry in words.items():
        for word in (entry["zh"], entry["en"], *entry["synonyms"]):
            if word:
                known.setdefault(fold_value(word), value)
    return MappingProxyType(known)


# Dates

_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_ISO = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")
_DATE = re.compile(r"^(\d{4})\s*[-/.年]\s*(?:(\d{1,2})\s*(?:[-/.月]\s*(?:(\d{1,2})\s*[日号]?)?)?)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_YEAR_LAST = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
_TIME = re.compile(r"(?<![T\s])[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?$", re.IGNORECASE)
_MONTHS = {
    name: at
    for at, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_ENGLISH = re.compile(
    r"^(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([a-z]{3})[a-z]*\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})$"
)


def read_date(text: str) -> str:
    """ISO 8601 of a date, stopping where the cell stops.

    2020-09-09, 2020/9/9, 2020.9, 2020年9月9日, 二〇二〇年九月, 20200909, 9 September 2020; a time of day falls away; a bare
    number from 20000 to 80000 is a spreadsheet's day count (2 January 1954 is 19726, so years never look like one).
    """
    if len(text) == 10 and text.isascii() and text[4] == text[7] == "-":  # as most registers have it
        with suppress(ValueError):
            return date.fromisoformat(text).isoformat()
    if holds_odd_numeral(text):
        raise CellError("date-form")
    plain = _TIME.sub("", plain_digits(clean(text)).strip())
    if match := _ISO.match(plain) or _DATE.match(plain) or _COMPACT.match(plain):
        return _iso(match[1], match[2], match[3])
    if "年" in plain and (chinese := _chinese(plain)):
        return chinese
    if re.fullmatch(r"\d{5}(?:\.\d+)?", plain) and 20_000 <= float(plain) <= 80_000:
        return (date(1899, 12, 30) + timedelta(days=int(float(plain)))).isoformat()
    if match := _ENGLISH.match(plain.lower()):
        day, month, later_day, year = match.groups()
        if month in _MONTHS:
            return _iso(year, str(_MONTHS[month]), day or later_day)
    if match := _YEAR_LAST.match(plain):
        first, second, year = match.groups()
        if first == second or int(first) > 12 or int(second) > 12:
            day, month = (first, second) if int(first) > 12 else (second, first)
            return _iso(year, month, day)
        raise CellError(
            "date-order",
            first=f"{year}-{int(first):02}-{int(second):02}",
            second=f"{year}-{int(second):02}-{int(first):02}",
        )
    raise CellError("date-form")


def _iso(year: str, month: str | None, day: str | None) -> str:
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise CellError("date-none") from None
    return "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])


def _chinese(text: str) -> str | None:
    """二〇二〇年九月九日, also with 十 and 廿 in month and day."""
    match = re.match(
        r"^([〇○零一二三四五六七八九]{4})年(?:([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十廿卅]{1,3})[日号])?)?$",
        text,
    )
    if not match:
        return None
    return _iso(match[1].translate(_DIGITS), _small(match[2]), _small(match[3]))


def _small(numeral: str | None) -> str | None:
    if not numeral:
        return None
    numeral = numeral.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = numeral.rpartition("十")
    digits = int((tens or "1").translate(_DIGITS)) * 10 if ten else 0
    return str(digits + (int(ones.translate(_DIGITS)) if ones else 0))


# Numbers

_AMOUNT = re.compile(
    r"(?:\d{1,3}(?:[,\s']\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:e[-+]?\d{1,3})?", re.IGNORECASE
)
_CURRENCIES = ("¥", "rmb", "cny", "us$", "usd", "$", "人民币")
_SECOND_NUMBER = re.compile(r"(?<![A-Za-z0-9./])\d|^[.,\-~/:]|^e[-+]?$|[\n\r\u2028\u2029]", re.IGNORECASE)
"""What no unit holds: another number (5 至 8, 3,5,7; but m2 and 元/100km), half a power of ten (12e), a line break."""
_SCALES = {
    "万亿": 1e12, "千亿": 1e11, "百亿": 1e10, "十亿": 1e9, "亿": 1e8, "千万": 1e7, "百万": 1e6, "十万": 1e5, "万": 1e4, "千": 1e3, "百": 1e2,
    "billion": 1e9, "bn": 1e9, "million": 1e6, "mn": 1e6, "m": 1e6, "thousand": 1e3, "k": 1e3,
}  # fmt: skip
_HAN_SCALES = tuple(word for word in _SCALES if not word.isascii())
_LATIN_SCALES = tuple(word for word in _SCALES if word.isascii())
_BEFORE = (("不少于", ">="), ("不低于", ">="), ("至少", ">="), ("不超过", "<="), ("不多于", "<="), ("至多", "<="), ("最多", "<="), ("大约", "about"),
           ("约为", "about"), ("约", "about"), ("超过", ">"), ("突破", ">"), ("大于", ">"), ("逾", ">"), ("超", ">"), ("不足", "<"), ("不到", "<"),
           ("低于", "<"), ("小于", "<"), ("近", "<"), (">=", ">="), ("≥", ">="), ("<=", "<="), ("≤", "<="), (">", ">"), ("<", "<"), ("≈", "about"),
           ("~", "about"), ("about", "about"), ("approximately", "about"), ("approx.", "about"), ("approx", "about"), ("ca.", "about"),
           ("circa", "about"), ("at least", ">="), ("more than", ">"), ("over", ">"), ("at most", "<="), ("up to", "<="), ("less than", "<"),
           ("under", "<"), ("nearly", "<"))  # fmt: skip
_AFTER = (
    ("左右", "about"),
    ("上下", "about"),
    ("以上", ">="),
    ("以内", "<="),
    ("以下", "<="),
    ("余", ">"),
    ("多", ">"),
    ("+", ">="),
)
_YUAN = {"", "元", "元人民币", "人民币", "人民币元", "rmb", "cny", "yuan", "¥", "块"}
_FOREIGN = {"美元", "usd", "us$", "$", "欧元", "eur", "€", "港元", "港币", "hkd", "日元", "jpy", "英镑", "gbp", "新加坡元", "新元", "sgd"}
_UNITS = (
    ("%", "percent", "pct", "百分比"), ("km", "公里", "千米"), ("m", "米"), ("m2", "平方米"), ("km2", "平方公里", "平方千米"), ("m3", "立方米"),
    ("ha", "公顷"), ("t", "吨"), ("kg", "公斤", "千克"), ("元", "人民币", "人民币元", "元人民币", "¥", "rmb", "cny", "yuan"), ("人", "名"),
)  # fmt: skip
"""Units that are written in several ways."""


def read_number(text: str, *, money: bool = False, unit: str = "", told: str = "") -> tuple[float, str, str]:
    """A number as people write it -> (value, qualifier, unit as written).

    Thousands marks, digits of any script, 约, 以上 and the like (the qualifier), 万, 亿 and million (multiplied in), a
    percent sign (stays a unit: 20.3% is 20.3 with the unit %).

    Parameters
    ----------
    money : the value comes in yuan, and only yuan are taken.
    unit : what the header says in brackets (万元).
    told : the unit that the row has a cell for. What follows the number has to agree with it: 5万人 is 5 in 万人 and 50,000
        in 人, and nothing in 家.
    """
    plain = plain_digits(clean(text)).strip().replace("−", "-")
    qualifier, start = "", plain[:20].lower()
    for word, meaning in _BEFORE:
        if start.startswith(word):
            plain, qualifier = plain[len(word) :].lstrip(), meaning
            break
    if holds_odd_numeral(text):
        raise CellError("number-form")
    value, currency, typed, rest = _amount(plain)
    scale = typed.lower()
    if scale in ("m", "k", "mn", "bn") and rest[:1].isalpha() and rest.isascii():
        rest, scale = typed + rest, ""  # 12 mm, 5 MW: a unit, not a multiple
    elif scale in ("m", "k") and not money:
        rest, scale = typed + rest, ""
    for word, meaning in _AFTER:
        if not qualifier:
            for at, end in ((0, len(word)), (len(rest) - len(word), len(rest))):
                if at >= 0 and rest[at:end] == word:
                    rest, qualifier = (rest[:at] + rest[end:]).strip(), meaning
                    break
    if not scale:  # 5余万元 and 5多万: the multiple comes after the word
        scale = _scale_before(rest)
        rest = rest[len(scale) :]
    if told and same_unit(told, unit):
        unit = ""  # said twice
    if not money and (wanted := told or unit) and same_unit(scale + rest, wanted):
        factor = 1.0 if told else read_scale(unit)
    else:
        factor = _SCALES.get(scale, 1.0)
        if money:
            _check_yuan(rest, currency, unit)
        elif told or (unit and rest):
            _check_unit(scale, rest or currency, unit, told)
        if unit and not scale and not rest:
            factor = read_scale(unit)
    value = _tidy(value * factor)
    if not math.isfinite(value):
        raise CellError("number-form")
    return value, qualifier, (rest or currency or ("" if money else _bare_unit(unit)))


def _amount(plain: str) -> tuple[float, str, str, str]:
    """The number that a text begins with, the currency before it, the multiple behind it as typed and what follows that."""
    if re.fullmatch(r"[-+]?\d+,\d+", plain) and not re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+", plain):
        return float(plain.replace(",", ".")), "", "", ""
    sign = plain[:1] if plain[:1] in ("-", "+") else ""
    rest = plain[len(sign) :].lstrip()
    currency = next((word for word in _CURRENCIES if rest[: len(word)].lower() == word), "")
    rest = rest[len(currency) :].lstrip()
    match = _AMOUNT.match(rest)
    if match is None:
        raise CellError("number-form")
    value = float(re.sub(r"[,\s']", "", match[0]))
    rest = rest[match.end() :].lstrip()
    scale = _scale_before(rest)
    rest = rest[len(scale) :].lstrip()
    if _SECOND_NUMBER.search(rest):
        raise CellError("number-form")
    if not scale:
        scale = rest[: len(next((word for word in _LATIN_SCALES if rest[: len(word)].lower() == word), ""))]
        rest = rest[len(scale) :].strip()
    return -value if sign == "-" else value, currency, scale, rest


def same_unit(one: str, other: str) -> bool:
    """Whether two units are one: km and 公里."""
    one, other = fold(one), fold(other)
    return one == other or any(one in group and other in group for group in _UNITS)


def _check_yuan(rest: str, currency: str, unit: str) -> None:
    spoken = rest.lower() or currency
    if spoken in _FOREIGN or any(word in fold(unit) for word in ("美元", "usd", "欧元", "eur")):
        raise CellError("money-currency", currency=rest or currency or unit)
    if spoken not in _YUAN:
        raise CellError("number-form")


def _check_unit(scale: str, rest: str, unit: str, told: str) -> None:
    """Refuse a number whose own unit, or its header's, is another than the one that it is told to be in."""
    spoken, wanted = rest or (_bare_unit(unit) if told else ""), told or _bare_unit(unit)
    doubled = scale and not rest and _scale_before(told)[-1:] in ("万", "亿")  # 5万 in 万人; but 5万 in 千瓦 is 50,000 of them
    if doubled or (spoken and not same_unit(spoken, wanted)):
        raise CellError("number-unit", rest=scale + spoken, unit=wanted)


def read_scale(unit: str) -> float:
    """What a unit in a header multiplies by: 万元 -> 10000, 亿 -> 1e8, anything else -> 1."""
    return _SCALES.get(_scale_before(fold(unit).removeprefix("单位")), 1.0)


def _bare_unit(unit: str) -> str:
    """The unit that a header says, without its multiple: 单位：万人 -> 人."""
    plain = unit.removeprefix("单位").lstrip("：: ")
    return plain[len(_scale_before(plain)) :].strip()


def _scale_before(text: str) -> str:
    """The Chinese multiple that a text begins with, else ""; 百分点 and 百分比 are units."""
    return "" if text.startswith("百分") else next((word for word in _HAN_SCALES if text.startswith(word)), "")


def _tidy(value: float) -> float:
    """0.1 * 1e8 and its kind back to the number that was meant."""
    return float(f"{value:.15g}")


def plain_number(value: float) -> str:
    """A number as tables hold it: 4000000 and 20.3, never 4000000.0 or 4e+06."""
    if not math.isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    return format(Decimal(repr(float(value))), "f")


_URL = re.compile(r"^(?:https?|ftp)://[^\s<>\"]+$", re.IGNORECASE)
_HOST = re.compile(r"^(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[:/?#][^\s<>\"]*)?$", re.IGNORECASE)


def all_urls(texts: Sequence[str]) -> bool:
    """Whether every text is a plain web address, as `read_url` would give it back, or empty."""
    whole = "\n" + "\n".join(texts) + "\n"
    if any(sign in whole for sign in ' <>"\ufffd') or not whole.replace("\n", "").isprintable():
        return False
    filled = len(texts) - whole.count("\n\n")
    good = whole.count("\nhttp://") + whole.count("\nhttps://") - whole.count("//\n")
    return good == filled and whole.count("\n") == len(texts) + 1


def read_url(text: str) -> str:
    """A web address; `www.example.cn` gets its `http://`. Anything that a browser would run is no address."""
    plain = clean(text)
    if _URL.match(plain):
        return plain
    if _HOST.match(plain):
        return "http://" + plain
    raise CellError("url-form")


def joined(items: tuple[str, ...]) -> str:
    """A list as a cell holds it."""
    return LIST_SEPARATOR.join(items)
