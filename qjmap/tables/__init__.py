"""Any file -> a table of typed values, and the list of its faults.

The modules in the order in which a file passes through them:

    readers/       one module per kind of file; `choose_reader` detects the kind (`detect_kind`) and calls its reader, which returns a
                   `Grid`: a header and rows, or columns, of texts
    headers        header as typed -> canonical column, unit, datum
    arrange_columns  the columns of a grid under the canonical columns of its table
    frame          the cells of a table as typed, and their values
    cells          one cell -> its value; `dates`, `numbers`, `angles` and `digits` for the rest
    coordinates    longitude, latitude and datum of a row, read together
    row_ids        ids for rows that have none
    parsing        all of this, from path to `Parsed`
    isolate_rows   a row that makes the parser fail is that row's fault
    partitions     a table that is a folder of files, or a file that is read in blocks
    columns/       operations on the columns of a frame, whatever their type: objects, Arrow, codes

Heavy modules are imported when they are first used: the public names below are loaded on access.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qjmap.tables.arrange_columns import empty_table
    from qjmap.tables.frame import (
        ROW,
        Parsed,
        TableFrame,
        Texts,
        frame_of,
        order_of_fault,
        public_frame,
        with_columns,
    )
    from qjmap.tables.parsing import ids, naming, parse, read_table
    from qjmap.tables.readers.grid import column_letter

__all__ = [
    "ROW",
    "Parsed",
    "TableFrame",
    "Texts",
    "column_letter",
    "empty_table",
    "frame_of",
    "ids",
    "naming",
    "order_of_fault",
    "parse",
    "public_frame",
    "read_table",
    "with_columns",
]

_MODULES = {
    "column_letter": "readers.grid",
    "empty_table": "arrange_columns",
    **dict.fromkeys(("ids", "naming", "parse", "read_table"), "parsing"),
}
"""Public name -> the module that defines it, where that is not `frame`."""


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module(f"qjmap.tables.{_MODULES.get(name, 'frame')}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
