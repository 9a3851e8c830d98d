"""A report as a Word document.

Headings are in 黑体 and text in 仿宋, unless the user's template has other styles. The same atlas gives the same bytes. Needs the extra
``report``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from qjmap.errors import UsageError
from qjmap.i18n import text
from qjmap.report.contents import MAP, Contents, Rows, Section
from qjmap.report.office_files import BODY, HEAD, LATIN, document_bytes, drop_thumbnail, open_template
from qjmap.report.table_layout import SHORT, column_widths, numeric_columns

_INSTEAD = {
    BODY: ("FangSong", "FangSong_GB2312", "STFangsong", "Noto Serif CJK SC", "SimSun"),
    HEAD: ("SimHei", "STHeiti", "Heiti SC", "Noto Sans CJK SC", "Microsoft YaHei"),
}
"""Font -> its other names, and the fonts that replace it where it is not installed."""
_MANY_HEADINGS = 8
"""Minimum number of headings of a document with a table of contents."""
_BOOKMARK = "_Toc"
_FIELD_BEGIN = (
    '<w:r {ns}><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>',
    '<w:r {ns}><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>',
    '<w:r {ns}><w:fldChar w:fldCharType="separate"/></w:r>',
)
_FIELD_END = '<w:r {ns}><w:fldChar w:fldCharType="end"/></w:r>'


def word_document(said: Contents, pictures: Mapping[str, bytes], *, template: Path | None = None) -> bytes:
    """Return the bytes of the .docx file.

    Parameters
    ----------
    said : contents of the document.
    pictures : key (`MAP`, or `Section.picture`) -> PNG picture. A section whose picture is missing is written without one.
    template : .docx file whose styles, header and footer are used; None for those of qjmap.

    Raises
    ------
    UsageError : the extra ``report`` is not installed, or the template is no Word document.
    """
    writer = _Writer(open_word(template), said.lang, pictures, keeps_styles=template is not None)
    writer.cover(said.title, said.subtitle)
    writer.table_of_contents([(section.title, section.level) for section in said.sections])
    for section in said.sections:
        writer.section(section)
    return writer.save()


def open_word(template: Path | None = None) -> Any:
    """Return the template as a document of python-docx, or an empty one; errors as in `word_document`."""
    try:
        import docx  # optional, and few commands need it
    except ImportError:
        raise UsageError("report-extra", program="Word", library="python-docx") from None
    return open_template(docx.Document, template, program="Word", suffix=".docx")


class _Writer:
    """Writes the cover, table of contents, sections and page numbers into a document of python-docx."""

    def __init__(self, made: Any, lang: str, pictures: Mapping[str, bytes], *, keeps_styles: bool) -> None:
        self._made, self._lang, self._pictures = made, lang, pictures
        if not keeps_styles:
            self._set_styles()
            self._name_fonts()
            self._add_page_numbers()
            drop_thumbnail(self._made.part.package)
        self._title, self._headings = "", 0

    def _set_styles(self) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt, RGBColor

        for name, font, size in (
            ("Normal", BODY, 12),
            ("Title", HEAD, 26),
            ("Heading 1", HEAD, 16),
            ("Heading 2", HEAD, 13),
        ):
            style = self._made.styles[name]
            style.font.name, style.font.size, style.font.color.rgb = LATIN, Pt(size), RGBColor(0, 0, 0)
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

    def _name_fonts(self) -> None:
        """Add to the document's font table the fonts that replace 仿宋 and 黑体 on a machine without them."""
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.opc.oxml import serialize_part_xml
        from docx.oxml import OxmlElement, parse_xml
        from docx.oxml.ns import qn

        part: Any = self._made.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
        fonts = parse_xml(part.blob)
        for name, others in _INSTEAD.items():
            font = OxmlElement("w:font")
            font.set(qn("w:name"), name)
            for tag, value in (("w:altName", ",".join(others)), ("w:charset", "86")):  # 86: GB 2312
                child = OxmlElement(tag)
                child.set(qn("w:val"), value)
                font.append(child)
            fonts.append(font)
        part._blob = serialize_part_xml(fonts)

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
        self._title = title
        self._made.add_paragraph(title, style="Title")
        for line in subtitle:
            self._made.add_paragraph(line)
        self._picture(MAP, title)

    def table_of_contents(self, headings: Sequence[tuple[str, int]]) -> None:
        """Add a table of contents if there are at least `_MANY_HEADINGS` headings.

        It is a field with links to the headings; Word adds the page numbers when it opens the document.

        Parameters
        ----------
        headings : (title, level) of each section.
        """
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls
        from docx.shared import Pt

        if len(headings) < _MANY_HEADINGS:
            return
        title = self._made.add_paragraph()
        title.paragraph_format.space_before, title.paragraph_format.keep_with_next = Pt(12), True
        title.add_run(text("document.contents", self._lang)).bold = True
        for number, (heading, level) in enumerate(headings, 1):
            entry = self._made.add_paragraph()
            entry.paragraph_format.space_after = Pt(2)
            entry.paragraph_format.left_indent = Pt(21 * (level - 1))
            if number == 1:
                for xml in _FIELD_BEGIN:
                    entry._p.append(parse_xml(xml.format(ns=nsdecls("w"))))
            link = f'<w:hyperlink {nsdecls("w")} w:anchor="{_BOOKMARK}{number}" w:history="1"><w:r><w:t>{escape(heading)}</w:t></w:r></w:hyperlink>'
            entry._p.append(parse_xml(link))
            if number == len(headings):
                entry._p.append(parse_xml(_FIELD_END.format(ns=nsdecls("w"))))

    def _heading(self, words: str, level: int) -> None:
        """Add a heading, with a bookmark to which its line in the table of contents links."""
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        self._headings += 1
        paragraph = self._made.add_heading(words, level=level)
        begin = f'<w:bookmarkStart {nsdecls("w")} w:id="{self._headings}" w:name="{_BOOKMARK}{self._headings}"/>'
        paragraph.runs[0]._r.addprevious(parse_xml(begin))
        paragraph._p.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{self._headings}"/>'))

    def _picture(self, key: str, said: str) -> None:
        """Add the picture of a key, as wide as the text, with `said` as its alternative text; nothing if there is no such picture."""
        if key in self._pictures:
            page = self._made.sections[0]
            width = page.page_width - page.left_margin - page.right_margin
            shape = self._made.add_picture(io.BytesIO(self._pictures[key]), width=width)
            shape._inline.docPr.set("descr", said)

    def section(self, section: Section) -> None:
        """Add a section: its heading, picture, sentences and table."""
        self._heading(section.title, section.level)
        self._picture(section.picture, section.title)
        for sentence in section.lines:
            self._made.add_paragraph(sentence, style="List Bullet")
        if section.rows is not None:
            self._table(section.rows)

    def _table(self, rows: Rows) -> None:
        """Add a table. Its first row is repeated on every page, and no row is split between pages. Instead of a table that has only this
        row, add the sentence "None."
        """
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement
        from docx.shared import Emu, Pt

        if len(rows) < 2:
            self._made.add_paragraph(text("document.none", self._lang))
            return
        page = self._made.sections[0]
        widths = [Emu(width) for width in column_widths(rows, page.page_width - page.left_margin - page.right_margin)]
        numeric = numeric_columns(rows)
        table = self._made.add_table(rows=0, cols=len(rows[0]))
        table.style, table.autofit = "Table Grid", False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for number, row in enumerate(rows):
            made = table.add_row()
            properties = made._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            if number == 0:
                properties.append(OxmlElement("w:tblHeader"))
            for column, (cell, words) in enumerate(zip(made.cells, row, strict=True)):
                cell.width = widths[column]
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_after = Pt(0)
                if column in numeric:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                if len(rows) <= SHORT and number < len(rows) - 1:
                    paragraph.paragraph_format.keep_with_next = True
                run = paragraph.add_run(words or " ")
                run.font.size, run.bold = Pt(9), number == 0

    def save(self) -> bytes:
        """Return the bytes of the .docx file. All dates in it are fixed, so that the same contents give the same bytes."""
        return document_bytes(self._made, self._title)
