"""One table, saved in every way that offices save tables."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Callable, Sequence

import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

Rows = Sequence[Sequence[str]]


def text_of(rows: Rows, delimiter: str = ",", end: str = "\r\n") -> str:
    """The rows as delimited text."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().replace("\r\n", end)


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def xlsx(rows: Rows) -> bytes:
    """As Excel saves it: numbers are numbers."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([cell if (value := _number(cell)) is None else value for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows: Rows) -> bytes:
    """As Excel 97 and WPS save it."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for number, row in enumerate(rows):
        for at, cell in enumerate(row):
            sheet.write(number, at, cell if (value := _number(cell)) is None else value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows: Rows) -> bytes:
    """As LibreOffice saves it."""
    book = OpenDocumentSpreadsheet()
    table = Table(name="Sheet1")
    book.spreadsheet.addElement(table)
    for row in rows:
        line = TableRow()
        table.addElement(line)
        for cell in row:
            value = _number(cell)
            made = TableCell(valuetype="string") if value is None else TableCell(valuetype="float", value=cell)
            made.addElement(P(text=cell))
            line.addElement(made)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def geojson(rows: Rows) -> bytes:
    """As another map program saves it: points, and the other columns as properties."""
    features = []
    for row in rows[1:]:
        properties = dict(zip(rows[0], row, strict=True))
        lon, lat = properties.pop("经度"), properties.pop("纬度")
        point = {"type": "Point", "coordinates": [float(lon), float(lat)]} if lon else None
        filled = {name: cell for name, cell in properties.items() if cell and name != "坐标系"}
        features.append({"type": "Feature", "geometry": point, "properties": filled})
    collection = {"type": "FeatureCollection", "features": features}
    try:
        return json.dumps(collection, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a character, which JSON can write as an escape
        return json.dumps(collection).encode()


def _as(encoding: str, mark: bytes = b"", delimiter: str = ",", end: str = "\r\n") -> Callable[[Rows], bytes]:
    return lambda rows: mark + text_of(rows, delimiter, end).encode(encoding)


WAYS: dict[str, tuple[str, Callable[[Rows], bytes]]] = {
    "utf-8": ("a.csv", _as("utf-8")),
    "utf-8 with its mark": ("a.csv", _as("utf-8", codecs.BOM_UTF8)),
    "gb18030": ("a.csv", _as("gb18030")),
    "big5": ("a.csv", _as("big5")),
    "utf-16 le with its mark": ("a.txt", _as("utf-16-le", codecs.BOM_UTF16_LE, "\t")),
    "utf-16 be with its mark": ("a.txt", _as("utf-16-be", codecs.BOM_UTF16_BE, "\t")),
    "utf-16 le": ("a.csv", _as("utf-16-le")),
    "utf-16 be": ("a.csv", _as("utf-16-be")),
    "semicolons, LF": ("a.csv", _as("utf-8", end="\n", delimiter=";")),
    "tabs, CR": ("a.tsv", _as("gb18030", end="\r", delimiter="\t")),
    "full-width commas": ("a.csv", _as("gb18030", delimiter="，")),
    "bars": ("a.txt", _as("utf-8", delimiter="|")),
    "xlsx": ("a.xlsx", xlsx),
    "xls": ("a.xls", xls),
    "ods": ("a.ods", ods),
    "geojson": ("a.geojson", geojson),
}
"""Way -> the file's name and how it is made."""
