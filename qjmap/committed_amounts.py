"""Which amounts of yuan are committed and which are only expected, and both in words."""

from __future__ import annotations

from qjmap.i18n import text
from qjmap.vocabulary import BUILT_IN

COMMITTED = frozenset({"signed", "under-construction", "operating", "ended"})
"""Statuses whose values are committed; values of other statuses, unknown ones too, are intended. A project's own counts as what it is like."""

EXPECTED = frozenset({"target", "forecast", "capacity"})
"""Kinds of value that a source states as an expectation."""
_AGREED = frozenset({"", "actual"})
"""Kinds of value that can be committed. All others never are, whatever has been signed: an expectation, and a word that is unknown."""


def is_committed(status: str, kind: str) -> bool:
    """Whether the value of a partnership counts as committed: it is agreed, and its source calls the value nothing else than actual."""
    return status in COMMITTED and kind in _AGREED


def money(value: float, qualifier: str, lang: str) -> str:
    """An amount of yuan in a language: 不少于100亿元, at least CNY 10 billion."""
    units = (
        ((1e8, "亿元"), (1e4, "万元"), (1, "元")) if lang == "zh" else ((1e9, " billion"), (1e6, " million"), (1, ""))
    )
    size, unit = next(((size, unit) for size, unit in units if abs(value) >= size), units[-1])
    amount = f"{value / size:,.6f}".rstrip("0").rstrip(".")
    text_of_amount = amount + unit if lang == "zh" else f"CNY {amount}{unit}"
    if qualifier in ("", "="):
        return text_of_amount
    return BUILT_IN.label("qualifier", qualifier, lang) + ("" if lang == "zh" else " ") + text_of_amount


def value_words(value: float, qualifier: str, kind: str, lang: str) -> str:
    """An amount of yuan with its kind where it is only expected: 预计不少于100亿元, forecast at least CNY 10 billion."""
    words = money(value, qualifier, lang)
    return text("money.expected", lang, value=words) if kind in EXPECTED else words
