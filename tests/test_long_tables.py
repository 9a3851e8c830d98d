"""What is done to long tables as a whole is what is done to short ones row by row: faults, frames and files are the same."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geojson_validator
import geopandas as gpd
import pandas as pd
import pytest

import qjmap
from benchmarks.invented_enterprises import make
from qjmap import performance_settings
from qjmap.edit import add
from qjmap.geocoding import geocode_file
from qjmap.model.atlas import Atlas
from qjmap.pipeline.build import build
from qjmap.pipeline.export import export, geojson_parts, geojson_texts
from qjmap.pipeline.load import load_atlas
from qjmap.pipeline.project_locator import project_locator
from qjmap.project import load_project
from qjmap.schema import DERIVED
from qjmap.tables.columns import operations
from qjmap.validation import check
from qjmap.validation.long_tables import VARIABLE
from tests.region import make_region

Road = Callable[[bool], None]


@pytest.fixture
def road(monkeypatch: pytest.MonkeyPatch) -> Road:
    """Switches between what is done to long tables and what is done to short ones."""

    def take(long: bool) -> None:
        monkeypatch.setenv(VARIABLE, "0" if long else str(10**12))
        monkeypatch.setattr(performance_settings, "FEATURE_ROWS", 70 if long else 10**9)

    return take


def spoilt(folder: Path, seed: int) -> Path:
    """An invented register in which everything is wrong somewhere that a check looks at."""
    make(400, folder, seed=seed, partnerships=30)
    draw = random.Random(seed)
    path = folder / "data" / "sites.csv"
    table = pd.read_csv(path, dtype=str, na_filter=False)
    table["part_of"], table["aliases"], table["precision"] = "", "", ""
    for column, values in {
        "id": ["s1", "d00", "S7", "不是", ""],
        "name": ["同名厂", "同 名 厂", "「同名厂」", "虚江省", 'A "quoted" \\ name', "a\u2028b", ""],
        "place": ["s2", "没有这个地方", "上河区", "d01", ""],
        "part_of": ["s3", "s4|s5", "没有", "同名厂"],
        "aliases": ["别名甲", "别名甲|别名乙"],
        "precision": ["exact", "site", "unresolved", "town"],
        "lon": ["", "107", "107.0", "0.0004", "400", "29.1", "107.10"],
        "lat": ["", "29", "-29.5", "29.10"],
        "datum": ["", "gcj02", "bd09"],
        "start": ["2020", "昨天"],
        "source": ["", "别的来源"],
        "description": ["", "第一行\n第二行", "  两边有空格 ", '带"引号"和\\反斜杠'],
    }.items():
        for value in values * 3:
            table.loc[draw.randrange(len(table)), column] = value
    table.to_csv(path, index=False, lineterminator="\n")
    return folder


def plain(frame: pd.DataFrame) -> dict[str, list[str]]:
    return {
        str(name): [repr(value) for value in operations.to_objects(operations.column(frame, str(name)))]
        for name in frame
        if name != "geometry"
    }


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_a_register_full_of_faults_is_told_the_same(tmp_path: Path, road: Road, seed: int) -> None:
    project = load_project(spoilt(tmp_path / "register", seed))
    found = []
    for long in (True, False):
        road(long)
        tables, faults, _ = check(project)
        frames = {name: plain(one.frame) for name, one in tables.items()}
        # In a long table no near spelling is looked for, here as everywhere.
        told = [replace(fault, params={**fault.params, "near": ""}) for fault in faults]
        found.append((frames, {name: one.bad_rows for name, one in tables.items()}, told))
    assert len(found[0][2]) > 20
    assert found[0][2] == found[1][2]
    assert found[0] == found[1]


@pytest.fixture(params=["region", "register"])
def sound(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "region":
        return make_region(tmp_path / "sound")
    folder = make(300, tmp_path / "sound", text="random")
    path = folder / "data" / "sites.csv"
    table = pd.read_csv(path, dtype=str, na_filter=False)
    table.loc[::7, ["lon", "lat"]] = ""
    table.loc[::21, "place"] = ""
    table.loc[::42, "address"] = "重庆市綦江区古南街道1号"
    table.loc[3, ["lon", "lat"]] = ["107.0", "29.10"]
    table.loc[4, ["lon", "lat"]] = ["0.0004", "-0.5"]
    table.loc[5, "description"] = 'a "b" \\ \u2028 c'
    table.to_csv(path, index=False, lineterminator="\n")
    return folder


@pytest.mark.slow
def test_the_atlas_and_its_exports_are_the_same(sound: Path, road: Road) -> None:
    atlases: list[Atlas] = []
    texts = []
    for long in (True, False):
        road(long)
        atlases.append(load_atlas(load_project(sound))[0])
        texts.append(geojson_texts(atlases[-1]))
    for one, other in zip(atlases[0].tables().values(), atlases[1].tables().values(), strict=True):
        assert plain(one) == plain(other)
    for one, other in zip(atlases[0].layers().values(), atlases[1].layers().values(), strict=True):
        assert one.geometry.geom_equals_exact(other.geometry, 0).where(one.geometry.notna(), True).all()
    assert texts[0] == texts[1]


def test_features_made_in_parts_are_valid_and_counted(sound: Path, road: Road) -> None:
    road(True)
    atlas = load_atlas(load_project(sound))[0]
    told: list[tuple[int, int]] = []
    parts = geojson_parts(atlas, step=lambda step, done=0, total=0: told.append((done, total)))
    collection = json.loads(b"".join(parts["sites"]))
    assert [feature["id"] for feature in collection["features"]] == list(atlas.sites["id"])
    assert geojson_validator.validate_structure(collection) == {}
    rows = sum(map(len, atlas.layers().values()))
    assert told[-1] == (len(atlas.sites), rows)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["parquet", "gpkg", "fgb", "csv"])
def test_other_formats_are_the_same(sound: Path, road: Road, tmp_path: Path, form: str) -> None:
    found = []
    for long in (True, False):
        road(long)
        (out,) = export(load_project(sound), tmp_path / f"{long}.{form}", layer="sites", form=form)
        if form == "csv":
            found.append(out.read_bytes())
            continue
        frame = gpd.read_parquet(out) if form == "parquet" else gpd.read_file(out)
        fields = pd.DataFrame(frame.drop(columns="geometry")).astype(object)
        found.append((plain(fields.where(fields.notna(), "")), frame.geometry.to_wkb().tolist(), str(frame.crs)))
    assert found[0] == found[1]


@pytest.mark.slow
def test_geoparquet_tells_what_it_holds(sound: Path, tmp_path: Path) -> None:
    from pyarrow import parquet

    project = load_project(sound)
    (out,) = export(project, tmp_path / "sites.parquet", layer="sites", form="parquet")
    meta = json.loads(parquet.read_schema(out).metadata[b"geo"])["columns"]["geometry"]
    sites = load_atlas(project)[0].sites
    assert meta["bbox"] == pytest.approx(sites.total_bounds.tolist())
    assert (meta["encoding"], meta["geometry_types"], meta["crs"]["id"]) == (
        "WKB",
        ["Point"],
        {"authority": "EPSG", "code": 4326},
    )
    assert gpd.read_parquet(out)["id"].tolist() == list(sites["id"])


@pytest.mark.slow
def test_an_addition_to_a_long_table_is_the_same(tmp_path: Path, road: Road) -> None:
    new = tmp_path / "new.csv"
    rows = make(60, tmp_path / "other", seed=9).joinpath("data", "sites.csv").read_text("utf-8").splitlines()
    old = make(400, tmp_path / "register").joinpath("data", "sites.csv").read_text("utf-8").splitlines()
    moved = [f",{row.partition(',')[2]}" for row in (*old[5:15], *rows[1:20])]
    new.write_text("\n".join([rows[0], *rows[1:30], *old[40:50], *moved]) + "\n", encoding="utf-8")
    found: list[Any] = []
    for long in (True, False):
        road(long)
        folder = shutil.copytree(tmp_path / "register", tmp_path / str(long))
        report = add(load_project(folder), new)
        found.append(
            (report.as_dict("en") | {"undo": "", "refused_file": ""}, (folder / "data" / "sites.csv").read_bytes())
        )
    assert found[0][0]["already"]
    assert found[0] == found[1]


@pytest.mark.slow
def test_an_interrupt_while_features_are_written_leaves_every_file(sound: Path, road: Road) -> None:
    road(True)
    project = load_project(sound)
    build(project)
    before = {path: path.read_bytes() for path in sound.rglob("*") if path.is_file()}

    def stop(step: str, done: int = 0, total: int = 0, /) -> None:
        if step == "write" and done:
            raise KeyboardInterrupt

    sites = sound / "data" / "sites.csv"
    sites.write_text(sites.read_text("utf-8").replace("operating", "planned"), encoding="utf-8")
    before[sites] = sites.read_bytes()
    with pytest.raises(KeyboardInterrupt):
        build(project, step=stop)
    assert {path: path.read_bytes() for path in sound.rglob("*") if path.is_file()} == before


@pytest.mark.slow
def test_a_long_file_is_located_part_by_part(
    sound: Path, road: Road, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locator = project_locator(load_project(sound))
    found = []
    for long in (True, False):
        road(long)
        monkeypatch.setattr(geocode_file, "CHUNK_ROWS", 7 if long else 10**9)
        out, told = tmp_path / f"{long}.csv", list[tuple[int, int]]()
        counts = geocode_file.locate_file(
            locator,
            sound / "data" / "sites.csv",
            out,
            progress=lambda done, total, told=told: told.append((done, total)),
        )
        unresolved = geocode_file.unresolved_path(out)
        found.append((counts, out.read_bytes(), unresolved.read_bytes() if unresolved.exists() else b""))
        assert told[-1] == (counts[0], counts[0])
    assert found[0] == found[1]


@pytest.mark.slow
def test_public_dtypes_do_not_depend_on_the_number_of_rows(tmp_path: Path) -> None:
    found = []
    for rows in (10, 25_000):
        atlas = qjmap.open_project(make(rows, tmp_path / str(rows), partnerships=5)).atlas()
        found.append({name: getattr(atlas, name) for name in (*DERIVED, "indicators", "sources")})
    few, many = found
    for name, frame in few.items():
        assert list(frame.dtypes.items()) == list(many[name].dtypes.items()), name
    assert len(many["sites"]) == 25_000
    for sites in (few["sites"], many["sites"]):
        assert (sites["category"] + "x").str.endswith("x").all()
        assert list(sites.sort_values("category")["category"]) == sorted(sites["category"])
        assert list(sites.groupby("category").size().index) == sorted(set(sites["category"]))
        assert {type(cell) for cell in sites["part_of"]} == {tuple}
