"""Layers leave in every format with the same rows; nothing that draws is loaded for it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from qjmap.edit import add
from qjmap.errors import UsageError
from qjmap.export.formats import WRITERS
from qjmap.i18n import Note
from qjmap.pipeline.export import export
from qjmap.project import load_project


@pytest.mark.slow
def test_checks_exports_and_reports_load_nothing_that_draws() -> None:
    code = "import sys, qjmap.pipeline.load, qjmap.pipeline.export\nprint({'folium', 'qjmap.layers', 'qjmap.page'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.slow
@pytest.mark.parametrize("form", ["gpkg", "fgb", "kml"])
def test_other_formats_hold_the_same_rows(region: Path, tmp_path: Path, form: str) -> None:
    (path,) = export(load_project(region), tmp_path / f"sites.{form}", layer="sites", form=form)
    read = gpd.read_file(path)
    sites = json.loads(
        export(load_project(region), tmp_path / "s.geojson", layer="sites")[0].read_text(encoding="utf-8")
    )["features"]
    key = "Name" if form == "kml" else "name"
    assert sorted(read[key]) == sorted(one["properties"]["name"] for one in sites)


@pytest.mark.slow
def test_the_same_tables_give_the_same_bytes_at_any_time(region: Path, tmp_path: Path) -> None:
    def exported(name: str) -> dict[str, bytes]:
        forms = ("geojson", "gpkg", "parquet", "fgb", "kml", "csv", "xlsx")
        out = {form: tmp_path / name / f"sites.{form}" for form in forms}  # a project names the file that it is in
        return {
            form: export(load_project(region), out[form], layer="sites", form=form)[0].read_bytes() for form in forms
        }

    first = exported("first")
    time.sleep(1.1)  # GeoPackages and KML files count whole seconds
    assert exported("later") == first


def test_csv_for_people_opens_in_excel_and_runs_no_formula(region: Path, tmp_path: Path) -> None:
    table = region / "data" / "sites.csv"
    table.write_text(
        table.read_text(encoding="utf-8") + "f,=1+1,,,other,,,lake,,,,,,,,,,,,,,,,survey,\n", encoding="utf-8"
    )
    (path,) = export(load_project(region), tmp_path / "sites.csv", layer="sites", form="csv")
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert "'=1+1" in data.decode("utf-8-sig")


OWN = ("geometry", "level", "position_of", "fid", "geom", "Size", "size", "_own", "row", "<b>&", "a'b")
"""Columns of a user's own that bear names of what the atlas, a format or the program calls something."""


@pytest.mark.slow
@pytest.mark.parametrize("form", ["geojson", "gpkg", "parquet", "fgb", "kml", "csv"])
def test_columns_of_ones_own_keep_their_cells_whatever_they_are_called(region: Path, tmp_path: Path, form: str) -> None:
    (tmp_path / "new.csv").write_text(
        ",".join(["name", *OWN]) + "\n" + ",".join(["厂九", *(f"cell {name}" for name in OWN)]) + "\n", "utf-8"
    )
    add(load_project(region), tmp_path / "new.csv")
    notes: list[Note] = []
    (path,) = export(load_project(region), tmp_path / f"sites.{form}", layer="sites", on_note=notes.append)
    readers = {"csv": pd.read_csv, "parquet": gpd.read_parquet}
    read = readers.get(form, gpd.read_file)(path)
    key = "Name" if form == "kml" else "name"
    cells = set(read[read[key] == "厂九"].iloc[0].astype(str))
    assert {f"cell {name}" for name in OWN} <= cells
    assert len(read) == 16
    assert bool(notes) is (form in ("gpkg", "kml", "fgb"))
    if notes:
        assert "size → size_2" in notes[0].text("zh")


@pytest.mark.parametrize("name", ["x.geojson", "x.csv", "x.gpkg", "folder"])
def test_a_table_that_there_is_not_is_refused_by_name(region: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        export(load_project(region), tmp_path / name, layer="nosuch")
    assert caught.value.code == "table-unknown"
    assert not (tmp_path / name).exists()


def test_a_layer_that_gdal_does_not_write_whole_is_refused(
    region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(path: Path, layers: object, legend: object) -> None:
        path.write_bytes(b"half")
        raise RuntimeError("GDAL says no")

    monkeypatch.setitem(WRITERS, "fgb", fails)
    with pytest.raises(UsageError) as caught:
        export(load_project(region), tmp_path / "x.fgb", layer="sites")
    assert caught.value.code == "export-failed"
    assert list(tmp_path.glob("*.fgb")) == []
