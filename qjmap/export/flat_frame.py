"""Convert layers to frames of texts and numbers, from which GeoPackage, FlatGeobuf, KML, GeoParquet and CSV are written.

Columns and values are those of the GeoJSON export.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from qjmap.export.feature_columns import cell_value, converter, property_names, typed_number
from qjmap.model.points import CRS, with_geometry
from qjmap.tables import frame_of
from qjmap.tables.columns import ops as cols


def flat_frame(layer: str, frame: pd.DataFrame, numeric: Mapping[str, bool] = MappingProxyType({})) -> gpd.GeoDataFrame:
    """Return a layer with columns of texts or float64, None for empty cells, and a geometry in EPSG:4326.

    Parameters
    ----------
    numeric : column -> whether it is numeric, for a frame with only some rows of a layer; by default derived from its cells.
    """
    frame = with_geometry(frame)
    columns = frame_of(
        {
            name: _flat_column(cols.column(frame, name), converter(name), numeric.get(name))
            for name in property_names(layer, frame)
        }
    )
    return gpd.GeoDataFrame(columns, geometry=frame.geometry.to_numpy(), crs=CRS, copy=False)


def typed_number_kinds(values: Any) -> tuple[bool, bool]:
    """Return whether `typed_number` converts any cell of a column to a number, and whether it leaves any as text."""
    array = cols.arrow_or_none(values)
    if array is not None and (degrees := cols.parse_floats(values)) is not None:
        is_number = pc.equal(pc.cast(pa.array(degrees), array.type), array).to_numpy(zero_copy_only=False)
        others = {typed_number(text) for text in cols.to_objects(values[np.flatnonzero(~is_number)])} - {None}
        has_numbers = bool(is_number.any())
    else:
        others = {typed_number(text) for text in cols.unique(values)} - {None}
        has_numbers = False
    is_text = [isinstance(value, str) for value in others]
    return has_numbers or not all(is_text), any(is_text)


def _flat_column(values: Any, convert: Callable[[Any], Any], numeric: bool | None = None) -> Any:
    """Return a column as float64 if all filled cells are numbers, else as texts with numbers as typed."""
    if isinstance(values, np.ndarray) and values.dtype == np.float64:
        return np.where(np.isfinite(values), values, np.nan)
    if cols.arrow_or_none(values) is not None:
        if convert is typed_number and numeric is None:
            numeric = typed_number_kinds(values) == (True, False)
        if not numeric:
            return _none_for_empty(values)
        if (degrees := cols.parse_floats(values)) is not None:
            return degrees
        values = cols.to_objects(values)
    codes, distinct = cols.factorize_with_missing(values)
    cells = [convert(value) for value in distinct]
    numbers = sum(isinstance(cell, (int, float)) for cell in cells)
    if numeric is None:
        numeric = bool(numbers) and numbers == sum(cell is not None for cell in cells)
    if numeric:
        return np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)[codes]
    if numbers:
        cells = [None if cell is None else str(cell_value(value)) for cell, value in zip(cells, distinct, strict=True)]
    return cols.decode(cells, codes)


def _none_for_empty(values: Any) -> Any:
    array = cols.arrow_or_none(values)
    is_empty = cols.is_empty(values)
    if not is_empty.any():
        return values
    return cols.string_array(pc.if_else(pa.array(is_empty), pa.scalar(None, array.type), array))  # type: ignore[union-attr]
