"""Make .xlsx workbooks from the XML of their parts, for contents that no library writes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONSHIPS = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def parts_of(
    rows: str, *, strings: str = "", styles: str = "", more: str = "", main: str = MAIN, settings: str = ""
) -> dict[str, str]:
    """The parts of a workbook with one worksheet.

    Parameters
    ----------
    rows : elements of its `sheetData`.
    strings, styles : elements of the shared strings and of the style sheet.
    more : elements after `sheetData`.
    settings : elements before the list of worksheets.
    """
    kind = _STRICT_RELATIONSHIPS if main == STRICT else _RELATIONSHIPS
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{kind}">{settings}'
        '<sheets><sheet name="点位" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{kind}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>{more}</worksheet>',
    }
    if strings:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{strings}</sst>'
    if styles:
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{main}">{styles}</styleSheet>'
    return {name: f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}' for name, text in parts.items()}


def packed(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as a zip package."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return whole.getvalue()


def prefixed(text: str, prefix: str = "x") -> str:
    """Return a part with a namespace prefix on all elements, as some programs write it."""
    text = text.replace('xmlns="', f'xmlns:{prefix}="', 1)
    return re.sub(r"<(/?)(?=[A-Za-z])", rf"<\1{prefix}:", text)
