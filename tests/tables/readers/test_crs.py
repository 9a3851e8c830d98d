"""Reference systems that files state are applied, or refused by name, and compared with the datum that the caller gives."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import pytest

from qjmap.errors import UsageError
from qjmap.tables import Parsed, parse, read_table
from qjmap.tables.readers.crs import parse_reference
from tests.tables.helpers import SITES, codes

PLACE = (106.65, 29.03)
DRIVERS = {"a.shp": "ESRI Shapefile", "a.gpkg": "GPKG", "a.fgb": "FlatGeobuf", "a.geojson": "GeoJSON", "a.parquet": ""}


def written(folder: Path, name: str, crs: str | int | None, lon: float = PLACE[0], lat: float = PLACE[1]) -> Path:
    """A file of one point in the system, with coordinates of the place, projected where the system is."""
    frame = geopandas.GeoDataFrame({"name": ["甲"]}, geometry=geopandas.points_from_xy([lon], [lat], crs=crs))
    if frame.crs is not None and frame.crs.is_projected:
        base = frame.crs.geodetic_crs
        frame = geopandas.GeoDataFrame(
            frame[["name"]], geometry=geopandas.points_from_xy([lon], [lat], crs=base)
        ).to_crs(crs)
    path = folder / name
    if name.endswith("geojson"):
        code = {"crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{crs}"}}} if crs else {}
        path.write_text(json.dumps({**json.loads(frame.to_json(drop_id=True)), "crs": None, **code}), encoding="utf-8")
    elif name.endswith("parquet"):
        frame.to_parquet(path)
    else:
        frame.to_file(path, driver=DRIVERS[name])
    return path


def result(path: Path, **options: str) -> Parsed:
    return parse(read_table(path, SITES, shown=path.name, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", DRIVERS)
@pytest.mark.parametrize(
    ("crs", "datum"),
    [
        (4326, "wgs84"),
        (3857, "wgs84"),
        (32648, "wgs84"),
        (4490, "cgcs2000"),
        (4544, "cgcs2000"),
        (4525, "cgcs2000"),
        (4258, "wgs84"),
    ],
)
def test_a_known_system_is_honoured(tmp_path: Path, name: str, crs: int, datum: str) -> None:
    found = result(written(tmp_path, name, crs))
    assert (found.frame["lon"][0], found.frame["lat"][0]) == pytest.approx(PLACE, abs=2e-6)
    assert found.frame["datum"][0] == datum
    assert codes(found) == []


@pytest.mark.parametrize("name", DRIVERS)
@pytest.mark.parametrize(
    ("crs", "called"), [(4610, "西安80"), (2379, "西安80"), (4214, "北京54"), (2435, "北京54"), (4555, "新北京54")]
)
def test_the_old_systems_are_refused_by_name_as_in_a_csv(tmp_path: Path, name: str, crs: int, called: str) -> None:
    found = result(written(tmp_path, name, crs))
    assert found.bad_rows
    faults = [fault for fault in found.faults if fault.code == "vocab-unknown"]
    assert [called in str(fault.value) for fault in faults] == [True]


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("name", DRIVERS)
def test_no_system_states_no_datum(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, None)
    assert result(path).frame["datum"][0] == ""
    assert result(path, datum="gcj02").frame["datum"][0] == "gcj02"


@pytest.mark.parametrize("name", DRIVERS)
def test_a_datum_told_against_the_file_is_never_passed_over_in_silence(tmp_path: Path, name: str) -> None:
    """No code names GCJ-02, so the caller's datum wins against WGS 84, but not against CGCS2000."""
    for crs, told, taken, warned in (
        (4326, "gcj02", "gcj02", True), (4490, "gcj02", "cgcs2000", True), (4326, "wgs84", "wgs84", False), (4490, "wgs84", "cgcs2000", False),
    ):  # fmt: skip
        (tmp_path / str((crs, told))).mkdir()
        found = result(written(tmp_path / str((crs, told)), name, crs), datum=told)
        assert found.frame["datum"][0] == taken
        assert (codes(found) == ["crs-contradicts"]) == warned
        if warned:
            assert {told, taken} <= {*found.faults[0].params.values()}


@pytest.mark.parametrize("code", ["urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84", "CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG:6.9:4326", "4326",
                                  "http://www.opengis.net/def/crs/EPSG/0/4326", "http://www.opengis.net/gml/srs/epsg.xml#4326", "WGS84"])  # fmt: skip
def test_the_ways_to_write_a_code(code: str) -> None:
    found = parse_reference(code, shown="a")
    assert found is not None
    assert (found.datum, found.transformer) == ("wgs84", None)


@pytest.mark.parametrize(
    "told",
    [
        "EPSG:999999", "EPSG:5773", "EPSG:4978", "某某独立坐标系", 'LOCAL_CS["某市独立坐标系",UNIT["Meter",1.0]]', "http://example.org/my.prj",
        "+proj=longlat +nadgrids=/etc/passwd", '{"type": "GeographicCRS", "name": "x"}', "EPSG:", "x" * 5_000, 'GEOGCS["' + "[" * 9_000,
    ],
)  # fmt: skip
def test_an_unknown_system_is_refused_by_name(told: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_reference(told, shown="a")
    assert caught.value.code == "crs-unknown"
    assert caught.value.params["crs"]


def test_an_unknown_system_stops_the_file_in_one_sentence(tmp_path: Path) -> None:
    path = written(tmp_path, "a.geojson", 4326)
    path.write_text(path.read_text(encoding="utf-8").replace("4326", "999999"), encoding="utf-8")
    with pytest.raises(UsageError, match="999999"):
        result(path)


@pytest.mark.parametrize("grid", ["/etc/hostname", "@/etc/hostname", "http://127.0.0.1:9/x.tif"])
def test_a_system_that_wants_a_file_is_unknown(grid: str) -> None:
    wkt = (
        'GEOGCS["x",DATUM["y",SPHEROID["z",6378137,298.25]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],'
        f'EXTENSION["PROJ4","+proj=longlat +ellps=WGS84 +nadgrids={grid} +no_defs"]]'
    )
    with pytest.raises(UsageError):
        parse_reference(wkt, shown="a")


def test_a_prj_of_arcgis_is_understood() -> None:
    def wkt(name: str, datum: str) -> str:
        return f'GEOGCS["{name}",DATUM["{datum}",SPHEROID["s",6378140.0,298.257]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'

    for name, datum, expected in (
        ("GCS_Xian_1980", "D_Xian_1980", "西安80"), ("GCS_Beijing_1954", "D_Beijing_1954", "北京54"),
        ("GCS_China_Geodetic_Coordinate_System_2000", "D_China_2000", "cgcs2000"), ("GCS_WGS_1984", "D_WGS_1984", "wgs84"),
    ):  # fmt: skip
        found = parse_reference(wkt(name, datum), shown="a")
        assert found is not None
        assert found.datum.startswith(expected)
