"""The overview of a large table of points: real rows that show where all of them lie, readable without unpacking."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import numpy.typing as npt

from qjmap.payload import morton
from qjmap.payload.codecs import Ints

MOST = 8000
"""Points of an overview: as many as a screen shows apart, and few enough to be painted in a frame."""


def overview_text(values: list[Any], codes: npt.ArrayLike, keys: npt.NDArray[np.uint64], lon: Ints, lat: Ints) -> str:
    """JSON with the number of points, the values of their codes and, in base64, their lon, lat (int32) and codes (uint16).

    Parameters
    ----------
    values, codes : the column that colours the points, one code a row
    keys : Morton keys of the located rows, ascending; shape (n,)
    lon, lat : micro-degrees of the rows; at least n
    """
    rows = morton.picked(keys, MOST)
    data = b"".join(
        [
            lon[rows].astype("<i4").tobytes(),
            lat[rows].astype("<i4").tobytes(),
            np.asarray(codes)[rows].astype("<u2").tobytes(),
        ]
    )
    whole = {"count": len(rows), "values": values, "bytes": base64.b64encode(data).decode("ascii")}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
