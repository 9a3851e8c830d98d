"""Convert tables to frames of typed columns, from which every format but GeoJSON is written.

A column of numbers in the schema is float64 or Int64, whatever its cells; all others are texts, dates too (ISO 8601, which may be only a
year or a month). A column that the user added is float64 if it holds numbers, else text. Values are those of the GeoJSON export. The
columns of `companion_columns` are added: names and titles as texts, first days of dates as Arrow's date32.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from qjmap.export.companion_columns import Names, companion_columns
from qjmap.export.feature_columns import cell_value, property_names
from qjmap.model.point_layers import CRS, with_geometry
from qjmap.schema import DERIVED_TYPES, ORIGINAL, TABLES
from qjmap.tables import frame_of
from qjmap.tables.columns import operations as cols


def flat_frame(table: str, frame: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Return a table with columns of one type each; a GeoDataFrame in EPSG:4326 for a layer.

    Empty cells are None, in columns of numbers NaN or <NA>.

    Parameters
    ----------
    table : name of the table.
    frame : the table's frame in the atlas; a layer has a geometry or the columns ``lon`` and ``lat``.
    names : see `companion_columns.names_by_id`.
    """
    is_layer = "lon" in TABLES[table].names or "geometry" in frame
    if is_layer:
        frame = with_geometry(frame)
    listed = property_names(table, frame)
    columns = {name: _flat_column(cols.column(frame, name), _type_of(table, name)) for name in listed}
    flat: pd.DataFrame = frame_of({**columns, **companion_columns(table, frame, names, listed)})
    if is_layer:
        flat = gpd.GeoDataFrame(flat, geometry=frame.geometry.to_numpy(), crs=CRS, copy=False)
    return flat


def _type_of(table: str, name: str) -> str:
    """Return the type of a column of the schema or of `DERIVED`: number, integer or text; "" for a column that the user added."""
    if name in DERIVED_TYPES:
        return DERIVED_TYPES[name]
    if name in TABLES[table]:
        kind = TABLES[table].column(name).type
        return kind if kind in ("number", "integer") else "text"
    return "text" if name in ORIGINAL else ""


def _flat_column(values: Any, kind: str) -> Any:
    """Return values as a column of the type ``kind``; the type "" means float64 for a NumPy array of numbers, else text."""
    is_float = isinstance(values, np.ndarray) and values.dtype.kind in "fi"
    if kind in ("number", "integer"):
        numbers = values.astype(np.float64) if is_float else _numbers(values)
        return (
            pd.array(numbers, dtype="Int64") if kind == "integer" else np.where(np.isfinite(numbers), numbers, np.nan)
        )
    if not kind and is_float:
        return np.where(np.isfinite(values), values, np.nan)
    if cols.arrow_or_none(values) is not None:
        return _none_for_empty(values)
    codes, distinct = cols.factorize_with_missing(values)
    cells = [cell_value(value) for value in distinct]
    return cols.decode([None if cell is None else str(cell) for cell in cells], codes)


def _numbers(values: Any) -> Any:
    return np.array([np.nan if cell_value(value) is None else float(value) for value in cols.to_objects(values)], float)


def _none_for_empty(values: Any) -> Any:
    array = cols.arrow_or_none(values)
    is_empty = cols.is_empty(values)
    if not is_empty.any():
        return values
    return cols.string_array(pc.if_else(pa.array(is_empty), pa.scalar(None, array.type), array))  # type: ignore[union-attr]


def columns_of(frame: pd.DataFrame) -> list[str]:
    """Return the names of the columns of a flat frame, without its geometry."""
    shape = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    return [str(name) for name in frame if name != shape]


def plain_cells(values: pd.Series[Any]) -> list[Any]:
    """Return the cells of a column of a flat frame as texts, numbers and dates, None for empty ones; whole numbers as int."""
    cells = cols.to_objects(values.array).tolist()
    return [_plain_cell(cell) for cell in cells]


def _plain_cell(cell: Any) -> Any:
    if cell is None or cell is pd.NA or cell != cell:
        return None
    return int(cell) if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53 else cell
