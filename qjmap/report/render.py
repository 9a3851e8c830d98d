"""The report of an atlas: six tables, rendered as JSON for programs, CSV for Excel, or text for the terminal."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from qjmap.committed_amounts import money
from qjmap.export.feature_columns import cell_value
from qjmap.i18n import text
from qjmap.tables.readers.delimited import neutralised
from qjmap.vocabulary import Vocabularies

TABLES = ("places", "partners", "corridors", "legs", "status", "gaps")

GRADES = ("schematic", "generalised", "surveyed")
_QUALIFIERS = frozenset({"committed_qualifier", "intended_qualifier"})
_MOST_PLACES, _MOST_PARTNERS = 12, 3
"""Maximum number of places, and of partners of each, in the text for the terminal."""


@dataclass(frozen=True, repr=False)
class Report:
    """Report of an atlas as six tables.

    Attributes
    ----------
    project, as_of : id of the project, and the date that its facts hold for ("" if not set).
    places : one row per place or site that takes part in partnerships. `own_links` is the number of those that name it as a party,
        `within_links` of those in which only something within it takes part, `links` of both.
    partners : one row per ordered pair of such a place or site and a partner, so that each pair occurs twice; distances in km.
    corridors : one row per corridor as a whole (`by` is ""), and one per corridor and mode, status or grade; lengths in km.
    legs : one row per leg of a corridor, with its drawn and its published length in km.
    status : one row per table and status, with the number of rows.
    gaps : one row for each row of any table but sources that lacks a date, a source or a position.
    language : the project's language, the default of the CSV files and the text.
    vocabularies : vocabularies of the project, for labels.
    """

    project: str
    as_of: str
    language: str
    vocabularies: Vocabularies
    places: pd.DataFrame
    partners: pd.DataFrame
    corridors: pd.DataFrame
    legs: pd.DataFrame
    status: pd.DataFrame
    gaps: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the six tables by name, in order."""
        return {name: getattr(self, name) for name in TABLES}

    def to_json(self) -> str:
        """Return the report as JSON text: {project, as_of, places: [{...}], ...}; unknown values are null."""
        head = {"project": self.project, "as_of": self.as_of or None}
        tables = {
            name: [dict(zip(frame.columns, row, strict=True)) for row in _plain_rows(frame)]
            for name, frame in self.tables().items()
        }
        return json.dumps({**head, **tables}, ensure_ascii=False, allow_nan=False, indent=1) + "\n"

    def to_csv(self, table: str, language: str | None = None) -> str:
        """Return a table as CSV text for Excel, with headers and labels in zh or en, and formulas neutralised.

        The caller encodes it as ``utf-8-sig``.
        """
        lang = language or self.language
        frame = self.tables()[table]
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(text(f"report.{name}", lang) for name in frame.columns)
        for row in _plain_rows(frame):
            writer.writerow(
                _translated(name, value, lang, self.vocabularies)
                for name, value in zip(frame.columns, row, strict=True)
            )
        return out.getvalue()

    def to_text(self, language: str | None = None) -> str:
        """Return a summary for the terminal: the places with most partnerships, their main partners, and counts of missing facts."""
        return _summary(self, language or self.language)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name} {len(frame)}" for name, frame in self.tables().items())
        return f"<Report {self.project}, rows: {sizes}>"


def _plain_rows(frame: pd.DataFrame) -> list[list[Any]]:
    """Return the rows of a table as values for JSON: lists joined with |, whole numbers as integers, empty cells as None."""
    return [[_plain_cell(value) for value in row] for row in frame.astype(object).itertuples(index=False, name=None)]


def _plain_cell(value: Any) -> Any:
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    return cell_value(value.item() if isinstance(value, np.generic) else value)


def _translated(column: str, value: Any, lang: str, words: Vocabularies) -> str:
    """Return a cell of a CSV file in a language: values of vocabularies as their labels."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return text("report.yes" if value else "report.no", lang)
    if column in ("table", "by"):
        return text(f"report.{column}.{value}", lang)
    if column in ("mode", "corridor_mode"):
        return _listed([words.label("mode", mode, lang) for mode in value.split("|")], lang)
    if column in ("status", "grade", "value"):
        return _category(value, lang, words)
    if column in _QUALIFIERS:
        return words.label("qualifier", value, lang)
    return neutralised(value) if isinstance(value, str) else str(value)


def _category(value: str, lang: str, words: Vocabularies) -> str:
    """Return the label of a mode, status or grade; the value itself if it is none of them."""
    for vocabulary in ("mode", "status"):
        if (name := words.label(vocabulary, value, lang)) != value:
            return name
    return text(f"report.grade.{value}", lang) if value in GRADES else value


def _listed(words: list[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(words)


def _summary(report: Report, lang: str) -> str:
    separator = "，" if lang == "zh" else ", "
    lines = [text("report.head", lang, links=_row_count(report, "partnerships"), places=len(report.places))]
    for place in report.places.head(_MOST_PLACES).to_dict("records"):
        counts = {name: place[name] for name in ("name", "links", "partners", "joint_projects")}
        parts = [text("report.line.place", lang, **counts), *_within(place, lang)]
        for kind in ("committed", "intended"):
            if not math.isnan(place[f"{kind}_cny"]):
                value = money(place[f"{kind}_cny"], place[f"{kind}_qualifier"], lang)
                parts.append(text(f"report.line.{kind}", lang, value=value))
        parts.append(text("report.line.no_value", lang, count=place["no_value"]))
        lines.append(separator.join(parts))
        partners = report.partners[report.partners["id"] == place["id"]]
        for partner in partners.head(_MOST_PARTNERS).to_dict("records"):
            parts = [
                text("report.line.partner", lang, name=partner["partner_name"], links=partner["links"]),
                *_within(partner, lang),
            ]
            for name in ("distance_km", "corridor_km"):
                if km := distance_words(partner, name, lang):
                    parts.append(text(f"report.line.{name}", lang, km=km))
            lines.append("    " + separator.join(parts))
    if len(report.places) > _MOST_PLACES:
        lines.append(text("report.more", lang, count=len(report.places) - _MOST_PLACES))
    missing = {name: int((report.gaps[name] == True).sum()) for name in ("no_date", "no_source", "no_position")}  # noqa: E712
    lines.append(text("report.missing", lang, **missing))
    return "\n".join(lines)


def distance_words(partner: Mapping[Any, Any], name: str, lang: str) -> str:
    """Return a distance to a partner in whole km, such as 1,309; "" if it is unknown.

    A geodesic distance is marked as approximate (约 1,309, about 1,309) if a position is known only to the province or country.

    Parameters
    ----------
    partner : a row of `Report.partners`.
    name : "distance_km" for the geodesic distance, "corridor_km" for that along the corridors.
    """
    if math.isnan(partner[name]):
        return ""
    km = f"{math.floor(partner[name] + 0.5):,}"
    return text("report.about", lang, km=km) if name == "distance_km" and partner["distance_about"] else km


def _within(row: Mapping[Any, Any], lang: str) -> list[str]:
    """Return a list with a phrase for `within_links`, the number of partnerships that a place or pair has through rows within; [] if 0.

    Parameters
    ----------
    row : a row of `Report.places` or `Report.partners`.
    """
    count = row["within_links"]
    return [text("report.line.within", lang, count=count)] if count else []


def _row_count(report: Report, table: str) -> int:
    return int(report.status.loc[report.status["table"] == table, "rows"].sum())


def report_texts(report: Report, *, form: str | None, table: str | None, language: str | None) -> dict[str, str]:
    """Return file name -> text of the file, for a report.

    Parameters
    ----------
    form : "json" for ``report.json``; "csv" for ``<table>.csv``; None for ``report.txt``, a summary.
    table : the only table that becomes CSV; None for all six.
    language : language of CSV files and summary, "zh" or "en"; None for that of the project.
    """
    if form is None:
        return {"report.txt": report.to_text(language) + "\n"}
    if form == "json":
        return {"report.json": report.to_json()}
    return {f"{name}.csv": report.to_csv(name, language) for name in TABLES if table in (None, name)}
