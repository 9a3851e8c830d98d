"""Column names that are valid in a file format: some formats reserve names, ignore case, or forbid characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

_RESERVED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "gpkg": frozenset(("fid", "geom")),
        "kml": frozenset(
            (
                "id",
                "name",
                "description",
                "timestamp",
                "begin",
                "end",
                "altitudemode",
                "tessellate",
                "extrude",
                "visibility",
                "draworder",
                "icon",
                "snippet",
            )
        ),
        "csv": frozenset(("lon", "lat", "wkt")),
    }
)
"""Reserved names of a format, in lower case."""
_CASE_INSENSITIVE = ("gpkg", "kml", "fgb")
"""Formats in which column names that differ only in case are the same name."""
_KML_NAMES: Mapping[str, str] = MappingProxyType(
    {"name": "Name", "description": "Description", "id": "id", "end": "end"}
)
"""Column -> its name in KML, for columns whose names KML reserves but which get no number: KML has an element for them, or allows them."""
_MARKUP = re.compile("[<>&\"'\\s]+")
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|[" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17)) + "]")  # fmt: skip
"""Characters that are invalid in XML, and noncharacters."""


def names_in_format(names: Iterable[str], form: str) -> dict[str, str]:
    """Return column -> its name in a file of the format ``form`` (see `formats.WRITERS`). It depends on the names alone, not on the data.

    Names that the format reserves or takes for equal get a number: ``fid`` becomes ``fid_1``; beside ``Mode``, ``mode`` becomes ``mode_2``.
    """
    fold = str.casefold if form in _CASE_INSENSITIVE else str
    columns = list(names)
    fixed = {name: _KML_NAMES.get(name) if form == "kml" else None for name in columns}
    reserved = _RESERVED.get(form, frozenset())
    used = {fold(new) for new in fixed.values() if new}
    original = {fold(name) for name in columns}
    result: dict[str, str] = {}
    for name in columns:
        new = fixed[name]
        if new is None:
            base = new = _valid_characters(name, form)
            number = 0 if base.casefold() in reserved else 1
            while fold(new) in used or new.casefold() in reserved or (new != name and fold(new) in original):
                number += 1
                new = f"{base}_{number}"
            used.add(fold(new))
        result[name] = new
    return result


def changed_names(names: Mapping[str, str]) -> dict[str, str]:
    """Return the entries of a `names_in_format` mapping whose name changed, except those that KML only capitalises."""
    return {name: new for name, new in names.items() if new not in (name, _KML_NAMES.get(name))}


def _valid_characters(name: str, form: str) -> str:
    """Return the name without characters that are invalid in the format, "column" if nothing is left; markup in KML becomes a blank."""
    if form == "kml":
        name = NOT_IN_XML.sub("", _MARKUP.sub(" ", name)).strip()
    return name or "column"
