"""Tell committed amounts of yuan from expected ones, and put amounts into words."""

from __future__ import annotations

from qjmap.i18n import text
from qjmap.vocabulary import BUILT_IN

COMMITTED = frozenset({"signed", "under-construction", "operating", "ended"})
"""Statuses of partnerships whose amounts may be committed. With any other status the amount is only intended.

Callers replace a status that the project adds by the built-in one that its settings name (`like`)."""

EXPECTED = frozenset({"target", "forecast", "capacity"})
"""Kinds of value (`value_kind`) that are expectations: such an amount is shown as expected."""
_AGREED = frozenset({"", "actual"})
"""Kinds of value that can be committed. All others, expectations and unknown words, never are, whatever the status is."""


def is_committed(status: str, kind: str) -> bool:
    """Whether the value of a partnership counts as committed: its status is in `COMMITTED`, and its kind is "actual" or not stated."""
    return status in COMMITTED and kind in _AGREED


def money(value: float, qualifier: str, lang: str) -> str:
    """Return an amount of yuan with its qualifier in words: 至少100亿元, at least CNY 10 billion.

    Parameters
    ----------
    value : yuan.
    qualifier : value of the vocabulary "qualifier", such as ">="; "" and "=" add no word.
    lang : "zh", else English.
    """
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
    """Return what `money` does, marked as expected if `kind` is in `EXPECTED`: 预计至少100亿元, expected at least CNY 10 billion."""
    words = money(value, qualifier, lang)
    return text("money.expected", lang, value=words) if kind in EXPECTED else words
