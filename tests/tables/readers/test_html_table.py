"""HTML and XML Spreadsheet named .xls, as web systems export them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.errors import UsageError
from qjmap.schema import TABLES
from qjmap.tables.readers.html_table import read_html
from tests.tables.helpers import codes, read

TABLE = "<table>{}</table>"
SITES_ROWS = "<tr><td>名称</td><td>地址</td></tr><tr><td>甲厂</td><td>某路1号</td></tr>"


@pytest.mark.parametrize("encoding", ["gb2312", "gbk", "utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.html", "a.htm"])
def test_a_page_named_xls_is_read(tmp_path: Path, encoding: str, name: str) -> None:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">'
    page = f"<html><head>{meta}</head><body>{TABLE.format(SITES_ROWS)}</body></html>"
    found = read(tmp_path, page.encode(encoding), name)
    assert list(found.frame["name"]) == ["甲厂"]
    assert list(found.frame["address"]) == ["某路1号"]


def test_end_tags_that_a_page_omits_are_implied(tmp_path: Path) -> None:
    page = "<TABLE border=1><TR><TH>名称<TH>地址<TR><TD>甲厂<TD>某路1号<TR><TD>乙厂<TD>某路2号"
    assert list(read(tmp_path, page, "a.xls").frame["address"]) == ["某路1号", "某路2号"]


def test_cells_that_span_fill_what_they_span(tmp_path: Path) -> None:
    rows = (
        "<tr><td colspan=3>企业名单</td></tr><tr><th>名称</th><th>类别</th><th>地址</th></tr>"
        "<tr><td>甲厂</td><td rowspan='2'>企业</td><td>某路1号</td></tr><tr><td>乙厂</td><td>某路2号</td></tr>"
        '<tr><td colspan="2">丙厂</td><td>某路3号</td></tr>'
    )
    frame = read(tmp_path, TABLE.format(rows), "a.xls").frame
    assert list(frame["name"]) == ["甲厂", "乙厂", "丙厂"]
    assert list(frame["category"]) == ["企业", "企业", "丙厂"]
    assert list(frame["address"]) == ["某路1号", "某路2号", "某路3号"]


def test_the_table_with_known_headers_is_read_and_else_the_largest(tmp_path: Path) -> None:
    layout = "<tr><td>菜单一</td></tr>" + "<tr><td>一</td><td>二</td><td>三</td></tr>" * 9
    outer = TABLE.format(f"<tr><td>{TABLE.format(SITES_ROWS)}</td><td>{TABLE.format(layout)}</td></tr>")
    assert list(read(tmp_path, f"<html><body>{outer}", "a.xls").frame["name"]) == ["甲厂"]
    with pytest.raises(UsageError) as caught:
        read(tmp_path, "<html><frameset><frame src='sheet001.htm'></frameset></html>", "a.xls")
    assert "网页" in caught.value.line("zh")


def test_what_a_cell_of_a_page_shows(tmp_path: Path) -> None:
    rows = (
        "<tr><td>名称</td><td>说明</td></tr><tr><td>甲&nbsp;<b>工</b>厂<!-- x --></td><td title='a>b' class=\"c>d\">第一行<br/>第二行&lt;\n 完"
        "<script>var a='<td>no';</script><style>td{}</style></td></tr>"
    )
    frame = read(tmp_path, TABLE.format(rows), "a.xls").frame
    assert list(frame["name"]) == ["甲 工厂"]
    assert list(frame["description"]) == ["第一行\n第二行< 完"]


@given(st.lists(st.tuples(st.sampled_from(["title", "data-x", "style"]), st.text("ab>'\"= /", max_size=8)), max_size=4))
def test_no_value_of_an_attribute_hides_or_changes_a_cell(tmp_path: Path, attributes: list[tuple[str, str]]) -> None:
    """Values are quoted as they must be: by the mark that they do not hold; without one if they hold both."""
    quoted = [(name, value.replace('"', "") if "'" in value and '"' in value else value) for name, value in attributes]
    written = " ".join(f"{name}='{value}'" if '"' in value else f'{name}="{value}"' for name, value in quoted)
    rows = f"<tr><td>名称</td><td>地址</td></tr><tr><td {written}>甲厂</td><td>某路1号</td></tr><tr><td>乙厂</td><td>某路2号</td></tr>"
    frame = read(tmp_path, TABLE.format(rows), "a.xls").frame
    assert [list(frame["name"]), list(frame["address"])] == [["甲厂", "乙厂"], ["某路1号", "某路2号"]]


@pytest.mark.parametrize(
    "tag", ["<td title='5\" pipe'>", '<td title=5">', "<td it's>", "<td x = 'a>b'>", '<td title="a\'b>c">']
)
def test_odd_quotes_in_a_tag(tmp_path: Path, tag: str) -> None:
    rows = f"<tr><td>名称</td><td>地址</td></tr><tr>{tag}甲厂</td><td>某路1号</td></tr><tr><td>乙厂</td><td>某路2号</td></tr>"
    assert list(read(tmp_path, TABLE.format(rows), "a.xls").frame["name"]) == ["甲厂", "乙厂"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        "<!--",
        "<a ",
        "<a b='",
        '<a b="',
        "</",
        "<?",
        "<!",
        "<td ",
        "<td colspan=",
        "&#",
        "<script>",
        '<b ">',
        "colspan=  ",
        "<tr><td>",
    ],
)
def test_pages_are_read_in_linear_time(piece: str) -> None:
    def seconds(times: int) -> float:
        page = (TABLE.format(SITES_ROWS) + TABLE.replace("{}</table>", "<tr><td>") + piece * times).encode()
        begun = time.process_time()
        read_html(page, TABLES["sites"], shown="a")
        return time.process_time() - begun

    short, long = (min(seconds(times) for _ in range(3)) for times in (20_000, 80_000))
    assert long < 12 * short + 0.1


@given(
    st.lists(
        st.sampled_from(
            [
                "<table>",
                "</table>",
                "<tr>",
                "<td>",
                "<td rowspan=3>",
                "<th colspan=2>",
                "</td>",
                "名称",
                "甲",
                "<",
                ">",
                "&",
                "<br>",
                '"',
            ]
        ),
        max_size=40,
    )
)
def test_any_html_is_read_or_refused(pieces: list[str]) -> None:
    try:
        grid = read_html("".join(pieces).encode(), TABLES["sites"], shown="a")
    except UsageError:
        return
    assert all(len(row) == len(grid.header) for row in grid.rows)


BOOK = """<?xml version="1.0"{encoding}?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
<Styles><Style ss:ID="m"><NumberFormat ss:Format="yyyy&quot;年&quot;m&quot;月&quot;"/></Style>
<Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style><Style ss:ID="d" ss:Parent="m"/></Styles>
<Worksheet ss:Name="旧表"><Table><Row><Cell><Data ss:Type="String">名称</Data></Cell><Cell><Data ss:Type="String">类别</Data></Cell>
<Cell><Data ss:Type="String">地址</Data></Cell>
<Cell><Data ss:Type="String">成立日期</Data></Cell><Cell><Data ss:Type="String">来源</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">旧厂</Data></Cell></Row></Table>
<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet>
<Worksheet ss:Name="正表"><Table>
<Row><Cell><Data ss:Type="String">名称</Data></Cell><Cell><Data ss:Type="String">成立日期</Data></Cell><Cell><Data ss:Type="String">占比</Data></Cell>
<Cell><Data ss:Type="String">人数</Data></Cell><Cell ss:Index="6"><Data ss:Type="String">说明</Data></Cell></Row>
<Row ss:Index="3"><Cell><Data ss:Type="String">甲<B xmlns="http://www.w3.org/TR/REC-html40">厂</B></Data><Comment><ss:Data>别读</ss:Data></Comment></Cell>
<Cell ss:StyleID="m"><Data ss:Type="DateTime">2020-09-09T00:00:00.000</Data></Cell><Cell ss:StyleID="p"><Data ss:Type="Number">0.203</Data></Cell>
<Cell><Data ss:Type="Number">120.0</Data></Cell><Cell ss:Index="6" ss:MergeDown="1"><Data ss:Type="String">说明</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">乙厂</Data></Cell><Cell ss:StyleID="d"><Data ss:Type="Number">44083</Data></Cell>
<Cell/><Cell ss:Formula="=1+1"/></Row>
</Table></Worksheet></Workbook>"""


@pytest.mark.parametrize("encoding", ["", "utf-8", "gb2312", "utf-16"])
@pytest.mark.parametrize("name", ["a.xls", "a.xml"])
def test_xml_spreadsheet_is_read_as_a_workbook_is(tmp_path: Path, encoding: str, name: str) -> None:
    text = BOOK.format(encoding=f' encoding="{encoding}"' if encoding else "")
    found = read(tmp_path, text.encode(encoding or "utf-8"), name)
    frame = found.frame
    assert found.sheet == "正表"
    assert list(frame["name"]) == ["甲厂", "乙厂"]
    assert list(frame["start"]) == ["2020-09", "2020-09"]
    assert list(frame["占比"]) == ["20.3%", ""]
    assert list(frame["人数"]) == ["120", ""]
    assert list(frame["description"]) == ["说明", "说明"]
    assert list(frame["_row"]) == [3, 4]
    assert "formula-unsaved" in codes(found)
    assert "note-hidden-sheets" in {note.key for note in found.notes}
    assert list(read(tmp_path, text.encode(encoding or "utf-8"), name, sheet="旧表").frame["name"]) == ["旧厂"]


def test_xml_spreadsheet_with_a_document_type_is_refused(tmp_path: Path) -> None:
    text = BOOK.format(encoding="").replace(
        "<Workbook", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Workbook', 1
    )
    with pytest.raises(UsageError):
        read(tmp_path, text, "a.xls")
