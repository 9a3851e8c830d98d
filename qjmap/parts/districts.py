"""How many sites lie in which district: by the outline that holds the point, or by the place that is all that is known.

A site that is known no nearer than its city or province is counted under that, not under the county that happens to hold
the city's point. Every site is counted once, so the counts add up to the rows of the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from qjmap.locators.everywhere import everyone
from qjmap.locators.outlines import numbers_holding, polygon
from qjmap.locators.reverse import shapes
from qjmap.points import axes, located

NOWHERE, ELSEWHERE = "", "-"
"""Sites without a position; sites that no outline holds: abroad, or at sea."""

_NAMES = {
    NOWHERE: ("未定位", "Not located"),
    ELSEWHERE: ("境外、海上或省级以上", "Abroad, at sea, or known no nearer than the country"),
}

_COARSE = {"city": 4, "province": 2, "country": 0}
"""Levels that say no county, and how many digits of its code still hold."""


def county_adcodes(sites: pd.DataFrame) -> npt.NDArray[np.object_]:
    """The adcode of the county, or of the city or province where no more is known, in which each site lies.

    Parameters
    ----------
    sites : as the atlas keeps them: points (see `points`), and `level`.
    """
    known = located(sites)
    lon, lat = axes(sites)
    numbers = numbers_holding(lon[known], lat[known])
    codes = np.array([*shapes()[0], ELSEWHERE], dtype=object)[numbers]
    levels = sites["level"].to_numpy(dtype=object)[known]
    for level, digits in _COARSE.items():
        for at in np.flatnonzero((levels == level) & (codes != ELSEWHERE)):
            codes[at] = codes[at][:digits].ljust(6, "0") if digits else ELSEWHERE
    found = np.full(len(sites), NOWHERE, dtype=object)
    found[known] = codes
    return found


def counted(codes: npt.NDArray[np.object_]) -> Counter[str]:
    """How many rows have each code."""
    return Counter(codes.tolist())


def totals(counties: Mapping[str, int]) -> gpd.GeoDataFrame:
    """The counts as a table of districts: ``id``, ``name``, ``name_en``, ``rows`` and a point (EPSG:4326), the greatest first."""
    national = everyone()
    rows, points = [], []
    for code, count in sorted(counties.items(), key=lambda one: (-one[1], one[0])):
        chain: list[str] = []
        row = national.number.get(code, -1)
        while row >= 0 and national.kind(row) != "country":
            chain.insert(0, national.name(row))
            row = national.parent(row)
        zh, en = _NAMES.get(code, (" ".join(dict.fromkeys(chain)) or code, ""))
        at = centre(code)
        rows.append((f"district-{code or 'none'}" if code != ELSEWHERE else "district-elsewhere", zh, en, count))
        points.append(None if at is None else shapely.Point(at))
    frame = pd.DataFrame(rows, columns=["id", "name", "name_en", "rows"])
    return gpd.GeoDataFrame(frame, geometry=np.array([*points, None], dtype=object)[:-1], crs="EPSG:4326")


def centre(code: str) -> tuple[float, float] | None:
    """A point (WGS 84 degrees) inside the county of a code, or inside the middle one of a city's or province's counties."""
    codes = shapes()[0]
    held = code.rstrip("0") if code not in codes else code
    numbers: list[Any] = [number for number, one in enumerate(codes) if held and one.startswith(held)]
    if not numbers:
        return None
    whole = shapely.union_all([polygon(number) for number in numbers])
    point = shapely.point_on_surface(whole)
    return round(float(point.x), 5), round(float(point.y), 5)
