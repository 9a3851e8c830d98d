"""Any file -> a table of typed values, and the list of its faults.

The modules in the order in which a file passes through them:

    readers/         one module per kind of file; `choose_reader` detects the kind (`detect_kind`) and calls its reader, which
                     returns a `Grid`: a header and rows, or columns, of texts
    headers          header as typed -> canonical column, unit, datum
    choose_columns   which columns of the file are which columns of the table, by their headers and first cells
    arrange_columns  puts the columns of a grid under the canonical names of its table
    table_frame      data classes for the cells of a table as typed, and for their values
    cell_values      one cell -> its value; `dates`, `numbers` and `angles` parse values of these kinds, `digits` digits of any script
    coordinates      parses longitude, latitude and datum of each row together
    generate_ids     makes ids for rows that have none
    parse_table      runs all these steps, from path to `Parsed`
    isolate_rows     reports a row that makes the parser fail as that row's fault, and goes on with the others
    partitions       reads a table that is a folder of files, or a file in blocks
    columns/         operations on the columns of a frame, whatever their type: objects, Arrow, codes

Heavy modules are imported when they are first used: the public names below are loaded on access.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qjmap.tables.arrange_columns import empty_table
    from qjmap.tables.parse_table import ids, naming, parse, read_table
    from qjmap.tables.readers.grid import column_letter
    from qjmap.tables.table_frame import (
        ROW,
        Parsed,
        TableFrame,
        Texts,
        frame_of,
        order_of_fault,
        public_frame,
        with_columns,
    )

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
    **dict.fromkeys(("ids", "naming", "parse", "read_table"), "parse_table"),
}
"""Public name -> the module that defines it, where that is not `table_frame`."""


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module(f"qjmap.tables.{_MODULES.get(name, 'table_frame')}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
