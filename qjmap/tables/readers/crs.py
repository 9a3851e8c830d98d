"""Coordinate reference system of a file -> a datum of the tables, and a transformer of projected coordinates to degrees.

CGCS2000 and WGS 84, projected or not, keep their datum. The older systems of China (北京54, 新北京54, 西安80) differ from them by an
amount that varies from place to place and for which no formula is public. Their coordinates get the name of the system as datum, which
tables refuse. Any other geographic or projected system of PROJ's database is transformed to WGS 84; if it names no datum, its coordinates
are only converted to degrees. No grid file and no network is used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qjmap.errors import UsageError
from qjmap.schema import DATUMS
from qjmap.tables.cell_values import CellError, read_vocab
from qjmap.tables.numbers import plain_number

if TYPE_CHECKING:
    import pyproj

_CODE = re.compile(r"(?:^|[:/#])(EPSG|ESRI|OGC)(?:\.xml)?(?:[:/#][\d.]*)*[:/#](\w+)$", re.IGNORECASE)
_GEOGRAPHIC_CODES = {("EPSG", "4326"): "wgs84", ("EPSG", "4979"): "wgs84", ("OGC", "CRS84"): "wgs84", ("OGC", "CRS84H"): "wgs84",
                     ("EPSG", "4490"): "cgcs2000"}  # fmt: skip
_FILE_REFERENCE = re.compile(r"grids\s*=(?!\s*@null)|PARAMETERFILE|PROJ-based|custom_proj4|\+init", re.IGNORECASE)
"""Pattern of the parts of a definition that make PROJ look for a file."""
_OLD_SYSTEMS = (("newbeijing", "新北京54"), ("beijing", "北京54"), ("xian", "西安80"))
_WGS84_NAMES = ("worldgeodeticsystem1984", "wgs1984", "wgs84")
_CGCS2000_NAMES = ("china2000", "cgcs2000", "chinageodetic")
_DECIMALS = 9  # of transformed degrees; 0.1 mm


@dataclass(frozen=True)
class Reference:
    """The coordinate reference system of a file.

    Attributes
    ----------
    name : name for messages, such as CGCS2000 / 3-degree Gauss-Kruger CM 105E (EPSG:4544).
    datum : datum of the degrees, after the transformation: one of `DATUMS`; "" if the system names no datum; for an old system of China
        its Chinese name with its code, which tables refuse: 西安80（EPSG:4610）.
    transformer : pyproj.Transformer of the coordinates to degrees; None if they are degrees already, and for an old system of China,
        whose coordinates are not transformed.
    """

    name: str
    datum: str
    transformer: Any = None

    @property
    def is_old(self) -> bool:
        """Whether it is one of the old systems of China (北京54, 新北京54, 西安80), whose coordinates tables refuse."""
        return self.datum not in ("", *DATUMS)

    def to_degrees(self, points: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Transform points (x, y), given as texts, to (longitude, latitude) in degrees, as texts. A point that is no pair of numbers, or
        that cannot be transformed, stays as it is. Only for a reference with a transformer.
        """
        values = np.array([[_number(text) for text in point] for point in points], dtype=np.float64).reshape(-1, 2)
        with np.errstate(invalid="ignore"):
            lon, lat = self.transformer.transform(values[:, 0], values[:, 1])
        is_valid = np.isfinite(lon) & np.isfinite(lat)
        return [
            (plain_number(round(float(x), _DECIMALS)), plain_number(round(float(y), _DECIMALS))) if valid else point
            for x, y, valid, point in zip(lon, lat, is_valid, points, strict=True)
        ]


def parse_reference(definition: str | Mapping[str, Any], *, shown: str) -> Reference | None:
    """Parse a coordinate reference system; None for "" or {}.

    Parameters
    ----------
    definition : authority code (EPSG:4544, 4544, OGC URN or URL), WKT, PROJJSON, or a word of the vocabulary `datum` (gcj02, 火星坐标);
        PROJ strings are refused.
    shown : the file's name in messages.

    Raises
    ------
    UsageError : `crs-unknown`, the definition is none of these, refers to a grid or another file, or describes a system without
        horizontal coordinates on the earth (geocentric, vertical, local).
    """
    if not definition:
        return None
    if isinstance(definition, str):
        definition = definition.strip().strip("\0")
        if (reference := _parse_name(definition)) is not None:
            return reference
    text = definition if isinstance(definition, str) else json.dumps(definition)
    reference = None if _FILE_REFERENCE.search(text) else _parse_by_proj(definition)
    if reference is None:
        raise UsageError("crs-unknown", path=shown, crs=_title(text))
    return reference


def _parse_name(text: str) -> Reference | None:
    """Parse a definition that needs no PROJ: the code of WGS 84 or CGCS2000 in degrees, or a word of the vocabulary `datum`; else None."""
    code = _CODE.search(text)
    bare = ("OGC", "CRS84") if text.upper() == "CRS84" else ("EPSG", text)
    key = (code[1].upper(), code[2].upper()) if code else bare
    if key in _GEOGRAPHIC_CODES:
        return Reference(":".join(key), _GEOGRAPHIC_CODES[key])
    try:
        return Reference(text, read_vocab(text, "datum"))
    except CellError:
        return None


def _parse_by_proj(definition: str | Mapping[str, Any]) -> Reference | None:
    """Parse the code, WKT or PROJJSON of a geographic or projected system that PROJ knows; None for any other definition."""
    from pyproj import CRS  # start-up time: most files name a geographic system
    from pyproj.exceptions import CRSError

    try:
        if isinstance(definition, Mapping):
            crs = CRS.from_json_dict(dict(definition))
        elif code := _CODE.search(definition):
            crs = CRS.from_authority(code[1].upper(), code[2])
        elif definition.isdecimal():
            crs = CRS.from_epsg(int(definition))
        else:
            crs = CRS.from_wkt(definition)
        return _reference_of(crs)
    except (CRSError, ValueError, OverflowError):
        return None


def is_old_system(crs: pyproj.CRS) -> bool:
    """Whether a system is one of the old systems of China and states no transformation to WGS 84."""
    reference = None if crs.is_bound else _reference_of(crs)
    return reference is not None and reference.is_old


def _reference_of(crs: pyproj.CRS) -> Reference | None:
    """Return the reference for a system of PROJ; None for one that is neither geographic nor projected (geocentric, vertical, local)."""
    from pyproj import Transformer  # start-up time, as above

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
    datum = _datum_of(base)
    if datum not in ("", "wgs84", "cgcs2000"):
        return Reference(name, f"{datum}（{authority or name}）")
    is_open = _leaves_datum_open(base)
    if _is_in_degrees(crs, base) and (datum or is_open):
        return Reference(name, datum)
    target = "EPSG:4490" if datum == "cgcs2000" else "EPSG:4326"
    transformer = Transformer.from_crs(crs, target, always_xy=True)
    return Reference(name, datum if is_open else datum or "wgs84", transformer)


def _is_in_degrees(crs: pyproj.CRS, base: pyproj.CRS) -> bool:
    """Whether the coordinates are degrees counted from Greenwich."""
    from_greenwich = base.prime_meridian is None or base.prime_meridian.longitude == 0
    return (
        from_greenwich
        and crs.is_geographic
        and all(abs(axis.unit_conversion_factor - np.pi / 180) < 1e-9 for axis in crs.axis_info[:2])
    )


def _datum_of(base: pyproj.CRS) -> str:
    """Return "wgs84", "cgcs2000" or the Chinese name of an old system, by the names of a geographic system and its datum; else ""."""
    names = re.sub(r"[^a-z0-9]", "", f"{base.name} {_datum_name(base)}".lower())
    for word, old_system in _OLD_SYSTEMS:
        if word in names:
            return old_system
    if any(word in names for word in _CGCS2000_NAMES):
        return "cgcs2000"
    is_wgs84 = any(word in names for word in _WGS84_NAMES) and not _leaves_datum_open(base)
    return "wgs84" if is_wgs84 else ""


def _leaves_datum_open(base: pyproj.CRS) -> bool:
    """Whether the system names no datum, only an ellipsoid as large as that of WGS 84."""
    name = _datum_name(base).lower()
    is_modern = base.ellipsoid is not None and abs(base.ellipsoid.semi_major_metre - 6378137.0) < 1.0
    return is_modern and any(word in name for word in ("unknown", "not specified", "undefined", "unnamed", "based on"))


def _datum_name(base: pyproj.CRS) -> str:
    return base.datum.name if base.datum else ""


def _title(text: str) -> str:
    """Return a name for a definition that is refused: the first name in WKT or PROJJSON, else the start of the text."""
    match = re.search(r'^\s*\w+\s*\[\s*"([^"]{1,80})"', text) or re.search(r'"name"\s*:\s*"([^"]{1,80})"', text)
    return match[1] if match else text[:80]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
