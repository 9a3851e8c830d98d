"""Write a report as a Word document: numbers, partners, corridors with lengths, figures with sources, changes, missing facts.

Headings are in 黑体 and text in 仿宋, unless the user gives a template. The same atlas gives the same bytes. Needs the extra ``report``.
"""

from __future__ import annotations

import datetime
import io
import math
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from qjmap.errors import UsageError
from qjmap.i18n import text
from qjmap.model.atlas import Atlas
from qjmap.money import money
from qjmap.report.render import Report

_BODY, _HEAD = "仿宋", "黑体"
_LATIN = "Times New Roman"
_MADE = datetime.datetime(2021, 1, 1)
"""Creation date in the document's properties, fixed so that the bytes are reproducible."""
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_MOST_PARTNERS = 40
"""Maximum number of the home place's partners that are listed."""


def document(
    atlas: Atlas, report: Report, lang: str, *, changed: Sequence[str] = (), template: Path | None = None
) -> bytes:
    """Return the bytes of the .docx file.

    Parameters
    ----------
    lang : language of the document, "zh" or "en".
    changed : sentences on what changed since an earlier edition; without any the section is left out.
    template : .docx file whose styles, header and footer are used.

    Raises
    ------
    UsageError : the extra ``report`` is not installed, or the template is not a Word document.
    """
    try:
        import docx  # imported here because it is optional, and few commands need it
        from docx.opc.exceptions import PackageNotFoundError
    except ImportError:
        raise UsageError("report-extra") from None
    try:
        made = docx.Document(str(template) if template else None)
    except (PackageNotFoundError, ValueError, KeyError, OSError):
        raise UsageError("report-template", path=str(template)) from None
    writer = _Writer(made, lang, keeps_styles=template is not None)
    settings = atlas.project.settings
    writer.cover(settings.title if lang == "zh" else settings.title_en or settings.title, _subtitle(atlas, lang))
    writer.section("numbers", _numbers(atlas, report, lang))
    writer.section("partners", _partners(atlas, report, lang))
    writer.section("corridors", _corridors(report, lang))
    writer.section("figures", _figures(atlas, lang))
    if changed:
        writer.lines("changes", changed)
    writer.section("gaps", _gaps(report, lang))
    return writer.save()


Rows = list[list[str]]


class _Writer:
    """Writes headings, tables and page numbers into a document."""

    def __init__(self, made: Any, lang: str, *, keeps_styles: bool) -> None:
        self._made, self._lang, self._number = made, lang, 0
        if not keeps_styles:
            self._set_styles()
            self._add_page_numbers()

    def _set_styles(self) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt, RGBColor

        for name, font, size in (("Normal", _BODY, 12), ("Title", _HEAD, 26), ("Heading 1", _HEAD, 16)):
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

    def _heading(self, key: str) -> None:
        self._number += 1
        number = "一二三四五六七八九"[self._number - 1] + "、" if self._lang == "zh" else f"{self._number}. "
        self._made.add_heading(number + text(f"document.{key}", self._lang), level=1)

    def section(self, key: str, rows: Rows) -> None:
        """Write a heading and a table, whose first row is a header repeated on every page; without rows a sentence that says so."""
        from docx.oxml import OxmlElement
        from docx.shared import Pt

        self._heading(key)
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

    def lines(self, key: str, sentences: Sequence[str]) -> None:
        self._heading(key)
        for sentence in sentences:
            self._made.add_paragraph(sentence, style="List Bullet")

    def save(self) -> bytes:
        """Return the bytes of the document, with fixed times in its archive."""
        self._made.core_properties.created = self._made.core_properties.modified = _MADE
        self._made.core_properties.author = self._made.core_properties.last_modified_by = ""
        saved, out = io.BytesIO(), io.BytesIO()
        self._made.save(saved)
        with zipfile.ZipFile(saved) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(zipfile.ZipInfo(name, _ZIP_DATE), old.read(name), zipfile.ZIP_DEFLATED)
        return out.getvalue()


def _head(lang: str, *names: str) -> list[str]:
    return [text(f"report.{name}", lang) for name in names]


def _km(value: float) -> str:
    return "" if math.isnan(value) else f"{value:,.1f}"


def _subtitle(atlas: Atlas, lang: str) -> Iterator[str]:
    settings = atlas.project.settings
    if settings.as_of:
        yield text("document.as_of", lang, date=settings.as_of)
    number = settings.review_number
    yield text("review.number", lang, number=number) if number else text("review.none", lang)


def _numbers(atlas: Atlas, report: Report, lang: str) -> Rows:
    words, vocabularies = _head(lang, "table", "status", "rows"), atlas.project.settings.vocabularies
    rows = [
        [
            text(f"report.table.{row['table']}", lang),
            vocabularies.label("status", row["status"], lang) if row["status"] else text("report.no_status", lang),
            str(row["rows"]),
        ]
        for row in report.status.to_dict("records")
    ]
    return [words, *rows]


def _partners(atlas: Atlas, report: Report, lang: str) -> Rows:
    """Return the rows on partners of the home place; if the project has no home place, on partners of every place."""
    home = atlas.project.settings.home
    partners = report.partners[report.partners["id"] == home] if home else report.partners
    rows = []
    for row in partners.head(_MOST_PARTNERS).to_dict("records"):
        value = (
            "" if math.isnan(row["committed_cny"]) else money(row["committed_cny"], row["committed_qualifier"], lang)
        )
        rows.append([row["partner_name"], str(row["links"]), value, _km(row["distance_km"]), _km(row["corridor_km"])])
    return [_head(lang, "partner_name", "links", "committed_cny", "distance_km", "corridor_km"), *rows]


def _corridors(report: Report, lang: str) -> Rows:
    whole_corridors = report.corridors[report.corridors["by"] == ""]
    rows = [
        [row["name"], str(row["legs"]), *(_km(row[name]) for name in ("drawn_km", "schematic_km", "published_km"))]
        for row in whole_corridors.to_dict("records")
    ]
    return [_head(lang, "name", "legs", "drawn_km", "schematic_km", "published_km"), *rows]


def _figures(atlas: Atlas, lang: str) -> Rows:
    """Return the rows on indicators, with values as their sources state them."""
    titles = dict(zip(atlas.sources["id"], atlas.sources["title"], strict=True))
    vocabularies = atlas.project.settings.vocabularies
    rows = []
    for row in atlas.indicators.to_dict("records"):
        qualifier = "" if row["qualifier"] in ("", "=") else vocabularies.label("qualifier", row["qualifier"], lang)
        value = "" if math.isnan(row["value"]) else f"{qualifier}{row['value']:,.10g} {row['unit']}".strip()
        if value and row["unit"] == "CNY":
            value = money(row["value"], row["qualifier"], lang)
        kind = vocabularies.label("indicator_kind", row["kind"], lang)
        source = " ".join(filter(None, (titles.get(row["source"], row["source"]), row["locator"])))
        rows.append([row["name"], kind, value, row["period"], source])
    return [[text(f"document.figure.{name}", lang) for name in ("name", "kind", "value", "period", "source")], *rows]


def _gaps(report: Report, lang: str) -> Rows:
    missing = [[text(f"report.{name}", lang), str(int((report.gaps[name] == True).sum()))]  # noqa: E712
               for name in ("no_date", "no_source", "no_position")]  # fmt: skip
    return [[text("document.gap", lang), text("report.rows", lang)], *missing]
