"""Score how likely a decoded text is real text and not mojibake, by how common its characters are in a language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from math import exp, log
from types import MappingProxyType
from typing import Any

from qjmap.schema import SIMPLER, TABLES, fold
from qjmap.tables.readers.letter_frequencies import CHINESE, JAPANESE, KOREAN, LETTERS

CHARACTER_SETS = {
    "gb18030": ("zh", "zh-hant"),
    "big5hkscs": ("zh-hant",),
    "cp932": ("ja",),
    "euc_jp": ("ja",),
    "cp949": ("ko",),
}
"""East Asian encoding -> languages that are written in it."""
ALPHABETIC = {
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
}
"""Single-byte encoding -> languages that are written in it."""

_RARE = ("cp1257", "iso8859-2", "iso8859-5", "mac_roman", "cp850", "koi8-r", "cp866", "mac_cyrillic")
_RARE_PENALTY = 0.12
"""Subtracted from the score of `_RARE` encodings, which are less likely: of obsolete systems, or of small countries."""
_EAST_ASIAN = ("zh", "zh-hant", "ja", "ko")
_SEPARATORS = re.compile(r"[,;\t|，；]")
_SWALLOWED = re.compile(r"[A-Za-z][^\x00-\x7f]{1,2}[a-z]")
_NEUTRAL = re.compile("[\u00b0\u00b1\u00b7\u00d7\u2010-\u2bff\u3000-\u303f\uff01-\uff5e\uffe0-\uffe6]")
"""Punctuation and symbols that all East Asian languages use."""
_IMPROBABLE = re.compile("[\u0080-\u009f\u3400-\u4dbf\ue000-\uf8ff\ufffd\U00020000-\U0010ffff]")
"""Characters that no office table holds: replacement characters, control characters, private use, the rarest characters."""
_WORD = re.compile(r"[^\W\d_]+")
_NON_EUROPEAN = re.compile(
    r"[^\x00-\x7f\w\xa0\xa7\xab\xad\xb0\xb1\xb4\xb7\xbb\xd7\u2010-\u201e\u2022\u2026\u2030\u20ac\u2116\u2122]"
)
"""A character that is neither a letter nor a symbol common in European tables."""
_EMBEDDED_SYMBOL = re.compile(r"[A-Za-z][^\x00-\x7f\w’·][A-Za-z]")


def language_score(text: str, encoding: str) -> float:
    """Score a text that was decoded from `encoding`, from about -1 (mojibake) to 2 (a table with known headers).

    The best score of the languages that are written in the encoding counts; of all languages for an encoding without languages of its own,
    such as UTF-8. It is 0 without non-ASCII characters, and if more than half of them are replacement characters.
    """
    characters = Counter(text)
    non_ascii = sum(count for character, count in characters.items() if character > "\x7f")
    if not non_ascii or 2 * characters["\ufffd"] > non_ascii:
        return 0.0
    if encoding in ALPHABETIC:
        penalty = _RARE_PENALTY * (encoding in _RARE)
        return max(_alphabet_score(text, language) for language in ALPHABETIC[encoding]) - penalty
    if encoding in CHARACTER_SETS:
        swallowed, prior = len(_SWALLOWED.findall(text)), 2 if encoding == "gb18030" else 0
        scores = [_character_score(characters, language, swallowed, prior) for language in CHARACTER_SETS[encoding]]
        return max(scores) + _header_bonus(text)
    east_asian = max(_character_score(characters, language) for language in _EAST_ASIAN) + _header_bonus(text)
    return max(east_asian, *(_alphabet_score(text, language) for language in LETTERS))


def _header_bonus(text: str) -> float:
    """Return 0.5 for each known header in the first five lines, at most 1."""
    words = {fold(word) for line in text[:4096].splitlines()[:5] for word in _SEPARATORS.split(line)}
    return min(1.0, 0.5 * len(words & _header_words()))


def _character_score(characters: Mapping[str, int], language: str, swallowed: int = 0, prior: int = 0) -> float:
    """Return the average weight of the non-ASCII characters: 1 for the commonest of the language, 0.45 for usual, 0.15 for rare ones,
    0 for others, -1 for improbable ones. Punctuation that all East Asian languages use is not counted.

    Parameters
    ----------
    characters : character -> count.
    swallowed : number of Latin words with foreign characters in place of some of their letters, a sign of mojibake; each costs 1.5.
    prior : number of characters of weight 0.6 that are added to the average, to favour the most likely encoding.
    """
    common, usual, rare = _character_classes(language)
    weight, total = 0.6 * prior - 1.5 * swallowed, prior
    for character, count in characters.items():
        if character < "\x80" or _NEUTRAL.match(character):
            continue
        total += count
        if character in common:
            weight += count
        elif character in usual:
            weight += 0.45 * count
        elif character in rare:
            weight += 0.15 * count
        elif _IMPROBABLE.match(character) or ("\uff61" <= character <= "\uff9f" and language != "ja"):
            weight -= count
    return weight / total if total else 0.0


@cache
def _character_classes(language: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return the commonest characters of a language, and those of level 1 and 2 of its national standard (Korean has no level 2)."""
    if language == "zh":
        return frozenset(CHINESE), _lead_bytes("gb2312", 0xB0, 0xD7), _lead_bytes("gb2312", 0xD8, 0xF7)
    if language == "zh-hant":
        common = {*CHINESE, *(chr(code) for code, simple in SIMPLER.items() if chr(simple) in CHINESE)}
        return frozenset(common), _lead_bytes("big5", 0xA4, 0xC5), _lead_bytes("big5", 0xC9, 0xF8)
    if language == "ja":
        kana = {chr(code) for code in (*range(0x3041, 0x3094), *range(0x30A1, 0x30FB), 0x30FC, 0x3005)}
        return frozenset({*JAPANESE, *kana}), _lead_bytes("euc_jp", 0xB0, 0xCF), _lead_bytes("euc_jp", 0xD0, 0xF4)
    return frozenset(KOREAN), _lead_bytes("euc_kr", 0xB0, 0xC8), frozenset()


def _lead_bytes(encoding: str, first: int, last: int) -> frozenset[str]:
    """Return all double-byte characters of an encoding whose lead byte is in a range."""
    pairs = b"\n".join(bytes((lead, trail)) for lead in range(first, last + 1) for trail in range(0x40, 0xFF))
    return frozenset(text for text in pairs.decode(encoding, "ignore").split("\n") if len(text) == 1 and text > "\x7f")


def _alphabet_score(text: str, language: str) -> float:
    """Return a score from 0 to 1: good / (good + 3 * bad), times a factor from 0.4 to 1 by the frequency of the good letters.

    Good are the non-ASCII letters that belong to the language and are in well-formed words; bad are the others, and improbable signs.
    """
    letters = _letter_shares(language)
    latin = language not in ("ru", "el", "he")
    good = bad = 0
    log_frequency = 0.0
    for word in _WORD.findall(text):
        if word.isascii():
            continue
        non_ascii = [letter for letter in word if letter > "\x7f"]
        formed = _is_well_formed(word, len(non_ascii), latin)
        for letter in non_ascii:
            if formed and letter in letters:
                good += 1
                log_frequency += log(letters[letter])
            else:
                bad += 1
    bad += len(_EMBEDDED_SYMBOL.findall(text)) + len(_NON_EUROPEAN.findall(text))
    if not good:
        return 0.0
    share = good / (good + 3 * bad)
    expected = exp(sum(weight * log(weight) for weight in letters.values()))  # geometric mean in running text
    return share * (0.4 + 0.6 * min(1.0, 1.5 * exp(log_frequency / good) / expected))


def _is_well_formed(word: str, non_ascii: int, latin: bool) -> bool:
    """Whether a word looks written in one script and one case: in a Latin language it has an ASCII letter, in another one none; its letters
    after the first are lower-case, or all are capitals; the Greek final sigma is only its last letter.

    `non_ascii` is the number of its non-ASCII letters, `latin` whether the language is.
    """
    if not (non_ascii < len(word) if latin else non_ascii == len(word)):
        return False
    one_case = word[1:].islower() or word.isupper() or word.lower() == word.upper() or len(word) == 1
    return one_case and "ς" not in word[:-1]


@cache
def _letter_shares(language: str) -> Mapping[str, float]:
    """Map each non-ASCII letter of a language to its share among all of them."""
    weights = {part[0]: float(part[1:]) for part in LETTERS[language].split()}
    return MappingProxyType({letter: weight / sum(weights.values()) for letter, weight in weights.items()})


@cache
def _header_words() -> frozenset[str]:
    """Return the folded Chinese headers of the tables, and the commonest traditional, Japanese and Korean ones."""
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


def page_data() -> dict[str, Any]:
    """Return the data, by name and ready for JSON, with which the script of the page detects encodings exactly as this package does."""
    upper_half = bytes(range(0x80, 0x100))
    return {
        "chinese": CHINESE, "japanese": JAPANESE, "korean": KOREAN,
        "letters": {language: dict(_letter_shares(language)) for language in LETTERS},
        "headers": sorted(_header_words()),
        "wide": {name: list(languages) for name, languages in CHARACTER_SETS.items()},
        "alphabets": {
            name: {"languages": list(languages), "upper": upper_half.decode(name, "replace")} for name, languages in ALPHABETIC.items()
        },
    }  # fmt: skip
