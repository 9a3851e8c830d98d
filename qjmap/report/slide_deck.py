"""Write a report as slides for PowerPoint: the contents of the Word document, divided so that they fit. Needs the extra ``report``."""

from __future__ import annotations

import copy
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qjmap.errors import UsageError
from qjmap.report.contents import Contents
from qjmap.report.headless_browser import Drawing
from qjmap.report.office_files import BODY, HEAD, LATIN, document_bytes, open_template
from qjmap.report.slide_master import chinese_font, set_look
from qjmap.report.slide_pages import BODY as BODY_SIZE
from qjmap.report.slide_pages import (
    CELL,
    LINE,
    NOTE,
    TITLE,
    Slide,
    Table,
    fitted,
    lines_height,
    notes_height,
    one_line,
    row_height,
    slides,
)

_TITLES = (TITLE, 24.0, 20.0, 18.0)
_COVER_TITLES, _COVER_LINES = (44.0, 36.0, 32.0, 28.0, 24.0), (20.0, 18.0, 16.0, 14.0)
_FACTS = 0.25
"""Width of the facts beside a picture, as a share of the whole width."""
_FACT_SIZES = (40.0, 32.0, 24.0, 20.0, 18.0, 16.0, 14.0)
_GAP = 12.0
_INSETS = (17.0, 8.0)
"""Margins of a placeholder in points: left and right together, top and bottom together."""
_EMU = 12700
"""English metric units in a point."""
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""Style of tables without fills and lines, in which text has the colour of the theme."""
_SVG = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
"""URI of the extension by which a picture refers to an SVG besides its PNG."""


def slide_deck(said: Contents, drawings: Mapping[str, Drawing], *, template: Path | None = None) -> bytes:
    """Return the bytes of the .pptx file.

    Parameters
    ----------
    said : contents of the report.
    drawings : key (`MAP`, or `Section.picture`) -> map. A slide whose map is missing is made without one.
    template : .pptx file whose theme, layouts and size are kept; its own slides are left out. None for those of qjmap.

    Raises
    ------
    UsageError : the extra ``report`` is not installed, or the template is no PowerPoint file.
    """
    made = open_deck(template)
    if template is None:
        set_look(made)
    deck = _Deck(made, said.lang, drawings, keeps_fonts=template is not None)
    deck.cover(said)
    for slide in slides(said, {*drawings}, *deck.room):
        deck.add(slide)
    return document_bytes(made, said.title)


def open_deck(template: Path | None = None) -> Any:
    """Return the template as a presentation of python-pptx, or an empty one; errors as in `slide_deck`."""
    try:
        import pptx  # optional, and few commands need it
    except ImportError:
        raise UsageError("report-extra", program="PowerPoint", library="python-pptx") from None
    return open_template(pptx.Presentation, template, program="PowerPoint", suffix=".pptx")


class _Deck:
    """Writes slides into a presentation of python-pptx. Lengths are in points."""

    def __init__(self, made: Any, lang: str, drawings: Mapping[str, Drawing], *, keeps_fonts: bool) -> None:
        self._made, self._lang, self._drawings, self._keeps_fonts = made, lang, drawings, keeps_fonts
        identifiers = made.slides._sldIdLst
        for identifier in list(identifiers):
            made.part.drop_rel(identifier.rId)
            identifiers.remove(identifier)
        layouts = {layout._element.get("type"): layout for layout in reversed(made.slide_layouts)}
        titled = [layout for layout in made.slide_layouts if _placeholder(layout, "title") is not None]
        self._plain = layouts.get("titleOnly") or (titled or made.slide_layouts)[0]
        self._cover = layouts.get("title") or self._plain
        self._left, self._top, self._width, self._bottom = self._region()

    @property
    def room(self) -> tuple[float, float]:
        """Width and height of the area below the title of a slide."""
        return self._width, self._bottom - self._top

    def _region(self) -> tuple[float, float, float, float]:
        """Return left, top, width and bottom of the area between the title and the footer of the layout."""
        whole, height = self._made.slide_width / _EMU, self._made.slide_height / _EMU
        left, top, width, bottom = 0.05 * whole, 0.22 * height, 0.9 * whole, 0.92 * height
        title = _placeholder(self._plain, "title")
        if title is not None and title.top + title.height < 0.4 * self._made.slide_height:
            left, width = title.left / _EMU, title.width / _EMU
            top = (title.top + title.height) / _EMU + _GAP
        feet = [
            foot.top / _EMU for kind in ("dt", "ftr", "sldNum") if (foot := _placeholder(self._plain, kind)) is not None
        ]
        bottom = min([bottom, *(foot for foot in feet if foot > height / 2)])
        return left, top, width, bottom

    def cover(self, said: Contents) -> None:
        """Add the first slide: the title, and the lines below it."""
        slide = self._made.slides.add_slide(self._cover)
        self._write_title(slide, said.title, _COVER_TITLES)
        under = next((one for one in slide.placeholders if _kind(one) in ("subTitle", "body")), None)
        if under is None:
            under = self._box(slide, self._left, self._top, *self.room)
        width, height = under.width / _EMU - _INSETS[0], under.height / _EMU - _INSETS[1]
        lines = [one_line(line) for line in said.subtitle]
        fitting = (size for size in _COVER_LINES if lines_height(lines, width, size) <= height)
        size = next(fitting, _COVER_LINES[-1])
        self._paragraphs(under.text_frame, [(line, size, False) for line in lines])
        self._clear(slide)

    def add(self, said: Slide) -> None:
        """Add a slide after the cover."""
        slide = self._made.slides.add_slide(self._plain)
        self._write_title(slide, said.title, _TITLES)
        bottom = self._bottom - notes_height(said.notes, self._width)
        if said.picture or said.facts:
            self._figure(slide, said, bottom)
        if said.table is not None:
            self._table(slide, said.table)
        if said.lines:
            frame = self._box(slide, self._left, self._top, *self.room).text_frame
            self._paragraphs(frame, [("".join(lines), BODY_SIZE, False) for lines in said.lines], gap=6.0)
        if said.notes:
            frame = self._box(slide, self._left, bottom + 4, self._width, self._bottom - bottom - 4).text_frame
            self._paragraphs(frame, [(line, NOTE, False) for line in said.notes])
        self._number(slide)
        self._clear(slide)

    def _figure(self, slide: Any, said: Slide, bottom: float) -> None:
        """Add the picture at the left, as large as fits above `bottom`, and the facts to its right (or, without a picture, alone)."""
        height, left, width = bottom - self._top, self._left, self._width
        if said.picture:
            room = width * (1 - _FACTS) - 2 * _GAP if said.facts else width
            drawing = self._drawings[said.picture]
            shape = slide.shapes.add_picture(io.BytesIO(drawing.png), 0, 0)
            scale = min(room * _EMU / shape.width, height * _EMU / shape.height)
            shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
            shape.left, shape.top = int(left * _EMU), int(self._top * _EMU)
            shape._element.nvPicPr.cNvPr.set("descr", said.title)
            self._add_svg(slide, shape, drawing.svg)
            left, width = left + shape.width / _EMU + 2 * _GAP, width - shape.width / _EMU - 2 * _GAP
        if said.facts:
            self._facts(slide, said.facts, left, width, height)

    def _facts(self, slide: Any, facts: Sequence[tuple[str, str]], left: float, width: float, height: float) -> None:
        """Add the values in large type above their labels, all in the largest size at which they fit."""
        each = height / len(facts) - 6
        labels = [fitted(label, width, each, (BODY_SIZE,))[1] for label, _ in facts]
        sizes = [
            fitted(value, width, each - lines_height([label], width, BODY_SIZE), _FACT_SIZES, is_bold=True)[0]
            for label, (_, value) in zip(labels, facts, strict=True)
        ]
        frame = self._box(slide, left, self._top, width, height).text_frame
        said = [
            part
            for label, (_, value) in zip(labels, facts, strict=True)
            for part in ((value, min(sizes), True), (label, BODY_SIZE, False))
        ]
        self._paragraphs(frame, said, gap=6.0, every=2)

    def _table(self, slide: Any, said: Table) -> None:
        """Add a table, with the header row in bold type and columns of numbers aligned to the right."""
        from pptx.enum.text import PP_ALIGN
        from pptx.util import Emu, Pt

        heights = [row_height(row) for row in said.rows]
        size = [int(one * _EMU) for one in (self._left, self._top, sum(said.widths), sum(heights))]
        table = slide.shapes.add_table(len(said.rows), len(said.widths), *(Emu(one) for one in size)).table
        table.horz_banding = False
        table._tbl.tblPr.find("{*}tableStyleId").text = _NO_STYLE
        for column, width in zip(table.columns, said.widths, strict=True):
            column.width = Pt(width)
        for number, (row, height) in enumerate(zip(said.rows, heights, strict=True)):
            table.rows[number].height = Pt(height)
            for at, lines in enumerate(row):
                cell = table.cell(number, at)
                cell.margin_left = cell.margin_right = Pt(CELL[0])
                cell.margin_top = cell.margin_bottom = Pt(CELL[1])
                self._paragraphs(cell.text_frame, [("".join(lines), BODY_SIZE, number == 0)])
                if at in said.numeric:
                    cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
                _paint_cell(cell, is_head=number == 0)

    def _box(self, slide: Any, left: float, top: float, width: float, height: float) -> Any:
        """Add a text box without margins to a slide, and return it."""
        from pptx.util import Pt

        box = slide.shapes.add_textbox(Pt(left), Pt(top), Pt(width), Pt(height))
        frame = box.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        return box

    def _write_title(self, slide: Any, words: str, sizes: Sequence[float]) -> None:
        title = slide.shapes.title or self._box(slide, self._left, 0.06 * self._top, self._width, 0.9 * self._top)
        width, height = title.width / _EMU - _INSETS[0], title.height / _EMU - _INSETS[1]
        size, shown = fitted(one_line(words), width, height, sizes)
        self._paragraphs(title.text_frame, [(shown, size, False)], font=HEAD)

    def _paragraphs(
        self, frame: Any, said: Sequence[tuple[str, float, bool]], *, font: str = BODY, gap: float = 0.0, every: int = 1
    ) -> None:
        """Write paragraphs into a text frame, with a fixed line height.

        Parameters
        ----------
        said : (text, font size in points, whether bold) of each paragraph.
        font : Chinese typeface.
        gap, every : points of space that follow each `every`-th paragraph.
        """
        from pptx.util import Pt

        for number, (words, size, is_bold) in enumerate(said):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.line_spacing, paragraph.space_before = Pt(size * LINE), Pt(0)
            paragraph.space_after = Pt(gap if (number + 1) % every == 0 else 0)
            if not words:  # a run without text has no height of its own in some programs
                paragraph._p.get_or_add_endParaRPr().set("sz", str(int(size * 100)))
                continue
            run = paragraph.add_run()
            run.text, run.font.size = words, Pt(size)
            run.font.bold = is_bold or None
            self._set_fonts(run, font)

    def _set_fonts(self, run: Any, name: str) -> None:
        """Set the language of a run, and its typefaces unless the user's template determines them; `name` is the Chinese one."""
        from pptx.oxml import parse_xml

        properties = run._r.get_or_add_rPr()
        chinese, english = "zh-CN", "en-US"
        properties.set("lang", chinese if self._lang == "zh" else english)
        properties.set("altLang", english if self._lang == "zh" else chinese)
        if not self._keeps_fonts:
            run.font.name = LATIN
            properties.append(parse_xml(chinese_font("ea", name)))

    def _add_svg(self, slide: Any, shape: Any, svg: bytes) -> None:
        """Add the SVG to a picture of a slide; programs that cannot show SVG show the picture's PNG."""
        from pptx.opc.constants import RELATIONSHIP_TYPE
        from pptx.opc.package import Part
        from pptx.oxml import parse_xml

        package = slide.part.package
        part = Part(package.next_image_partname("svg"), "image/svg+xml", package, svg)
        relation = slide.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        shape._element.blipFill.find("{*}blip").append(parse_xml(
            '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:ext uri="' + _SVG + '">'
            '<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main"'
            ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
            f' r:embed="{relation}"/></a:ext></a:extLst>'
        ))  # fmt: skip

    def _number(self, slide: Any) -> None:
        """Add the number of the slide, if the layout has a placeholder for it."""
        place = _placeholder(self._plain, "sldNum")
        if place is None:
            return
        number = copy.deepcopy(place._element)
        slide.shapes._spTree.append(number)
        number.find(".//{*}cNvPr").set("id", str(max(shape.shape_id for shape in slide.shapes) + 1))
        for words in number.iterfind(".//{*}fld/{*}t"):
            words.text = str(len(self._made.slides))

    @staticmethod
    def _clear(slide: Any) -> None:
        """Remove the empty placeholders of a slide except that of its number: PowerPoint would show a prompt in them."""
        for shape in list(slide.placeholders):
            if shape.has_text_frame and not shape.text_frame.text and _kind(shape) != "sldNum":
                shape._element.getparent().remove(shape._element)


def _placeholder(layout: Any, kind: str) -> Any:
    """Return the placeholder of a type in a layout, such as "title" or "sldNum" (values of the attribute ``type`` in the file); None if the
    layout has none.
    """
    return next((one for one in layout.placeholders if _kind(one) == kind), None)


def _kind(shape: Any) -> str:
    kind: str = shape._element.find(".//{*}ph").get("type", "body")
    return kind


def _paint_cell(cell: Any, *, is_head: bool) -> None:
    """Give a cell thin lines above and below in the theme's second text colour, and a background if it is in the header row."""
    from pptx.oxml import parse_xml

    names = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    properties = cell._tc.get_or_add_tcPr()
    for side in ("lnL", "lnR"):
        properties.append(parse_xml(f'<a:{side} {names} w="0"><a:noFill/></a:{side}>'))
    for side in ("lnT", "lnB"):
        properties.append(parse_xml(
            f'<a:{side} {names} w="6350"><a:solidFill><a:schemeClr val="tx2"/></a:solidFill></a:{side}>'
        ))  # fmt: skip
    fill = '<a:solidFill {}><a:schemeClr val="bg2"/></a:solidFill>' if is_head else "<a:noFill {}/>"
    properties.append(parse_xml(fill.format(names)))
