"""What a header as typed means: synonyms in Chinese and English, units and datums that stand in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

from qjmap.schema import PAIR_HEADERS, TABLES, Table, fold


@dataclass(frozen=True, slots=True)
class Header:
    """What a header as typed means.

    Attributes
    ----------
    column : canonical column name; "lonlat" for a pair of coordinates; None when the table knows no such column.
    datum : the datum that the header names (`lng_gcj02`), else None.
    unit : the unit that stands in brackets (`投资额（万元）`), else "".
    """

    column: str | None
    datum: str | None = None
    unit: str = ""


_OPENING, _CLOSING = "([{<【〔「《", ")]}>】〕」》"
_DATUM_TAIL = re.compile(r"(?:wgs84?|gcj(?:02)?|bd(?:09)?(?:ll)?|cgcs(?:2000)?|高德|百度|腾讯|火星|gps)$")
_DATUM_WORDS = (
    ("gcj02", ("gcj", "高德", "腾讯", "火星", "国测局", "amap", "gaode")),
    ("bd09", ("bd09", "bd", "百度", "baidu")),
    ("cgcs2000", ("cgcs", "国家2000", "大地2000", "4490", "天地图")),
    ("wgs84", ("wgs", "4326", "gps")),
)  # fmt: skip


def header(typed: str, table: Table) -> Header:
    """What the header `typed` means in `table`. Synonyms, full-width and spaced forms, units and datums in it are understood."""
    return _meaning(typed, table.name)


@lru_cache(maxsize=2048)  # who looks for the header asks of the same rows again and again
def _meaning(typed: str, table_name: str) -> Header:
    known = _headers(table_name)
    whole = fold(typed)
    if whole in known:
        return Header(known[whole])
    plain, unit = _without_brackets(unicodedata.normalize("NFKC", typed).strip())
    folded = fold(plain)
    if folded in known:
        return Header(known[folded], _datum_of(fold(unit)) if unit else None, unit)
    tail = _DATUM_TAIL.search(folded)
    if tail and known.get(folded[: tail.start()]) in ("lon", "lat", "lonlat"):
        return Header(known[folded[: tail.start()]], _datum_of(tail[0]))
    for start in ("wgs84", "gcj02", "bd09", "cgcs2000", "高德", "百度", "腾讯", "gps"):
        if folded.startswith(start) and known.get(folded[len(start) :]) in ("lon", "lat", "lonlat"):
            return Header(known[folded[len(start) :]], _datum_of(start))
    return Header(None, None, unit)


def _without_brackets(text: str) -> tuple[str, str]:
    """A text without the brackets at its end, and what stands in the first of them."""
    end, unit = len(text), ""
    while end:
        at, opened = end - 2, -1
        if text[end - 1] in _CLOSING:
            while at >= 0 and text[at] not in _CLOSING:
                opened = at if text[at] in _OPENING else opened
                at -= 1
        if opened < 0:
            break
        unit, end = text[opened + 1 : end - 1].strip(), opened
        while end and text[end - 1].isspace():
            end -= 1
    return text[:end], unit


def _datum_of(folded: str) -> str | None:
    for datum, words in _DATUM_WORDS:
        if any(word in folded for word in words):
            return datum
    return None


@cache
def _headers(table_name: str) -> Mapping[str, str]:
    """Folded header -> column of one table. A column's own name wins over another column's synonym, then the earlier column."""
    table = TABLES[table_name]
    known = {fold(name): name for name in table.names}
    for column in table.columns:
        for typed in column.headers:
            known.setdefault(fold(typed), column.name)
    if "lon" in table:
        for typed in PAIR_HEADERS:
            known.setdefault(fold(typed), "lonlat")
    return MappingProxyType(known)
