"""GeoJSON, our own exports first of all, and point layers of other kinds."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import geopandas
import pytest

from qjmap.errors import UsageError
from qjmap.tables import ROW, parse, read_table
from tests.tables.helpers import SITES, codes, read


def collection(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def test_geojson_of_ours_gives_its_cells_back(tmp_path: Path) -> None:
    properties = {
        "id": "a", "name": "甲", "aliases": ["一", "二"], "part_of": ["b"], "orig_lon": "106.650", "orig_lat": "29.03", "orig_datum": "gcj02",
        "radius_m": 150, "level": "site", "position_of": None, "start": "2020", "end": None,
    }  # fmt: skip
    point = {"type": "Point", "coordinates": [106.646, 29.033]}
    tf = read(
        tmp_path,
        collection(
            {"type": "Feature", "id": "a", "geometry": point, "properties": properties},
            {
                "type": "Feature",
                "geometry": point,
                "properties": {"name": "乙", "orig_lon": "", "orig_lat": "", "orig_datum": ""},
            },
            {"type": "Feature", "geometry": point, "properties": {"name": "丙"}},
            {"type": "Feature", "geometry": None, "properties": {"name": "丁"}},
        ),
        "sites.geojson",
    )
    frame = tf.frame
    assert (frame["lon"][0], frame["datum"][0], frame["aliases"][0]) == ("106.650", "gcj02", "一|二")
    assert (frame["lon"][1], frame["datum"][1]) == ("", "")
    assert (frame["lon"][2], frame["datum"][2]) == ("106.646", "wgs84")
    assert frame["lon"][3] == ""
    assert tf.unknown == ()
    assert list(frame[ROW]) == [1, 2, 3, 4]


def test_geojson_roles_and_lines(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}
    properties = {"name": "x", "parties": ["a", "b"], "roles": [["a", "host"]], "value_cny": 4e7}
    feature = {"type": "Feature", "geometry": line, "properties": properties}
    tf = read(tmp_path, collection(feature), "partnerships.geojson", "partnerships")
    assert tf.frame["roles"][0] == "a:host"
    result = parse(tf)
    assert result.frame["roles"][0] == (("a", "host"),)
    assert result.frame["value_cny"][0] == 4e7


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"{", "json-form"), (b"{}", "geojson-form"), (b'{"features": [1]}', None), (b"\xff{}", "json-not-utf8")],
)
def test_geojson_that_is_none(tmp_path: Path, content: bytes, code: str | None) -> None:
    if code is None:
        assert "feature-form" in codes(read(tmp_path, content, "a.geojson"))
        return
    with pytest.raises(UsageError) as caught:
        read(tmp_path, content, "a.geojson")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("name", "driver"), [("a.gpkg", "GPKG"), ("a.kml", "KML"), ("a.fgb", "FlatGeobuf"), ("a.shp", "ESRI Shapefile")]
)
def test_point_layers_of_other_kinds(tmp_path: Path, name: str, driver: str) -> None:
    points = geopandas.points_from_xy([106.65, 106.66], [29.03, 29.04], crs=4326)
    frame = geopandas.GeoDataFrame({"Name": ["甲", "乙"], "status": ["在建", None]}, geometry=points)
    frame.to_file(tmp_path / name, driver=driver)
    result = parse(read_table(tmp_path / name, SITES, shown=name))
    assert [fault for fault in result.faults if fault.severity == "fault"] == []
    assert sorted(result.frame["name"]) == ["乙", "甲"]
    assert sorted(result.frame["lon"]) == pytest.approx([106.65, 106.66])
    assert list(result.frame["datum"]) == ["wgs84", "wgs84"]
    if driver == "ESRI Shapefile":
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as bundle:
            for part in tmp_path.glob("a.[!z]*"):
                bundle.write(part, part.name)
        assert list(read_table(tmp_path / "a.zip", SITES).frame["name"]) == ["甲", "乙"]
