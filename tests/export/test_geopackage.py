"""A GeoPackage opens layer by layer, and its styles and projects fit the rows that it has."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pyogrio
import pytest

from qjmap.export.legend import CLASSIFIED
from qjmap.pipeline.export import export
from qjmap.project import load_project
from qjmap.schema import TABLES
from tests.region import make_region

WORDS = """
[categories.teahouse]
zh = "茶馆"
en = "teahouse"
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All tables of the region, one of whose sites has a category that the project adds."""
    folder = tmp_path_factory.mktemp("gpkg")
    project = make_region(folder / "p")
    settings, sites = project / "data" / "project.toml", project / "data" / "sites.csv"
    settings.write_text(settings.read_text(encoding="utf-8") + WORDS, encoding="utf-8")
    sites.write_text(sites.read_text(encoding="utf-8").replace("logistics-park", "teahouse", 1), encoding="utf-8")
    export(load_project(project), folder / "atlas.gpkg", form="gpkg")
    return folder / "atlas.gpkg"


def project_in(package: Path) -> ET.Element:
    """The QGIS project that the package holds, as hexadecimal digits of an archive."""
    with closing(sqlite3.connect(package)) as connection:
        (content,) = connection.execute("SELECT content FROM qgis_projects").fetchone()
    return project_of(bytes.fromhex(content.decode()))


def project_of(archive: bytes) -> ET.Element:
    with zipfile.ZipFile(io.BytesIO(archive)) as parts:
        (name,) = parts.namelist()
        return ET.fromstring(parts.read(name))


def test_every_table_opens_and_those_with_a_place_on_the_map_are_in_wgs84(package: Path) -> None:
    assert [name for name, _ in pyogrio.list_layers(package)] == [*TABLES, "layer_styles"]
    for name in TABLES:
        frame = gpd.read_file(package, layer=name)
        assert len(frame), name
        assert isinstance(frame, gpd.GeoDataFrame) == (name in CLASSIFIED)
        if name in CLASSIFIED:
            assert frame.crs == "EPSG:4326"


def assert_fits(package: Path, layer: str, style: ET.Element) -> None:
    """Each value that occurs has a class or falls into the one of all others; each class has its symbol; the names are a column."""
    frame, renderer = gpd.read_file(package, layer=layer), style.find("renderer-v2")
    assert renderer is not None
    assert renderer.get("attr") == CLASSIFIED[layer]
    classes = [one.attrib for one in renderer.iterfind("categories/category")]
    values = [one["value"] for one in classes]
    assert len(values) == len({*values})
    assert values[-1] == ""  # all others
    assert {*frame[CLASSIFIED[layer]].dropna()} - {"other"} <= {*values}
    assert {one["symbol"] for one in classes} == {one.get("name") for one in renderer.iterfind("symbols/symbol")}
    assert all(one["label"] for one in classes)
    (text,) = style.iter("text-style")
    assert text.get("fieldName") in frame.columns


def test_styles_are_well_formed_and_fit_the_values_that_occur(package: Path) -> None:
    with closing(sqlite3.connect(package)) as connection:
        rows = connection.execute(
            "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles"
        ).fetchall()
    assert {name for name, *_ in rows} == {*CLASSIFIED}
    for name, column, qml, is_default in rows:
        assert (column, is_default) == (pyogrio.read_info(package, layer=name)["geometry_name"], 1)
        assert_fits(package, name, ET.fromstring(qml))


@pytest.mark.parametrize("where", ["inside", "beside"])
def test_the_project_names_every_table_once_and_styles_every_layer(package: Path, where: str) -> None:
    project = project_in(package) if where == "inside" else project_of(package.with_suffix(".qgz").read_bytes())
    layers = {str(one.findtext("id")): one for one in project.iter("maplayer")}
    sources = [str(one.findtext("datasource")) for one in layers.values()]
    assert sorted(sources) == sorted(f"./atlas.gpkg|layername={name}" for name in TABLES)
    assert [one.get("id") for one in project.iter("layer-tree-layer")] == [*layers]
    for name in CLASSIFIED:
        assert_fits(package, name, layers[f"qjmap_{name}"])


@pytest.mark.parametrize("where", ["inside", "beside"])
def test_the_project_opens_where_the_map_does(package: Path, where: str) -> None:
    project = project_in(package) if where == "inside" else project_of(package.with_suffix(".qgz").read_bytes())
    extent = project.find("mapcanvas/extent")
    assert extent is not None
    west, south, east, north = (float(extent.findtext(name) or "nan") for name in ("xmin", "ymin", "xmax", "ymax"))
    opening = load_project(package.parent / "p").settings.opening
    places = gpd.read_file(package, layer="places").set_index("id").loc[[*opening]]
    bounds = places.total_bounds.tolist()
    assert west < bounds[0] < bounds[2] < east
    assert south < bounds[1] < bounds[3] < north
    edge = max(bounds[2] - bounds[0], bounds[3] - bounds[1]) / 20
    assert (west, north) == pytest.approx((bounds[0] - edge, bounds[3] + edge))


def test_the_file_is_a_valid_geopackage(package: Path) -> None:
    with closing(sqlite3.connect(package)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        listed = [name for (name,) in connection.execute("SELECT table_name FROM gpkg_contents")]
        for name in listed:  # requirement 119 of the standard: an integer primary key
            keys = [row[2] for row in connection.execute(f"PRAGMA table_info({name})") if row[5]]
            assert keys == ["INTEGER"], name
