"""The tables as the design has them, and the headers that people write."""

from __future__ import annotations

import subprocess
import sys

import pytest

from qjmap.i18n import vocab
from qjmap.schema import PRECISION_RADIUS_M, TABLES, fold
from qjmap.tables.headers import Header, parse_header

DESIGNED = {
    "places": "id, name, name_en, aliases, kind, parent, members, adcode, lon, lat, datum, precision, position_source, "
    "position_locator, valid_from, valid_to",
    "sites": "id, name, name_en, aliases, category, status, status_note, place, part_of, operator, address, lon, lat, datum, "
    "precision, position_source, position_locator, start, end, description, description_en, url",
    "partnerships": "id, name, name_en, aliases, kind, parties, roles, part_of, about, direction, status, status_note, start, "
    "end, value_cny, value_qualifier, value_kind, description, description_en, url",
    "corridors": "id, name, name_en, aliases, part_of, area, status, status_note, start, end, description, description_en, url",
    "corridor_legs": "id, corridor, seq, from, to, via, mode, along, status, published_km, length_source",
    "indicators": "id, subject, name, name_en, kind, qualifier, value, unit, period",
    "sources": "id, title, publisher, published, url, accessed, licence, note",
}


def test_tables_are_those_of_the_design() -> None:
    assert list(TABLES) == list(DESIGNED)
    for name, columns in DESIGNED.items():
        tail = ["as_of"] if name == "sources" else ["as_of", "source", "locator"]
        assert list(TABLES[name].names) == [*columns.split(", "), *tail]


def test_vocabularies_are_there_and_unambiguous() -> None:
    words = vocab()
    for table in TABLES.values():
        for column in table.columns:
            assert (column.type == "vocab") == (column.vocab is not None)
            assert column.vocab is None or column.vocab in words
    for name, values in words.items():
        seen: dict[str, str] = {}
        for value, entry in values.items():
            for word in (value, entry["zh"], entry["en"], *entry["synonyms"]):
                if fold(word):
                    assert seen.setdefault(fold(word), value) == value, (name, word)
    assert set(PRECISION_RADIUS_M) == set(words["precision"])
    assert list(PRECISION_RADIUS_M.values()) == sorted(PRECISION_RADIUS_M.values())


@pytest.mark.parametrize(
    ("typed", "column"),
    [
        ("名称", "name"), ("企业名称", "name"), ("单位", "name"), ("项目名称", "name"), ("Name", "name"), (" 名 称 ", "name"),
        ("经度", "lon"), ("东经", "lon"), ("lng", "lon"), ("Lon", "lon"), ("long", "lon"), ("Longitude", "lon"), ("X", "lon"),
        ("经度(°)", "lon"), ("经度（度）", "lon"), ("ＬＯＮ", "lon"), ("纬度", "lat"), ("北纬", "lat"), ("y", "lat"), ("LAT", "lat"),
        ("经纬度", "lonlat"), ("坐标", "lonlat"), ("location", "lonlat"), ("地址", "address"), ("类别", "category"),
        ("坐标系", "datum"), ("来源", "source"), ("状态", "status"), ("platform", None), ("联系电话", None), ("", None),
    ],
)  # fmt: skip
def test_headers_of_sites(typed: str, column: str | None) -> None:
    assert parse_header(typed, TABLES["sites"]).column == column


@pytest.mark.parametrize(
    ("typed", "column", "datum"),
    [
        ("lng_gcj02", "lon", "gcj02"), ("lat_gcj02", "lat", "gcj02"), ("经度（百度）", "lon", "bd09"), ("高德经度", "lon", "gcj02"),
        ("WGS84纬度", "lat", "wgs84"), ("经度(CGCS2000)", "lon", "cgcs2000"), ("坐标（GCJ-02）", "lonlat", "gcj02"), ("bd09_lng", "lon", "bd09"),
        ("lon_wgs84", "lon", "wgs84"), ("lon", "lon", None),
    ],
)  # fmt: skip
def test_headers_name_datums(typed: str, column: str, datum: str | None) -> None:
    found = parse_header(typed, TABLES["sites"])
    assert (found.column, found.datum) == (column, datum)


def test_headers_name_units() -> None:
    assert parse_header("投资额（万元）", TABLES["partnerships"]) == Header("value_cny", None, "万元")


def test_the_same_word_means_what_its_table_says() -> None:
    assert parse_header("单位", TABLES["sites"]).column == "name"
    assert parse_header("单位", TABLES["indicators"]).column == "unit"
    assert parse_header("类型", TABLES["places"]).column == "kind"
    assert parse_header("类型", TABLES["sites"]).column == "category"


def test_column_lookup() -> None:
    assert TABLES["sites"].column("lon").label == "经度"
    assert "lon" in TABLES["places"]
    assert "lon" not in TABLES["sources"]
    with pytest.raises(KeyError):
        TABLES["sites"].column("nothing")


def test_help_needs_nothing_heavy() -> None:
    code = (
        "import sys, qjmap.schema, qjmap.i18n, qjmap.errors, qjmap.project;"
        "print(sorted({'pandas', 'geopandas', 'numpy', 'pypinyin'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
