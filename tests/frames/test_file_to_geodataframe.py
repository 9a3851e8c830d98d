"""`qjmap view`: points, lines and polygons of every kind of file, with their columns typed."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from qjmap.errors import UsageError
from qjmap.frames.file_to_geodataframe import read_file
from tests.commands import run_command

POINTS = shapely.points([[106.6, 29.0], [106.7, 29.1], [106.8, 29.2]])
LINES = [shapely.LineString([[106.6, 29.0], [106.7, 29.1], [106.65, 29.2]]),
         shapely.MultiLineString([[[106, 29], [106.1, 29.1]], [[106.2, 29], [106.3, 29.1]]])]  # fmt: skip
_OUTER, _INNER = shapely.box(106, 29, 107, 30), shapely.box(106.4, 29.4, 106.6, 29.6)
AREAS = [shapely.Polygon(_OUTER.exterior.coords, [_INNER.exterior.coords]),
         shapely.MultiPolygon([shapely.box(108, 29, 109, 30), shapely.box(110, 29, 111, 30)])]  # fmt: skip
FORMATS = {".geojson": "GeoJSON", ".gpkg": "GPKG", ".fgb": "FlatGeobuf", ".shp": "ESRI Shapefile", ".parquet": ""}


def written(path: Path, shapes: list[shapely.Geometry], crs: str = "EPSG:4326") -> Path:
    """A file of shapes that an independent writer makes."""
    frame = gpd.GeoDataFrame(
        {"name": ["綦江", "江津"][: len(shapes)], "code": ["007", "010"], "n": [1, 2]}, geometry=shapes, crs="EPSG:4326"
    ).to_crs(crs)
    frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_file(
        path, driver=FORMATS[path.suffix], encoding="utf-8"
    )
    return path


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("shapes", [list(POINTS[:2]), LINES, AREAS], ids=["points", "lines", "areas"])
def test_shapes_and_columns_of_vector_files(tmp_path: Path, suffix: str, shapes: list[shapely.Geometry]) -> None:
    path = written(tmp_path / f"file{suffix}", shapes)
    frame, _ = read_file(path, shown=path.name)
    assert len(frame) == 2
    order = frame["name"].tolist().index("綦江")  # FlatGeobuf sorts its features by place
    for row, shape in zip((order, 1 - order), shapes, strict=True):
        assert frame.geometry.iloc[row].equals(shape)
    assert sorted(frame["code"]) == ["007", "010"]
    assert sorted(frame["n"]) == [1, 2]


@pytest.mark.parametrize(
    "suffix", [suffix for suffix in FORMATS if suffix != ".geojson"]
)  # which has degrees by its standard
def test_projected_files_become_degrees(tmp_path: Path, suffix: str) -> None:
    path = written(tmp_path / f"file{suffix}", LINES, "EPSG:4544")
    frame, _ = read_file(path, shown=path.name)
    made = frame.sort_values("n").geometry.tolist()
    assert all(shapely.hausdorff_distance(shape, other) < 1e-7 for shape, other in zip(made, LINES, strict=True))


def test_lines_and_areas_of_kml_and_tracks_of_gpx(tmp_path: Path) -> None:
    kml, gpx = tmp_path / "a.kml", tmp_path / "a.gpx"
    kml.write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>区</name><Polygon><outerBoundaryIs><LinearRing>'
        "<coordinates>106,29,0 107,29,0 107,30,0 106,29,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        "<Placemark><name>路</name><LineString><coordinates>106,29 107,30</coordinates></LineString></Placemark></Document></kml>",
        encoding="utf-8",
    )
    gpx.write_text(
        '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1"><wpt lat="29" lon="106"><name>a</name></wpt><trk><name>路</name>'
        '<trkseg><trkpt lat="29" lon="106"/><trkpt lat="30" lon="107"/></trkseg></trk></gpx>',
        encoding="utf-8",
    )
    assert [shape.geom_type for shape in read_file(kml, shown="a.kml")[0].geometry] == ["Polygon", "LineString"]
    assert [shape.geom_type for shape in read_file(gpx, shown="a.gpx")[0].geometry] == ["Point", "LineString"]


def test_tables_have_points_and_types(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text(
        "名称,经度,纬度,编号,人数,日期,是否\n甲,106.6,29.0,007,5,2020-01-02,true\n乙,,,010,,,false\n", encoding="utf-8"
    )
    frame, _ = read_file(path, shown=path.name)
    assert [shape is None for shape in frame.geometry] == [False, True]
    assert frame["编号"].tolist() == ["007", "010"]
    assert frame["人数"].dtype == "Int64"
    assert frame["日期"][0] == pd.Timestamp("2020-01-02")
    assert frame["是否"].tolist() == [True, False]


def test_a_table_without_positions_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("名称,人数\n甲,1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="lon"):
        read_file(path, shown="a.csv")


def test_view_writes_a_page(tmp_path: Path) -> None:
    written(tmp_path / "区.gpkg", AREAS)
    assert run_command("view", "区.gpkg", "--column", "n", cwd=tmp_path).returncode == 0
    page = (tmp_path / "区.html").read_text(encoding="utf-8")
    assert json.loads(page.split('id="qjmap-meta">')[1].split("</script>")[0])["title"]["zh"] == "区"
    assert run_command("view", "区.gpkg", "--column", "none", cwd=tmp_path).returncode == 2
    assert run_command("view", "gone.gpkg", cwd=tmp_path).returncode == 2
    assert run_command("view", "区.gpkg", "-o", "区.gpkg", cwd=tmp_path).returncode == 2


def test_rows_without_a_position_are_counted_and_none_at_all_is_refused(tmp_path: Path) -> None:
    (tmp_path / "some.csv").write_text("名称,经度,纬度\n甲,106.6,29.0\n乙,,\n丙,-,-\n", encoding="utf-8")
    done = run_command("view", "some.csv", cwd=tmp_path)
    assert done.returncode == 0
    assert "其中 2 行没有位置" in done.stdout
    (tmp_path / "none.csv").write_text("名称,经度,纬度,地址\n甲,,,某路1号\n", encoding="utf-8")
    (tmp_path / "notes.csv").write_text("条目,说明\n" + "一,话\n" * 9 + "綦江区,话\n", encoding="utf-8")
    for name in ("none", "notes"):
        done = run_command("view", f"{name}.csv", cwd=tmp_path)
        assert done.returncode == 2
        assert name in done.stderr + done.stdout
        assert not (tmp_path / f"{name}.html").exists()
