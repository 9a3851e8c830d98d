"""The report as slides: the same contents, nothing that runs over, sources, vectors, own templates, the same bytes each time."""

from __future__ import annotations

import io
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pptx
import pytest
from pptx.util import Pt

from qjmap.cli.main import main
from qjmap.model.atlas import Atlas
from qjmap.pipeline.load import load_atlas
from qjmap.pipeline.map import page_bytes
from qjmap.project import load_project
from qjmap.report import Report, build_report
from qjmap.report.contents import MAP, Contents, Section, contents, told_partners
from qjmap.report.headless_browser import VARIABLE, Drawing, drawing
from qjmap.report.slide_deck import slide_deck
from qjmap.report.slide_pages import BODY, CELL, LINE, table_widths
from qjmap.report.text_measure import text_width, wrap
from tests.region import make_region
from tests.report.test_document import png

pytestmark = pytest.mark.slow

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="680" height="418"><path d="M0 0L9 9"/></svg>'
MAP_OF = Drawing(SVG, png(68, 42))
CHANGED = ["新增“甲”（a）。"]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Atlas, Report]:
    atlas = load_atlas(load_project(make_region(tmp_path_factory.mktemp("slides") / "region")))[0]
    return atlas, build_report(atlas)


def deck(said: Contents, drawings: dict[str, Drawing] | None = None, template: Path | None = None) -> Any:
    return pptx.Presentation(io.BytesIO(slide_deck(said, drawings or {}, template=template)))


def tables(slide: Any) -> list[list[list[str]]]:
    return [[[c.text for c in r.cells] for r in shape.table.rows] for shape in slide.shapes if shape.has_table]


def words(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_slides_say_what_the_report_says(told: tuple[Atlas, Report], lang: str) -> None:
    said = contents(*told, lang, changed=CHANGED, credits=["GeoNames CC BY 4.0"])
    partner = told_partners(*told)[0]
    made = slide_deck(said, {MAP: MAP_OF, partner: MAP_OF})
    assert made == slide_deck(said, {MAP: MAP_OF, partner: MAP_OF})
    read = pptx.Presentation(io.BytesIO(made))
    assert read.slide_width / read.slide_height == pytest.approx(16 / 9)
    cover, overview, *others = read.slides
    assert cover.shapes.title.text == said.title
    assert all(line in words(cover) for line in said.subtitle)
    assert all(value in words(overview) and label in words(overview) for label, value in said.numbers)
    titles = [slide.shapes.title.text for slide in others]
    for section in said.sections:
        mine = [
            s
            for s, title in zip(others, titles, strict=True)
            if title == section.title or title[:-1].startswith((f"{section.title}（", f"{section.title} ("))
        ]
        found = [table for slide in mine for table in tables(slide)]
        if section.rows is not None and len(section.rows) > 1:
            assert all(table[0] == section.rows[0] for table in found)
            assert [row for table in found for row in table[1:]] == section.rows[1:]
        assert all(line in "\n".join(map(words, mine)) for line in section.lines)
    assert read.core_properties.title == said.title


def test_every_slide_after_the_cover_has_its_source_and_its_number(told: tuple[Atlas, Report]) -> None:
    said = contents(*told, "zh", changed=CHANGED, credits=["GeoNames CC BY 4.0"])
    read = deck(said, {MAP: MAP_OF, told_partners(*told)[0]: MAP_OF})
    for number, slide in enumerate(read.slides, 1):
        [*fields] = [one.findtext(f"{A}t") for one in slide.element.iter(f"{A}fld")]
        assert fields == ([] if number == 1 else [str(number)])
        pictures = [shape for shape in slide.shapes if shape.shape_type == pptx.enum.shapes.MSO_SHAPE_TYPE.PICTURE]
        if pictures:
            assert "GeoNames CC BY 4.0" in words(slide)
            assert said.credits[0] in words(slide)  # whether the map was reviewed
        for table in tables(slide):
            assert {"来源", "网址"} & {*table[0]} or "来源：" in words(slide)


def test_a_map_is_there_as_vectors_beside_its_pixels(told: tuple[Atlas, Report]) -> None:
    made = slide_deck(contents(*told, "zh"), {MAP: MAP_OF})
    slide = pptx.Presentation(io.BytesIO(made)).slides[1]
    [picture] = [shape for shape in slide.shapes if hasattr(shape, "image")]
    assert picture.image.blob == MAP_OF.png
    assert picture._element.nvPicPr.cNvPr.get("descr")
    assert picture.width / picture.height == pytest.approx(68 / 42, rel=0.01)
    [vector] = [one for one in picture._element.iter() if one.tag.endswith("}svgBlip")]
    [key] = [value for name, value in vector.attrib.items() if name.endswith("}embed")]
    part = slide.part.related_part(key)
    assert (part.blob, part.content_type) == (SVG, "image/svg+xml")


LONG = "綦江区与各地的合作，见 https://example.org/" + "a" * 300 + "，" + "产业园区共建" * 400


def test_what_does_not_fit_goes_on_to_the_next_slide(told: tuple[Atlas, Report]) -> None:
    rows = [
        ["名称", "说明", "数"],
        *([f"第{number}行", "合作" * number, str(number)] for number in range(60)),
        ["长", LONG, "9"],
    ]
    said = replace(
        contents(*told, "zh"),
        title=LONG,
        sections=(Section("表", rows=rows), Section("句", lines=[LONG, *CHANGED * 50])),
    )
    read = deck(said)
    room = min(shape.top for shape in read.slide_layouts[1].placeholders if shape.placeholder_format.type == 13)
    joined = ["", ""]
    for slide in read.slides:
        assert slide.shapes.title.text_frame.paragraphs[0].runs[0].font.size >= Pt(18)
        for shape in slide.shapes:
            if shape.has_table:
                widths = [column.width.pt - 2 * CELL[0] for column in shape.table.columns]
                for number, row in enumerate(shape.table.rows):
                    lines = max(
                        len(wrap(cell.text, width / BODY)) for cell, width in zip(row.cells, widths, strict=True)
                    )
                    assert row.height.pt >= lines * BODY * LINE + 2 * CELL[1] - 0.1
                    joined[0] += row.cells[1].text if number else ""
                assert shape.top + sum(row.height for row in shape.table.rows) <= room
            elif shape.has_text_frame and not shape.is_placeholder:
                assert shape.top + shape.height <= room
                joined[1] += shape.text_frame.text.replace("\n", "")
    assert joined[0] == "".join(row[1] for row in rows[1:])
    assert LONG in joined[1]


def test_a_column_has_room_for_its_longest_word_and_columns_fill_the_width() -> None:
    rows = [["Partnerships", "Source"], ["1", "x " * 200], ["2020-09-09", "y"]]
    widths = table_widths(rows, 800)
    assert sum(widths) == pytest.approx(800)
    assert widths[0] >= text_width("Partnerships") * BODY + 2 * CELL[0]
    assert sum(table_widths([["wide" * 40] * 30], 800)) == pytest.approx(800)


@pytest.mark.parametrize("text", ["", "甲", "合作，" * 30, "one two three " * 20, "x" * 200, " 前后 "])
def test_lines_joined_are_the_text(text: str) -> None:
    lines = wrap(text, 10)
    assert "".join(lines) == text
    assert all(text_width(line.rstrip("，。 ")) <= 10 for line in lines)


ORDER = {
    "rPr": ("solidFill", "latin", "ea"),
    "pPr": ("lnSpc", "spcBef", "spcAft"),
    "tcPr": ("lnL", "lnR", "lnT", "lnB", "noFill", "solidFill"),
    "p": ("pPr", "r", "fld", "endParaRPr"),
    "blip": ("extLst",),
    "majorFont": ("latin", "ea", "cs", "font"),
}
"""Element -> its children in the order of the schema of DrawingML (ECMA-376, dml-main.xsd), as far as they occur."""


def test_elements_of_the_slides_stand_in_the_order_of_the_schema(told: tuple[Atlas, Report]) -> None:
    with zipfile.ZipFile(io.BytesIO(slide_deck(contents(*told, "zh"), {MAP: MAP_OF}))) as parts:
        names = parts.namelist()
        for part in (name for name in names if name.endswith(".xml") and ("/slides/" in name or "/theme/" in name)):
            for element in ElementTree.fromstring(parts.read(part)).iter():
                wanted = ORDER.get(element.tag.removeprefix(A), ()) if element.tag.startswith(A) else ()
                found = [child.tag.removeprefix(A) for child in element]
                if wanted:
                    assert found == sorted(found, key=wanted.index), (part, element.tag, found)
        assert not [name for name in names if "thumbnail" in name or "printerSettings" in name]
        theme = parts.read("ppt/theme/theme1.xml").decode()
        assert 'typeface="黑体"' in theme
        assert 'typeface="仿宋"' in theme
        slide = parts.read("ppt/slides/slide3.xml").decode()
        assert '<a:latin typeface="Times New Roman"/><a:ea typeface="仿宋"' in slide


def own_template(path: Path) -> None:
    made = pptx.Presentation()
    made.slide_master.name = "Our office"
    made.slides.add_slide(made.slide_layouts[0]).shapes.title.text = "Sample"
    made.save(path)


def test_an_own_template_keeps_its_size_and_layouts_and_loses_its_slides(
    told: tuple[Atlas, Report], tmp_path: Path
) -> None:
    own_template(tmp_path / "t.pptx")
    said = contents(*told, "zh")
    read = deck(said, {MAP: MAP_OF}, tmp_path / "t.pptx")
    assert read.slide_width / read.slide_height == pytest.approx(4 / 3)
    assert len(read.slide_layouts) == 11
    assert "Sample" not in "".join(words(slide) for slide in read.slides)
    assert "仿宋" not in "".join(ElementTree.tostring(slide.element, "unicode") for slide in read.slides)
    for slide in read.slides:
        assert all(shape.left >= 0 and shape.left + shape.width <= read.slide_width for shape in slide.shapes)
        assert all(shape.text_frame.text for shape in slide.placeholders if shape.has_text_frame)


def test_a_file_that_is_no_template_is_refused_and_nothing_is_written(
    region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, "")
    own_template(tmp_path / "whole.pptx")
    whole = (tmp_path / "whole.pptx").read_bytes()
    (tmp_path / "t.docx").write_bytes(b"PK\x03\x04" + b"\0" * 300)
    (tmp_path / "cut.pptx").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "garbled.pptx").write_bytes(whole[:3000] + b"\xff" * 3000 + whole[6000:])
    for template in ("t.docx", "cut.pptx", "garbled.pptx", "missing.pptx"):
        command = [
            "report",
            str(region),
            "--pptx",
            "-o",
            str(tmp_path / "r.pptx"),
            "--template",
            str(tmp_path / template),
        ]
        with pytest.raises(SystemExit) as done:
            main([*command, "--lang", "en"])
        assert done.value.code == 2
        assert template in capsys.readouterr().err
    assert not (tmp_path / "r.pptx").exists()


def test_without_the_extra_the_cure_is_named(
    region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)
    with pytest.raises(SystemExit) as done:
        main(["report", str(region), "-o", str(tmp_path / "r.pptx")])
    assert done.value.code == 2
    said = capsys.readouterr().err
    assert "python-pptx" in said
    assert 'pip install "qjmap[report]"' in said


@pytest.mark.slow
def test_the_command_writes_slides_without_a_browser_too(
    region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "")
    settings = region / "data" / "project.toml"
    settings.write_text('issued_by = "湾区发展改革委员会"\n' + settings.read_text(encoding="utf-8"), encoding="utf-8")
    out, saved = tmp_path / "r.pptx", set()
    for _ in range(2):
        with pytest.raises(SystemExit) as done:
            main(["report", str(region), "--pptx", "-o", str(out)])
        assert not done.value.code
        saved.add(out.read_bytes())
    assert len(saved) == 1
    read = pptx.Presentation(str(out))
    assert "编制单位：湾区发展改革委员会" in words(read.slides[0])
    assert not [shape for slide in read.slides for shape in slide.shapes if hasattr(shape, "image")]


@pytest.mark.browser
def test_the_map_of_a_page_is_drawn_as_vectors_and_as_pixels(told: tuple[Atlas, Report], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"".join(page_bytes(told[0])))
    drawn = drawing(page, width=680, height=418, scale=1, address="lang=en")
    assert drawn is not None
    root = ElementTree.fromstring(drawn.svg)
    assert root.get("viewBox") == "0 0 680 418"
    texts = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "Lakeside" in texts
    assert not any(one.tag.endswith(("}script", "}image", "}foreignObject")) for one in root.iter())
    assert drawn.png[16:24] == (680).to_bytes(4, "big") + (418).to_bytes(4, "big")
