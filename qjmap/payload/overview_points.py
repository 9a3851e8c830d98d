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
"""Points of an overview: about as many as a screen can separate, and few enough to paint in one frame."""


def overview_text(values: list[Any], codes: npt.ArrayLike, keys: npt.NDArray[np.uint64], lon: Ints, lat: Ints) -> str:
    """Return JSON with the number of points, the values of their codes and, in base64, their lon, lat (int32) and codes (uint16).

    Parameters
    ----------
    values, codes : categorical column that colours the points, one code per row
    keys : Morton keys of the rows with a position, ascending; shape (n,)
    lon, lat : micro-degrees of the rows; at least n
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
