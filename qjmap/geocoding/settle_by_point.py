"""Decide ambiguous texts by the coordinates of their rows: of several places of one name, the one near the row's point is meant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from qjmap.datum import to_wgs84
from qjmap.geocoding.locate_many import locate_many
from qjmap.geocoding.offline_locator import OfflineLocator
from qjmap.tables import TableFrame
from qjmap.tables.angles import read_angle
from qjmap.tables.cell_values import CellError, read_vocab
from qjmap.tables.columns import operations as cols


def settle_by_point(
    locator: OfflineLocator, table: TableFrame, start: int, texts: Sequence[str], within: Sequence[tuple[str, ...]],
    answers: dict[str, list[Any]],
) -> None:  # fmt: skip
    """Locate the ambiguous texts of a table again inside the areas around the points of their rows; write the answers into the columns.

    The county of China that contains the point decides, then its prefecture, its province, and China; a text that names no single place
    in any of them stays ambiguous.

    Parameters
    ----------
    start : index in the table of the row of the first text.
    texts, within : text and areas of each row, as for `locate_many`.
    answers : the columns that `locate_many` returned for them; changed in place.
    """
    if not {"lon", "lat"} <= set(table.typed):
        return
    rows = [at for at, reason in enumerate(answers["reason"]) if reason == "ambiguous"]
    if not rows:
        return
    from qjmap.geocoding.county_polygons import adcodes_of_points  # loads shapely, which few files need

    points = np.array([_point(table, start + at) for at in rows], dtype=float).reshape(-1, 2)
    for at, adcode in zip(rows, adcodes_of_points(points[:, 0], points[:, 1]), strict=True):
        for area in (adcode, *reversed(locator.ancestors(adcode))) if adcode else ():
            inside = locate_many(locator, [texts[at]], [(*within[at], area)])
            if inside["lon"][0] is not None:
                for name, (value,) in inside.items():
                    answers[name][at] = value
                break


def _point(table: TableFrame, row: int) -> tuple[float, float]:
    """Return longitude and latitude of a row in WGS 84 degrees; NaN for both if a cell of them or of the datum cannot be read."""
    frame = table.frame
    lon, lat, datum = (str(cols.column(frame, name)[row]) for name in ("lon", "lat", "datum"))
    x, y = read_angle(lon), read_angle(lat)
    try:
        known = read_vocab(datum or table.datum or "wgs84", "datum")
    except CellError:
        known = ""
    if x is None or y is None or not known:
        return math.nan, math.nan
    lons, lats = to_wgs84([x.degrees], [y.degrees], known)
    return float(lons[0]), float(lats[0])
