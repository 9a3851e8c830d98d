"""Datums of Chinese coordinates, and angles as people write them.

Inside the program every position is WGS 84 longitude, latitude in degrees. CGCS2000 is taken as WGS 84: the two differ by
centimetres. GCJ-02 (Amap, Tencent) and BD-09 (Baidu) are bent: GCJ-02 by a published but unofficial formula of up to some
700 m, BD-09 by a second one on top of it. Both are used as the map companies' users know them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Pair = tuple[Floats, Floats]

_AXIS_M = 6378245.0
"""Semi-major axis of Krasovsky's ellipsoid of 1940 in metres, on which GCJ-02 is defined."""
_ECCENTRICITY2 = 0.00669342162296594323
"""Its first eccentricity, squared: 2 f - f^2 with f = 1 / 298.3."""
_BD_TURN = np.pi * 3000.0 / 180.0
_BD_SHIFT_LON, _BD_SHIFT_LAT = 0.0065, 0.006

_CHUNK = (
    16_384  # rows at a time: the working set stays in the processor's cache, which halves the time of a million rows
)
_ENOUGH = 1e-9  # degrees, 0.1 mm
_ROUNDS = 20


def to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike, datum: str | npt.ArrayLike = "wgs84") -> Pair:
    """Positions in any datum -> WGS 84.

    Parameters
    ----------
    lon, lat : degrees, any shape (the same); NaN stays NaN.
    datum : "wgs84", "cgcs2000", "gcj02", "bd09", or an array of these, one per position. "" is taken as WGS 84.

    Returns
    -------
    lon, lat : float64, degrees. The inverse of a bent datum is exact to 1 mm.

    Raises
    ------
    ValueError : a datum is none of these.
    """
    x, y = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    if isinstance(datum, str):
        inverse = _INVERSE[_known(datum)]
        return inverse(x, y) if inverse else (x, y)
    datums = np.asarray(datum, dtype=object)
    for name in sorted(map(str, set(datums.ravel().tolist()))):
        inverse = _INVERSE[_known(name)]
        if inverse:
            here = datums == name
            x[here], y[here] = inverse(x[here], y[here])
    return x, y


def from_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike, datum: str) -> Pair:
    """WGS 84 positions -> `datum`; shapes, units and errors as in `to_wgs84`."""
    x, y = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    forward = _FORWARD[_known(datum)]
    return forward(x, y) if forward else (x, y)


def bent(lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
    """Where GCJ-02 applies.

    The usual rectangle (72.004 to 137.8347 E, 0.8293 to 55.8271 N) less two parts of it that are surely abroad and in
    which the Chinese map services answer in WGS 84: south of 3.4 N (Singapore, Borneo) and the Indochinese peninsula
    south of 18 N and west of 108 E. Along other borders the rectangle reaches into the neighbour, as it does with everyone.
    """
    inside = (lon >= 72.004) & (lon <= 137.8347) & (lat >= 3.4) & (lat <= 55.8271)
    return inside & ~((lat < 18.0) & (lon < 108.0))


def wgs84_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    """The bend of GCJ-02.

    The polynomial and sine coefficients are those of the formula that became public in 2010 (`wgtochina_lb`, eviltransform
    and its many descendants). No official statement of it exists; known points agree to better than 2 m.
    """
    return _by_chunk(_gcj02, lon, lat)


def gcj02_to_wgs84(lon: Floats, lat: Floats) -> Pair:
    """Undo the bend of GCJ-02 by fixed-point iteration: the bend changes by at most 0.5 % of the way, so each round gains two
    digits and three rounds are below a millimetre."""
    return _by_chunk(lambda x, y: _undo(_gcj02_everywhere, bent, x, y), lon, lat)


def gcj02_to_bd09(lon: Floats, lat: Floats) -> Pair:
    """Baidu's second bend, by the constants of Baidu's own conversion service as they are commonly published."""
    return _by_chunk(_bd09, lon, lat)


def bd09_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    """Undo Baidu's bend. The closed form in common use is off by up to 1 m; this one is exact."""
    return _by_chunk(lambda x, y: _undo(_bd09_everywhere, bent, x, y), lon, lat)


def plane_zone(easting: Floats, northing: Floats) -> npt.NDArray[np.int64]:
    """The Gauss-Krüger zone that plane coordinates name, 0 where they name none.

    Chinese eastings in full begin with their zone: 13 to 23 are zones of six degrees, 25 to 45 of three (so 24 is none and
    the two never meet); the false easting of 500 km keeps what follows between 100 and 900 km. Northings of China lie
    between 400 and 6,000 km.
    """
    zone, rest = np.divmod(np.nan_to_num(easting, nan=0.0, posinf=0.0, neginf=0.0), 1e6)
    fits = (
        (zone >= 13)
        & (zone <= 45)
        & (zone != 24)
        & (rest >= 1e5)
        & (rest <= 9e5)
        & (northing >= 4e5)
        & (northing <= 6e6)
    )
    return np.where(fits, zone, 0).astype(np.int64)


def plane_to_degrees(easting: Floats, northing: Floats, zone: npt.NDArray[np.int64]) -> Pair:
    """Gauss-Krüger metres on CGCS2000, zone prefix included -> longitude, latitude in degrees; NaN where the zone is 0."""
    from pyproj import Transformer

    lon, lat = np.full(easting.shape, np.nan), np.full(easting.shape, np.nan)
    for one in np.unique(zone[zone > 0]):
        here = zone == one
        meridian = 6 * one - 3 if one < 24 else 3 * one
        plane = f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0={one}500000 +y_0=0 +ellps=GRS80 +units=m"
        turn = Transformer.from_crs(plane, "+proj=longlat +ellps=GRS80", always_xy=True)
        lon[here], lat[here] = turn.transform(easting[here], northing[here])
    return lon, lat


def _gcj02(lon: Floats, lat: Floats) -> Pair:
    x, y = _gcj02_everywhere(lon, lat)
    here = bent(lon, lat)
    return np.where(here, x, lon), np.where(here, y, lat)


def _gcj02_everywhere(lon: Floats, lat: Floats) -> Pair:
    x, y = lon - 105.0, lat - 35.0
    # sin 3a = 3 sin a - 4 sin^3 a and sin 2a = 2 sin a cos a: three sines and a cosine where the formula as published has ten.
    third = np.sin(x * (np.pi / 3.0))
    whole = third * (3.0 - 4.0 * third * third)  # sin(pi x)
    double = np.sin(x * (2.0 * np.pi))
    wave = (20.0 * double * (3.0 - 4.0 * double * double) + 20.0 * double) * (2.0 / 3.0)
    third_y = np.sin(y * (np.pi / 3.0))
    whole_y = third_y * (3.0 - 4.0 * third_y * third_y)
    twelfth_y = np.sin(y * (np.pi / 12.0))
    thirtieth_y = np.sin(y * (np.pi / 30.0))
    root, xy = np.sqrt(np.abs(x)), 0.1 * x * y
    north = (
        -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + xy + 0.2 * root + wave
        + (20.0 * whole_y + 40.0 * third_y) * (2.0 / 3.0)
        + (160.0 * twelfth_y + 320.0 * thirtieth_y) * (2.0 / 3.0)
    )  # fmt: skip
    east = (
        300.0 + x + 2.0 * y + 0.1 * x * x + xy + 0.1 * root + wave
        + (20.0 * whole + 40.0 * third) * (2.0 / 3.0)
        + (150.0 * np.sin(x * (np.pi / 12.0)) + 300.0 * np.sin(x * (np.pi / 30.0))) * (2.0 / 3.0)
    )  # fmt: skip
    radians = np.radians(lat)
    sine = np.sin(radians)
    w2 = 1.0 - _ECCENTRICITY2 * sine * sine
    w = np.sqrt(w2)
    meridian = _AXIS_M * (1.0 - _ECCENTRICITY2) / (w2 * w)
    normal = _AXIS_M / w
    return lon + np.degrees(east / (normal * np.cos(radians))), lat + np.degrees(north / meridian)


def _bd09(lon: Floats, lat: Floats) -> Pair:
    x, y = _bd09_everywhere(lon, lat)
    here = bent(lon, lat)
    return np.where(here, x, lon), np.where(here, y, lat)


def _bd09_everywhere(lon: Floats, lat: Floats) -> Pair:
    length = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_TURN)
    return length * np.cos(angle) + _BD_SHIFT_LON, length * np.sin(angle) + _BD_SHIFT_LAT


def _undo(
    forward: Callable[[Floats, Floats], Pair],
    applies: Callable[[Floats, Floats], npt.NDArray[np.bool_]],
    lon: Floats,
    lat: Floats,
) -> Pair:
    """The position that `forward` takes to (lon, lat); that itself where `forward` does not apply to the position found."""
    x, y = lon, lat
    with np.errstate(all="ignore"):  # far outside its country a bend may overflow; such positions are put back below
        for _ in range(_ROUNDS):
            ahead_x, ahead_y = forward(x, y)
            off_x, off_y = ahead_x - lon, ahead_y - lat
            x, y = x - off_x, y - off_y
            inside = applies(x, y)
            # What is still off shrinks a hundredfold with this step, so 100 times the aim is near enough to stop.
            left = np.maximum(np.abs(off_x), np.abs(off_y))[inside]
            if not left.size or left.max() < 50.0 * _ENOUGH:
                break
    return np.where(inside, x, lon), np.where(inside, y, lat)


def _by_chunk(convert: Callable[[Floats, Floats], Pair], lon: Floats, lat: Floats) -> Pair:
    if lon.size <= _CHUNK:
        return convert(lon, lat)
    x, y = np.empty_like(lon), np.empty_like(lat)
    flat_lon, flat_lat, flat_x, flat_y = lon.ravel(), lat.ravel(), x.reshape(-1), y.reshape(-1)
    for start in range(0, lon.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        flat_x[part], flat_y[part] = convert(flat_lon[part], flat_lat[part])
    return x, y


def _known(datum: str) -> str:
    if datum not in _INVERSE:
        raise ValueError(f"unknown datum {datum!r}: use wgs84, cgcs2000, gcj02 or bd09")
    return datum


_INVERSE: dict[str, Callable[[Floats, Floats], Pair] | None] = {
    "": None,
    "wgs84": None,
    "cgcs2000": None,
    "gcj02": gcj02_to_wgs84,
    "bd09": lambda lon, lat: gcj02_to_wgs84(*bd09_to_gcj02(lon, lat)),
}
_FORWARD: dict[str, Callable[[Floats, Floats], Pair] | None] = {
    "": None,
    "wgs84": None,
    "cgcs2000": None,
    "gcj02": wgs84_to_gcj02,
    "bd09": lambda lon, lat: gcj02_to_bd09(*wgs84_to_gcj02(lon, lat)),
}
