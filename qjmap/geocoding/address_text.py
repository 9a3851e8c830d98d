"""Normalize texts before they are parsed as addresses, and recognise texts that are not addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping

from qjmap.geocoding.project_gazetteer import fold_name

MAX_LENGTH = 160
"""Maximum length of an address in characters; a longer text counts as a paragraph, not as an address."""
MAX_COMMAS = 5
"""Maximum number of commas in an address; a text with more counts as a list, not as an address."""

_LABEL = re.compile(
    "(?:详细|联系|通讯|通信|公司|单位|注册|项目|企业|收货)?(?:地址|住址|地点|所在地|位置|住所)[:：]? ?|(?:位于|地处|坐落于|坐落在) ?"
)
_EDGES = "。.,，;； \"'“”‘’?？~～!！*\ufffd□"
"""Characters that are stripped from both ends of a text."""
_LABEL_STARTS = frozenset("详联通公单注项企收地住所位坐")
_FORBIDDEN = (
    "\u0590-\u08ff\u200b-\u200f\u202a-\u202e\u2066-\u2069\u2600-\u27bf\ud800-\udfff\U0001f000-\U0001faff"
    "\x00-\x08\x0e-\x1f"
)
"""Characters that no address contains: control characters, emoji, letters of right-to-left scripts."""
_NOT_AN_ADDRESS = re.compile(f"[<>{{}}$`=\\\\{_FORBIDDEN}]|[;'][a-z ]*(?:drop|select|insert|delete|update|or|union)\\b")
_SENTENCE = re.compile(r"[。!…].*[一-龥]{4}")
_CHANGED = "\0-'*-,.:-`{-\u4dff\ua000-\U0010ffff"
"""Ranges of characters that folding may change: all but ( ) - / 0-9 a-z and the CJK unified ideographs."""


class AddressNormalizer:
    """Normalizer of addresses: full width, case, white space, traditional characters, labels such as 地址：.

    Parameters
    ----------
    simplified : code point of a traditional character -> the simplified character.
    """

    def __init__(self, simplified: Mapping[int, str]) -> None:
        self._simplified = simplified
        traditional = "".join(map(chr, simplified))
        self._has_traditional = re.compile(f"[{traditional}]").search
        self._is_unchanged = re.compile(f"[^{_CHANGED}{traditional}]+").fullmatch

    def normalize(self, text: str) -> str:
        """Return a text as the parsers expect it: folded, in simplified characters, without punctuation at its ends and without a label."""
        folded = text.lower()
        if not self._is_unchanged(folded):  # folding does not change most texts
            folded = fold_name(text).strip(_EDGES)
            folded = folded.translate(self._simplified) if self._has_traditional(folded) else folded
        return _without_label(folded)

    def address(self, text: str) -> str | None:
        """Return what `normalize` returns; None for a text that is no address: code, a sentence, a list, a paragraph or emoji."""
        if len(text) > MAX_LENGTH:
            return None
        lower = text.lower()
        if self._is_unchanged(lower):
            return _without_label(lower)
        folded = self.normalize(text)
        if folded.count(",") > MAX_COMMAS or _NOT_AN_ADDRESS.search(folded) or _SENTENCE.search(folded):
            return None
        return folded


def _without_label(folded: str) -> str:
    label = _LABEL.match(folded) if folded[:1] in _LABEL_STARTS else None
    return folded if label is None else folded[label.end() :]
