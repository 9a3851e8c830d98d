"""The report as a document: sections, pictures, sources beside figures, what changed, the same bytes each time."""

from __future__ import annotations

import io
import math
import re
import shutil
import struct
import zlib
from html import unescape
from pathlib import Path

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

CHANGED = ["新增“甲”（a）。"]
HEADINGS = ["一、总体数字", "二、逐个合作方", "三、通道与里程", "四、指标及来源", "五、本版变化", "六、资料缺漏"]


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


def test_distances_to_what_is_known_to_its_area_are_said_to_be_about_right(repository: Path) -> None:
    atlas = load_atlas(load_project(repository))[0]
    said = contents(atlas, build_report(atlas), "zh")
    [table] = [section.rows for section in said.sections if section.rows and section.rows[0][0] == "伙伴"]
    distance = table[0].index("距离（公里）")
    by_name = {row[0]: row for row in table[1:]}
    assert by_name["四川省"][distance].startswith("约 ")
    assert by_name["自贡市"][distance].isdigit()
    assert int(by_name["四川省"][table[0].index("其中下级")]) > 0
