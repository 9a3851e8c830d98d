"""Metadata of a page: settings, texts, vocabularies and all other data that its scripts cannot derive from the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import pandas as pd

from qjmap import pinyin
from qjmap._version import __version__
from qjmap.export.attribution import attribution
from qjmap.export.feature_columns import property_names
from qjmap.export.legend import Legend
from qjmap.i18n import LANGS, text, texts
from qjmap.layers.table_payload import filter_column
from qjmap.model.atlas import Atlas
from qjmap.model.relations import Relations, relations_metadata
from qjmap.page.opening_view import closest_zoom, opening_view
from qjmap.page.story import story
from qjmap.page.table_views import facets, table_views
from qjmap.schema import EDITION_CHANGE, EDITION_CHANGES, TABLES, WORD_COLUMNS
from qjmap.setting_values import View
from qjmap.symbols import symbols
from qjmap.tables.columns import operations as cols
from qjmap.tables.own_columns import MOST_FILTER_VALUES, OwnColumn
from qjmap.vocabulary import UNIT, Vocabularies

_FEW = 0.1
"""Maximum share of all dates that lie in the year of an outlier, see `bulk`."""
_LEAST_GAP = 3
"""An outlier is more than this many years from the next year that has dates."""


_SEARCHED = ("category", "place_kind", "partnership_kind", "indicator_kind", "mode", "status")
"""Vocabularies by whose words and synonyms rows are found (`row-words.js`)."""
_DERIVED_WORDS = {"level": "precision", "modes": "mode", "position_of": "id"}
"""Column that the program adds -> vocabulary of its values, or "id" for ids of rows."""


def page_metadata(atlas: Atlas, view: View, credits: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    """Return the metadata of the page of an atlas, as values for JSON.

    Parameters
    ----------
    view : the view with which the page opens.
    credits : credits for the background that the page must show, each in Chinese and in English.
    """
    settings = atlas.project.settings
    bounds, far = opening_view(atlas, view.opening)
    counted = atlas.new or atlas
    relations, two_editions = Relations(counted), atlas.new is not None
    return {
        "version": __version__,
        "id": view.id,
        "title": {"zh": view.title, "en": view.title_en or view.title},
        "language": view.language,
        "start": {
            "layers": list(view.layers),
            "filter": {name: list(values) for name, values in view.filter.items()},
        },
        "as_of": settings.as_of,
        "review_number": settings.review_number,
        "home": settings.home,
        "region": settings.region,
        "view": bounds,
        "far": far,
        "closest": closest_zoom(atlas),
        "ties": relations_metadata(relations),
        "story": story(counted, relations),
        "time": date_range(atlas),
        "attribution": [{"zh": zh, "en": en} for zh, en in map_credits(atlas, credits)],
        "texts": {
            **texts("page"),
            **_unit_texts(settings.vocabularies),
            **(texts("two_editions") if two_editions else {}),
        },
        "vocab": {**_words(settings.vocabularies), **(_change_words() if two_editions else {})},
        "families": _families(settings.vocabularies),
        "pinyin": pinyin.restricted(pinyin.characters(_searchable_texts(atlas))),
        "own": {
            name: own_metadata(atlas.own[name], frame)
            for name, frame in atlas.table_rows().items()
            if atlas.own.get(name)
        },
        "columns": {name: property_names(name, frame) for name, frame in atlas.layer_rows().items()},
        "labels": _labels(atlas),
        "tables": table_views(two_editions=two_editions),
        "filters": facets(two_editions=two_editions),
    }


def _words(vocabularies: Vocabularies) -> dict[str, dict[str, Mapping[str, Any]]]:
    """Return the labels of all vocabularies: name -> value -> entry. Only those by which rows are searched have their synonyms."""
    return {
        name: {
            value: entry if name in _SEARCHED else {key: word for key, word in entry.items() if key != "synonyms"}
            for value, entry in entries.items()
        }
        for name, entries in vocabularies.all().items()
    }


def _families(vocabularies: Vocabularies) -> dict[str, list[str]]:
    """Return family (a value of the vocabulary ``category_family``) -> categories of sites; by it a search for 物流 finds a dry port."""
    families: dict[str, list[str]] = {}
    for category, symbol in symbols(vocabularies).items():
        families.setdefault(symbol["family"], []).append(category)
    return families


def map_credits(atlas: Atlas, credits: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the lines that must be shown with a map of an atlas, each in Chinese and in English; parameters as in `page_metadata`."""
    said = ((line, line) for line in attribution(atlas))
    return list(dict.fromkeys((*_sample_notice(atlas), *said, *atlas.project.settings.attribution, *credits)))


def _labels(atlas: Atlas) -> dict[str, list[str]]:
    """Return name of a column of layers -> its `_label_of`; where tables differ, also "table.name" -> that of the later tables."""
    labels: dict[str, list[str]] = {}
    for table, frame in atlas.layer_rows().items():
        for name in property_names(table, frame):
            label = _label_of(table, name)
            if labels.setdefault(name, label) != label:
                labels[f"{table}.{name}"] = label
    return labels


def _label_of(table: str, name: str) -> list[str]:
    """Return how a table for Excel writes a column: [Chinese label, vocabulary of its values].

    The second item is "id" for a column with ids of other rows, and "" for one without a vocabulary.
    """
    label = Legend().column(table, name)
    column = TABLES[table].column(name) if name in TABLES[table] else None
    if column is None:
        return [label, _DERIVED_WORDS.get(name, "")]
    return [label, "id" if name != "id" and column.type in ("id", "ids") else column.vocab or ""]


def own_metadata(columns: Sequence[OwnColumn], frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return descriptions of the own columns of a frame for the page, in the order in which it shows them, as values for JSON."""
    ordered = sorted(columns, key=lambda column: (column.settings.order is None, column.settings.order or 0))
    return [
        {
            "name": column.name,
            "kind": column.kind,
            "unit": column.settings.unit,
            **_label(column),
            **({"filter": filter_column(column)} if _is_facet(column, frame) else {}),
        }
        for column in ordered
    ]


def _is_facet(column: OwnColumn, frame: pd.DataFrame) -> bool:
    """Return whether readers can filter by a column: its settings allow it, and it has numbers, dates, or few distinct texts."""
    if not column.settings.filter or column.kind in ("number", "date"):
        return column.settings.filter
    return len({*cols.unique(cols.column(frame, column.name))} - {""}) <= MOST_FILTER_VALUES


def _label(column: OwnColumn) -> dict[str, dict[str, str]]:
    """Return {"label": text by language} of a column; {} if the settings give it no label."""
    zh, en = column.settings.label, column.settings.label_en
    return {"label": {"zh": zh or column.name, "en": en or zh or column.name}} if zh or en else {}


def _unit_texts(vocabularies: Vocabularies) -> dict[str, dict[str, str]]:
    """Return page texts for the units of measurement that a project adds: ``unit.<word>`` -> {"zh": label, "en": label}.

    A word is the value, a label or a synonym of a unit; each has an entry.
    """
    return {
        f"unit.{word}": {lang: vocabularies.label(UNIT, value, lang) for lang in ("zh", "en")}
        for value, words in vocabularies.added_words().get(UNIT, {}).items()
        for word in (value, *words)
    }


def _change_words() -> dict[str, dict[str, dict[str, str]]]:
    """Return the vocabulary of what became of a row, with a label for each combination: a row may have moved and changed."""
    words: dict[str, dict[str, str]] = {
        change: {lang: text(f"edition_change.{change}", lang) for lang in LANGS} for change in EDITION_CHANGES
    }
    both: dict[str, str] = {
        lang: text("edition_change.joint", lang).join(words[one][lang] for one in ("moved", "changed"))
        for lang in LANGS
    }
    return {EDITION_CHANGE: {**words, "moved|changed": both}}


def _sample_notice(atlas: Atlas) -> list[tuple[str, str]]:
    """Return the notice (Chinese, English) that the page has only a sample of the sites, in a list; [] if it has all sites."""
    if atlas.all_sites is None:
        return []
    counts = {"shown": f"{len(atlas.site_rows):,}", "total": f"{atlas.all_sites.rows:,}"}
    return [(text("sample", "zh", **counts), text("sample", "en", **counts))]


def date_range(atlas: Atlas) -> dict[str, Any]:
    """Return the range of the time bar: ``dated``, ``first``, ``last`` and ``unit``.

    ``dated`` is the number of sites, partnerships and corridors with a date; ``first`` and ``last`` are the years between which most dates
    lie (see `bulk`), 0 without dates; ``unit`` is the step, "year" if most dates are known only to the year, else "quarter".
    """
    dated, dates = 0, list[str]()
    for frame in (atlas.site_rows, atlas.partnership_rows, atlas.corridors):
        start, end = cols.column(frame, "start"), cols.column(frame, "end")
        dated += int((~cols.is_empty(start) | ~cols.is_empty(end)).sum())
        dates += [date for column in (start, end) for date in column[~cols.is_empty(column)]]
    years = bulk(int(date[:4]) for date in dates)
    by_year = 2 * sum(len(date) == len("2020") for date in dates) > len(dates)
    first, last = (years[0], years[-1]) if years else (0, 0)
    return {"dated": dated, "first": first, "last": last, "unit": "year" if by_year else "quarter"}


def bulk(years: Iterable[int]) -> list[int]:
    """Return the years of dates, ascending, without outliers: one plan for 2035 would leave most of the time bar empty.

    The last or first year is an outlier if at most `_FEW` of all dates lie in it, and its distance from the next year exceeds both
    `_LEAST_GAP` and the span of the rest. This is repeated without it.

    Parameters
    ----------
    years : year of each date, in any order, with repetitions.
    """
    kept = sorted(years)
    few = len(kept) * _FEW
    for side in (1, -1):  # the latest first
        while len(kept) > 1:
            edge = kept[-1] if side == 1 else kept[0]
            rest = [year for year in kept if year != edge]
            if not rest or len(kept) - len(rest) > few:
                break
            gap = edge - rest[-1] if side == 1 else rest[0] - edge
            if gap <= max(_LEAST_GAP, rest[-1] - rest[0]):
                break
            kept = rest
    return kept


def _searchable_texts(atlas: Atlas) -> Iterator[str]:
    """Yield all texts that a reader may search by pinyin, concatenated to long texts: only their characters matter."""
    for frame in atlas.table_rows().values():
        for column in ("name", "title", "address", "publisher", *WORD_COLUMNS):
            if column in frame:
                yield from cols.text_blocks(cols.column(frame, column))
        if "aliases" in frame:
            yield "".join(chain.from_iterable(frame["aliases"]))
