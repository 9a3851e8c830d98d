"""Layers leave in every format with the same rows; nothing that draws is loaded for it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import geopandas as gpd
import pytest

from qjmap.exporting import export
from qjmap.project import load_project


def test_checks_exports_and_reports_load_nothing_that_draws() -> None:
    code = "import sys, qjmap.checking, qjmap.exporting\nprint({'folium', 'qjmap.layers', 'qjmap.page'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("form", ["gpkg", "fgb", "kml"])
def test_other_formats_hold_the_same_rows(region: Path, tmp_path: Path, form: str) -> None:
    (path,) = export(load_project(region), tmp_path / f"sites.{form}", layer="sites", form=form)
    read = gpd.read_file(path)
    sites = json.loads(
        export(load_project(region), tmp_path / "s.geojson", layer="sites")[0].read_text(encoding="utf-8")
    )["features"]
    key = "Name" if form == "kml" else "name"
    assert sorted(read[key]) == sorted(one["properties"]["name"] for one in sites)


@pytest.mark.parametrize("form", ["geojson", "gpkg", "parquet", "fgb", "kml", "csv"])
def test_the_same_tables_give_the_same_bytes_at_any_time(region: Path, tmp_path: Path, form: str) -> None:
    made = []
    for at in ("first", "later"):
        (path,) = export(load_project(region), tmp_path / f"{at}.{form}", layer="sites", form=form)
        made.append(path.read_bytes())
        time.sleep(1.1)  # GeoPackages and KML files count whole seconds
    assert made[0] == made[1]


def test_csv_for_people_opens_in_excel_and_runs_no_formula(region: Path, tmp_path: Path) -> None:
    table = region / "data" / "sites.csv"
    table.write_text(table.read_text(encoding="utf-8") + "f,=1+1,,,other,,,lake,,,,,,,,,,,,,,,,survey,\n", encoding="utf-8")
    (path,) = export(load_project(region), tmp_path / "sites.csv", layer="sites", form="csv")
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert "'=1+1" in data.decode("utf-8-sig")
