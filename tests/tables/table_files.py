"""Write a table in every file format that office programs save."""

from __future__ import annotations

import codecs
import csv
import io
import json
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from xml.sax.saxutils import escape

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
    """An .xlsx file as Excel saves it: numbers are numbers."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([cell if (value := _number(cell)) is None else value for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows: Rows) -> bytes:
    """An .xls file as Excel 97 and WPS save it."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell if (value := _number(cell)) is None else value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows: Rows) -> bytes:
    """An .ods file as LibreOffice saves it."""
    book = OpenDocumentSpreadsheet()
    table = Table(name="Sheet1")
    book.spreadsheet.addElement(table)
    for row in rows:
        line = TableRow()
        table.addElement(line)
        for cell in row:
            value = _number(cell)
            element = TableCell(valuetype="string") if value is None else TableCell(valuetype="float", value=cell)
            element.addElement(P(text=cell))
            line.addElement(element)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A zip package of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in members.items():
            package.writestr(name, text)
    return out.getvalue()


def record(kind: int, body: bytes) -> bytes:
    """A record of a binary workbook (.xlsb)."""
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, left = b"", len(body)
    while left > 0x7F:
        size, left = size + bytes([left & 0x7F | 0x80]), left >> 7
    return number + size + bytes([left]) + body


def wide(text: str) -> bytes:
    """A text in a binary workbook: its length and UTF-16."""
    encoded = text.encode("utf-16-le", "replace")
    return struct.pack("<I", len(encoded) // 2) + encoded


def binary_workbook(records: bytes) -> bytes:
    """An .xlsb file of one worksheet with these records of cells."""
    link = f'<Relationship Id="r1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.bin"/>'
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "xl/workbook.bin": record(0x9C, struct.pack("<II", 0, 1) + wide("r1") + wide("a"))
            + record(0x90, b"")
            + record(0x9D, b""),
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{PACKAGE}">{link}</Relationships>',
            "xl/worksheets/sheet1.bin": record(0x81, b"")
            + record(0x94, bytes(16))
            + record(0x91, b"")
            + records
            + record(0x92, b""),
        }
    )


def xlsb(rows: Rows) -> bytes:
    """An .xlsb file as Excel saves it."""
    records = b""
    for number, row in enumerate(rows):
        records += record(0x00, struct.pack("<I", number))
        for column, cell in enumerate(row):
            value = _number(cell)
            body = wide(cell) if value is None else struct.pack("<d", value)
            records += record(0x06 if value is None else 0x05, struct.pack("<II", column, 0) + body)
    return binary_workbook(records)


def page(rows: Rows) -> bytes:
    """HTML named .xls, as web systems export it."""
    lines = "".join(f"<tr>{''.join(f'<td>{_marked(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<html><head><meta charset='gbk'></head><body><table>{lines}</table></body></html>".encode(
        "gb18030", "replace"
    )


def _marked(cell: str) -> str:
    return escape(cell).replace("\n", "<br>")


def spreadsheet_xml(rows: Rows) -> bytes:
    """An XML Spreadsheet 2003 as Excel saves it."""
    lines = ""
    for row in rows:
        cells = (
            f'<Cell><Data ss:Type="{"String" if _number(cell) is None else "Number"}">{escape(cell)}</Data></Cell>'
            for cell in row
        )
        lines += f"<Row>{''.join(cells)}</Row>"
    office = "urn:schemas-microsoft-com:office:spreadsheet"
    text = f'<Workbook xmlns="{office}" xmlns:ss="{office}"><Worksheet ss:Name="a"><Table>{lines}</Table></Worksheet></Workbook>'
    return f'<?xml version="1.0"?>{text}'.encode("utf-8", "replace")


def geojson(rows: Rows) -> bytes:
    """GeoJSON as other map programs save it: points, and the other columns as properties."""
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
"""Name of a way to save a table -> name of the file, and the function that makes its bytes."""

MORE_WAYS: dict[str, tuple[str, Callable[[Rows], bytes]]] = {
    "xlsb": ("a.xlsb", xlsb),
    "a page": ("a.xls", page),
    "xml spreadsheet": ("a.xml", spreadsheet_xml),
}
"""Rarer ways to save a table, in the same form."""
