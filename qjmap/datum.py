"""Datums of Chinese coordinates: WGS 84, CGCS2000, GCJ-02, BD-09, and Gauss-Krüger plane coordinates.

Inside the program every position is a longitude and a latitude in WGS 84 degrees. CGCS2000 is treated as WGS 84, with which it agreed
within centimetres at its epoch (2000.0); since then plates have moved by less than a metre. GCJ-02 (Amap, Tencent) is offset from
WGS 84 by up to about 700 m, by a formula that is public but not official. BD-09 (Baidu) is offset from GCJ-02.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Pair = tuple[Floats, Floats]
"""Longitudes and latitudes in degrees, of the same shape."""

_AXIS_M = 6378245.0
"""Semi-major axis in metres of the Krasovsky ellipsoid of 1940, on which GCJ-02 is defined."""
_ECCENTRICITY2 = 0.00669342162296594323
"""Square of the first eccentricity of that ellipsoid: 2 f - f^2 with f = 1 / 298.3."""
_BD_FREQUENCY = np.pi * 3000.0 / 180.0
"""Frequency of the waves of BD-09 in radians per degree."""
_BD_SHIFT_LON, _BD_SHIFT_LAT = 0.0065, 0.006
"""Constant part of the offset of BD-09 in degrees."""

_CHUNK = 16_384
"""Number of positions converted at once: their arrays fit into the cache of a processor, which halves the time for a million."""
_TOLERANCE = 1e-9
"""Tolerance of the inverse in degrees: 0.1 mm."""
_MAX_ITERATIONS = 20
"""Maximum number of iterations of the inverse."""


def to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike, datum: str | npt.ArrayLike = "wgs84") -> Pair:
    """Convert positions in any datum to WGS 84.

    Parameters
    ----------
    lon, lat : degrees, of the same shape; NaN stays NaN.
    datum : "wgs84", "cgcs2000", "gcj02" or "bd09", or an array with the datum of each position; "" means WGS 84.

    Returns
    -------
    lon, lat : float64, degrees, of the same shape; the inverse of GCJ-02 and BD-09 is exact to 1 mm.

    Raises
    ------
    ValueError : a datum is unknown.
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
    """Convert WGS 84 positions to one datum for all; shapes, units and errors are as in `to_wgs84`.

    Parameters
    ----------
    lon, lat : degrees, of the same shape.
    datum : "wgs84", "cgcs2000", "gcj02" or "bd09"; "" means WGS 84.
    """
    x, y = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    forward = _FORWARD[_checked(datum)]
    return forward(x, y) if forward else (x, y)


def has_gcj02_offset(lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
    """Return a mask of the positions (degrees) at which GCJ-02 is offset from WGS 84; bool, of the same shape.

    They lie in the usual rectangle (72.004 to 137.8347 E, 0.8293 to 55.8271 N), without two parts of it in which the Chinese map services
    use WGS 84: south of 3.4 N (Singapore, Borneo); and south of 18 N and west of 108 E (most of Indochina, southern India, Sri Lanka).
    As in all implementations, the rest of the rectangle still includes parts of neighbouring countries.
    """
    inside = (lon >= 72.004) & (lon <= 137.8347) & (lat >= 3.4) & (lat <= 55.8271)
    return inside & ~((lat < 18.0) & (lon < 108.0))


def wgs84_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    """Convert WGS 84 positions (degrees) to GCJ-02.

    The coefficients are those of the formula that became public in 2010 (`wgtochina_lb`, eviltransform and its descendants). No
    authority has published it; known points agree to better than 2 m.
    """
    return _by_chunk(_gcj02, lon, lat)


def gcj02_to_wgs84(lon: Floats, lat: Floats) -> Pair:
    """Convert GCJ-02 positions (degrees) to WGS 84, by fixed-point iteration.

    Between two positions the offset differs by at most 0.5 % of their distance. Each iteration therefore gains two digits, and three
    iterations reach a millimetre.
    """
    return _by_chunk(lambda x, y: _invert(_gcj02_everywhere, has_gcj02_offset, x, y), lon, lat)


def gcj02_to_bd09(lon: Floats, lat: Floats) -> Pair:
    """Convert GCJ-02 positions (degrees) to BD-09, with the commonly published constants of Baidu's conversion service."""
    return _by_chunk(_bd09, lon, lat)


def bd09_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    """Convert BD-09 positions (degrees) to GCJ-02, by fixed-point iteration; the common closed formula is off by up to 1 m."""
    return _by_chunk(lambda x, y: _invert(_bd09_everywhere, has_gcj02_offset, x, y), lon, lat)


def gauss_kruger_zone(easting: Floats, northing: Floats) -> npt.NDArray[np.int64]:
    """Return the Gauss-Krüger zone of plane coordinates, which is the prefix of the easting; 0 if there is no valid one.

    A full Chinese easting begins with the number of its zone: 13 to 23 are zones of six degrees, 25 to 45 zones of three degrees. The
    rest, which includes a false easting of 500 km, lies between 100 and 900 km. Northings in China lie between 400 and 6,000 km.

    Parameters
    ----------
    easting, northing : metres, of the same shape.

    Returns
    -------
    int64, of the same shape.
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
    """Convert Gauss-Krüger plane coordinates on CGCS2000 to CGCS2000 longitudes and latitudes in degrees; NaN for zone 0.

    Parameters
    ----------
    easting : metres, with the zone as prefix.
    northing : metres.
    zone : as `gauss_kruger_zone` returns it.
    """
    from pyproj import Transformer  # imported here, since only tables with plane coordinates need it

    lon, lat = np.full(easting.shape, np.nan), np.full(easting.shape, np.nan)
    for number in np.unique(zone[zone > 0]):
        mask = zone == number
        meridian = 6 * number - 3 if number < 24 else 3 * number
        plane = f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0={number}500000 +y_0=0 +ellps=GRS80 +units=m"
        transformer = Transformer.from_crs(plane, "+proj=longlat +ellps=GRS80", always_xy=True)
        lon[mask], lat[mask] = transformer.transform(easting[mask], northing[mask])
    return lon, lat


def _gcj02(lon: Floats, lat: Floats) -> Pair:
    """Convert WGS 84 positions (degrees) to GCJ-02; positions where GCJ-02 has no offset (`has_gcj02_offset`) are returned unchanged."""
    x, y = _gcj02_everywhere(lon, lat)
    mask = has_gcj02_offset(lon, lat)
    return np.where(mask, x, lon), np.where(mask, y, lat)


def _gcj02_everywhere(lon: Floats, lat: Floats) -> Pair:
    """Apply the formula of GCJ-02 to all WGS 84 positions (degrees), also to those without an offset (`has_gcj02_offset`)."""
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
    """Convert GCJ-02 positions (degrees) to BD-09; positions where GCJ-02 has no offset (`has_gcj02_offset`) are returned unchanged."""
    x, y = _bd09_everywhere(lon, lat)
    mask = has_gcj02_offset(lon, lat)
    return np.where(mask, x, lon), np.where(mask, y, lat)


def _bd09_everywhere(lon: Floats, lat: Floats) -> Pair:
    """Apply the formula of BD-09 to all GCJ-02 positions (degrees), also to those without an offset (`has_gcj02_offset`)."""
    length = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_FREQUENCY)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_FREQUENCY)
    return length * np.cos(angle) + _BD_SHIFT_LON, length * np.sin(angle) + _BD_SHIFT_LAT


def _invert(
    forward: Callable[[Floats, Floats], Pair],
    applies: Callable[[Floats, Floats], npt.NDArray[np.bool_]],
    lon: Floats,
    lat: Floats,
) -> Pair:
    """Return the positions that `forward` maps to (lon, lat), by fixed-point iteration.

    If `applies` is false for a position found, there is no offset, and (lon, lat) itself is returned for it.

    Parameters
    ----------
    forward : conversion of positions, applied everywhere.
    applies : function that returns a mask of the positions at which the conversion applies.
    lon, lat : degrees.
    """
    x, y = lon, lat
    with np.errstate(all="ignore"):  # far outside of China an offset may overflow; such positions are restored below
        for _ in range(_MAX_ITERATIONS):
            mapped_x, mapped_y = forward(x, y)
            error_x, error_y = mapped_x - lon, mapped_y - lat
            x, y = x - error_x, y - error_y
            inside = applies(x, y)
            # The step above has divided the error by a hundred, so that an error of 50 tolerances before it is small enough.
            error = np.maximum(np.abs(error_x), np.abs(error_y))[inside]
            if not error.size or error.max() < 50.0 * _TOLERANCE:
                break
    return np.where(inside, x, lon), np.where(inside, y, lat)


def _by_chunk(convert: Callable[[Floats, Floats], Pair], lon: Floats, lat: Floats) -> Pair:
    """Convert positions with the function `convert`, in chunks of `_CHUNK`; the result has the shape of the input."""
    if lon.size <= _CHUNK:
        return convert(lon, lat)
    x, y = np.empty_like(lon), np.empty_like(lat)
    flat_lon, flat_lat, flat_x, flat_y = lon.ravel(), lat.ravel(), x.reshape(-1), y.reshape(-1)
    for start in range(0, lon.size, _CHUNK):
        chunk = slice(start, start + _CHUNK)
        flat_x[chunk], flat_y[chunk] = convert(flat_lon[chunk], flat_lat[chunk])
    return x, y


def _checked(datum: str) -> str:
    """Return a known datum; raise ValueError for another text."""
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
