"""Units and places in sources, in the words of the page: its script `format.js` has the same rules."""

from __future__ import annotations

import re

from qjmap.i18n import text, texts
from qjmap.vocabulary import UNIT, Vocabularies

_NUMBERED = re.compile(r"第([\d、，,–—-]+)([段节章条页款])")
_NAMED = re.compile("全文|标题")
_MARKS = str.maketrans({"、": ", ", "，": ", ", "；": ", ", "（": " (", "）": ")"})


def locator_words(locator: str, lang: str) -> str:
    """Return a place in a source in a language: 第3、5段, para. 3, 5. Texts of another form stay as they are."""
    if lang == "zh":
        return locator
    numbered = _NUMBERED.sub(lambda found: text(f"locator.{found[2]}", lang, at=found[1].translate(_MARKS)), locator)
    return _NAMED.sub(lambda found: text(f"locator.{found[0]}", lang), numbered).translate(_MARKS)


def unit_words(unit: str, lang: str, vocabularies: Vocabularies) -> str:
    """Return a unit in a language; "" where English needs none, such as for 个. An unknown one stays as it is."""
    what, _, per = unit.partition("/")
    is_known = f"unit.{what}" in texts("page")
    return (text(f"unit.{what}", lang) if is_known else vocabularies.label(UNIT, what, lang)) + per_words(per, lang)


def per_words(per: str, lang: str) -> str:
    """Return the second part of a compound unit in a language: /年,  a year; "" for none."""
    return text(f"per.{per}", lang) if f"per.{per}" in texts("page") else per and f"/{per}"
