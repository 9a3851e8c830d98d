"""Geometries as GeoJSON texts (RFC 7946): cut at the antimeridian, right-handed, at most 6 decimals."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import shapely

from qjmap.export.feature_columns import DECIMALS
from qjmap.geodesy import cut_at_antimeridian


def geometry_texts(shapes: Any) -> list[str]:
    """Return the GeoJSON text of each shapely geometry (EPSG:4326), ``null`` for None."""
    cut = np.array([cut_at_antimeridian(shape) for shape in shapes], dtype=object)
    rounded = shapely.transform(cut, lambda points: np.round(points, DECIMALS) + 0.0)
    rounded = shapely.remove_repeated_points(shapely.orient_polygons(rounded))
    return [_shorten_numbers(text) if text is not None else "null" for text in shapely.to_geojson(rounded)]


_LONG_NUMBER = re.compile(r"-?\d+\.\d{7,}")


def _shorten_numbers(text: str) -> str:
    """Return a GeoJSON text with those numbers rounded that GEOS does not write in their shortest form: 29.905639999999998 to 29.90564."""
    return _LONG_NUMBER.sub(lambda number: repr(round(float(number[0]), DECIMALS)), text)
