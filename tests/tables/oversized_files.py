"""Small files that expand to more than a machine's memory, made in code: each must be refused, or read, quickly and in little memory."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import xlwt

from tests.tables.table_files import LINKS, PACKAGE, TYPES, binary_workbook, record, zipped

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def workbook(
    cells: str, *, part: str = "worksheets/sheet1.xml", strings: str = "", head: str = "", root: str = "worksheet"
) -> bytes:
    """An .xlsx file of one worksheet with these rows."""
    return zipped(parts(f'<{root} xmlns="{MAIN}">{head}<sheetData>{cells}</sheetData></{root}>', part, strings))


def parts(sheet: str, part: str = "worksheets/sheet1.xml", strings: str = "") -> dict[str, str | bytes]:
    book = f'<Relationship Id="r0" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/>'
    links = f'<Relationship Id="r1" Type="{LINKS}/worksheet" Target="{part}"/>'
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{book}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
        f"xl/{part}": sheet,
    }
    return members | ({"xl/sharedStrings.xml": strings} if strings else {})


HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>名称</t></is></c></row>'


def document(rows: str) -> bytes:
    """An .ods file of one worksheet with these rows."""
    content = f"<office:document-content {OFFICE}><office:body><office:spreadsheet><table:table table:name='a'>{rows}</table:table>"
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
            "content.xml": content + "</office:spreadsheet></office:body></office:document-content>",
        }
    )


CELL = "<table:table-cell office:value-type='string'{}><text:p>名称</text:p></table:table-cell>"


def an_xlsb(row: int, column: int, *, stale: bool = False) -> bytes:
    """An .xlsb file with one cell; `stale` puts its position into the record before it, as a parser's buffer may keep it."""
    place = struct.pack("<II", column, 0) + struct.pack("<d", 1.0)
    cell = record(0x3F, place) + record(0x05, b"") if stale else record(0x05, place)
    return binary_workbook(record(0x00, struct.pack("<I", row)) + cell)


def zeros(name: str, inside: dict[str, str | bytes], *, before: bytes, megabytes: int, after: bytes = b"") -> bytes:
    """A package of which one member is many megabytes of blanks."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for other, text in inside.items():
            if other != name:
                package.writestr(other, text)
        with package.open(name, "w", force_zip64=True) as file:
            file.write(before)
            for _ in range(megabytes):
                file.write(b" " * 1_000_000)
            file.write(after)
    return out.getvalue()


def merged(count: int) -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "名称"
    book.active["Z90000"] = "x"
    out = io.BytesIO()
    book.save(out)
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(out.getvalue())) as package,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as again,
    ):
        for name in package.namelist():
            data = package.read(name)
            if name.endswith("sheet1.xml"):
                ranges = "".join('<mergeCell ref="A1:Z90000"/>' for _ in range(count))
                data = data.replace(
                    b"</sheetData>", f'</sheetData><mergeCells count="{count}">{ranges}</mergeCells>'.encode()
                )
            again.writestr(name, data)
    return made.getvalue()


def long_text_in_many_xls_cells() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for row in range(40_000):
        sheet.write(row, 0, "名" * 32_000)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def shared(count: int, length: int) -> bytes:
    strings = f'<sst xmlns="{MAIN}" count="1" uniqueCount="1"><si><t>{"x" * length}</t></si></sst>'
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, count + 1))
    return workbook(rows, strings=strings)


FOUR_BILLION = " table:number-columns-repeated='4000000000'"
FAR = '<c r="XFD1048576" t="n"><v>1</v></c>'

BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a far cell": ("a.xlsx", lambda: workbook(HEADER + f'<row r="1048576">{FAR}</row>')),
    "a far cell in single quotes": ("a.xlsx", lambda: workbook(HEADER + f"<row>{FAR}</row>".replace('"', "'"))),
    "a far cell with blanks": ("a.xlsx", lambda: workbook(HEADER + f"<row>{FAR}</row>".replace("r=", "\n r \t= "))),
    "a far cell in lower case": ("a.xlsx", lambda: workbook(HEADER + f"<row>{FAR}</row>".replace("XFD", "xfd"))),
    "a far cell elsewhere": ("a.xlsx", lambda: workbook(HEADER + f"<row>{FAR}</row>", part="other/x.bin")),
    "a far cell under a prefix": (
        "a.xlsx",
        lambda: workbook(
            HEADER + f'<y:row xmlns:y="{MAIN}">{FAR}</y:row>'.replace("<c", "<y:c").replace("</c", "</y:c")
        ),
    ),
    "a far cell that follows another": (
        "a.xlsx",
        lambda: workbook(HEADER + '<row r="1048576"><c r="XFC1"/><c><v>1</v></c></row>'),
    ),
    "a far cell after one that is near": (
        "a.xlsx",
        lambda: workbook('<row r="1048576"><c r="A1"><v>1</v></c><c><v>1</v></c><c r="XFD1"><v>1</v></c></row>'),
    ),
    "a row beyond all": ("a.xlsx", lambda: workbook(HEADER + '<row><c r="A4294967297"><v>1</v></c></row>')),
    "a column beyond all": ("a.xlsx", lambda: workbook(HEADER + '<row><c r="AAAAAAAA1"><v>1</v></c></row>')),
    "more shared texts announced than there are": (
        "a.xlsx",
        lambda: workbook(HEADER, strings=f'<sst xmlns="{MAIN}" uniqueCount="300000000"><si><t>x</t></si></sst>'),
    ),
    "one long text in many cells": ("a.xlsx", lambda: shared(50_000, 100_000)),
    "one long text in many cells of .xls": ("a.xls", long_text_in_many_xls_cells),
    "merged cells over each other": ("a.xlsx", lambda: merged(20_000)),
    "a worksheet of 300 MB in 300 kB": (
        "a.xlsx",
        lambda: zeros("xl/worksheets/sheet1.xml", parts(""), before=b"<worksheet>", megabytes=300),
    ),
    "shared texts of 300 MB in 300 kB": (
        "a.xlsx",
        lambda: zeros(
            "xl/sharedStrings.xml", parts("<worksheet><sheetData/></worksheet>"), before=b"<sst><si><t>", megabytes=300
        ),
    ),
    "an entity of entities": (
        "a.xlsx",
        lambda: zipped(parts('<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><worksheet><sheetData/></worksheet>')),
    ),
    "4,000,000,000 rows": (
        "a.ods",
        lambda: document(
            f"<table:table-row table:number-rows-repeated='4000000000'>{CELL.format('')}</table:table-row>"
        ),
    ),
    "4,000,000,000 columns": (
        "a.ods",
        lambda: document(f"<table:table-row>{CELL.format(FOUR_BILLION)}</table:table-row>"),
    ),
    "more rows than a number holds": (
        "a.ods",
        lambda: document(
            f"<table:table-row table:number-rows-repeated='+99999999999999999'>{CELL.format('')}</table:table-row>"
        ),
    ),
    "4,000,000,000 blanks in a cell": (
        "a.ods",
        lambda: document(
            f"<table:table-row>{CELL.format('')}</table:table-row>".replace("名称", "<text:s text:c='4000000000'/>")
        ),
    ),
    "a content of 300 MB in 300 kB": (
        "a.ods",
        lambda: zeros(
            "content.xml",
            {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"},
            before=b"<office:document-content>",
            megabytes=300,
        ),
    ),
    "a far cell of .xlsb": ("a.xlsb", lambda: an_xlsb(1_048_575, 16_383)),
    "a column beyond all of .xlsb": ("a.xlsb", lambda: an_xlsb(5, 4_000_000_000)),
    "a place left over of .xlsb": ("a.xlsb", lambda: an_xlsb(5, 4_000_000_000, stale=True)),
    "1,000,000 columns": ("a.csv", lambda: ("名称," + "列," * 1_000_000 + "\n" + "甲," * 1_000_000).encode()),
    "1,000,000 columns of a page": ("a.xls", lambda: b"<table><tr>" + b"<td>x" * 1_000_000),
    "columns that span all": ("a.xls", lambda: b"<table>" + b"<tr><td colspan=1000 rowspan=65534>x" * 100_000),
    "tables in tables": ("a.xls", lambda: b"<table><tr><td>" * 500_000),
    "tags that never end": ("a.xls", lambda: b"<html>" + b"<a b='" * 500_000),
    "comments that never end": ("a.xls", lambda: b"<html>" + b"<!--" * 1_000_000),
    "a row far down of XML": (
        "a.xml",
        lambda: (
            b'<Workbook><Worksheet Name="a"><Table><Row Index="1048576"><Cell Index="16384">'
            b"<Data>x</Data></Cell></Row></Table></Worksheet></Workbook>"
        ),
    ),
    "elements in elements": ("a.xml", lambda: b"<Workbook>" + b"<a>" * 1_000_000),
}
"""Description -> name and maker of a file."""

SPARSE = ("a.csv", "a.xlsx", "a.ods", "a.geojson", "a.xls", "a.txt", "")
"""Names of sparse files of 4 GB."""


def make_sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(4_000_000_000)
