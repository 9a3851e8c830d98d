"""Names of columns as a format can hold them: most hold any, some have words of their own or take capitals for the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

_TAKEN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "gpkg": frozenset(("fid", "geom")),
        "kml": frozenset(
            ("id", "name", "description", "timestamp", "begin", "end", "altitudemode", "tessellate", "extrude", "visibility",
             "draworder", "icon", "snippet")
        ),
        "csv": frozenset(("lon", "lat", "wkt")),
    }
)
"""Format -> names in lower case that it gives to columns of its own."""
_CAPITALS_ALIKE = ("gpkg", "kml")
"""Formats in which `Tel` and `tel` are one column."""
_KML_NAMES: Mapping[str, str] = MappingProxyType({"name": "Name", "description": "Description", "id": "id", "end": "end"})
"""Columns of our tables that KML shows by itself, and those that keep their names though it has elements of the same."""
_MARKUP = re.compile("[<>&\"'\\s]+")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|[" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17)) + "]")  # fmt: skip
"""Characters that no XML holds, and noncharacters."""


def fitted(names: Iterable[str], form: str) -> dict[str, str]:
    """Column -> its name in a file of the format, for all columns in their order; always the same for the same names."""
    alike = str.casefold if form in _CAPITALS_ALIKE else str
    given = list(names)
    wanted = {name: _KML_NAMES.get(name) if form == "kml" else None for name in given}
    reserved = _TAKEN.get(form, frozenset())
    used = {alike(new) for new in wanted.values() if new}
    typed = {alike(name) for name in given}
    found: dict[str, str] = {}
    for name in given:
        new = wanted[name]
        if new is None:
            plain = new = _plain(name, form)
            number = 0 if plain.casefold() in reserved else 1
            while alike(new) in used or new.casefold() in reserved or (new != name and alike(new) in typed):
                number += 1
                new = f"{plain}_{number}"
            used.add(alike(new))
        found[name] = new
    return found


def renamed(names: Mapping[str, str]) -> dict[str, str]:
    """Of `fitted`, what a reader is told: the columns that bear another name, but for those that KML writes with a capital."""
    return {name: new for name, new in names.items() if new not in (name, _KML_NAMES.get(name))}


def _plain(name: str, form: str) -> str:
    """The name without what the format cannot write."""
    if form == "kml":
        name = FORBIDDEN.sub("", _MARKUP.sub(" ", name)).strip()
    return name or "column"
