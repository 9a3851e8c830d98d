"""Any file -> a checked frame and a list of faults.

The modules in the order in which a file passes through them:

    readers      the one door: which kind of file it is (kinds), whether it may be read (opening, limits)
    encodings    bytes -> text
    delimited    text -> grid; workbooks (packages, and what stands behind their cells: xlsx, xlsb, xls, ods, number_formats, hints),
                 web_pages and spreadsheet_xml, which are named .xls, and features (GeoJSON, shapefile, KML, GeoPackage)
                 and parquet -> grid
    scanning     a large delimited text over Arrow, begun before it is asked for; stores, where its texts stand; large, its grid
    forms        what a column may be: strings, text over Arrow, codes; columns, what is asked of any; twins, what stands twice
    grids        rows of texts, the header's place among them
    headers      what a header as typed means
    frames       the grid under the canonical columns of its table
    cells        one cell -> its value; angles for degrees, minutes, seconds
    positions    longitude, latitude and datum of a row, read together
    slugs        ids for rows that have none
    parsing      all of this, from path to `Parsed`
    parts        a table that is a folder of files, or a file that is read stretch by stretch

Everything heavy is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qjmap.tables.frames import ROW, Parsed, TableFrame, Texts, empty_table, frame_of, order_of_fault, with_columns
    from qjmap.tables.grids import letter_of
    from qjmap.tables.parsing import ids, naming, parse, read_table

__all__ = [
    "ROW",
    "Parsed",
    "TableFrame",
    "Texts",
    "empty_table",
    "frame_of",
    "ids",
    "letter_of",
    "naming",
    "order_of_fault",
    "parse",
    "read_table",
    "with_columns",
]

_PARSING = ("ids", "naming", "parse", "read_table")


def __getattr__(name: str) -> Any:
    if name in __all__:
        place = "parsing" if name in _PARSING else "grids" if name == "letter_of" else "frames"
        return getattr(import_module(f"qjmap.tables.{place}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
