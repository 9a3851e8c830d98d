"""Contents of a report document, the same for HTML and Word: title, and sections with tables, sentences and pictures of the map."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qjmap.committed_amounts import money
from qjmap.i18n import text
from qjmap.model.atlas import Atlas
from qjmap.model.relations import Relations
from qjmap.report.render import Report, distance_words

MAP = "map"
"""Key of the picture of the whole map."""
_MOST_PARTNERS = 40
"""Maximum number of rows in the table of partners."""
_COUNTS = ("links", "within_links", "joint_projects")
"""Columns with counts in the table of partners: all partnerships, those of them only through rows within the two, joint projects."""
MOST_TOLD = 6
"""Maximum number of partners that have a section and a picture of their own."""

Rows = list[list[str]]


@dataclass(frozen=True)
class Section:
    """A section of a document.

    Attributes
    ----------
    title : heading; at level 1 with the number of the section.
    level : level of the heading, 1 or 2.
    rows : a table, whose first row has the headers; None for no table. A table without further rows is shown as the sentence "None."
    lines : sentences, shown as a list.
    picture : key of the picture at the start of the section; "" for none.
    """

    title: str
    level: int = 1
    rows: Rows | None = None
    lines: Sequence[str] = ()
    picture: str = ""


@dataclass(frozen=True)
class Contents:
    """A whole document in the language `lang`: its title, the lines beneath the title, and its sections in order."""

    lang: str
    title: str
    subtitle: tuple[str, ...]
    sections: tuple[Section, ...]


def contents(atlas: Atlas, report: Report, lang: str, *, changed: Sequence[str] = ()) -> Contents:
    """Return the contents of the report document of an atlas.

    Parameters
    ----------
    report : statistics of the atlas.
    lang : language of the document, "zh" or "en".
    changed : sentences on the changes since an earlier edition; empty for a document without this section.
    """
    settings = atlas.project.settings
    chapters = [
        [Section("numbers", rows=_numbers(atlas, report, lang))],
        [Section("partners", rows=_partners(atlas, report, lang)), *_told(atlas, report, lang)],
        [Section("corridors", rows=_corridors(report, lang))],
        [Section("figures", rows=_figures(atlas, lang))],
        *([[Section("changes", lines=changed)]] if changed else []),
        [Section("gaps", rows=_gaps(report, lang))],
    ]
    sections = []
    for number, (first, *others) in enumerate(chapters, 1):
        mark = "一二三四五六七八九"[number - 1] + "、" if lang == "zh" else f"{number}. "
        title = mark + text(f"document.{first.title}", lang)
        sections += [Section(title, rows=first.rows, lines=first.lines), *others]
    title = settings.title if lang == "zh" else settings.title_en or settings.title
    return Contents(lang, title, tuple(_subtitle(atlas, lang)), tuple(sections))


def told_partners(atlas: Atlas, report: Report) -> list[str]:
    """Return the ids of the at most `MOST_TOLD` partners of home that have a section of their own, in the order of `Report.partners`; []
    without a home.
    """
    home = atlas.project.settings.home
    return list(report.partners.loc[report.partners["id"] == home, "partner"].head(MOST_TOLD)) if home else []


def _told(atlas: Atlas, report: Report, lang: str) -> Iterator[Section]:
    """Yield a section for each partner in `told_partners`: a table of its partnerships with home, and the partner's picture."""
    home, rows = atlas.project.settings.home, atlas.partnership_rows
    partners = told_partners(atlas, report)
    shared = dict(Relations(atlas).partners(home)) if partners else {}
    names = dict(zip(report.partners["partner"], report.partners["partner_name"], strict=True))
    titles = dict(zip(atlas.sources["id"], atlas.sources["title"], strict=True))
    for partner in partners:
        table = [[text(f"document.deal.{name}", lang) for name in ("name", "status", "start", "value", "source")]]
        for row in rows.iloc[list(shared[partner].rows)].to_dict("records"):
            value = "" if math.isnan(row["value_cny"]) else money(row["value_cny"], row["value_qualifier"], lang)
            status = atlas.project.settings.vocabularies.label("status", row["status"], lang) if row["status"] else ""
            name = row["name_en"] if lang == "en" and row["name_en"] else row["name"]
            source = " ".join(filter(None, (titles.get(row["source"], row["source"]), row["locator"])))
            table.append([name, status, row["start"], value, source])
        yield Section(names[partner], 2, table, picture=partner)


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
    """Return the table of the partners of home; of a project without a home, of the partners of every place."""
    home = atlas.project.settings.home
    partners = report.partners[report.partners["id"] == home] if home else report.partners
    rows = []
    for row in partners.head(_MOST_PARTNERS).to_dict("records"):
        value = (
            "" if math.isnan(row["committed_cny"]) else money(row["committed_cny"], row["committed_qualifier"], lang)
        )
        rows.append(
            [
                row["partner_name"],
                *(str(row[name]) for name in _COUNTS),
                value,
                *(distance_words(row, name, lang) for name in ("distance_km", "corridor_km")),
            ]
        )
    return [_head(lang, "partner_name", *_COUNTS, "committed_cny", "distance_km", "corridor_km"), *rows]


def _corridors(report: Report, lang: str) -> Rows:
    whole = report.corridors[report.corridors["by"] == ""]
    rows = [
        [row["name"], str(row["legs"]), *(_km(row[name]) for name in ("drawn_km", "schematic_km", "published_km"))]
        for row in whole.to_dict("records")
    ]
    return [_head(lang, "name", "legs", "drawn_km", "schematic_km", "published_km"), *rows]


def _figures(atlas: Atlas, lang: str) -> Rows:
    """Return the table of indicators, each with its kind, value, period and source."""
    titles = dict(zip(atlas.sources["id"], atlas.sources["title"], strict=True))
    vocabularies = atlas.project.settings.vocabularies
    rows = []
    for row in atlas.indicators.to_dict("records"):
        qualifier = "" if row["qualifier"] in ("", "=") else vocabularies.label("qualifier", row["qualifier"], lang)
        value = "" if math.isnan(row["value"]) else f"{qualifier}{row['value']:,.10g} {row['unit']}".strip()
        currency, _, per = row["unit"].partition("/")
        if value and currency == "CNY":
            value = "/".join(filter(None, (money(row["value"], row["qualifier"], lang), per)))
        kind = vocabularies.label("indicator_kind", row["kind"], lang)
        source = " ".join(filter(None, (titles.get(row["source"], row["source"]), row["locator"])))
        rows.append([row["name"], kind, value, row["period"], source])
    return [[text(f"document.figure.{name}", lang) for name in ("name", "kind", "value", "period", "source")], *rows]


def _gaps(report: Report, lang: str) -> Rows:
    missing = [[text(f"report.{name}", lang), str(int((report.gaps[name] == True).sum()))]  # noqa: E712
               for name in ("no_date", "no_source", "no_position")]  # fmt: skip
    return [[text("document.gap", lang), text("report.rows", lang)], *missing]
