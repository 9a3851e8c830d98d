"""The package's reader and the page's read the same of an OpenDocument spreadsheet (.ods), and refuse the same."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from odf import number as numbers
from odf.dc import Creator
from odf.element import Element
from odf.office import Annotation
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Map, Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableHeaderRows, TableRow, TableRowGroup
from odf.text import LineBreak, P, S, Span, Tab

from tests.tables.oversized_files import CELL, OFFICE
from tests.tables.page_workbooks import added_in_page, in_page, in_program
from tests.tables.table_files import zipped

_REFUSALS = {"file-unreadable": "damaged", "file-password": "locked", "file-limit": "huge", "sheet-too-large": "huge"}
"""Code of the package's error -> the page's word for it."""


def same(workbooks: Mapping[Any, bytes], table: str = "sites") -> dict[Any, Any]:
    """Assert that both readers say the same of workbooks; return what they say."""
    found = dict(zip(workbooks, in_page(list(workbooks.values()), table), strict=True))
    for name, data in workbooks.items():
        program = in_program(data, table)
        assert found[name] == (_REFUSALS.get(program, program) if isinstance(program, str) else program), name
    return found


# Documents made at random with odfpy

_TEXTS = (
    "甲厂", "  乙厂 ", "丙  厂", "a&b <c>", "'引", "000123", "1.5", "TRUE", "#N/A", "😀", "\u3000全角", "1e5", " ", "合计", "注：说明", "名称", "√",
    "Err:502",
)  # fmt: skip
_NUMBERS = (
    "0", "1", "-1", "7", "106.65", "29.03", "0.203", "-0.5", "1e-7", "1E15", "123456789012345680000", "2020", "40142", "44075", "44075.5",
    "59", "60", "61", "0.25", "20200909", "12345", "560000000", "0.30000000000000004", "+5", "5.", ".5",
)  # fmt: skip
_DATES = (
    "2020-09-09", "2020-09-09T08:30:00", "2020-09-09T00:00:00", "2020-09-09T08:30:00.5", "1899-12-30T08:30:00", "1850-01-02", "2020-09",
    "2020-09-31", "1900-02-28", "2020-9-9", "2020-09-09T23:59:59.999",
)  # fmt: skip
_TIMES = ("PT08H30M00S", "PT26H05M00S", "PT00H00M00S", "PT08H30M00.5S", "PT8H30M", "PT30S", "P1DT2H")
_HEADERS = (
    ["名称", "经度", "纬度", "地址"],
    ["名称", "类别", "开始日期", "人数", "邮编"],
    ["标题", "说明"],
    ["指标名称", "数值", "单位"],
)


def _number(draw: random.Random) -> Element:
    places: dict[str, Any] = {"minintegerdigits": draw.choice([0, 1, 2, 6])}
    if draw.random() < 0.6:
        places["decimalplaces"] = draw.randint(0, 3)
    if draw.random() < 0.3:
        places["displayfactor"] = draw.choice(["1000", "1000000", "1", "100"])
    element = numbers.Number(**places)
    if draw.random() < 0.2:
        element.addElement(numbers.EmbeddedText(position=draw.randint(0, 4), text=draw.choice(["-", ".", "万"])))
    return element


def _number_style(draw: random.Random, name: str, others: list[str]) -> Element:
    """A number style of any kind; it may leave some numbers to others."""
    kind = draw.choice(["number", "percentage", "currency", "date", "time", "text", "boolean"])
    duration = {"truncateonoverflow": "false"} if kind == "time" and draw.random() < 0.5 else {}
    makers = {
        "number": numbers.NumberStyle, "percentage": numbers.PercentageStyle, "currency": numbers.CurrencyStyle, "date": numbers.DateStyle,
        "time": numbers.TimeStyle, "text": numbers.TextStyle, "boolean": numbers.BooleanStyle,
    }  # fmt: skip
    style = makers[kind](name=name, **duration)
    dates = [
        numbers.Year,
        numbers.Month,
        numbers.Day,
        numbers.DayOfWeek,
        numbers.Hours,
        numbers.Minutes,
        numbers.Quarter,
        numbers.Era,
    ]
    times = [numbers.Hours, numbers.Minutes, numbers.Seconds, numbers.AmPm]
    words = ["年", "月", "-", ":", "%", "万元", " ", '"', "¥", "km", "人"]

    def text() -> Element:
        return numbers.Text(text=draw.choice(words))

    if kind in ("date", "time"):
        for part in draw.sample(dates if kind == "date" else times, k=draw.randint(1, 3)):
            style.addElement(part())
            if draw.random() < 0.7:
                style.addElement(text())
    elif kind == "text":
        style.addElement(numbers.TextContent())
    elif kind == "boolean":
        style.addElement(numbers.Boolean())
    else:
        if draw.random() < 0.3:
            style.addElement(text())
        rare = [numbers.ScientificNumber, numbers.Fraction] if kind == "number" and draw.random() < 0.3 else []
        style.addElement(draw.choice(rare)() if rare else _number(draw))
        if kind == "percentage":
            style.addElement(numbers.Text(text=draw.choice(["%", " %", "%。"])))
        elif draw.random() < 0.5:
            style.addElement(text())
    if others and kind in ("number", "percentage", "currency", "date") and draw.random() < 0.3:
        condition = draw.choice(["value()>=0", "value()<1", "value()!=0", "value()=1"])
        style.addElement(Map(condition=condition, applystylename=draw.choice(others)))
    return style


def _cell_styles(draw: random.Random, book: Any) -> list[str]:
    """Add number styles and cell styles to a document; return the names of the cell styles."""
    made: list[str] = []
    for at in range(6):
        book.automaticstyles.addElement(_number_style(draw, f"N{at}", made))
        made.append(f"N{at}")
    cells: list[str] = []
    for at in range(6):
        told: dict[str, Any] = (
            {"datastylename": draw.choice(made)} if at < 4 else {"parentstylename": draw.choice(cells)}
        )
        (book.styles if at < 2 else book.automaticstyles).addElement(Style(name=f"ce{at}", family="table-cell", **told))
        cells.append(f"ce{at}")
    return cells


def _paragraphs(draw: random.Random, cell: Element, text: str) -> None:
    for _ in range(draw.choice([1, 1, 1, 1, 2])):
        paragraph = P(text=text)
        if draw.random() < 0.15:
            paragraph.addElement(S(c=draw.randint(1, 3)))
            paragraph.addElement(Span(text="跨"))
            paragraph.addElement(draw.choice([Tab, LineBreak, S])())
            paragraph.addText("尾")
        cell.addElement(paragraph)
    if draw.random() < 0.05:
        note = Annotation()
        note.addElement(Creator(text="某人"))
        note.addElement(P(text="批注"))
        cell.addElement(note)


def _cell(draw: random.Random, styles: list[str]) -> Element:
    kind = draw.choice(
        [
            "",
            "string",
            "string",
            "string",
            "float",
            "float",
            "date",
            "time",
            "percentage",
            "boolean",
            "currency",
            "formula",
            "error",
        ]
    )
    told: dict[str, Any] = {"stylename": draw.choice(styles)} if draw.random() < 0.5 else {}
    if draw.random() < 0.1:
        told["numbercolumnsrepeated"] = draw.randint(1, 3)
    if draw.random() < 0.05:
        told |= {"numberrowsspanned": draw.randint(1, 2), "numbercolumnsspanned": draw.randint(1, 3)}
    text = draw.choice(_TEXTS)
    if kind in ("float", "percentage", "currency"):
        told |= {"valuetype": kind, "value": draw.choice(_NUMBERS)}
        text = draw.choice([told["value"], "000" + told["value"], "20.3%", text])
    elif kind == "date":
        told |= {"valuetype": kind, "datevalue": draw.choice(_DATES)}
    elif kind == "time":
        told |= {"valuetype": kind, "timevalue": draw.choice(_TIMES)}
    elif kind == "boolean":
        told |= {"valuetype": kind, "booleanvalue": draw.choice(["true", "false"])}
    elif kind == "string":
        told["valuetype"] = kind
        if draw.random() < 0.1:
            told["stringvalue"] = draw.choice(_TEXTS)
    elif kind == "formula":
        told["formula"] = "of:=1+1"
        told |= draw.choice(
            [
                {},
                {"valuetype": "float", "value": "2"},
                {"valuetype": "string"},
                {"valuetype": "string", "stringvalue": ""},
            ]
        )
    elif kind == "error":
        told |= {"formula": "of:=NA()", "valuetype": "string", "stringvalue": ""}
        text = draw.choice(["#N/A", "#DIV/0!", "Err:502"])
    cell = (CoveredTableCell if draw.random() < 0.05 and "numberrowsspanned" not in told else TableCell)(**told)
    if (kind and kind != "formula") or (kind == "formula" and draw.random() < 0.5):
        _paragraphs(draw, cell, text)
    return cell


def _row(draw: random.Random, cells: list[Element], styles: list[str]) -> Element:
    told: dict[str, Any] = {"numberrowsrepeated": draw.randint(1, 3)} if draw.random() < 0.1 else {}
    if draw.random() < 0.1:
        told["defaultcellstylename"] = draw.choice(styles)
    row = TableRow(**told)
    for cell in cells:
        row.addElement(cell)
    return row


def _text_cells(texts: list[str]) -> list[Element]:
    cells = []
    for text in texts:
        cells.append(TableCell(valuetype="string"))
        cells[-1].addElement(P(text=text))
    return cells


def _document(draw: random.Random) -> bytes:
    book = OpenDocumentSpreadsheet()
    styles = _cell_styles(draw, book)
    hidden = Style(name="ta1", family="table")
    hidden.addElement(TableProperties(display="false"))
    book.automaticstyles.addElement(hidden)
    for index, name in enumerate(draw.sample(["点位", "Sheet1", "说明", "合作", "旧表"], k=draw.randint(1, 3))):
        header = draw.choice(_HEADERS)
        table = Table(name=name, **({"stylename": "ta1"} if index and draw.random() < 0.3 else {}))
        for _ in header:
            table.addElement(
                TableColumn(**({"defaultcellstylename": draw.choice(styles)} if draw.random() < 0.3 else {}))
            )
        if draw.random() < 0.3:
            table.addElement(_row(draw, _text_cells(["一览表"]), styles))
        if draw.random() < 0.2:
            table.addElement(TableRow(numberrowsrepeated=draw.randint(1, 9)))
        head = TableHeaderRows() if draw.random() < 0.2 else table
        head.addElement(_row(draw, _text_cells(header), styles))
        if head is not table:
            table.addElement(head)
        for _ in range(draw.randint(0, 8)):
            group = TableRowGroup() if draw.random() < 0.1 else table
            group.addElement(_row(draw, [_cell(draw, styles) for _ in header], styles))
            if group is not table:
                table.addElement(group)
        table.addElement(TableRow(numberrowsrepeated=1_048_000))
        book.spreadsheet.addElement(table)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_readers_say_the_same_of_any_document(seed: int) -> None:
    draw = random.Random(seed)
    found = same({number: _document(draw) for number in range(60)})
    assert sum(isinstance(one, dict) and bool(one["rows"]) for one in found.values()) > 30


# Parts that other programs write, and hostile ones


def parts(
    rows: str, *, before: str = "", attributes: str = "table:name='a'", behind: str = ""
) -> dict[str, str | bytes]:
    """The members of a document with one worksheet of these rows."""
    spaces = (
        f"{OFFICE} xmlns:calcext='urn:x' xmlns:style='urn:oasis:names:tc:opendocument:xmlns:style:1.0' "
        "xmlns:number='urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0'"
    )
    return {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        "content.xml": f"<office:document-content {spaces}>{before}<office:body><office:spreadsheet><table:table {attributes}>{rows}"
        f"</table:table>{behind}</office:spreadsheet></office:body></office:document-content>",
    }  # fmt: skip


def text(words: str, more: str = "") -> str:
    return f"<table:table-cell office:value-type='string'{more}><text:p>{words}</text:p></table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


HEAD = row(text("名称"), text("说明"))
EMPTY = "<table:table-cell/>"
OTHERS: dict[str, str] = {
    "an error of LibreOffice": HEAD + row(text("甲"), "<table:table-cell table:formula='of:=1/0' office:value-type='string' office:string-value='' "
        "calcext:value-type='error'><text:p>#DIV/0!</text:p></table:table-cell>"),
    "an error without its text": HEAD + row(text("甲"), "<table:table-cell table:formula='x' calcext:value-type='error'/>"),
    "formulas beyond the rows": HEAD + row(text("甲"), EMPTY, "<table:table-cell table:formula='of:=1'/>")
        + row("<table:table-cell table:formula='of:=1'/>"),
    "a value without a type": HEAD + row(text("甲"), "<table:table-cell office:value='5' table:style-name='x'/>"),
    "two values": HEAD + row(text("甲"), "<table:table-cell office:value-type='float' office:string-value='五' office:value='5'/>"),
    "a percentage without a style": HEAD + row(text("甲"), "<table:table-cell office:value-type='percentage' office:value='0.2'>"
        "<text:p>20%</text:p></table:table-cell>"),
    "breaks between paragraphs": HEAD + row(text("甲"), "<table:table-cell office:value-type='string'>\n<text:p>一</text:p>\n<text:p/>"
        "<text:p>二</text:p>\n</table:table-cell>"),
    "a picture in a cell": HEAD + row(text("甲"), "<table:table-cell><d:frame xmlns:d='x'><text:p>图</text:p></d:frame></table:table-cell>"),
    "a gap of many rows": HEAD + row(EMPTY, more=" table:number-rows-repeated='100000'") + row(text("甲")),
    "cells beyond the last column": HEAD + row(text("甲"), "<table:table-cell table:number-columns-repeated='16390'/>", text("远")),
    "merged cells": HEAD + row(text("甲", " table:number-rows-spanned='2' table:number-columns-spanned='2'"), "<table:covered-table-cell/>")
        + row("<table:covered-table-cell table:number-columns-repeated='2'/>"),
    "merged cells over each other": HEAD + row(*[text("甲", " table:number-rows-spanned='9' table:number-columns-spanned='9'")] * 5) * 3,
    "repeated rows with zeros": HEAD + row(text("甲"), "<table:table-cell office:value-type='float' office:value='5'><text:p>005</text:p>"
        "</table:table-cell>", more=" table:number-rows-repeated='3'"),
    "a hidden row": HEAD + row(text("甲"), more=" table:visibility='collapse'") + row(text("乙")),
    "characters as numbers": HEAD + row(text("&#30002;&amp;<text:span>厂</text:span>")),
    "no cells": "",
    "a repetition that is no number": HEAD + row(text("甲", " table:number-columns-repeated='x'")),
    "a number that is none": HEAD + row(text("甲"), "<table:table-cell office:value-type='float' office:value='一'/>"),
    "text between cells": HEAD + row(text("甲"), "x"),
    "a break between cells": HEAD + row(text("甲"), "\n"),
    "something else in a row": HEAD + row(text("甲"), "<text:soft-page-break/>"),
    "a table in a cell": HEAD + row("<table:table-cell><table:table/></table:table-cell>"),
    "a row far down": HEAD + row(EMPTY, more=" table:number-rows-repeated='4000000'") + row(text("甲")),
    "a filled row repeated": HEAD + row(text("甲"), more=" table:number-rows-repeated='10001'"),
    "a filled cell repeated": HEAD + row(text("甲", " table:number-columns-repeated='4000000000'")),
    "more rows than a number holds": HEAD + row(text("甲"), more=" table:number-rows-repeated='+99999999999999999'"),
    "more blanks than there is memory": HEAD + row(text("<text:s text:c='4000000000'/>")),
    "elements in elements": HEAD + row(text("<text:span>" * 200 + "</text:span>" * 200)),
}  # fmt: skip
"""What the rows hold -> their XML."""


@pytest.mark.slow
def test_both_readers_say_the_same_of_parts_that_other_programs_write() -> None:
    found = same({name: zipped(parts(rows)) for name, rows in OTHERS.items()})
    assert {name for name, one in found.items() if one == "huge"} == {
        "a filled row repeated", "a filled cell repeated", "more rows than a number holds", "more blanks than there is memory",
        "elements in elements",
    }  # fmt: skip
    assert [one[1] for one in found["repeated rows with zeros"]["rows"]] == ["005"] * 3
    assert found["a gap of many rows"]["numbers"] == [100_002]


def test_both_readers_refuse_the_same_packages() -> None:
    whole = parts(HEAD + row(text("甲")))
    locked = '<manifest:manifest xmlns:manifest="urn:x"><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'
    table = CELL.format("")
    cases: dict[str, dict[str, str | bytes]] = {
        "a password": whole | {"META-INF/manifest.xml": locked, "content.xml": b"\x80\x81"},
        "a password of LibreOffice 24": {
            "mimetype": whole["mimetype"],
            "META-INF/manifest.xml": locked,
            "encrypted-package": b"\x80\x81",
        },
        "no manifest": {name: part for name, part in whole.items() if "manifest" not in name},
        "a document type": whole | {"content.xml": f"<!DOCTYPE a [<!ENTITY b 'x'>]>{whole['content.xml']!s}"},
        "half a content": whole | {"content.xml": str(whole["content.xml"])[:400]},
        "no worksheet": parts(row(table), attributes=""),
        "a template": whole | {"mimetype": "application/vnd.oasis.opendocument.spreadsheet-template"},
        "a table behind the worksheets": parts(HEAD, behind=f"<table:table>{row(table)}</table:table>"),
        "257 worksheets": parts(HEAD, behind="<table:table table:name='b'/>" * 256),
    }
    found = same({name: zipped(case) for name, case in cases.items()})
    assert [found[name] for name in ("a password", "a password of LibreOffice 24")] == ["locked", "locked"]
    assert all(isinstance(found[name], dict) for name in ("a template", "a table behind the worksheets"))


def test_a_text_document_is_told_as_one() -> None:
    members = parts(HEAD) | {"mimetype": "application/vnd.oasis.opendocument.text"}
    assert added_in_page(zipped(members), "sites")["kind"] == "document"


def test_a_packed_type_is_found_wherever_it_stands() -> None:
    members = parts(HEAD + row(text("甲")))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(members):
            package.writestr(name, members[name])
    assert [one["record"]["name"] for one in added_in_page(out.getvalue(), "sites")["rows"]] == ["甲"]


def test_dates_amounts_and_codes_are_read_as_shown() -> None:
    styles = (
        "<office:automatic-styles><number:date-style style:name='N1'><number:year number:style='long'/><number:text>年</number:text>"
        "<number:month/><number:text>月</number:text></number:date-style><number:number-style style:name='N2'>"
        "<number:number number:decimal-places='2' number:min-integer-digits='1' number:display-factor='1000000'/>"
        "<number:text>百万元</number:text></number:number-style>"
        "<style:style style:name='c1' style:data-style-name='N1'/><style:style style:name='c2' style:parent-style-name='c3'/>"
        "<style:style style:name='c3' style:data-style-name='N2'/></office:automatic-styles>"
    )
    cells = (
        "<table:table-cell table:style-name='c1' office:value-type='date' office:date-value='2020-09-09'><text:p>9月</text:p></table:table-cell>",
        "<table:table-cell table:style-name='c2' office:value-type='float' office:value='560000000'><text:p>560.00百万元</text:p></table:table-cell>",
        "<table:table-cell office:value-type='float' office:value='1234'><text:p>001234</text:p></table:table-cell>",
        "<table:table-cell office:value-type='boolean' office:boolean-value='true'><text:p>真</text:p></table:table-cell>",
    )  # fmt: skip
    rows = row(*map(text, ("名称", "开始日期", "产值", "邮编", "在产"))) + row(text("甲厂"), *cells)
    found = same({"shown": zipped(parts(rows, before=styles))})["shown"]
    assert found["rows"] == [["甲厂", "2020-09", "560百万元", "001234", "TRUE"]]
