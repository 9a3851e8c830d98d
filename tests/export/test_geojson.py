"""GeoJSON to the letter of RFC 7946, judged by an independent validator and by what geopandas reads back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geojson_validator
import geopandas as gpd
import numpy as np
import pytest
import shapely

from qjmap.export.geometry import geometry_texts
from qjmap.model.atlas import Atlas
from qjmap.pipeline.export import geojson_texts
from qjmap.pipeline.load import load_atlas
from qjmap.project import load_project

LAYERS = ("places", "sites", "partnerships", "corridors", "corridor_legs")


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    from tests.region import make_region

    return load_atlas(load_project(make_region(tmp_path_factory.mktemp("geojson") / "region")))[0]


@pytest.fixture(scope="module")
def texts(atlas: Atlas) -> dict[str, str]:
    return geojson_texts(atlas)


def problems(collection: dict[str, Any]) -> dict[str, Any]:
    """What the validator finds, but for lines that end at the antimeridian: it takes 180 degrees for -180, and so for a jump."""
    found = geojson_validator.validate_geometries(collection)
    assert found["invalid"] == {}
    found["problematic"].pop("crosses_antimeridian", None)
    for feature in collection["features"]:
        lines = shapely.get_parts(shapely.geometry.shape(feature["geometry"])) if feature["geometry"] else []
        for line in lines:
            lon = shapely.get_coordinates(line)[:, 0]
            assert np.abs(lon).max() <= 180, feature["id"]
            assert not (np.abs(np.diff(lon)) > 180).any(), feature["id"]
    return dict(found["problematic"])


@pytest.mark.parametrize("layer", LAYERS)
def test_the_validator_finds_nothing(texts: dict[str, str], layer: str) -> None:
    collection = json.loads(texts[layer])
    assert geojson_validator.validate_structure(collection) == {}
    assert problems(collection) == {}


@pytest.mark.parametrize("layer", LAYERS)
def test_what_the_validator_does_not_look_at(texts: dict[str, str], layer: str) -> None:
    assert not texts[layer].startswith("\ufeff")
    collection = json.loads(texts[layer])
    assert "crs" not in collection
    ids = [feature["id"] for feature in collection["features"]]
    assert len(ids) == len(set(ids))
    assert ids == sorted(ids)
    assert all(list(feature) == ["type", "id", "geometry", "properties"] for feature in collection["features"])
    assert texts[layer].count("\n") == len(ids) + 2
    assert all(line.startswith('{"type":"Feature"') for line in texts[layer].splitlines()[1:-1])


@pytest.mark.parametrize("layer", LAYERS)
def test_geopandas_reads_the_same_rows_and_geometry(
    texts: dict[str, str], atlas: Atlas, layer: str, tmp_path: Path
) -> None:
    path = tmp_path / f"{layer}.geojson"
    path.write_text(texts[layer], encoding="utf-8")
    read, frame = gpd.read_file(path), atlas.layers()[layer]
    assert read.crs == "EPSG:4326"
    assert list(read["id"]) == list(frame["id"])
    for back, was in zip(read.geometry, frame.geometry, strict=True):
        assert (back is None) == (was is None)
        if was is not None:
            assert back.geom_type == was.geom_type
            assert shapely.hausdorff_distance(back, was) < 1e-6


def test_unlocated_rows_are_features_without_a_geometry(texts: dict[str, str]) -> None:
    features = {one["id"]: one for one in json.loads(texts["sites"])["features"]}
    assert features["client"]["geometry"] is None
    assert features["client"]["properties"]["level"] == "unresolved"


def test_a_position_goes_out_in_wgs84_with_what_was_typed_beside_it(texts: dict[str, str]) -> None:
    depot = next(one for one in json.loads(texts["sites"])["features"] if one["id"] == "depot")
    assert depot["properties"]["orig_lon"] in (101.01, "101.0100")
    assert depot["properties"]["orig_datum"] == "gcj02"
    assert abs(depot["geometry"]["coordinates"][0] - 101.01) > 0.0005


def test_attribution_and_date_stand_in_the_collection(texts: dict[str, str]) -> None:
    collection = json.loads(texts["places"])
    assert collection["as_of"] == "2020-06"
    assert isinstance(collection["attribution"], list)


def test_at_most_six_decimals_and_no_negative_zero() -> None:
    (text,) = geometry_texts(np.array([shapely.Point(106.6537461234, -0.00000001)], dtype=object))
    assert json.loads(text)["coordinates"] == [106.653746, 0.0]
    assert "-0" not in text


def test_outer_rings_run_counter_clockwise_and_holes_clockwise() -> None:
    shell = shapely.box(0, 0, 4, 4, ccw=False)
    ring = shapely.Polygon(shell.exterior.coords, [shapely.box(1, 1, 2, 2, ccw=True).exterior.coords])
    rings = json.loads(geometry_texts(np.array([ring], dtype=object))[0])["coordinates"]
    assert shapely.LinearRing(rings[0]).is_ccw
    assert not shapely.LinearRing(rings[1]).is_ccw


def test_a_line_across_the_antimeridian_is_cut_there() -> None:
    line = shapely.LineString([(170, 10), (190, 20)])
    cut = json.loads(geometry_texts(np.array([line], dtype=object))[0])
    assert cut["type"] == "MultiLineString"
    assert cut["coordinates"] == [[[170, 10], [180, 15]], [[-180, 15], [-170, 20]]]


@pytest.mark.parametrize("layer", LAYERS)
def test_the_atlas_in_git_is_sound_too(repository: Path, layer: str) -> None:
    path = repository / "geo" / "export" / f"{layer}.geojson"
    collection = json.loads(path.read_text(encoding="utf-8"))
    assert geojson_validator.validate_structure(collection) == {}
    assert problems(collection) == {}
    assert "crs" not in collection
    assert len({feature["id"] for feature in collection["features"]}) == len(collection["features"])
    assert len(gpd.read_file(path)) == len(collection["features"])


@pytest.mark.slow
def test_a_position_from_the_gazetteer_of_china_is_credited(tmp_path: Path) -> None:
    from tests.region import make_region

    root = make_region(tmp_path / "region")
    table = root / "data" / "sites.csv"
    line = "z,綦江某厂,,,enterprise,,,,,,重庆市綦江区某路1号,,,,,,,,,,,,,survey,\n"
    table.write_text(table.read_text("utf-8") + line, encoding="utf-8")
    collection = json.loads(geojson_texts(load_atlas(load_project(root))[0])["sites"])
    added = next(one for one in collection["features"] if one["id"] == "z")
    assert added["properties"]["level"] == "district"
    assert abs(added["geometry"]["coordinates"][0] - 106.65) < 0.1
    assert "GeoNames CC BY 4.0" in collection["attribution"]
