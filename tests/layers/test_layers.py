"""Layers encode their frames, work on any folium map, and add their script once."""

from __future__ import annotations

import json
from pathlib import Path

import folium
import geopandas as gpd
import pytest
import shapely

from qjmap import layers
from qjmap.i18n import vocab
from qjmap.layers.raw_elements import asset
from qjmap.layers.sites import symbols
from qjmap.vocabulary_settings import MARKS, SHAPES
from tests.payload.test_column_block import read_block


def points(**columns: list[object]) -> gpd.GeoDataFrame:
    count = len(columns["id"])
    geometry = [shapely.Point(100 + n, 30) if n else None for n in range(count)]
    return gpd.GeoDataFrame(columns, geometry=geometry, crs="EPSG:4326")


def block_of(layer: layers.MapLayer, word: str = "data") -> dict[str, list[object]]:
    table = layer.chunked_table()
    return read_block(table.data.text() if table and word == "data" else dict(layer.blocks())[word].text())


def test_sites_need_no_more_than_ids_and_names() -> None:
    columns = block_of(layers.Sites(points(id=["a", "b"], name=["甲", "乙"])))
    assert columns["name"] == ["甲", "乙"]
    assert columns["located"] == [0, 1]
    assert columns["category"] == ["", ""]


def test_every_category_has_a_shape_of_its_own_so_that_it_is_told_apart_without_colours() -> None:
    table = symbols()
    assert set(table) == set(vocab()["category"])
    assert len({item["shape"] for item in table.values()}) == len(table)


def test_every_outline_is_a_circle_or_a_polygon_and_may_be_named_in_settings() -> None:
    for item in symbols().values():
        outline, _, mark = item["shape"].partition("+")
        assert outline in SHAPES and mark in ("", *MARKS)
        assert bool(item["outline"]) == (not outline.startswith("circle"))
    assert set(json.loads(asset("shapes.json"))) == {name for name in SHAPES if not name.startswith("circle")}


def test_places_put_the_home_first_and_partners_before_the_rest() -> None:
    frame = points(id=["x", "home", "friend"], name=["x", "h", "f"], kind=["city", "district", "city"])
    columns = block_of(layers.Places(frame, home="home", partners={"friend"}))
    assert columns["home"] == [0, 1, 0]
    assert columns["rank"][1] < columns["rank"][2] < columns["rank"][0]  # type: ignore[operator]


def test_corridors_without_legs_are_listed() -> None:
    frame = gpd.GeoDataFrame({"id": ["c", "d"], "name": ["丙", "丁"]}, geometry=[None, None], crs="EPSG:4326")
    leg = {"id": ["l"], "corridor": ["c"], "mode": ["rail"], "status": ["planned"], "grade": ["schematic"]}
    legs = gpd.GeoDataFrame(leg, geometry=[shapely.LineString([(0, 0), (1, 1)])], crs="EPSG:4326")
    layer = layers.Corridors(frame, legs)
    assert layer.options()["listed"] == ["d"]
    assert block_of(layer)["name"] == ["丙"]


def test_a_band_along_another_corridor_is_named_with_it_and_schematic_parts_are_told() -> None:
    frame = gpd.GeoDataFrame(
        {"id": ["c", "d", "e"], "name": ["丙", "丁", "戊"], "name_en": ["C", "D", "E"]},
        geometry=[None] * 3,
        crs="EPSG:4326",
    )
    track = shapely.LineString([(0, 0), (1, 1), (2, 1)])
    split = shapely.MultiLineString([track, [(2, 1), (3, 1)]])
    aside = shapely.LineString([(0, 5), (1, 5)])
    columns = {
        "id": ["l", "m", "n"], "corridor": ["c", "d", "e"], "mode": ["rail", "economic", "economic"],
        "_part_grades": [("generalised", "schematic"), ("surveyed",), ("schematic",)],
    }  # fmt: skip
    legs = gpd.GeoDataFrame(columns, geometry=[split, track, aside], crs="EPSG:4326")
    block = block_of(layers.Corridors(frame, legs))
    assert block["with"] == [[], ["丙"], []]
    assert block["with_en"] == [[], ["C"], []]
    assert list(block["straight"]) == [0, 1, 0, 1]


def test_the_background_lifts_the_home_district_and_tints_partners() -> None:
    ring = shapely.box(0, 0, 1, 1)
    frame = gpd.GeoDataFrame(
        {"adcode": ["1", "2", "3"], "name": ["a", "b", "c"], "level": ["city"] * 3},
        geometry=[ring] * 3,
        crs="EPSG:4326",
    )
    layer = layers.Background({"districts": frame}, home="1", partners={"2"})
    assert block_of(layer)["class"] == ["home", "partner", "city"]


def test_a_background_without_files_is_empty() -> None:
    assert block_of(layers.Background({}))["class"] == []


def test_layers_of_one_map_bring_the_runtime_once() -> None:
    m = folium.Map(tiles=None)
    for _ in range(2):
        layers.Sites(points(id=["a"], name=["甲"])).add_to(m)
    text = m.get_root().render()
    assert text.count("var QJMap=(()") == 1


@pytest.mark.parametrize("layer", layers.ORDER, ids=lambda item: item.kind)
def test_each_layer_has_its_script_twin(repository: Path, layer: type[layers.MapLayer]) -> None:
    script = (repository / "qjmap" / "web" / "src" / "layers" / f"{layer.kind}.js").read_text(encoding="utf-8")
    assert f"export const make{layer.kind.capitalize()} =" in script
