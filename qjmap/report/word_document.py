"""A report as a Word document.

Headings are in 黑体, text in 仿宋, or as an own template has them. The same atlas gives the same bytes. Needs the extra ``report``.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from qjmap.errors import UsageError
from qjmap.i18n import text
from qjmap.report.contents import MAP, Contents, Rows, Section

_BODY, _HEAD = "仿宋", "黑体"
_LATIN = "Times New Roman"
_MADE = datetime.datetime(2021, 1, 1)
"""Date in the document's properties, which have to have one."""
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def word_document(said: Contents, pictures: Mapping[str, bytes], *, template: Path | None = None) -> bytes:
    """Return the .docx file.

    Parameters
    ----------
    pictures : PNG pictures by key; the sections of which one is missing have none.
    template : .docx file whose styles, header and footer are kept.

    Raises
    ------
    UsageError : the extra ``report`` is not installed, or the template is no Word document.
    """
    try:
        import docx  # optional, and few commands need it
        from docx.opc.exceptions import PackageNotFoundError
    except ImportError:
        raise UsageError("report-extra") from None
    try:
        made = docx.Document(str(template) if template else None)
    except (PackageNotFoundError, ValueError, KeyError, OSError):
        raise UsageError("report-template", path=str(template)) from None
    writer = _Writer(made, said.lang, pictures, keeps_styles=template is not None)
    writer.cover(said.title, said.subtitle)
    for section in said.sections:
        writer.section(section)
    return writer.save()


class _Writer:
    """Writes headings, tables and page numbers into a document."""

    def __init__(self, made: Any, lang: str, pictures: Mapping[str, bytes], *, keeps_styles: bool) -> None:
        self._made, self._lang, self._pictures = made, lang, pictures
        if not keeps_styles:
            self._set_styles()
            self._add_page_numbers()

    def _set_styles(self) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt, RGBColor

        for name, font, size in (
            ("Normal", _BODY, 12),
            ("Title", _HEAD, 26),
            ("Heading 1", _HEAD, 16),
            ("Heading 2", _HEAD, 13),
        ):
            style = self._made.styles[name]
            style.font.name, style.font.size, style.font.color.rgb = _LATIN, Pt(size), RGBColor(0, 0, 0)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for key in [key for key in fonts.attrib if key.endswith("Theme")]:
                del fonts.attrib[key]
            fonts.set(qn("w:eastAsia"), font)
            language = OxmlElement("w:lang")
            language.set(qn("w:eastAsia"), "zh-CN")
            style.element.get_or_add_rPr().append(language)
        section = self._made.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.6)

    def _add_page_numbers(self) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        paragraph = self._made.sections[0].footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        paragraph._p.append(field)

    def cover(self, title: str, subtitle: Iterable[str]) -> None:
        self._made.add_paragraph(title, style="Title")
        for line in subtitle:
            self._made.add_paragraph(line)
        self._picture(MAP, title)

    def _picture(self, key: str, said: str) -> None:
        """Add a picture as wide as the text, with an alternative text; add nothing if there is no such picture."""
        if key in self._pictures:
            page = self._made.sections[0]
            width = page.page_width - page.left_margin - page.right_margin
            shape = self._made.add_picture(io.BytesIO(self._pictures[key]), width=width)
            shape._inline.docPr.set("descr", said)

    def section(self, section: Section) -> None:
        """Add a section: its heading, picture, sentences and table."""
        self._made.add_heading(section.title, level=section.level)
        self._picture(section.picture, section.title)
        for sentence in section.lines:
            self._made.add_paragraph(sentence, style="List Bullet")
        if section.rows is not None:
            self._table(section.rows)

    def _table(self, rows: Rows) -> None:
        """Add a table whose first row is repeated on every page; a sentence instead if it has no other row."""
        from docx.oxml import OxmlElement
        from docx.shared import Pt

        if len(rows) < 2:
            self._made.add_paragraph(text("document.none", self._lang))
            return
        table = self._made.add_table(rows=0, cols=len(rows[0]))
        table.style = "Table Grid"
        for number, row in enumerate(rows):
            made = table.add_row()
            if number == 0:
                made._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
            for cell, words in zip(made.cells, row, strict=True):
                cell.paragraphs[0].paragraph_format.space_after = Pt(0)
                run = cell.paragraphs[0].add_run(words or " ")
                run.font.size, run.bold = Pt(9), number == 0

    def save(self) -> bytes:
        """The bytes of the document, without a clock in them."""
        self._made.core_properties.created = self._made.core_properties.modified = _MADE
        self._made.core_properties.author = self._made.core_properties.last_modified_by = ""
        saved, out = io.BytesIO(), io.BytesIO()
        self._made.save(saved)
        with zipfile.ZipFile(saved) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(zipfile.ZipInfo(name, _ZIP_DATE), old.read(name), zipfile.ZIP_DEFLATED)
        return out.getvalue()
