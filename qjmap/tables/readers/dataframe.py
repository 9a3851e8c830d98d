"""A DataFrame in memory -> a grid, as if it were read from a file: values as people type them, points of a GeoDataFrame as positions."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from qjmap.schema import LIST_SEPARATOR
from qjmap.tables.numbers import plain_number
from qjmap.tables.readers.crs import Reference, parse_reference
from qjmap.tables.readers.features_to_grid import Features, Point, point_text
from qjmap.tables.readers.grid import Grid

_COMPUTED = "_"
"""First character of the names of columns that are for drawing only."""


def read_dataframe(frame: pd.DataFrame, *, shown: str) -> Grid:
    """Return the rows of a frame, numbered from 1, with every value as text (`cell_text`).

    Columns whose name begins with an underscore are left out. Points of the active geometry of a GeoDataFrame become columns of
    longitude and latitude in degrees; a warning lists its rows with other geometries.

    Parameters
    ----------
    shown : name of the frame in messages.

    Raises
    ------
    UsageError : `parse_reference` refuses the coordinate reference system, or a limit is exceeded.
    """
    active = getattr(frame, "_geometry_column_name", None)
    names = [str(name) for name in frame.columns]
    kept = [at for at, name in enumerate(names) if name != active and not name.startswith(_COMPUTED)]
    columns = [[cell_text(value) for value in frame.iloc[:, at].astype(object)] for at in kept]
    if active not in names:
        rows = [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _ in range(len(frame))]
        return Grid([names[at] for at in kept], rows, range(1, len(frame) + 1), letters=False)
    features = Features(shown, keeps=False)
    shapes = pd.DataFrame(frame)[active].tolist()
    for shape, row in zip(shapes, zip(*columns, strict=True) if columns else [()] * len(frame), strict=True):
        point, kind = _point(shape)
        features.add(dict(zip((names[at] for at in kept), row, strict=True)), point, kind)
    return features.to_grid(_reference(frame, shown)) if len(frame) else Grid([names[at] for at in kept], [], [])


def cell_text(value: Any) -> str:
    """Return a value as a person would type it: lists joined with ``|``, whole numbers without a point, dates in ISO 8601; "" for none."""
    if isinstance(value, str):
        return value
    if isinstance(value, (tuple, list, set, frozenset, np.ndarray)):
        items: Iterable[Any] = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        return LIST_SEPARATOR.join(
            ":".join(map(str, one)) if isinstance(one, (tuple, list)) else cell_text(one) for one in items
        )
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)):
        return plain_number(float(value)) if math.isfinite(value) else str(value)
    if isinstance(value, (dt.datetime, dt.date, np.datetime64)):
        text = pd.Timestamp(value).isoformat(sep=" ")
        return text.removesuffix(" 00:00:00")
    return str(value)


def _point(shape: Any) -> tuple[Point | None, str]:
    """Return the coordinates of a point as texts, and ""; for other shapes None and the kind of shape, "" for a missing or empty one."""
    if shape is None or shape is pd.NA or shape != shape or shape.is_empty:
        return None, ""
    if shape.geom_type == "Point":
        return point_text(shape.x, shape.y), ""
    return None, str(shape.geom_type)


def _reference(frame: Any, shown: str) -> Reference | None:
    """Return the reference system of a GeoDataFrame; None if it has none."""
    return None if frame.crs is None else parse_reference(frame.crs.to_json_dict(), shown=shown)
