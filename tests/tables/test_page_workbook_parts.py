"""Workbooks that other programs write, or nobody means well with: the page reads them as the program does, or says what they are."""

from __future__ import annotations

import base64
import io
import struct
import time
import zipfile

import pytest

from tests.tables.page_reader import run_page_reader
from tests.tables.page_workbooks import in_page, in_program
from tests.tables.xlsx_parts import STRICT, packed, parts_of, prefixed

HEADER = '<row><c t="inlineStr"><is><t>名称</t></is></c><c t="inlineStr"><is><t>备注</t></is></c></row>'


def inline(*texts: str) -> str:
    """A row of inline strings without references."""
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts) + "</row>"


STRINGS = (
    "<si><t>名称</t></si><si><t>备注</t></si>"
    '<si><r><rPr><b/></rPr><t>綦江</t></r><r><t xml:space="preserve"> 甲厂</t></r><rPh sb="0" eb="2"><t>きこう</t></rPh></si>'
    "<si><t>  两边  </t></si><si><t>a_x000D_&#10;b &amp; &#x4e2d;<![CDATA[<c>]]></t></si><si/><si><t>乙</t><phoneticPr fontId='1'/></si>"
)
STYLES = (
    '<numFmts count="1"><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf/><xf numFmtId="170"/><xf numFmtId="10"/><xf numFmtId="57"/></cellXfs>'
    '<dxfs><dxf><numFmt numFmtId="170" formatCode="0%"/></dxf></dxfs>'
)
SHARED = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'


def shared(row: int, cell: str) -> str:
    """A row with the name of string 2 and a cell in column B."""
    return f'{SHARED}<row r="{row}"><c r="A{row}" t="s"><v>2</v></c>{cell}</row>'


CELLS = {
    "rich text": '<c r="B2" t="s"><v>2</v></c>',
    "blanks at the ends": '<c r="B2" t="s"><v>3</v></c>',
    "escapes and entities": '<c r="B2" t="s"><v>4</v></c>',
    "an empty string": '<c r="B2" t="s"><v>5</v></c>',
    "a string with fonts of its reading": '<c r="B2" t="s"><v>6</v></c>',
    "true": '<c r="B2" t="b"><v>1</v></c>',
    "an error": '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    "a formula with a text": '<c r="B2" t="str"><f>A1</f><v> 两 </v></c>',
    "a formula with an empty text": '<c r="B2" t="str"><f>A1</f><v></v></c>',
    "a formula without a result": '<c r="B2"><f>A1</f></c>',
    "a formula with a formatted result": '<c r="B2" s="2"><f>A1</f><v>0.203</v></c>',
    "a date with a format": '<c r="B2" s="1"><v>44075</v></c>',
    "a date with a format of Chinese Excel": '<c r="B2" s="3"><v>44075</v></c>',
    "a date in ISO form": '<c r="B2" t="d"><v>2020-09-09</v></c>',
    "a moment in ISO form": '<c r="B2" t="d"><v>2020-09-09T08:30:00</v></c>',
    "a midnight in ISO form": '<c r="B2" t="d"><v>2020-09-09T00:00:00</v></c>',
    "a date in ISO form with a format": '<c r="B2" t="d" s="1"><v>2020-09-09T00:00:00</v></c>',
    "a number with an exponent": "<c r='B2' t='n'><v>1.5E-7</v></c>",
    "a text without a type": "<c r='B2'><v>三</v></c>",
    "a cell with a style that is not there": '<c r="B2" s="99"><v>5</v></c>',
    "a cell far below": '<c r="B5"><v>5</v></c>',
    "a comment": "<!-- x --><c r='B2'><?pi x?><v>5<!-- x --></v></c>",
    "an extension": '<c r="B2"><v>5</v></c><extLst><ext><v>9</v></ext></extLst>',
}


def test_every_kind_of_cell() -> None:
    workbooks = [packed(parts_of(shared(2, cell), strings=STRINGS, styles=STYLES)) for cell in CELLS.values()]
    for (name, _), data, page in zip(CELLS.items(), workbooks, in_page(workbooks), strict=True):
        assert page == in_program(data), name
        assert page["rows"][0][0] == "綦江 甲厂", name


def test_packages_as_other_programs_write_them() -> None:
    plain = parts_of(SHARED + "<row><c t='s'><v>2</v></c><c><v>5</v></c></row>", strings=STRINGS, styles=STYLES)
    since_1904 = parts_of(
        shared(2, '<c r="B2" s="1"><v>44075</v></c>'),
        strings=STRINGS,
        styles=STYLES,
        settings='<workbookPr date1904="1"/>',
    )
    moved = {name.replace("worksheets/sheet1", "Blätter/Tabelle1"): text for name, text in plain.items()}
    moved["xl/_rels/workbook.xml.rels"] = plain["xl/_rels/workbook.xml.rels"].replace(
        "worksheets/sheet1.xml", "/xl/Blätter/Tabelle1.xml"
    )
    merged = parts_of(
        inline("名称", "备注") + inline("甲", "一") + inline("乙", ""),
        more='<mergeCells><mergeCell ref="B2:B3"/></mergeCells>',
    )
    packages = {
        "plain": packed(plain),
        "stored": packed(plain, zipfile.ZIP_STORED),
        "with prefixes": packed({name: prefixed(text) if name.startswith("xl/") and "rels" not in name else text for name, text in plain.items()}),
        "strict": packed(parts_of(shared(2, '<c r="B2" t="d" s="1"><v>2020-09-09</v></c>'), strings=STRINGS, styles=STYLES, main=STRICT)),
        "days since 1904": packed(since_1904),
        "part names in capitals": packed({name.replace("sharedStrings", "SharedStrings"): text for name, text in plain.items()}),
        "an absolute target": packed(moved),
        "backslashes": packed(plain).replace(b"xl/worksheets/", b"xl\\worksheets\\"),
        "before the archive": b"PK\x03\x04" + b"x" * 96 + packed(plain),
        "merged cells of the body": packed(merged),
        "lines that end in CR LF": packed({name: text.replace("><", ">\r\n<") for name, text in plain.items()}),
    }  # fmt: skip
    for (name, data), page in zip(packages.items(), in_page(list(packages.values())), strict=True):
        assert page == in_program(data), name
        assert isinstance(page, dict), (name, page)
        assert len(page["rows"]) == (2 if "merged" in name else 1), name


def changed(data: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    """An archive with bytes changed behind every signature of its records."""
    out, at = bytearray(data), data.find(signature)
    while at >= 0:
        out[at + offset : at + offset + len(value)] = value
        at = data.find(signature, at + 1)
    return bytes(out)


LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
SOUND = parts_of(HEADER + inline("甲", "一"))
SHEET = "xl/worksheets/sheet1.xml"


def with_sheet(text: str | bytes) -> bytes:
    """The sound workbook with another worksheet."""
    return packed({**SOUND, SHEET: text})


def hostile() -> dict[str, tuple[bytes, str]]:
    """Name -> a workbook that is not to be read, and the kind that the page names."""
    sheet, whole = SOUND[SHEET], packed(SOUND)
    blanks = packed({**SOUND, SHEET: " " * 120_000_000 + sheet})
    return {
        "cut off": (whole[: len(whole) // 2], "damaged"),
        "only the begin of a zip": (b"PK\x03\x04" + b"\0" * 40, "damaged"),
        "an entry that is locked": (changed(changed(whole, CENTRAL, 8, b"\1\0"), LOCAL, 6, b"\1\0"), "locked"),
        "an unknown method": (changed(changed(whole, CENTRAL, 10, b"\x63\0"), LOCAL, 8, b"\x63\0"), "damaged"),
        "a wrong checksum": (changed(whole, CENTRAL, 16, b"\1\2\3\4"), "damaged"),
        "a wrong checksum of a stored entry": (changed(packed(SOUND, zipfile.ZIP_STORED), CENTRAL, 16, b"\1\2\3\4"), "damaged"),
        "a size that is too small": (changed(whole, CENTRAL, 24, struct.pack("<I", 10)), "damaged"),
        "a size that is too large": (changed(whole, CENTRAL, 24, struct.pack("<I", 100_000)), "damaged"),
        "a size beyond the limit": (changed(whole, CENTRAL, 24, struct.pack("<I", 0xFFFFFFF0)), "huge"),
        "an offset outside": (changed(whole, CENTRAL, 42, struct.pack("<I", 0xFFFFFF0)), "damaged"),
        "a bomb": (blanks, "huge"),
        "no worksheet": (packed({name: text for name, text in SOUND.items() if name != SHEET}), "damaged"),
        "no list of worksheets": (packed({name: text for name, text in SOUND.items() if "rels/workbook" not in name}), "damaged"),
        "entities of its own": (with_sheet(f'<!DOCTYPE x [<!ENTITY a "aa">]>{sheet.partition("?>")[2]}'), "damaged"),
        "an unknown entity": (with_sheet(sheet.replace("甲", "&nbsp;")), "damaged"),
        "a character that XML does not have": (with_sheet(sheet.replace("甲", "&#0;")), "damaged"),
        "a bare ampersand": (with_sheet(sheet.replace("甲", "a & b")), "damaged"),
        "an element without its end": (with_sheet(sheet.replace("</sheetData>", "")), "damaged"),
        "a second root": (with_sheet(sheet + "<x/>"), "damaged"),
        "an attribute without quotation marks": (with_sheet(sheet.replace('t="inlineStr"', "t=inlineStr")), "damaged"),
        "no UTF-8": (with_sheet(sheet.encode("utf-8").replace("甲".encode(), b"\xb0\xa1")), "damaged"),
        "a cell in the last corner": (with_sheet(sheet.replace("</sheetData>", '<row><c r="XFD1048576"><v>1</v></c></row></sheetData>')), "huge"),
        "a cell outside": (with_sheet(sheet.replace("</sheetData>", '<row><c r="XFE1"><v>1</v></c></row></sheetData>')), "damaged"),
        "row 0": (with_sheet(sheet.replace("</sheetData>", '<row><c r="A0"><v>1</v></c></row></sheetData>')), "damaged"),
        "a string that is not there": (with_sheet(sheet.replace("</sheetData>", '<row><c t="s"><v>7</v></c></row></sheetData>')), "damaged"),
        "merged ranges that overlap": (
            with_sheet(sheet.replace("</sheetData>", "</sheetData><mergeCells>" + '<mergeCell ref="A1:B2"/>' * 9 + "</mergeCells>")), "damaged",
        ),
    }  # fmt: skip


@pytest.mark.slow
def test_hostile_workbooks_are_told_by_what_is_wrong() -> None:
    cases = hostile()
    found = in_page([data for data, _ in cases.values()])
    for (name, (data, kind)), page in zip(cases.items(), found, strict=True):
        assert page == kind, name
        if name != "a size that is too large":  # the program's library reads as much as there is
            assert in_program(data) in ("file-unreadable", "file-limit", "sheet-too-large"), name


@pytest.mark.slow
def test_marks_without_an_end_take_linear_time() -> None:
    texts = [
        ("<a " + 'b="1" ' * 300_000), '<a b="' + "x" * 3_000_000, "<a" + " " * 3_000_000 + "=", "<!--" * 500_000, "<a>" + "&" * 10, "<a>" * 300_000,
    ]  # fmt: skip
    sheet = with_sheet(SOUND[SHEET].replace("甲", "甲" + " " * 400_000 + "乙").replace("一", "1" * 400_000 + "x"))
    numbers = with_sheet(SOUND[SHEET].replace("</sheetData>", f"<row><c><v>{'1' * 300_000}x</v></c></row></sheetData>"))
    started = time.monotonic()
    found = in_page([*(with_sheet(text) for text in texts), sheet, numbers])
    assert found[:-2] == ["damaged"] * len(texts)
    assert [isinstance(page, dict) for page in found[-2:]] == [True, True]
    assert time.monotonic() - started < 30


def test_a_member_whose_numbers_stand_in_its_extra_field() -> None:
    """As programs write them that pack without knowing the size (zip64)."""
    data = bytearray(packed({SHEET: SOUND[SHEET]}))
    central = bytes(data).find(CENTRAL)
    packed_size, size = struct.unpack_from("<II", data, central + 20)
    extra = struct.pack("<HHQQ", 1, 16, size, packed_size)
    struct.pack_into("<II", data, central + 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", data, central + 30, len(extra))
    name_end = central + 46 + struct.unpack_from("<H", data, central + 28)[0]
    data[name_end:name_end] = extra
    end = bytes(data).find(b"PK\x05\x06")
    struct.pack_into("<I", data, end + 12, struct.unpack_from("<I", data, end + 12)[0] + len(extra))
    assert zipfile.ZipFile(io.BytesIO(data)).read(SHEET).decode() == SOUND[SHEET]
    body = f'return new E.Archive(new Uint8Array(Buffer.from(given, "base64"))).text("{SHEET}");'
    assert run_page_reader(body, base64.b64encode(data).decode("ascii")) == SOUND[SHEET]
