"""Datums of Chinese coordinates: WGS 84, CGCS2000, GCJ-02, BD-09, and Gauss-Krüger plane coordinates.

Inside the program every position is WGS 84 longitude, latitude in degrees. CGCS2000 is treated as WGS 84, from which it differs
by centimetres. GCJ-02 (Amap, Tencent) is offset by up to some 700 m by a published but unofficial formula, BD-09 (Baidu) by a
second offset on top of it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Pair = tuple[Floats, Floats]

_AXIS_M = 6378245.0
"""Semi-major axis in metres of Krasovsky's ellipsoid of 1940, on which GCJ-02 is defined."""
_ECCENTRICITY2 = 0.00669342162296594323
"""Square of its first eccentricity: 2 f - f^2 with f = 1 / 298.3."""
_BD_FREQUENCY = np.pi * 3000.0 / 180.0
_BD_SHIFT_LON, _BD_SHIFT_LAT = 0.0065, 0.006

_CHUNK = 16_384
"""Positions converted at once: their working set fits into a processor's cache, which halves the time of a million."""
_TOLERANCE = 1e-9
"""Tolerance of the inverse in degrees: 0.1 mm."""
_MAX_ITERATIONS = 20


def to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike, datum: str | npt.ArrayLike = "wgs84") -> Pair:
    """Convert positions in any datum to WGS 84.

    Parameters
    ----------
    lon, lat : degrees, of the same shape; NaN stays NaN.
    datum : "wgs84", "cgcs2000", "gcj02", "bd09", or an array of these, one per position; "" means WGS 84.

    Returns
    -------
    lon, lat : float64, degrees; the inverse of GCJ-02 and BD-09 is exact to 1 mm.

    Raises
    ------
    ValueError : unknown datum.
    """
    x, y = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    if isinstance(datum, str):
        inverse = _INVERSE[_checked(datum)]
        return inverse(x, y) if inverse else (x, y)
    datums = np.asarray(datum, dtype=object)
    for name in sorted(map(str, set(datums.ravel().tolist()))):
        inverse = _INVERSE[_checked(name)]
        if inverse:
            mask = datums == name
            x[mask], y[mask] = inverse(x[mask], y[mask])
    return x, y


def from_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike, datum: str) -> Pair:
    """Convert WGS 84 positions to a datum; shapes, units and errors as in `to_wgs84`."""
    x, y = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    forward = _FORWARD[_checked(datum)]
    return forward(x, y) if forward else (x, y)


def has_gcj02_offset(lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
    """Mask of the positions at which GCJ-02 is offset.

    The usual rectangle (72.004 to 137.8347 E, 0.8293 to 55.8271 N) without two areas abroad in which the Chinese map services
    use WGS 84: south of 3.4 N (Singapore, Borneo), and the Indochinese peninsula south of 18 N and west of 108 E. Elsewhere
    the rectangle includes parts of neighbouring countries, as in all implementations.
    """
    inside = (lon >= 72.004) & (lon <= 137.8347) & (lat >= 3.4) & (lat <= 55.8271)
    return inside & ~((lat < 18.0) & (lon < 108.0))


def wgs84_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    """Apply the offset of GCJ-02.

    The coefficients are those of the formula that became public in 2010 (`wgtochina_lb`, eviltransform and its descendants).
    There is no official statement of it; known points agree to better than 2 m.
    """
    return _by_chunk(_gcj02, lon, lat)


def gcj02_to_wgs84(lon: Floats, lat: Floats) -> Pair:
    """Remove the offset of GCJ-02 by fixed-point iteration.

    The offset changes by at most 0.5 % of a displacement, so each iteration gains two digits, and three reach a millimetre.
    """
    return _by_chunk(lambda x, y: _invert(_gcj02_everywhere, has_gcj02_offset, x, y), lon, lat)


def gcj02_to_bd09(lon: Floats, lat: Floats) -> Pair:
    """Apply Baidu's second offset, with the commonly published constants of Baidu's own conversion service."""
    return _by_chunk(_bd09, lon, lat)


def bd09_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    """Remove Baidu's second offset, exactly; the common closed form is off by up to 1 m."""
    return _by_chunk(lambda x, y: _invert(_bd09_everywhere, has_gcj02_offset, x, y), lon, lat)


def gauss_kruger_zone(easting: Floats, northing: Floats) -> npt.NDArray[np.int64]:
    """Gauss-Krüger zone in the prefix of plane coordinates, 0 without a valid one; int64, shape of the input in metres.

    Full Chinese eastings start with their zone: 13 to 23 are six-degree zones, 25 to 45 three-degree zones. With the false
    easting of 500 km the rest lies between 100 and 900 km. Northings of China lie between 400 and 6,000 km.
    """
    zone, local_easting = np.divmod(np.nan_to_num(easting, nan=0.0, posinf=0.0, neginf=0.0), 1e6)
    is_valid = (
        (zone >= 13)
        & (zone <= 45)
        & (zone != 24)
        & (local_easting >= 1e5)
        & (local_easting <= 9e5)
        & (northing >= 4e5)
        & (northing <= 6e6)
    )
    return np.where(is_valid, zone, 0).astype(np.int64)


def gauss_kruger_to_degrees(easting: Floats, northing: Floats, zone: npt.NDArray[np.int64]) -> Pair:
    """Convert Gauss-Krüger metres on CGCS2000, with zone prefix, to longitude and latitude in degrees; NaN for zone 0."""
    # Only tables of plane coordinates need it.
    from pyproj import Transformer

    lon, lat = np.full(easting.shape, np.nan), np.full(easting.shape, np.nan)
    for number in np.unique(zone[zone > 0]):
        mask = zone == number
        meridian = 6 * number - 3 if number < 24 else 3 * number
        plane = f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0={number}500000 +y_0=0 +ellps=GRS80 +units=m"
        transformer = Transformer.from_crs(plane, "+proj=longlat +ellps=GRS80", always_xy=True)
        lon[mask], lat[mask] = transformer.transform(easting[mask], northing[mask])
    return lon, lat


def _gcj02(lon: Floats, lat: Floats) -> Pair:
    x, y = _gcj02_everywhere(lon, lat)
    mask = has_gcj02_offset(lon, lat)
    return np.where(mask, x, lon), np.where(mask, y, lat)


def _gcj02_everywhere(lon: Floats, lat: Floats) -> Pair:
    x, y = lon - 105.0, lat - 35.0
    # sin 3a = 3 sin a - 4 sin^3 a saves half of the sines of the published formula.
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
    mask = has_gcj02_offset(lon, lat)
    return np.where(mask, x, lon), np.where(mask, y, lat)


def _bd09_everywhere(lon: Floats, lat: Floats) -> Pair:
    length = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_FREQUENCY)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_FREQUENCY)
    return length * np.cos(angle) + _BD_SHIFT_LON, length * np.sin(angle) + _BD_SHIFT_LAT


def _invert(
    forward: Callable[[Floats, Floats], Pair],
    applies: Callable[[Floats, Floats], npt.NDArray[np.bool_]],
    lon: Floats,
    lat: Floats,
) -> Pair:
    """Position that `forward` maps to (lon, lat), by fixed-point iteration; (lon, lat) itself if `applies` is false there."""
    x, y = lon, lat
    with np.errstate(all="ignore"):  # far outside of China an offset may overflow; such positions are restored below
        for _ in range(_MAX_ITERATIONS):
            mapped_x, mapped_y = forward(x, y)
            error_x, error_y = mapped_x - lon, mapped_y - lat
            x, y = x - error_x, y - error_y
            inside = applies(x, y)
            # This step reduces the error a hundredfold, so an error of 50 tolerances before it is small enough.
            error = np.maximum(np.abs(error_x), np.abs(error_y))[inside]
            if not error.size or error.max() < 50.0 * _TOLERANCE:
                break
    return np.where(inside, x, lon), np.where(inside, y, lat)


def _by_chunk(convert: Callable[[Floats, Floats], Pair], lon: Floats, lat: Floats) -> Pair:
    if lon.size <= _CHUNK:
        return convert(lon, lat)
    x, y = np.empty_like(lon), np.empty_like(lat)
    flat_lon, flat_lat, flat_x, flat_y = lon.ravel(), lat.ravel(), x.reshape(-1), y.reshape(-1)
    for start in range(0, lon.size, _CHUNK):
        chunk = slice(start, start + _CHUNK)
        flat_x[chunk], flat_y[chunk] = convert(flat_lon[chunk], flat_lat[chunk])
    return x, y


def _checked(datum: str) -> str:
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
