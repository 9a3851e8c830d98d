"""A report as six tables, and its three forms: JSON for programs, CSV for Excel, a text for the screen."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from qjmap.export.rows import cell
from qjmap.messages import label, text
from qjmap.tables.delimited import neutralised

TABLES = ("places", "partners", "corridors", "legs", "status", "gaps")

GRADES = ("schematic", "generalised", "surveyed")
_QUALIFIERS = frozenset({"committed_qualifier", "intended_qualifier"})
_FIRST = 12  # partners and places of the text for the screen


@dataclass(frozen=True)
class Report:
    """The numbers as six tables; the JSON and the CSV files hold the very same rows.

    Attributes
    ----------
    places : a row a place or organisation that takes part in anything, itself or through what lies within it.
    partners : a row such a place and one of its partners; distances in km.
    corridors : a row a corridor as a whole and split by mode, status and grade; lengths in km.
    legs : a row a leg of a corridor: drawn against published length.
    status : a row a table and status.
    gaps : a row a thing without a date, a source or a position.
    language : the project's, in which the CSV files speak unless told otherwise.
    """

    project: str
    as_of: str
    language: str
    places: pd.DataFrame
    partners: pd.DataFrame
    corridors: pd.DataFrame
    legs: pd.DataFrame
    status: pd.DataFrame
    gaps: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """The six tables by name, in their order."""
        return {name: getattr(self, name) for name in TABLES}

    def to_json(self) -> str:
        """One JSON text: {project, as_of, places: [{...}], ...}; what is not known is null."""
        head = {"project": self.project, "as_of": self.as_of or None}
        tables = {
            name: [dict(zip(frame.columns, row, strict=True)) for row in _plain_rows(frame)]
            for name, frame in self.tables().items()
        }
        return json.dumps({**head, **tables}, ensure_ascii=False, allow_nan=False, indent=1) + "\n"

    def to_csv(self, table: str, language: str | None = None) -> str:
        """One table for Excel, headers and words in zh or en; to be written as ``utf-8-sig``. No cell runs as a formula."""
        lang = language or self.language
        frame = self.tables()[table]
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(text(f"report.{name}", lang) for name in frame.columns)
        for row in _plain_rows(frame):
            writer.writerow(_said(name, value, lang) for name, value in zip(frame.columns, row, strict=True))
        return out.getvalue()

    def to_text(self, language: str | None = None) -> str:
        """The report in short, for the screen: the first places with their first partners, and what is missing."""
        return _screen(self, language or self.language)


def _plain_rows(frame: pd.DataFrame) -> list[list[Any]]:
    """Rows as JSON has them: lists joined with |, whole numbers as integers, nothing as None."""
    return [[_plain(value) for value in row] for row in frame.astype(object).itertuples(index=False, name=None)]


def _plain(value: Any) -> Any:
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    return cell(value.item() if isinstance(value, np.generic) else value)


def _said(column: str, value: Any, lang: str) -> str:
    """A cell of a CSV file in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return text("report.yes" if value else "report.no", lang)
    if column in ("table", "by"):
        return text(f"report.{column}.{value}", lang)
    if column in ("mode", "corridor_mode"):
        return _list([label("mode", one, lang) for one in value.split("|")], lang)
    if column in ("status", "grade", "value"):
        return _word(value, lang)
    if column in _QUALIFIERS:
        return label("qualifier", value, lang)
    return neutralised(value) if isinstance(value, str) else str(value)


def _word(value: str, lang: str) -> str:
    """What a corridor's lengths are split by: a mode, a status or a grade of its line."""
    for vocabulary in ("mode", "status"):
        if (said := label(vocabulary, value, lang)) != value:
            return said
    return text(f"report.grade.{value}", lang) if value in GRADES else value


def _list(words: list[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(words)


def money(value: float, qualifier: str, lang: str) -> str:
    """An amount of yuan as readers of a language write it: 不少于100亿元, at least CNY 10 billion."""
    steps = ((1e8, "亿元"), (1e4, "万元"), (1, "元")) if lang == "zh" else ((1e9, " billion"), (1e6, " million"), (1, ""))
    size, unit = next(((size, unit) for size, unit in steps if abs(value) >= size), steps[-1])
    amount = f"{value / size:,.6f}".rstrip("0").rstrip(".")
    said = amount + unit if lang == "zh" else f"CNY {amount}{unit}"
    if qualifier in ("", "="):
        return said
    return label("qualifier", qualifier, lang) + ("" if lang == "zh" else " ") + said


def _screen(report: Report, lang: str) -> str:
    """The report in short: the places with most links, each with its first partners."""
    lines = [text("report.head", lang, links=_total(report, "partnerships"), places=len(report.places))]
    for place in report.places.head(_FIRST).to_dict("records"):
        parts = [text("report.line.place", lang, **{name: place[name] for name in ("name", "links", "partners", "joint_projects")})]
        for kind in ("committed", "intended"):
            if not math.isnan(place[f"{kind}_cny"]):
                value = money(place[f"{kind}_cny"], place[f"{kind}_qualifier"], lang)
                parts.append(text(f"report.line.{kind}", lang, value=value))
        parts.append(text("report.line.no_value", lang, count=place["no_value"]))
        lines.append(_list(parts, "en") if lang == "en" else "，".join(parts))
        own = report.partners[report.partners["id"] == place["id"]]
        for partner in own.head(_FIRST // 4).to_dict("records"):
            parts = [text("report.line.partner", lang, name=partner["partner_name"], links=partner["links"])]
            for name in ("distance_km", "corridor_km"):
                if not math.isnan(partner[name]):
                    parts.append(text(f"report.line.{name}", lang, km=f"{math.floor(partner[name] + 0.5):,}"))
            lines.append("    " + ("，" if lang == "zh" else ", ").join(parts))
    if len(report.places) > _FIRST:
        lines.append(text("report.more", lang, count=len(report.places) - _FIRST))
    missing = {name: int((report.gaps[name] == True).sum()) for name in ("no_date", "no_source", "no_position")}  # noqa: E712
    lines.append(text("report.missing", lang, **missing))
    return "\n".join(lines)


def _total(report: Report, table: str) -> int:
    return int(report.status.loc[report.status["table"] == table, "rows"].sum())


def report_texts(report: Report, *, form: str | None, table: str | None, language: str | None) -> dict[str, str]:
    """A report as texts by file name: ``report.json``, ``<table>.csv`` (all, or ``table``), without a form ``report.txt``."""
    if form is None:
        return {"report.txt": report.to_text(language) + "\n"}
    if form == "json":
        return {"report.json": report.to_json()}
    return {f"{name}.csv": report.to_csv(name, language) for name in TABLES if table in (None, name)}
