"""Bytes -> text, with the reason: UTF-8 and UTF-16 by their form, all other encodings by how their text looks.

Almost every file in an old encoding decodes in several others too, so trying one after the other would not do. Each candidate
is scored by the text it gives (`looks`): the common characters of its languages, words of one script, headers that the tables
know. What scores low in all of them is refused rather than read as mojibake.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from math import exp, log
from types import MappingProxyType
from typing import Any

from qjmap.errors import UsageError
from qjmap.schema import SIMPLER, TABLES, fold
from qjmap.tables.languages import CHINESE, JAPANESE, KOREAN, LETTERS

_SAMPLE = 65_536
_TOLD = 8_192  # bytes of lines beyond ASCII by which an encoding is told
_LINE = 2_000  # bytes of a long line that are looked at
_LEAST = 0.45  # the score below which a text is no text
_LEAST_LETTERS = 0.6  # the same of alphabets
_NEAR = 0.15  # two scores that are nearly the same
_NEAR_LETTERS = ((3, 0.6), (8, 0.3), (16, 0.15), (10**9, 0.03))
"""Up to so many letters, two scores of alphabets are nearly the same: they give other letters for the same bytes, and few decide little."""

_WIDE_LANGUAGES = {"gb18030": ("zh", "zh-hant"), "big5hkscs": ("zh-hant",), "cp932": ("ja",), "euc_jp": ("ja",), "cp949": ("ko",)}
_ALPHABETS = {
    "cp1252": ("de", "fr", "es", "pt", "it", "nordic"),
    "cp1250": ("de", "pl", "cs", "hu", "ro", "hr"),
    "cp1254": ("de", "tr"),
    "cp1257": ("de", "lt", "lv"),
    "iso8859-2": ("de", "pl", "cs", "hu", "ro", "hr"),
    "iso8859-15": ("de", "fr", "es", "pt", "it", "nordic"),
    "cp1251": ("ru",),
    "iso8859-5": ("ru",),
    "cp1253": ("el",),
    "cp1255": ("he",),
    "iso8859-7": ("el",),
    "mac_roman": ("de", "fr", "es", "pt", "it", "nordic"),
    "cp850": ("de", "fr", "es", "pt", "it", "nordic"),
    "koi8-r": ("ru",),
    "cp866": ("ru",),
    "mac_cyrillic": ("ru",),
}  # fmt: skip

_MARKS = (  # the longer first: UTF-32's mark begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text and how it was found.

    Attributes
    ----------
    encoding : as Python names it; "utf-8-sig" is UTF-8 with a byte-order mark.
    why : "mark", "strict", "zeros", "score" or "told"; "unclear" when no encoding gives a text that looks like one.
    close : the runner-up, when it scored nearly as well; else "".
    broken : the text holds replacement characters for bytes that are nothing in its encoding.
    data : the text as UTF-8, where the file is just that; else b"".
    """

    text: str
    encoding: str
    why: str
    close: str = ""
    broken: bool = False
    data: bytes = b""


def decode(data: bytes, told: str | None = None) -> Decoded:
    """The text of a file.

    By its mark; then UTF-8, if it is that to the letter and holds no NUL; then UTF-16, by where the NULs stand; then the
    encoding whose text looks best.

    Parameters
    ----------
    told : the encoding that the caller knows; LookupError when Python does not know it.
    """
    if told:
        name = codecs.lookup(told).name
        if name == "utf-8" and data.startswith(codecs.BOM_UTF8):
            name = "utf-8-sig"
        return _leniently(data, name, "told")
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _leniently(data, name, "mark")
    sample = data[:_SAMPLE]
    nul = b"\0" in sample
    if nul and (wide := _wide(sample)):
        return _leniently(data, wide, "zeros")
    with suppress(UnicodeDecodeError):  # a stray NUL is for the cell's reader to name
        return Decoded(data.decode("utf-8"), "utf-8", "strict", data=b"" if nul else data)
    return _by_looks(data)


def looks() -> dict[str, Any]:
    """What the page's reader must know to tell encodings as this one does."""
    upper = bytes(range(0x80, 0x100))
    return {
        "chinese": CHINESE, "japanese": JAPANESE, "korean": KOREAN,
        "letters": {language: dict(_letters(language)) for language in LETTERS},
        "headers": sorted(_header_words()),
        "wide": {name: list(languages) for name, languages in _WIDE_LANGUAGES.items()},
        "alphabets": {
            name: {"languages": list(languages), "upper": upper.decode(name, "replace")} for name, languages in _ALPHABETS.items()
        },
    }  # fmt: skip


def _by_looks(data: bytes) -> Decoded:
    sample = _telling(data)
    names = ("utf-8", *_WIDE_LANGUAGES, *_ALPHABETS)
    texts = {name: sample.decode(name, "replace") for name in names}
    scores = {name: score(text, name) for name, text in texts.items()}
    best, *others = sorted(names, key=lambda name: -scores[name])  # equal ones in their order
    others = [name for name in others if texts[name] != texts[best]]
    second = others[0] if others else best
    apart = scores[best] - scores[second] if others else 1.0
    decoded = _leniently(data, best, "score")
    letters = sum(sign > "\x7f" for sign in texts[best])
    near = next(near for most, near in _NEAR_LETTERS if letters <= most) if {best, second} & {*_ALPHABETS} else 0.0
    if scores[best] < (_LEAST_LETTERS if best in _ALPHABETS else _LEAST) or apart < near:
        return replace(decoded, why="unclear", close=second if apart < near else "")
    return replace(decoded, close=second if apart < (_NEAR if best in _WIDE_LANGUAGES else _NEAR / 3) else "")


def _telling(data: bytes) -> bytes:
    """The first lines that hold more than ASCII, which alone tell the encoding."""
    lines: list[bytes] = []
    size = 0
    for line in (*data[: 64 * _SAMPLE].splitlines(), data[64 * _SAMPLE :]):
        beyond = _BEYOND_ASCII.search(line)
        if not beyond:
            continue
        if len(line) > _LINE:  # from its first such byte to a byte that is nothing but a character of its own
            line = line[beyond.start() : beyond.start() + _LINE]
            line = line[: max(map(line.rfind, (b",", b";", b"\t", b" "))) + 1] or line
        lines.append(line)
        size += len(line)
        if size > _TOLD:
            break
    return b"\n".join(lines)


def score(text: str, encoding: str) -> float:
    """How much a text that was decoded from `encoding` looks like a text that someone wrote; about -1 to 2."""
    signs = Counter(text)
    beyond = sum(times for sign, times in signs.items() if sign > "\x7f")
    if not beyond or 2 * signs["\ufffd"] > beyond:
        return 0.0
    known = min(1.0, 0.5 * len({fold(word) for line in text[:4096].splitlines()[:5] for word in _CELLS.split(line)} & _header_words()))
    if encoding in _ALPHABETS:
        return max(_alphabet_score(text, language) for language in _ALPHABETS[encoding]) - _OLD * (encoding in _OLD_ALPHABETS)
    if encoding in _WIDE_LANGUAGES:
        stuck, pseudo = len(_SWALLOWED.findall(text)), 2 if encoding == "gb18030" else 0
        return max(_character_score(signs, language, stuck, pseudo) for language in _WIDE_LANGUAGES[encoding]) + known
    wide = max(_character_score(signs, language) for language in ("zh", "zh-hant", "ja", "ko")) + known
    return max(wide, *(_alphabet_score(text, language) for language in LETTERS))


_OLD_ALPHABETS = ("cp1257", "iso8859-2", "iso8859-5", "mac_roman", "cp850", "koi8-r", "cp866", "mac_cyrillic")
_OLD = 0.12  # of systems that are gone, and of the smallest countries: less likely before a file is read
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_CELLS = re.compile(r"[,;\t|，；]")
_SWALLOWED = re.compile(r"[A-Za-z][^\x00-\x7f]{1,2}[a-z]")
_NEUTRAL = re.compile("[\u00b0\u00b1\u00b7\u00d7\u2010-\u2bff\u3000-\u303f\uff01-\uff5e\uffe0-\uffe6]")
"""Punctuation and symbols that all languages of East Asia share."""
_NO_LETTER = re.compile("[\u0080-\u009f\u3400-\u4dbf\ue000-\uf8ff\ufffd\U00020000-\U0010ffff]")
"""What no office table holds: failed conversions, controls, private use, the rarest characters."""


def _character_score(signs: Mapping[str, int], language: str, stuck: int = 0, pseudo: int = 0) -> float:
    """The average worth of the characters: 1 for the commonest of the language, 0.45 for its usual ones, 0.15 for others it has.

    Parameters
    ----------
    stuck : places where a character stands in the middle of a Latin word, of which it has swallowed a letter.
    pseudo : characters of worth 0.6 that are added, for the encoding that is the likeliest before a file is read.
    """
    common, usual, other = _characters(language)
    worth, count = 0.6 * pseudo - 1.5 * stuck, pseudo
    for sign, times in signs.items():
        if sign < "\x80" or _NEUTRAL.match(sign):
            continue
        count += times
        if sign in common:
            worth += times
        elif sign in usual:
            worth += 0.45 * times
        elif sign in other:
            worth += 0.15 * times
        elif _NO_LETTER.match(sign) or ("\uff61" <= sign <= "\uff9f" and language != "ja"):
            worth -= times
    return worth / count if count else 0.0


@cache
def _characters(language: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The commonest characters of a language, the usual ones (the first level of its standard), and the others of it."""
    if language == "zh":
        return frozenset(CHINESE), _block("gb2312", 0xB0, 0xD7), _block("gb2312", 0xD8, 0xF7)
    if language == "zh-hant":
        common = {*CHINESE, *(chr(code) for code, simple in SIMPLER.items() if chr(simple) in CHINESE)}
        return frozenset(common), _block("big5", 0xA4, 0xC5), _block("big5", 0xC9, 0xF8)
    if language == "ja":
        kana = {chr(code) for code in (*range(0x3041, 0x3094), *range(0x30A1, 0x30FB), 0x30FC, 0x3005)}
        return frozenset({*JAPANESE, *kana}), _block("euc_jp", 0xB0, 0xCF), _block("euc_jp", 0xD0, 0xF4)
    return frozenset(KOREAN), _block("euc_kr", 0xB0, 0xC8), frozenset()


def _block(encoding: str, first: int, last: int) -> frozenset[str]:
    """The characters whose first byte lies between two."""
    pairs = b"\n".join(bytes((lead, trail)) for lead in range(first, last + 1) for trail in range(0x40, 0xFF))
    return frozenset(text for text in pairs.decode(encoding, "ignore").split("\n") if len(text) == 1 and text > "\x7f")


_WORD = re.compile(r"[^\W\d_]+")
_NO_MARK = re.compile(r"[^\x00-\x7f\w\xa0\xa7\xab\xad\xb0\xb1\xb4\xb7\xbb\xd7\u2010-\u201e\u2022\u2026\u2030\u20ac\u2116\u2122]")
"""What is neither a letter nor a mark that European tables hold."""
_STUCK = re.compile(r"[A-Za-z][^\x00-\x7f\w’·][A-Za-z]")


def _alphabet_score(text: str, language: str) -> float:
    """The share of the letters beyond ASCII that the language has and that stand in well-formed words, and how common they are."""
    letters = _letters(language)
    latin = language not in ("ru", "el", "he")
    good = bad = 0
    told = 0.0
    for word in _WORD.findall(text):
        if word.isascii():
            continue
        beyond = [sign for sign in word if sign > "\x7f"]
        formed = len(beyond) < len(word) if latin else len(beyond) == len(word)
        rest = word[1:]
        formed = formed and (rest.islower() or word.isupper() or word.lower() == word.upper() or len(word) == 1) and "ς" not in word[:-1]
        for sign in beyond:
            if formed and sign in letters:
                good += 1
                told += log(letters[sign])
            else:
                bad += 1
    bad += len(_STUCK.findall(text)) + len(_NO_MARK.findall(text))
    if not good:
        return 0.0
    share = good / (good + 3 * bad)
    usual = exp(sum(weight * log(weight) for weight in letters.values()))  # the average of running text
    return share * (0.4 + 0.6 * min(1.0, 1.5 * exp(told / good) / usual))


@cache
def _letters(language: str) -> Mapping[str, float]:
    """The share of each letter of a language."""
    weights = {part[0]: float(part[1:]) for part in LETTERS[language].split()}
    return MappingProxyType({letter: weight / sum(weights.values()) for letter, weight in weights.items()})


@cache
def _header_words() -> frozenset[str]:
    """Headers in simplified characters and, as far as they are listed here, in traditional ones, Japanese and Korean."""
    others = (
        "名稱", "企業名稱", "單位", "單位名稱", "項目名稱", "類別", "地址", "經度", "緯度", "座標", "座標系", "精度",
        "狀態", "來源", "簡介", "說明", "備註", "編號", "網址", "日期", "住所", "緯度", "経度", "電話番号", "所在地", "備考", "種類",
        "이름", "명칭", "주소", "위도", "경도", "전화번호", "구분", "비고",
    )  # fmt: skip
    simplified = {
        fold(header)
        for table in TABLES.values()
        for column in table.columns
        for header in column.headers
        if not header.isascii()
    }
    return frozenset(simplified | {fold(word) for word in others})


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: its separators, digits and line ends have a zero for a high byte, always on the same side."""
    if len(sample) < 4 or (len(sample) % 2 and len(sample) < _SAMPLE):
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    name = "utf-16-le" if odd > 8 * even else "utf-16-be" if even > 8 * odd else ""
    if not name or even + odd >= max(2, len(sample) // 100):
        return name
    return name if score(sample.decode(name, "replace"), "utf-8") >= _LEAST else ""  # long texts with few separators


def _leniently(data: bytes, name: str, why: str) -> Decoded:
    try:
        return Decoded(data.decode(name), name, why)
    except UnicodeDecodeError:
        return Decoded(data.decode(name, errors="replace"), name, why, broken=True)


ENCODING_NAMES = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8 (BOM)", "gb18030": "GB18030/GBK", "big5hkscs": "Big5", "big5": "Big5", "gbk": "GBK",
    "cp932": "Shift_JIS", "euc_jp": "EUC-JP", "cp949": "EUC-KR/CP949", "cp1252": "Windows-1252 (Latin 1)", "cp1250": "Windows-1250",
    "cp1254": "Windows-1254", "cp1251": "Windows-1251", "cp1253": "Windows-1253", "iso8859-7": "ISO 8859-7",
    "cp1255": "Windows-1255", "cp1257": "Windows-1257", "iso8859-2": "ISO 8859-2", "iso8859-5": "ISO 8859-5", "iso8859-15": "ISO 8859-15",
    "mac_cyrillic": "Mac Cyrillic", "mac_roman": "Mac Roman", "cp850": "CP850 (MS-DOS)", "koi8-r": "KOI8-R", "cp866": "CP866 (MS-DOS)",
    "utf-16": "UTF-16", "utf-16-le": "UTF-16 LE", "utf-16-be": "UTF-16 BE", "utf-32": "UTF-32", "gb2312": "GB2312",
}  # fmt: skip


def encoding_name(encoding: str) -> str:
    """The name that people know an encoding by."""
    return ENCODING_NAMES.get(encoding, encoding)


def refuse_unclear(decoded: Decoded, shown: str) -> None:
    """UsageError for a file of which no encoding gives a text that looks like one."""
    if decoded.why == "unclear":
        names = [encoding_name(one) for one in (decoded.encoding, decoded.close) if decoded.close]
        among = {"zh": f"（可能是 {'、'.join(names)}）" if names else "", "en": f" (perhaps {' or '.join(names)})" if names else ""}
        raise UsageError("encoding-unclear", path=shown, among=among)
