"""Overview of a large table of points: a sample of its rows that the page paints before it unpacks the table."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import numpy.typing as npt

from qjmap.payload import morton_order
from qjmap.payload.codecs import Ints

MOST_POINTS = 8000
"""Maximum number of points of an overview: about as many as a screen can separate, and few enough to paint in one frame."""


def overview_text(values: list[Any], codes: npt.ArrayLike, keys: npt.NDArray[np.uint64], lon: Ints, lat: Ints) -> str:
    """Return an overview as JSON: ``count`` (number of points), ``values`` (see below) and ``bytes`` (base64).

    The bytes are the longitudes of all points (int32, micro-degrees), their latitudes (int32) and their codes (uint16).

    Parameters
    ----------
    values : distinct values of the column by which the points are coloured
    codes : for each row the index of its value
    keys : Morton keys of the rows with a position, ascending; shape (n,)
    lon, lat : positions in micro-degrees; the first n belong to `keys`
    """
    rows = morton_order.sample_rows(keys, MOST_POINTS)
    data = b"".join(
        [
            lon[rows].astype("<i4").tobytes(),
            lat[rows].astype("<i4").tobytes(),
            np.asarray(codes)[rows].astype("<u2").tobytes(),
        ]
    )
    overview = {"count": len(rows), "values": values, "bytes": base64.b64encode(data).decode("ascii")}
    return json.dumps(overview, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
