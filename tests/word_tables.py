"""The invented region with words that no vocabulary has, category paths of map services, and vocabulary of its own."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.region import make_region

SETTINGS = """
[categories.dry-dock]
zh = "干船坞"
en = "Dry dock"
symbol = "boat"
color = "#9C4F86"
synonyms = ["船坞"]
[statuses.suspended]
zh = "缓建"
en = "Suspended"
like = "planned"
[kinds.partnerships.twinning]
zh = "友好交往"
en = "Twinning"
like = "membership"
[units.mu]
zh = "亩"
en = "mu"
"""

ROWS: dict[str, list[dict[str, str]]] = {
    "sites": [
        {"id": "pad", "name": "甲起降点", "category": "无人机起降点", "status": "停摆", "lon": "101.2", "lat": "29.2", "datum": "wgs84"},
        {"id": "middle", "name": "乙中学", "category": "科教文化服务;学校;中学", "lon": "101.3", "lat": "29.2", "datum": "wgs84"},
        {"id": "dock", "name": "丙船坞", "category": "船坞", "status": "缓建", "lon": "101.4", "lat": "29.2", "datum": "wgs84"},
        {"id": "plain", "name": "丁厂", "category": "公司", "status": "运营", "lon": "101.5", "lat": "29.2", "datum": "wgs84"},
    ],
    "partnerships": [
        {"id": "talks", "name": "湾区—山城磋商", "kind": "非正式磋商", "parties": "harbour|hill", "status": "搁置", "value_cny": "7000000"},
        {"id": "twins", "name": "湾区—山城结好", "kind": "友好交往", "parties": "harbour|hill", "status": "缓建", "value_cny": "9000000"},
    ],
    "indicators": [
        {"id": "land", "subject": "park", "name": "用地", "kind": "批复数", "value": "500", "unit": "亩"},
    ],
}  # fmt: skip
"""Rows that are added to the tables of the region."""


def make_word_region(folder: Path, *, settings: str = SETTINGS) -> Path:
    """Write the region with these rows and settings."""
    region = make_region(folder)
    for table, rows in ROWS.items():
        path = region / "data" / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        with path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
            writer.writerows({"source": "survey", **row} for row in rows)
    with (region / "data" / "project.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    return region
