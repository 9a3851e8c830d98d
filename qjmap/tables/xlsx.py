"""What the reader of workbooks does not tell about an .xlsx file: leading zeros that only the format shows, formulas without a result."""

from __future__ import annotations

import io
import re
import zipfile
from typing import IO
from xml.etree import ElementTree

from qjmap.tables.hints import DAMAGED, LARGEST, Hints

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ZEROS = re.compile(r"0{2,}")
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,7})"')
_COLUMNS = (re.compile(rb'\br="([A-Z]{3})\d'), re.compile(rb'\br="([A-Z]{2})\d'))  # the longest names are the furthest out
_CELL = re.compile(r"([A-Z]{1,3})(\d+)")


def hints(data: bytes, sheet: str) -> Hints:
    """The hints of one worksheet; empty ones for anything that is not as the standard has it."""
    found = Hints()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            part = _part(book, sheet)
            if part is None:
                return found
            styles = _styles(book)
            with _open(book, part) as file:
                _scan(file, styles, found)
    except DAMAGED:
        return found
    return found


def extent(data: bytes) -> tuple[int, int]:
    """Row and column, both from 1, of the corner up to which the widest worksheet reaches; (0, 0) where that cannot be told.

    The reader of workbooks makes a cell for everything up to that corner, so one stray cell far out can be more than fits.
    """
    largest = (0, 0)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            for part in book.namelist():
                if not part.startswith("xl/worksheets/") or not part.endswith(".xml"):
                    continue
                with _open(book, part) as file:
                    text = file.read()
                rows = max((int(number) for number in _ROW.findall(text)), default=0)
                names = next(filter(None, (set(find.findall(text)) for find in _COLUMNS)), {b"Z"})
                columns = max(_column(name.decode()) for name in names)
                largest = max(largest, (rows, columns), key=lambda corner: corner[0] * corner[1])
    except DAMAGED:
        return 0, 0
    return largest


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _open(book: zipfile.ZipFile, part: str) -> IO[bytes]:
    if book.getinfo(part).file_size > LARGEST:
        raise ValueError(part)
    return book.open(part)


def _part(book: zipfile.ZipFile, sheet: str) -> str | None:
    """The file of the worksheet called `sheet`."""
    with _open(book, "xl/workbook.xml") as file:
        links = {one.get("name"): one.get(_LINK) for one in ElementTree.parse(file).iter(f"{_MAIN}sheet")}  # noqa: S314
    with _open(book, "xl/_rels/workbook.xml.rels") as file:
        targets = {one.get("Id"): one.get("Target", "") for one in ElementTree.parse(file).getroot()}  # noqa: S314
    target = targets.get(links.get(sheet))
    if not target:
        return None
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _styles(book: zipfile.ZipFile) -> dict[str, int]:
    """Style number -> digits, of the formats that are nothing but zeros."""
    if "xl/styles.xml" not in book.namelist():
        return {}
    with _open(book, "xl/styles.xml") as file:
        root = ElementTree.parse(file).getroot()  # noqa: S314
    formats = {one.get("numFmtId"): one.get("formatCode", "") for one in root.iter(f"{_MAIN}numFmt")}
    cells = root.find(f"{_MAIN}cellXfs")
    digits = {}
    for number, style in enumerate(cells if cells is not None else ()):
        code = formats.get(style.get("numFmtId"), "").split(";")[0].strip()
        if _ZEROS.fullmatch(code):
            digits[str(number)] = len(code)
    return digits


def _scan(file: IO[bytes], styles: dict[str, int], found: Hints) -> None:
    for _, element in ElementTree.iterparse(file):  # noqa: S314
        if element.tag == f"{_MAIN}row":
            element.clear()
        match = _CELL.fullmatch(element.get("r", "")) if element.tag == f"{_MAIN}c" else None
        if match is None:
            continue
        at = (int(match[2]) - 1, _column(match[1]) - 1)
        value = element.findtext(f"{_MAIN}v") or ""
        kind = element.get("t", "n")
        digits = styles.get(element.get("s", ""))
        if kind == "e" and value:
            found.errors[at] = value
        elif kind == "n" and digits:
            found.padded[at] = digits
        if not value and kind != "str" and element.find(f"{_MAIN}f") is not None:
            found.unsaved.add(at)
