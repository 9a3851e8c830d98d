"""Write units, and locators (section, paragraph) in sources, in the same words as the page's script `format.js`."""

from __future__ import annotations

import re

from qjmap.i18n import text, texts
from qjmap.vocabulary import UNIT, Vocabularies

_NUMBERED = re.compile(r"第([\d、，,–—-]+)([段节章条页款])")
_NAMED = re.compile("全文|标题")
_MARKS = str.maketrans({"、": ", ", "，": ", ", "；": ", ", "（": " (", "）": ")"})


def locator_words(locator: str, lang: str) -> str:
    """Return the locator in a source in a language: in English, 第3、5段 becomes para. 3, 5, and Chinese punctuation marks become Latin ones.

    Words of any other form stay as they are; in Chinese, so does the whole text.
    """
    if lang == "zh":
        return locator
    numbered = _NUMBERED.sub(lambda found: text(f"locator.{found[2]}", lang, at=found[1].translate(_MARKS)), locator)
    return _NAMED.sub(lambda found: text(f"locator.{found[0]}", lang), numbered).translate(_MARKS)


def unit_words(unit: str, lang: str, vocabularies: Vocabularies) -> str:
    """Return a unit such as 个/年 or t/a in a language; "" for one that is left out in English, such as 个. Unknown parts stay as they are."""
    what, _, per = unit.partition("/")
    is_known = f"unit.{what}" in texts("page")
    return (text(f"unit.{what}", lang) if is_known else vocabularies.label(UNIT, what, lang)) + per_words(per, lang)


def per_words(per: str, lang: str) -> str:
    """Return the second part of a compound unit, such as 年, with the word or sign before it: "/年" or " a year"; "" for ""."""
    return text(f"per.{per}", lang) if f"per.{per}" in texts("page") else per and f"/{per}"
