"""Write CSV files for Excel: UTF-8 with BOM, positions in WGS 84 degrees, formulas neutralised."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from qjmap.export.column_names import names_in_format
from qjmap.export.feature_columns import DECIMALS
from qjmap.export.flat_frame import columns_of, plain_cells
from qjmap.export.legend import Legend
from qjmap.tables.readers.delimited import neutralised

_BATCH = 65_536
"""Number of rows that are converted at once."""


def write_csv(path: Path, layers: Mapping[str, pd.DataFrame], _: Legend) -> None:
    """Write the only table in ``layers`` to a CSV file, with ``lon`` and ``lat`` for points or ``wkt`` for other geometries."""
    for frame in layers.values():
        points = _are_points(frame)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(csv_header(columns_of(frame), points=points))
            for start in range(0, len(frame), _BATCH):
                writer.writerows(csv_rows(frame.iloc[start : start + _BATCH], points=points))


def _are_points(frame: pd.DataFrame) -> bool | None:
    """Return whether all geometries of a frame are points; None for a table without geometry."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return None
    shapes = frame.geometry.to_numpy()
    return bool((shapely.is_missing(shapes) | (shapely.get_type_id(shapes) == 0)).all())


def csv_header(names: Sequence[str], *, points: bool | None) -> list[str]:
    """Return the header of a layer: its columns, formulas neutralised, then the columns of positions; parameters as in `csv_rows`."""
    positions = () if points is None else ("lon", "lat") if points else ("wkt",)
    return [*map(neutralised, names_in_format(names, "csv").values()), *positions]


def csv_rows(frame: pd.DataFrame, *, points: bool | None) -> Iterator[list[str]]:
    """Yield the rows of a flat frame as texts, formulas neutralised.

    Parameters
    ----------
    frame : flat frame of a layer or table (see `flat_frame`).
    points : whether its geometries are points; None for a table without geometry.
    """
    columns = [plain_cells(frame[name]) for name in columns_of(frame)]
    positions = [] if points is None else _position_columns(frame.geometry.to_numpy(), points)
    for row in zip(*columns, *positions, strict=True):
        yield [_text(value) for value in row]


def _position_columns(shapes: Any, points: bool) -> list[list[Any]]:
    if points:
        return [axis(shapes).round(DECIMALS).tolist() for axis in (shapely.get_x, shapely.get_y)]
    rounded = shapely.set_precision(shapes, 10.0**-DECIMALS)
    return [[shape.wkt if shape is not None else None for shape in rounded]]


def _text(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return neutralised(value) if isinstance(value, str) else str(value)
