"""Columns of the user's own leave in every format with the type of their cells; what is hidden leaves in none."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.edit import add
from qjmap.engine.serial import Here
from qjmap.export import geojson_arrow
from qjmap.export.feature_columns import cell_value, json_text
from qjmap.pipeline.build import build
from qjmap.pipeline.export import export, report
from qjmap.pipeline.load import find_faults, load_atlas
from qjmap.project import load_project
from tests.own_tables import COLUMNS, HELD_BACK, SECRETS, SETTINGS, make_own_region
from tests.partitioned.cutting import cut_up
from tests.properties import examples

FORMS = ("geojson", "gpkg", "parquet", "fgb", "kml", "csv")
SHOWN = [name for name in COLUMNS if name not in HELD_BACK]
NUMBERS = ("职工人数", "占地面积（亩）", "投资额", "编外人员")


@pytest.fixture(scope="module")
def own_region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_own_region(tmp_path_factory.mktemp("own") / "region")


def exported(project: Path, out: Path, **how: object) -> Path:
    return export(load_project(project), out, layer="sites", **how)[0]  # type: ignore[arg-type]


def read_as(form: str, path: Path) -> pd.DataFrame:
    readers: dict[str, Callable[[Path], pd.DataFrame]] = {
        "csv": lambda file: pd.read_csv(file, dtype={"统一代码": str}), "parquet": gpd.read_parquet,
    }  # fmt: skip
    return readers.get(form, gpd.read_file)(path)


def assert_no_secret(data: bytes, where: str) -> None:
    for text in (*SECRETS, *HELD_BACK[:3]):
        assert text.encode() not in data, f"{text} in {where}"


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_every_format_has_the_types_and_none_of_the_secrets(own_region: Path, tmp_path: Path, form: str) -> None:
    path = exported(own_region, tmp_path / f"sites.{form}")
    frame = read_as(form, path)
    assert [name for name in frame if name in COLUMNS] == SHOWN
    assert_no_secret(path.read_bytes(), form)
    assert_no_secret("".join(map(str, frame.to_numpy().ravel())).encode(), form)
    if form != "kml":  # GDAL's driver reads all of its data as texts
        assert {name for name in SHOWN if frame[name].dtype.kind in "if"} - {"空列"} == {*NUMBERS}
    first = frame[frame["Name" if form == "kml" else "name"] == "海湾工业园"].iloc[0]
    assert float(first["职工人数"]) == 1234
    assert (first["统一代码"], first["获批日期"]) == ("0012", "2019-05-06")


@pytest.mark.slow
def test_types_do_not_depend_on_the_rows(tmp_path: Path) -> None:
    few, many = (make_own_region(tmp_path / str(repeat), repeat=repeat) for repeat in (1, 40))
    types = []
    for project in (few, many):
        frame = gpd.read_parquet(exported(project, tmp_path / f"{project.name}.parquet"))
        types.append({name: str(frame[name].dtype) for name in frame})
    assert types[0] == types[1]


@pytest.mark.slow
def test_a_hidden_column_is_in_no_file_of_a_build(own_region: Path, tmp_path: Path) -> None:
    project = shutil.copytree(own_region, tmp_path / "p")
    built = build(load_project(project))
    files = [*(project / "geo" / "export").iterdir(), *(project / "maps").iterdir()]
    assert built.page in files
    for path in files:
        assert_no_secret(path.read_bytes(), path.name)
    for form in ("json", "csv"):
        for path in report(
            load_project(project), tmp_path / f"report-{form}.{form}" if form == "json" else tmp_path, form=form
        ):
            assert_no_secret(path.read_bytes(), path.name)
    atlas = load_atlas(load_project(project))[0]
    assert not {*HELD_BACK} & {*atlas.sites}
    assert SECRETS[0] in (project / "data" / "sites.csv").read_text(encoding="utf-8")


@pytest.mark.slow
def test_export_then_add_gives_the_same_table_back(own_region: Path, tmp_path: Path) -> None:
    for form in ("geojson", "csv", "parquet", "gpkg"):
        path = exported(own_region, tmp_path / f"sites.{form}")
        project = make_own_region(tmp_path / form)
        done = add(load_project(project), path)
        assert (len(done.added), len(done.refused)) == (0, 0), [fault.line("en") for fault in done.faults]


@pytest.mark.slow
def test_hidden_false_lets_a_column_out(tmp_path: Path) -> None:
    project = make_own_region(tmp_path / "p", settings=SETTINGS + "[columns.sites.联系电话]\nhidden = false\n")
    text = exported(project, tmp_path / "sites.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["联系电话"] for row in rows if row["id"] == "park"] == [SECRETS[0]]
    assert "110" in {row["联系电话"] for row in rows}
    assert SECRETS[1] not in text


@pytest.mark.slow
def test_the_warning_names_each_table_once_and_goes_with_a_decision(tmp_path: Path) -> None:
    project = make_own_region(tmp_path / "p", settings=SETTINGS + "[columns.没有的列]\nunit = '个'\n")
    found = {fault.code: fault for fault in find_faults(load_project(project)) if "column" in fault.code}
    assert found["columns-personal"].params["columns"] == [name for name in HELD_BACK if name != "内部"]
    assert found["setting-columns-unused"].params["columns"] == ["没有的列"]
    assert {fault.severity for fault in found.values()} == {"warning"}
    decided = SETTINGS + "".join(f'[columns."{name}"]\nhidden = true\n' for name in HELD_BACK if name != "内部")
    quiet = make_own_region(tmp_path / "quiet", settings=decided)
    assert not [fault.code for fault in find_faults(load_project(quiet)) if "column" in fault.code]


@pytest.mark.slow
def test_add_says_what_it_holds_back(tmp_path: Path) -> None:
    project = make_own_region(tmp_path / "p")
    file = tmp_path / "new.csv"
    file.write_text("名称,联系电话,职工人数\n新厂一,02399,5\n新厂二,,6\n", encoding="utf-8")
    done = add(load_project(project), file)
    (note,) = [note for note in done.notes if note.key == "note-columns-personal"]
    assert note.params["columns"] == ["联系电话"]
    assert '[columns."联系电话"]' in note.text("zh")
    assert "02399" in (project / "data" / "sites.csv").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("form", ["geojson", "parquet", "csv"])
def test_a_table_in_parts_gives_the_same_files_and_the_same_page(tmp_path: Path, form: str) -> None:
    whole = make_own_region(tmp_path / "whole", repeat=3)
    parts = cut_up(whole, tmp_path / "parts", [2, 5, 20], turned=True, parquet=[1])
    files = [exported(project, tmp_path / f"{project.name}.{form}").read_bytes() for project in (whole, parts)]
    assert files[0] == files[1]
    if form == "geojson":
        pages = [build(load_project(project)).page.read_bytes() for project in (whole, parts)]
        assert pages[0] == pages[1]
        told = [
            [(fault.code, fault.params) for fault in find_faults(load_project(project)) if "column" in fault.code]
            for project in (whole, parts)
        ]
        assert told[0] == told[1]


@pytest.mark.slow
def test_the_engine_changes_nothing(tmp_path: Path) -> None:
    whole = make_own_region(tmp_path / "whole", repeat=3)
    engine = Here(partition_bytes=1000)
    for form in ("geojson", "parquet"):
        plain = exported(whole, tmp_path / f"plain.{form}").read_bytes()
        assert exported(whole, tmp_path / f"engine.{form}", engine=engine).read_bytes() == plain


@pytest.mark.slow
def test_properties_are_json_numbers_and_null(own_region: Path, tmp_path: Path) -> None:
    features = json.loads(exported(own_region, tmp_path / "s.geojson").read_text(encoding="utf-8"))["features"]
    cells = {feature["id"]: feature["properties"]["占地面积（亩）"] for feature in features}
    assert (cells["park"], cells["works"], cells["line"]) == (12.5, 3, None)


@examples(100)
@given(
    st.lists(
        st.one_of(st.floats(), st.integers(-(2**60), 2**60).map(float), st.decimals(-99, 99, places=3).map(float)),
        max_size=9,
    )
)
def test_many_numbers_are_written_as_each_alone(numbers: list[float]) -> None:
    texts = geojson_arrow._number_texts(np.array(numbers, dtype=np.float64)).to_pylist()
    assert texts == [json_text(cell_value(number)) for number in numbers]


@pytest.mark.slow
def test_gpkg_columns_are_real_numbers(own_region: Path, tmp_path: Path) -> None:
    path = exported(own_region, tmp_path / "s.gpkg")
    with sqlite3.connect(path) as base:
        types = {name: kind for _, name, kind, *_ in base.execute("pragma table_info(sites)")}
    assert types["职工人数"] == "REAL"
    assert types["统一代码"] == "TEXT"
