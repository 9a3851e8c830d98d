"""What the reader of workbooks does not tell about an .ods file: errors, formulas without a result, leading zeros, merged cells."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

from qjmap.tables.hints import DAMAGED, LARGEST, Hints, is_error

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_MOST = 1_048_576  # rows and columns that a spreadsheet repeats at most


def hints(data: bytes, sheet: str) -> Hints:
    """The hints of one worksheet; empty ones for anything that is not as the standard has it."""
    found = Hints()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            if book.getinfo("content.xml").file_size > LARGEST:
                return found
            with book.open("content.xml") as file:
                _scan(file, sheet, found)
    except DAMAGED:
        return found
    return found


def _scan(file: io.BufferedIOBase | object, sheet: str, found: Hints) -> None:
    inside, row = False, 0
    for event, element in ElementTree.iterparse(file, events=("start", "end")):  # type: ignore[arg-type]  # noqa: S314
        if element.tag == f"{_TABLE}table":
            if event == "end" and inside:
                return
            inside = event == "start" and element.get(f"{_TABLE}name") == sheet
        elif inside and event == "end" and element.tag == f"{_TABLE}table-row":
            repeated = _count(element.get(f"{_TABLE}number-rows-repeated"))
            _row(element, row, found)
            row += repeated
            element.clear()


def _row(element: ElementTree.Element, row: int, found: Hints) -> None:
    column = 0
    for cell in element:
        repeated = _count(cell.get(f"{_TABLE}number-columns-repeated"))
        kind, formula = cell.get(f"{_OFFICE}value-type"), cell.get(f"{_TABLE}formula")
        shown = "".join("".join(one.itertext()) for one in cell.iter(f"{_TEXT}p"))
        at = (row, column)
        if cell.get(f"{_CALC}value-type") == "error" or (formula and is_error(shown)):
            found.errors[at] = shown or "#N/A"
        elif formula and kind is None and not shown:
            found.unsaved.add(at)
        elif kind == "float" and shown.isdigit() and shown.startswith("0") and len(shown) > 1:
            found.padded[at] = len(shown)
        down, across = _count(cell.get(f"{_TABLE}number-rows-spanned")), _count(cell.get(f"{_TABLE}number-columns-spanned"))
        if down > 1 or across > 1:
            found.merged.append((at, (row + down - 1, column + across - 1)))
        column += repeated


def _count(text: str | None) -> int:
    return min(int(text), _MOST) if text and text.isdigit() else 1
