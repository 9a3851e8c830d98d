"""Contents of a report document, the same for HTML, Word and slides: title, and sections with tables, sentences and pictures of the map."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qjmap.committed_amounts import money
from qjmap.i18n import text
from qjmap.model.atlas import Atlas
from qjmap.model.relations import Relations, key_numbers
from qjmap.report.page_words import locator_words, per_words, unit_words
from qjmap.report.render import Report, distance_words

MAP = "map"
"""Key of the picture of the whole map."""
_MOST_PARTNERS = 40
"""Maximum number of rows in the table of partners."""
_COUNTS = ("links", "within_links", "joint_projects")
"""Columns with counts in the table of partners: all partnerships, those of them only through rows within the two, joint projects."""
MOST_TOLD = 6
"""Maximum number of partners that have their own section and picture."""

Rows = list[list[str]]
"""Rows of a table as texts; the first row has the headers."""


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
    facts : (label, value) of each figure beside the picture; shown on slides only.
    origin : sentence on the source of the section's data, shown at the foot of its slides; "" if the rows of its table name their sources.
    """

    title: str
    level: int = 1
    rows: Rows | None = None
    lines: Sequence[str] = ()
    picture: str = ""
    facts: Sequence[tuple[str, str]] = ()
    origin: str = ""


@dataclass(frozen=True)
class Contents:
    """A whole document in the language `lang`.

    Attributes
    ----------
    subtitle : lines beneath the title: the office, the date of the facts, and the review number of the map or that it was not reviewed.
    numbers : (label, value) of the numbers of partnerships, partners, joint projects and sites.
    sections : the sections in the order of the document.
    credits : attributions, which must be printed with every picture of the map.
    """

    lang: str
    title: str
    subtitle: tuple[str, ...]
    numbers: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    credits: tuple[str, ...] = ()


def contents(
    atlas: Atlas, report: Report, lang: str, *, changed: Sequence[str] = (), credits: Sequence[str] = ()
) -> Contents:
    """Return the contents of the report document of an atlas.

    Parameters
    ----------
    report : statistics of the atlas.
    lang : language of the document, "zh" or "en".
    changed : sentences on the changes since an earlier edition; empty for a document without this section.
    credits : attributions that must be printed with the map, besides the line on its review.
    """
    settings, origin = atlas.project.settings, text("document.origin", lang)
    partners = _partners(atlas, report, lang)
    chapters = [
        [Section("numbers", rows=_numbers(atlas, report, lang), origin=origin)],
        [Section("partners", rows=partners, origin=origin), *_told(atlas, report, lang, partners)],
        [Section("corridors", rows=_corridors(atlas, report, lang), origin=origin)],
        [Section("figures", rows=_figures(atlas, lang))],
        *([[Section("changes", lines=changed, origin=origin)]] if changed else []),
        [Section("gaps", rows=_gaps(report, lang), origin=origin)],
        [Section("sources", rows=_sources(atlas, lang))],
    ]
    sections = []
    for number, (first, *others) in enumerate(chapters, 1):
        mark = "一二三四五六七八九"[number - 1] + "、" if lang == "zh" else f"{number}. "
        title = mark + text(f"document.{first.title}", lang)
        sections += [replace(first, title=title), *others]
    title = settings.title if lang == "zh" else settings.title_en or settings.title
    return Contents(
        lang,
        title,
        tuple(_subtitle(atlas, lang)),
        tuple(
            (text(f"document.number.{name}", lang), f"{number:,}")
            for name, number in key_numbers(atlas, Relations(atlas)).items()
        ),
        tuple(sections),
        (_review(atlas, lang), *credits),
    )


def told_partners(atlas: Atlas, report: Report) -> list[str]:
    """Return the ids of the first `MOST_TOLD` partners of the home in `Report.partners`, which get their own sections; [] without home."""
    home = atlas.project.settings.home
    return list(report.partners.loc[report.partners["id"] == home, "partner"].head(MOST_TOLD)) if home else []


def _told(atlas: Atlas, report: Report, lang: str, listed: Rows) -> Iterator[Section]:
    """Yield a section for each partner in `told_partners`: a table of its partnerships with the home, and the picture of their map.

    Parameters
    ----------
    listed : the table of partners with its headers; a partner's row becomes the facts beside its picture.
    """
    home, rows = atlas.project.settings.home, atlas.partnership_rows
    partners = told_partners(atlas, report)
    shared = dict(Relations(atlas).partners(home)) if partners else {}
    names, titles = _names(atlas, lang), dict(zip(atlas.sources["id"], atlas.sources["title"], strict=True))
    head, *told = listed  # both lists have the partners of home in the same order
    for partner, (_, *numbers) in zip(partners, told, strict=False):
        table = [[text(f"document.deal.{name}", lang) for name in ("name", "status", "start", "value", "source")]]
        for row in rows.iloc[list(shared[partner].rows)].to_dict("records"):
            value = "" if math.isnan(row["value_cny"]) else money(row["value_cny"], row["value_qualifier"], lang)
            status = atlas.project.settings.vocabularies.label("status", row["status"], lang) if row["status"] else ""
            name = row["name_en"] if lang == "en" and row["name_en"] else row["name"]
            source = " ".join(
                filter(None, (titles.get(row["source"], row["source"]), locator_words(row["locator"], lang)))
            )
            table.append([name, status, row["start"], value, source])
        facts = [(label, number) for label, number in zip(head[1:], numbers, strict=True) if number]
        yield Section(names[partner], 2, table, picture=partner, facts=facts)


def _head(lang: str, *names: str) -> list[str]:
    return [text(f"report.{name}", lang) for name in names]


def _km(value: float) -> str:
    return "" if math.isnan(value) else f"{value:,.1f}"


def _subtitle(atlas: Atlas, lang: str) -> Iterator[str]:
    settings = atlas.project.settings
    if settings.issued_by:
        yield text("document.issued_by", lang, office=settings.issued_by)
    if settings.as_of:
        yield text("document.as_of", lang, date=settings.as_of)
    yield _review(atlas, lang)


def _review(atlas: Atlas, lang: str) -> str:
    """Return a sentence with the review number of the map (审图号), or one that states that it was not reviewed."""
    number = atlas.project.settings.review_number
    return text("review.number", lang, number=number) if number else text("review.none", lang)


def _names(atlas: Atlas, lang: str) -> dict[str, str]:
    """Return id -> name in a language of places, sites and corridors; a missing English name is replaced by the Chinese one."""
    return {
        one: name_en if lang == "en" and name_en else name
        for frame in (atlas.places, atlas.site_rows, atlas.corridors)
        for one, name, name_en in zip(frame["id"], frame["name"], frame["name_en"], strict=True)
    }


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
    """Return the table of the partners of the home, or without a home of those of all places; at most `_MOST_PARTNERS` rows."""
    home = atlas.project.settings.home
    partners = report.partners[report.partners["id"] == home] if home else report.partners
    rows, names = [], _names(atlas, lang)
    for row in partners.head(_MOST_PARTNERS).to_dict("records"):
        value = (
            "" if math.isnan(row["committed_cny"]) else money(row["committed_cny"], row["committed_qualifier"], lang)
        )
        rows.append(
            [
                names.get(row["partner"], row["partner_name"]),
                *(str(row[name]) for name in _COUNTS),
                value,
                *(distance_words(row, name, lang) for name in ("distance_km", "corridor_km")),
            ]
        )
    return [_head(lang, "partner_name", *_COUNTS, "committed_cny", "distance_km", "corridor_km"), *rows]


def _corridors(atlas: Atlas, report: Report, lang: str) -> Rows:
    names = _names(atlas, lang)
    whole = report.corridors[report.corridors["by"] == ""]
    rows = [
        [names[row["id"]], str(row["legs"]), *(_km(row[name]) for name in ("drawn_km", "schematic_km", "published_km"))]
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
        value = (
            "" if math.isnan(row["value"]) else f"{row['value']:,.10g} {unit_words(row['unit'], lang, vocabularies)}"
        )
        value = f"{qualifier}{' ' if lang == 'en' and qualifier else ''}{value}".strip() if value else ""
        currency, _, per = row["unit"].partition("/")
        if value and currency == "CNY":
            value = money(row["value"], row["qualifier"], lang) + per_words(per, lang)
        kind = vocabularies.label("indicator_kind", row["kind"], lang)
        source = " ".join(filter(None, (titles.get(row["source"], row["source"]), locator_words(row["locator"], lang))))
        name = row["name_en"] if lang == "en" and row["name_en"] else row["name"]
        rows.append([name, kind, value, row["period"], source])
    return [[text(f"document.figure.{name}", lang) for name in ("name", "kind", "value", "period", "source")], *rows]


def _gaps(report: Report, lang: str) -> Rows:
    missing = [[text(f"report.{name}", lang), str(int((report.gaps[name] == True).sum()))]  # noqa: E712
               for name in ("no_date", "no_source", "no_position")]  # fmt: skip
    return [[text("document.gap", lang), text("report.rows", lang)], *missing]


def _sources(atlas: Atlas, lang: str) -> Rows:
    columns = ("title", "publisher", "published", "url")
    rows = [[str(row[name] or "") for name in columns] for row in atlas.sources.to_dict("records")]
    return [[text(f"document.cited.{name}", lang) for name in columns], *rows]
