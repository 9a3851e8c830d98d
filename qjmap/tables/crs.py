"""Coordinate reference systems as files name them -> a datum of the tables, and degrees where the coordinates are plane ones.

CGCS2000 and WGS 84, plane or not, are taken as they are; the two older systems of China (北京54, 西安80) differ from place to
place by an amount that no formula knows, so their coordinates keep the system's name for a datum and are refused with it;
any other system that PROJ knows is converted to WGS 84. No file and no network is asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qjmap.errors import UsageError
from qjmap.tables.cells import CellError, plain_number, read_vocab

if TYPE_CHECKING:
    import pyproj

_CODE = re.compile(r"(?:^|[:/#])(EPSG|ESRI|OGC)(?:\.xml)?(?:[:/#][\d.]*)*[:/#](\w+)$", re.IGNORECASE)
_DEGREES = {("EPSG", "4326"): "wgs84", ("EPSG", "4979"): "wgs84", ("OGC", "CRS84"): "wgs84", ("OGC", "CRS84H"): "wgs84",
            ("EPSG", "4490"): "cgcs2000"}  # fmt: skip
_OUTSIDE = re.compile(r"grids\s*=(?!\s*@null)|PARAMETERFILE|PROJ-based|custom_proj4|\+init", re.IGNORECASE)
"""What makes PROJ look for a file."""
_OLD = (("newbeijing", "新北京54"), ("beijing", "北京54"), ("xian", "西安80"))


@dataclass(frozen=True)
class Reference:
    """What a file's coordinates refer to.

    Attributes
    ----------
    name : as a reader knows it: CGCS2000 / 3-degree Gauss-Kruger CM 105E (EPSG:4544).
    datum : of the degrees: a datum of the tables; "" where the system leaves it open; for 北京54 and 西安80 these words, which no
        table takes.
    plane : what turns the coordinates into degrees; None for degrees.
    """

    name: str
    datum: str
    plane: Any = None

    def degrees(self, points: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Points as texts -> their longitudes and latitudes; what is no number or cannot be converted stays as it is."""
        values = np.array([[_number(one) for one in point] for point in points], dtype=np.float64).reshape(-1, 2)
        with np.errstate(invalid="ignore"):
            lon, lat = self.plane.transform(values[:, 0], values[:, 1])
        good = np.isfinite(lon) & np.isfinite(lat)
        return [
            (plain_number(round(float(x), 9)), plain_number(round(float(y), 9))) if fits else point
            for x, y, fits, point in zip(lon, lat, good, points, strict=True)
        ]


def reference(told: str | Mapping[str, Any], *, shown: str) -> Reference | None:
    """The reference system that a file names by a code, a name, WKT or PROJJSON; None for an empty one.

    Raises
    ------
    UsageError : `crs-unknown`, which names it.
    """
    if not told:
        return None
    if isinstance(told, str):
        told = told.strip().strip("\0")
        if (found := _named(told)) is not None:
            return found
    text = told if isinstance(told, str) else json.dumps(told)
    unknown = UsageError("crs-unknown", path=shown, crs=_title(text))
    if _OUTSIDE.search(text):
        raise unknown
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        if isinstance(told, Mapping):
            crs = CRS.from_json_dict(dict(told))
        elif code := _CODE.search(told):
            crs = CRS.from_authority(code[1].upper(), code[2])
        elif told.isdecimal():
            crs = CRS.from_epsg(int(told))
        else:
            crs = CRS.from_wkt(told)
        return _of(crs) or _refuse(unknown)
    except (CRSError, ValueError, OverflowError):
        raise unknown from None


def _refuse(error: UsageError) -> Reference:
    raise error


def _named(text: str) -> Reference | None:
    """What needs no library: a code for degrees, or a word that the tables take for a datum."""
    code = _CODE.search(text)
    key = (code[1].upper(), code[2].upper()) if code else ("OGC", "CRS84") if text.upper() == "CRS84" else ("EPSG", text)
    if key in _DEGREES:
        return Reference(":".join(key), _DEGREES[key])
    try:
        return Reference(text, read_vocab(text, "datum"))
    except CellError:
        return None


def _of(crs: pyproj.CRS) -> Reference | None:
    """The meaning of a system that PROJ understands; None for one that has no place on the earth's surface."""
    from pyproj import Transformer

    while crs.is_bound or crs.is_compound:
        inner = crs.source_crs if crs.is_bound else crs.sub_crs_list[0]
        if inner is None:
            return None
        crs = inner
    base = crs.geodetic_crs
    if crs.is_geocentric or base is None or base.datum is None or not (crs.is_geographic or crs.is_projected):
        return None
    authority = ":".join(crs.to_authority(min_confidence=70) or ())
    name = f"{crs.name} ({authority})" if authority else str(crs.name)
    datum = _datum(base)
    if datum not in ("", "wgs84", "cgcs2000"):
        return Reference(name, f"{datum}（{authority or name}）")
    plain = crs.is_geographic and all(abs(axis.unit_conversion_factor - np.pi / 180) < 1e-9 for axis in crs.axis_info[:2])
    greenwich = base.prime_meridian is None or base.prime_meridian.longitude == 0
    if plain and greenwich and (datum or _unsaid(base)):
        return Reference(name, datum)
    target = "EPSG:4490" if datum == "cgcs2000" else "EPSG:4326"
    return Reference(name, datum if _unsaid(base) else datum or "wgs84", Transformer.from_crs(crs, target, always_xy=True))


def _datum(base: pyproj.CRS) -> str:
    """A datum of the tables, the Chinese name of one of the two old systems, or "" for any other."""
    said = re.sub(r"[^a-z0-9]", "", f"{base.name} {_datum_name(base)}".lower())
    for word, old in _OLD:
        if word in said:
            return old
    if "china2000" in said or "cgcs2000" in said or "chinageodetic" in said:
        return "cgcs2000"
    wgs84 = "worldgeodeticsystem1984" in said or "wgs1984" in said or "wgs84" in said
    return "wgs84" if wgs84 and not _unsaid(base) else ""


def _unsaid(base: pyproj.CRS) -> bool:
    """Whether the system names an ellipsoid like that of WGS 84 and leaves its datum open."""
    said = _datum_name(base).lower()
    modern = base.ellipsoid is not None and abs(base.ellipsoid.semi_major_metre - 6378137.0) < 1.0
    return modern and any(word in said for word in ("unknown", "not specified", "undefined", "unnamed", "based on"))


def _datum_name(base: pyproj.CRS) -> str:
    return base.datum.name if base.datum else ""


def _title(text: str) -> str:
    """A name for what PROJ does not understand: the first name in WKT or PROJJSON, or the text itself."""
    found = re.search(r'^\s*\w+\s*\[\s*"([^"]{1,80})"', text) or re.search(r'"name"\s*:\s*"([^"]{1,80})"', text)
    return found[1] if found else text[:80]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
