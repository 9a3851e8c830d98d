"""`qjmap report`: statistics of the invented region, computed by hand, in all forms."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path
from typing import Any

import pytest

import qjmap
from qjmap.report import TABLES, Report
from qjmap.report.render import money
from qjmap.report.statistics import sum_values
from qjmap.schema import TABLES as SCHEMA
from tests.region import ROWS, make_region, write_table


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return qjmap.open_project(make_region(tmp_path_factory.mktemp("report") / "region")).report()


def rows(report: Report, table: str) -> list[dict[str, Any]]:
    return list(json.loads(report.to_json())[table])


def test_a_place_has_its_partners_projects_and_values(report: Report) -> None:
    harbour = next(row for row in rows(report, "places") if row["id"] == "harbour")
    assert harbour == {
        "table": "places", "id": "harbour", "name": "海口湾区", "name_en": "Harbour District", "partners": 6, "links": 6,
        "own_links": 5, "within_links": 1,
        "joint_projects": 1, "committed_cny": 5000000, "committed_qualifier": "=", "intended_cny": 2000000000,
        "intended_qualifier": ">=", "no_value": 4, "operating": 2, "under_construction": 0, "signed": 1, "planned": 2,
        "proposed": 1, "ended": 0, "other": 0, "no_status": 0, "no_date": 5, "no_source": 0,
    }  # fmt: skip
    assert [row["id"] for row in rows(report, "places")][:3] == ["harbour", "hill", "park"]
    coast = next(row for row in rows(report, "places") if row["id"] == "coast")
    assert (coast["links"], coast["own_links"], coast["within_links"]) == (6, 0, 6)  # what its district has agreed


def test_a_partner_has_what_it_shares_and_how_far_it_is(report: Report) -> None:
    hill = next(row for row in rows(report, "partners") if (row["id"], row["partner"]) == ("harbour", "hill"))
    assert (hill["links"], hill["own_links"], hill["within_links"]) == (3, 2, 1)  # one is of the zone
    back = next(row for row in rows(report, "partners") if (row["id"], row["partner"]) == ("hill", "harbour"))
    ends = {"id", "name", "partner", "partner_name"}
    assert {name: hill[name] for name in hill if name not in ends} == {
        name: back[name] for name in back if name not in ends
    }
    assert (hill["joint_projects"], hill["committed_cny"], hill["intended_cny"], hill["no_value"]) == (
        1,
        5000000,
        None,
        2,
    )
    assert hill["distance_km"] == pytest.approx(147.2, abs=1.0)  # 1.5 degrees of longitude at 30.6 N, 0.3 of latitude
    assert hill["corridor_km"] == pytest.approx(hill["distance_km"], rel=0.004)  # one straight schematic leg
    assert (hill["corridor_mode"], hill["corridor_planned"], hill["corridor_schematic"]) == ("rail", False, True)
    island = next(row for row in rows(report, "partners") if (row["id"], row["partner"]) == ("hill", "lake"))
    assert island["corridor_km"] is None


@pytest.mark.slow
def test_a_corridor_path_names_the_places_it_passes(tmp_path: Path) -> None:
    region = make_region(tmp_path / "region")
    more = {"id": "hop", "name": "山岛协议", "parties": "hill|island", "status": "signed", "source": "survey"}
    write_table(region / "data" / "partnerships.csv", SCHEMA["partnerships"].names, [*ROWS["partnerships"], more])
    result = qjmap.open_project(region).report().partners
    (way,) = result[(result["id"] == "hill") & (result["partner"] == "island")].to_dict("records")
    assert way["corridor_via"] == ("harbour",)
    assert way["corridor_mode"] == ("rail", "sea")
    assert way["corridor_planned"]


def test_a_corridor_is_measured_whole_and_by_mode_status_and_line(report: Report) -> None:
    rail = [row for row in rows(report, "corridors") if row["id"] == "rail"]
    assert [(row["by"], row["value"], row["legs"]) for row in rail] == [
        (None, None, 2), ("mode", "rail", 1), ("mode", "sea", 1), ("status", "operating", 1), ("status", "planned", 1),
        ("grade", "schematic", 2),
    ]  # fmt: skip
    assert rail[0]["drawn_km"] == pytest.approx(rail[1]["drawn_km"] + rail[2]["drawn_km"], abs=0.1)
    assert rail[0]["published_km"] is None
    idea = next(row for row in rows(report, "corridors") if row["id"] == "idea")
    assert (idea["legs"], idea["drawn_km"]) == (0, None)


def test_a_published_length_stands_against_the_drawn_one(tmp_path: Path) -> None:
    region = make_region(tmp_path / "region")
    legs = [{**ROWS["corridor_legs"][0], "published_km": "200", "length_source": "survey"}, ROWS["corridor_legs"][1]]
    write_table(
        region / "data" / "corridor_legs.csv",
        SCHEMA["corridor_legs"].names,
        [{"source": "survey", **leg} for leg in legs],
    )
    result = qjmap.open_project(region).report()
    leg = next(row for row in rows(result, "legs") if row["id"] == "rail-1")
    assert leg["difference_percent"] == pytest.approx(100 * (leg["drawn_km"] - 200) / 200, abs=0.06)
    whole = next(row for row in rows(result, "corridors") if row["id"] == "rail")
    assert (whole["published_km"], whole["legs_published"]) == (200, 1)
    assert whole["drawn_km_of_published"] == leg["drawn_km"] < whole["drawn_km"]


def test_statuses_are_counted_and_gaps_are_named(report: Report) -> None:
    counts = {(row["table"], row["status"]): row["rows"] for row in rows(report, "status")}
    assert counts["partnerships", "operating"] == 2
    assert counts["partnerships", "planned"] == 2
    assert sum(rows for (table, _), rows in counts.items() if table == "partnerships") == len(ROWS["partnerships"])
    gaps = {row["id"]: row for row in rows(report, "gaps")}
    assert "pact" not in gaps  # dated, sourced, between two located parties
    assert (gaps["abroad"]["no_date"], gaps["abroad"]["no_position"]) == (None, True)
    assert (gaps["client"]["no_date"], gaps["client"]["no_position"]) == (True, True)
    assert gaps["inner"]["no_position"] is False  # both parties lie in one place: no line, but a place
    assert "output" not in gaps  # a figure with its period


def deals(*given: tuple[str, str, float | None, str, str]) -> dict[str, list[Any]]:
    """Partnerships as (id, status, value, qualifier, part of)."""
    columns = list(zip(*given, strict=True))
    return {
        "id": list(columns[0]), "status": list(columns[1]), "value_cny": list(columns[2]), "value_qualifier": list(columns[3]),
        "part_of": [tuple(filter(None, item.split("|"))) for item in columns[4]], "kind": ["agreement"] * len(given),
        "value_kind": [""] * len(given),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("qualifiers", "expected"),
    [
        (["", "="], "="),
        (["=", "about"], "about"),
        (["=", ">="], ">="),
        ([">=", ">"], ">"),
        (["<=", "="], "<="),
        (["<", "<="], "<"),
        ([">=", "<="], "about"),
        (["about", ">="], "about"),
    ],
)
def test_a_sum_is_no_surer_than_its_values(qualifiers: list[str], expected: str) -> None:
    result = sum_values(
        [0, 1], deals(*((f"d{number}", "signed", 5.0, item, "") for number, item in enumerate(qualifiers)))
    )
    assert (result["committed_cny"], result["committed_qualifier"]) == (10.0, expected)


@pytest.mark.parametrize("status", ["signed", "under-construction", "operating", "ended", "planned", ""])
@pytest.mark.parametrize("kind", ["", "actual", "forecast", "target", "capacity"])
def test_a_forecast_is_never_committed(status: str, kind: str) -> None:
    result = sum_values([0], deals(("d", status, 5.0, "", "")) | {"value_kind": [kind]})
    is_agreed = status not in ("planned", "")
    is_committed = is_agreed and kind in ("", "actual")
    assert (result["committed_cny"], result["intended_cny"]) == ((5.0, None) if is_committed else (None, 5.0))


def test_a_value_within_a_value_counts_once() -> None:
    given = deals(
        ("whole", "signed", 100.0, "", ""), ("part", "operating", 30.0, "", "whole"), ("piece", "signed", 5.0, "", "part"),
        ("loop-a", "planned", 7.0, "", "loop-c"), ("loop-c", "planned", math.nan, "", "loop-a"),
    )  # fmt: skip
    result = sum_values(range(5), given)
    assert (result["committed_cny"], result["intended_cny"], result["no_value"]) == (100.0, 7.0, 1)
    assert sum_values([1, 2], given)["committed_cny"] == 30.0  # without the whole, the part counts


@pytest.mark.slow
def test_the_bytes_depend_on_the_rows_alone(report: Report, tmp_path: Path) -> None:
    other = qjmap.open_project(make_region(tmp_path / "region", shuffle=7)).report()
    assert other.to_json() == report.to_json()
    assert [other.to_csv(name) for name in TABLES] == [report.to_csv(name) for name in TABLES]


@pytest.mark.parametrize("table", TABLES)
def test_the_csv_holds_the_rows_of_the_json_in_words(report: Report, table: str) -> None:
    for language in ("zh", "en"):
        read = list(csv.DictReader(io.StringIO(report.to_csv(table, language))))
        assert len(read) == len(rows(report, table))
        assert all(None not in row for row in read)
    if table == "partners":
        chinese = next(iter(csv.DictReader(io.StringIO(report.to_csv(table)))))
        assert {"伙伴", "合作项数", "距离（公里）", "沿通道距离（公里）"} <= set(chinese)


@pytest.mark.slow
def test_no_cell_of_the_csv_runs_as_a_formula(tmp_path: Path) -> None:
    region = make_region(tmp_path / "region")
    sites = [*ROWS["sites"], {"id": "risky", "name": "@SUM(A1)", "source": "survey"}]
    write_table(region / "data" / "sites.csv", SCHEMA["sites"].names, sites)
    text = qjmap.open_project(region).report().to_csv("gaps")
    assert "@SUM(A1)" in text
    assert ",@SUM" not in text


def test_amounts_are_written_as_readers_write_them() -> None:
    assert money(5e6, "=", "zh") == "500万元"
    assert money(1.0005e10, ">=", "zh") == "至少100.05亿元"
    assert money(2e9, "about", "en") == "about CNY 2 billion"


def test_an_atlas_without_partnerships_has_an_empty_report(tmp_path: Path) -> None:
    region = make_region(tmp_path / "region")
    for name in ("partnerships", "corridor_legs", "corridors", "indicators"):
        write_table(region / "data" / f"{name}.csv", SCHEMA[name].names, [])
    result = qjmap.open_project(region).atlas().report()
    assert result.places.empty
    assert result.partners.empty
    assert result.to_text("en")
