"""The payload of a layer: its table, its shapes and the codes of its colours, as the page reads them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from qjmap.frames.convert_columns import Cells
from qjmap.frames.geometry_arrays import Shapes, add_shapes
from qjmap.frames.table_view import CLASS, ColumnView, TableView
from qjmap.payload import ChunkedTable, make_chunked_table

COLOUR = "colour"
"""Name of the column with the code of each row's style."""


def layer_payload(view: TableView, colours: np.ndarray[Any, Any], styles: int, precision: float | None) -> ChunkedTable:
    """Return the payload of a layer: cells, codes of facets and styles, and shapes; rows are in the order of the frame.

    Parameters
    ----------
    colours : index of each row's style; shape (n,).
    styles : number of styles.
    precision : precision of coordinates, in metres on the equator; if None, chosen by the size of the shapes.
    """
    shapes: Shapes = view.layer.shapes
    columns: dict[str, Any] = {"id": row_ids(view), "name": pd.Series(view.names, dtype="str")}
    for column in view.columns:
        if column.coded is None or column.filter() not in ("", column.key):
            columns[column.key] = _cells(column.cells)
    table = make_chunked_table(columns)
    block = table.data
    for column in view.columns:
        if column.coded is not None:
            codes, values = column.coded
            if column.cells.kind != "list":
                block.codes(column.key, codes, values)
            elif column.is_facet:
                block.codes(column.filter(), codes, values)
        elif column.bins is not None and column.is_facet:
            block.codes(column.filter(), column.bins.codes, [*column.bins.names, ""])
    if view.classes is not None:
        block.codes(CLASS, view.classes[2], [*view.classes[1], ""])
    block.codes(COLOUR, colours, list(range(styles)))
    add_shapes(block, shapes, precision or shapes.precision())
    return table


def row_ids(view: TableView) -> pd.Series[Any]:
    """Return the id of each row: index of the table and of the row, such as "0-07"; padded with zeros, so that ids ascend as texts."""
    rows = view.layer.shapes.rows
    width = len(str(max(rows - 1, 0)))
    numbers = pd.Series(np.arange(rows)).astype("str").str.zfill(width)
    return (f"{view.name[1:]}-" + numbers).astype("str")


def _cells(cells: Cells) -> Any:
    if cells.kind == "number":
        return pd.Series(cells.values)
    return cells.values if cells.kind in ("list", "exact") else pd.Series(cells.values, dtype="str")


__all__ = ["COLOUR", "ColumnView", "layer_payload", "row_ids"]
