"""The report as a document: sections, pictures, sources beside figures, what changed, the same bytes each time."""

from __future__ import annotations

import io
import math
import re
import shutil
import struct
import zipfile
import zlib
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import pytest

from qjmap.cli.main import main
from qjmap.model.atlas import Atlas
from qjmap.pipeline.illustrated_report import fitted_view, report_document
from qjmap.pipeline.load import load_atlas
from qjmap.project import load_project
from qjmap.report import Report, build_report
from qjmap.report.contents import MAP, contents, told_partners
from qjmap.report.headless_browser import VARIABLE
from qjmap.report.html_document import html_document
from qjmap.report.word_document import word_document

pytestmark = pytest.mark.slow

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CHANGED = ["新增“甲”（a）。"]
HEADINGS = [
    "一、总体数字",
    "二、逐个合作方",
    "三、通道与里程",
    "四、指标及来源",
    "五、本版变化",
    "六、资料缺漏",
    "七、来源",
]


def png(width: int, height: int) -> bytes:
    """A white picture."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


@pytest.fixture
def told(region: Path) -> tuple[Atlas, Report]:
    atlas = load_atlas(load_project(region))[0]
    return atlas, build_report(atlas)


def test_the_word_document_says_what_the_tables_say(told: tuple[Atlas, Report]) -> None:
    atlas, report = told
    said, partners = contents(atlas, report, "zh", changed=CHANGED), told_partners(atlas, report)
    pictures = {MAP: png(9, 6), partners[0]: png(6, 4)}
    made = word_document(said, pictures)
    assert made == word_document(said, pictures)
    read = docx.Document(io.BytesIO(made))
    heads = {level: [one.text for one in read.paragraphs if one.style.name == f"Heading {level}"] for level in (1, 2)}
    assert heads[1] == HEADINGS
    names = dict(zip(atlas.places["id"], atlas.places["name"], strict=True)) | dict(
        zip(atlas.site_rows["id"], atlas.site_rows["name"], strict=True)
    )
    assert heads[2] == [names[partner] for partner in partners]
    assert CHANGED[0] in [paragraph.text for paragraph in read.paragraphs]
    cells = {cell.text for table in read.tables for row in table.rows for cell in row.cells}
    assert cells >= set(atlas.corridors["name"])
    assert any(title in cell for title in atlas.sources["title"] for cell in cells)
    assert [shape._inline.docPr.get("descr") for shape in read.inline_shapes] == [said.title, heads[2][0]]
    page = read.sections[0]
    assert all(shape.width == page.page_width - page.left_margin - page.right_margin for shape in read.inline_shapes)


ORDER = {
    "rPr": ("rStyle", "rFonts", "b", "bCs", "i", "color", "spacing", "kern", "sz", "szCs", "lang"),
    "pPr": ("pStyle", "keepNext", "keepLines", "pBdr", "spacing", "ind", "contextualSpacing", "jc", "outlineLvl"),
    "trPr": ("cantSplit", "tblHeader"),
    "font": ("altName", "panose1", "charset", "family", "notTrueType", "pitch", "sig"),
}
"""Element -> its children in the order of the schema of WordprocessingML (ECMA-376, wml.xsd), as far as they occur."""


def test_elements_of_the_word_document_stand_in_the_order_of_the_schema(told: tuple[Atlas, Report]) -> None:
    made = word_document(contents(*told, "zh", changed=CHANGED), {MAP: png(9, 6)})
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        for part in ("word/document.xml", "word/styles.xml", "word/fontTable.xml", "word/footer1.xml"):
            for element in ElementTree.fromstring(parts.read(part)).iter():
                wanted = ORDER.get(element.tag.removeprefix(W), ())
                found = [child.tag.removeprefix(W) for child in element]
                if wanted and {*found} <= {*wanted}:
                    assert found == sorted(found, key=wanted.index), (part, element.tag, found)
        assert "docProps/thumbnail.jpeg" not in parts.namelist()
        fonts = ElementTree.fromstring(parts.read("word/fontTable.xml"))
        instead = {font.get(f"{W}name"): font.find(f"{W}altName") for font in fonts}
        for name, other in (("仿宋", "FangSong"), ("黑体", "SimHei")):
            found = instead[name]
            assert found is not None
            assert other in str(found.get(f"{W}val")).split(",")
        footer = ElementTree.fromstring(parts.read("word/footer1.xml"))
        assert [one.get(f"{W}instr") for one in footer.iter(f"{W}fldSimple")] == ["PAGE"]


def words_of(element: Any) -> str:
    return "".join(one.text or "" for one in element.iter(f"{W}t"))


def test_the_word_document_has_a_table_of_contents_whose_lines_lead_to_the_headings(told: tuple[Atlas, Report]) -> None:
    said = contents(*told, "zh", changed=CHANGED)
    read = docx.Document(io.BytesIO(word_document(said, {})))
    body = read.element.body
    assert [one.get(f"{W}fldCharType") for one in body.iter(f"{W}fldChar")] == ["begin", "separate", "end"]
    assert [one.text.split()[0] for one in body.iter(f"{W}instrText")] == ["TOC"]
    marks = {one.get(f"{W}name"): one.getparent() for one in body.iter(f"{W}bookmarkStart")}
    lines = [(words_of(one), marks[one.get(f"{W}anchor")]) for one in body.iter(f"{W}hyperlink")]
    assert [words for words, _ in lines] == [section.title for section in said.sections]
    assert all(words_of(heading) == words for words, heading in lines)
    assert read.core_properties.title == said.title


def test_rows_are_not_split_and_the_head_stands_on_every_page(told: tuple[Atlas, Report]) -> None:
    read = docx.Document(io.BytesIO(word_document(contents(*told, "zh"), {})))
    page = read.sections[0]
    for table in read.tables:
        rows = table._tbl.tr_lst
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True] + [False] * (len(rows) - 1)
        assert (
            abs(
                sum(column.width for column in table.columns) - (page.page_width - page.left_margin - page.right_margin)
            )
            < 10_000
        )


def test_amounts_of_money_a_year_are_written_as_amounts(told: tuple[Atlas, Report]) -> None:
    atlas, report = told
    frame = atlas.indicators.assign(unit=["CNY/年", *atlas.indicators["unit"][1:]])
    figures = next(
        one.rows
        for one in contents(replace(atlas, indicators=frame), report, "zh").sections
        if one.title.startswith("四")
    )
    assert figures is not None
    assert figures[1][2] == "约3亿元/年"


def test_the_page_says_the_same_as_the_word_document(told: tuple[Atlas, Report]) -> None:
    said = contents(*told, "zh", changed=CHANGED)
    page = html_document(said, {MAP: png(9, 6)})
    assert [unescape(one) for one in re.findall(r"<h2>(.*?)</h2>", page)] == HEADINGS
    read = docx.Document(io.BytesIO(word_document(said, {})))
    written = {unescape(one).strip() for one in re.findall(r"<t[hd](?: [^>]*)?>(.*?)</t[hd]>", page, re.DOTALL)}
    assert written == {cell.text.strip() for table in read.tables for row in table.rows for cell in row.cells}
    assert page.count("<img ") == 1
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!data:)', page)


def test_text_of_cells_is_no_markup_in_the_page(told: tuple[Atlas, Report]) -> None:
    page = html_document(contents(*told, "zh", changed=["<img src=x onerror=alert(1)>"]), {})
    assert "<img" not in page


@pytest.mark.parametrize("box", [[[29, 104], [30, 107]], [[0, 100], [31, 108]], [[29.0, 106.0], [29.0, 106.0]]])
def test_a_view_holds_its_bounds(box: list[list[float]]) -> None:
    width, height = 900, 600
    zoom, lat, lon = fitted_view(box, width, height)

    def pixels(lat: float, lon: float) -> tuple[float, float]:
        y = math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)
        return lon / 360 * 256 * 2**zoom, y * 256 * 2**zoom

    middle = pixels(lat, lon)
    for corner in box:
        x, y = pixels(*corner)
        assert abs(x - middle[0]) <= 0.4 * width + 1
        assert abs(y - middle[1]) <= 0.4 * height + 1
    assert zoom == round(zoom * 4) / 4


@pytest.mark.slow
def test_without_a_browser_documents_have_no_pictures_and_there_is_no_pdf(
    region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, "")
    report_document(load_project(region), tmp_path / "r.html")
    assert "<img" not in (tmp_path / "r.html").read_text(encoding="utf-8")
    for options in (
        ["--pdf", "-o", "r.pdf"],
        ["--html", "-o", "r.docx"],
        ["--html"],
        ["--template", "t.docx", "-o", "r.html"],
        ["--docx", "--format", "csv", "-o", "r.docx"],
    ):
        names = [str(tmp_path / one) if one.startswith("r.") else one for one in options]
        with pytest.raises(SystemExit) as done:
            main(["report", str(region), *names])
        assert done.value.code == 2
    assert sorted(path.name for path in tmp_path.glob("r.*")) == ["r.html"]
    assert "QJMAP_BROWSER" in capsys.readouterr().err


@pytest.mark.browser
def test_a_browser_draws_the_map_and_prints_the_document(
    region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "no Chromium on this machine: run `make browser` first; browser tests are never skipped"
    monkeypatch.setenv(VARIABLE, chromium)
    project = load_project(region)
    atlas = load_atlas(project)[0]
    report_document(project, tmp_path / "r.docx")
    shapes = docx.Document(str(tmp_path / "r.docx")).inline_shapes
    assert len(shapes) == 1 + len(told_partners(atlas, build_report(atlas)))
    report_document(project, tmp_path / "r.pdf")
    printed = (tmp_path / "r.pdf").read_bytes()
    assert printed.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) >= 2


@pytest.mark.slow
def test_distances_to_what_is_known_to_its_area_are_said_to_be_about_right(repository: Path) -> None:
    atlas = load_atlas(load_project(repository))[0]
    said = contents(atlas, build_report(atlas), "zh")
    [table] = [section.rows for section in said.sections if section.rows and section.rows[0][0] == "伙伴"]
    distance = table[0].index("距离（公里）")
    by_name = {row[0]: row for row in table[1:]}
    assert by_name["四川省"][distance].startswith("约 ")
    assert by_name["自贡市"][distance].isdigit()
    assert int(by_name["四川省"][table[0].index("其中下级")]) > 0
