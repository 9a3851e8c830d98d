"""Count sites by county: the one whose polygon contains the site's point.

A site whose position is only that of a city or province is counted for that city or province, not for the county in which the
city's point happens to lie. Every site is counted once, so the counts add up to the rows of the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.geocoding.county_polygons import county_indices
from qjmap.geocoding.county_rings import load_county_rings
from qjmap.ground.boundaries import load_boundaries
from qjmap.ground.polygons import inner_points
from qjmap.model.point_layers import axes, located

COUNTY = "county_adcode"
"""Name of the column of adcodes that `qjmap export --districts` adds."""
NOWHERE, ELSEWHERE = "", "-"
"""Codes of sites without a position, and of sites in no polygon (abroad or at sea) or whose position is only that of a country."""

_NAMES = {
    NOWHERE: ("未定位", "Not located"),
    ELSEWHERE: ("境外、海上或省级以上", "Abroad, at sea, or known no nearer than the country"),
}
"""Chinese and English name of each code that is not an adcode."""

_COARSE = {"city": 4, "province": 2, "country": 0}
"""Precisions coarser than a county -> number of leading digits of the adcode that they determine."""


def county_adcodes(sites: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return the adcode of the county in which each site lies, or of its city or province if its position is no more precise.

    Parameters
    ----------
    sites : n sites of an atlas, with positions (see `point_layers`) and ``level``.

    Returns
    -------
    Texts, shape (n,): adcodes of six digits, `NOWHERE` or `ELSEWHERE`.
    """
    known = located(sites)
    lon, lat = axes(sites)
    numbers = county_indices(lon[known], lat[known])
    codes = np.array([*load_county_rings().adcodes, ELSEWHERE], dtype=object)[numbers]
    levels = sites["level"].to_numpy(dtype=object)[known]
    for level, digits in _COARSE.items():
        for index in np.flatnonzero((levels == level) & (codes != ELSEWHERE)):
            codes[index] = codes[index][:digits].ljust(6, "0") if digits else ELSEWHERE
    adcodes = np.full(len(sites), NOWHERE, dtype=object)
    adcodes[known] = codes
    return adcodes


def counted(codes: npt.NDArray[np.object_]) -> Counter[str]:
    """Return code -> number of rows that have it."""
    return Counter(codes.tolist())


def totals(counties: Mapping[str, int]) -> gpd.GeoDataFrame:
    """Return a table of districts with ``id``, ``name``, ``name_en``, ``rows`` (the count) and a point (EPSG:4326; None if no boundary is
    known), the largest count first.

    Parameters
    ----------
    counties : number of rows by the codes of `county_adcodes`.
    """
    china = load_china_gazetteer()
    rows, points = [], []
    for code, count in sorted(counties.items(), key=lambda item: (-item[1], item[0])):
        chain: list[str] = []
        row = china.row_by_id.get(code, -1)
        while row >= 0 and china.kind(row) != "country":
            chain.insert(0, china.name(row))
            row = china.parent(row)
        zh, en = _NAMES.get(code, (" ".join(dict.fromkeys(chain)) or code, ""))
        point = centre(code)
        rows.append((f"district-{code or 'none'}" if code != ELSEWHERE else "district-elsewhere", zh, en, count))
        points.append(None if point is None else shapely.Point(point))
    frame = pd.DataFrame(rows, columns=["id", "name", "name_en", "rows"])
    return gpd.GeoDataFrame(frame, geometry=np.array([*points, None], dtype=object)[:-1], crs="EPSG:4326")


def centre(code: str) -> tuple[float, float] | None:
    """Return longitude and latitude (WGS 84 degrees) of a point inside a county, city or province, given its adcode.

    None if its boundary is not known.
    """
    members = load_boundaries().members(code)
    return inner_points([members])[0] if members else None
