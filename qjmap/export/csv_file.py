"""Write CSV files for Excel: UTF-8 with BOM, positions in WGS 84 degrees, formulas neutralised."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from qjmap.export.column_names import names_in_format
from qjmap.export.feature_columns import DECIMALS
from qjmap.tables.columns import ops as cols
from qjmap.tables.readers.delimited import neutralised

_BATCH = 65_536
"""Rows that are converted at once."""


def write_csv(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """Write one layer to a CSV file: ``lon`` and ``lat`` of points, ``wkt`` of other geometries."""
    for frame in layers.values():
        shapes = frame.geometry.to_numpy()
        points = bool((shapely.is_missing(shapes) | (shapely.get_type_id(shapes) == 0)).all())
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(csv_header([str(name) for name in frame if name != "geometry"], points=points))
            for start in range(0, len(frame), _BATCH):
                writer.writerows(csv_rows(frame.iloc[start : start + _BATCH], points=points))


def csv_header(names: Sequence[str], *, points: bool) -> list[str]:
    """Return the header of a layer: its columns, formulas neutralised, then the columns of positions."""
    return [*map(neutralised, names_in_format(names, "csv").values()), *(("lon", "lat") if points else ("wkt",))]


def csv_rows(frame: gpd.GeoDataFrame, *, points: bool) -> Iterator[list[str]]:
    """Yield the rows of a flat frame as texts, formulas neutralised."""
    columns = [cols.to_objects(cols.column(frame, str(name))).tolist() for name in frame if name != "geometry"]
    for row in zip(*columns, *_position_columns(frame.geometry.to_numpy(), points), strict=True):
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
