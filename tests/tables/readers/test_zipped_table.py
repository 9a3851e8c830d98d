"""Vector files and zip files: only what their suffix says, no link followed, the right member of a zip file."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import sys
import threading
import warnings
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import geopandas
import openpyxl
import pytest

from qjmap.cli.main import main
from qjmap.edit import add
from qjmap.errors import DataFaults, UsageError
from qjmap.layers.background import frames_of
from qjmap.model.ground_files import GroundFiles, read_features, read_ground_files
from qjmap.project import load_project
from qjmap.tables import parse, read_table
from qjmap.validation import check, check_file
from tests.region import make_region
from tests.tables.helpers import SITES, codes

pytestmark = pytest.mark.slow

SECRET = "甲秘密"


class Counting(BaseHTTPRequestHandler):
    requests = 0

    def do_GET(self) -> None:
        Counting.requests += 1
        self.send_error(404)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    listening = HTTPServer(("127.0.0.1", 0), Counting)
    Counting.requests = 0
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    listening.server_close()


def traps(secret: Path, server: str) -> dict[str, bytes]:
    """Texts that make a content-sniffing reader open another file or the network."""
    found = {}
    for name, source in (("file", str(secret)), ("network", f"/vsicurl/{server}/x.csv"), ("driver", f"CSV:{secret}")):
        found[f"vrt {name}"] = (
            f'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{source}</SrcDataSource><GeometryType>wkbPoint</GeometryType>'
            '<GeometryField encoding="PointFromColumns" x="lon" y="lat"/></OGRVRTLayer></OGRVRTDataSource>'
        ).encode()
    found["wfs"] = f"<OGRWFSDataSource><URL>{server}/wfs</URL></OGRWFSDataSource>".encode()
    found["gdalg"] = json.dumps(
        {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {secret} ! write a"}
    ).encode()
    found["entity"] = (
        f'<!DOCTYPE kml [<!ENTITY x SYSTEM "file://{secret}">]><kml><Placemark><name>&x;</name></Placemark></kml>'.encode()
    )
    found["parameter entity"] = f'<!DOCTYPE gpx [<!ENTITY % x SYSTEM "{server}/x.dtd"> %x;]><gpx/>'.encode()
    return found


STARTS = {
    ".shp": (b"", b"\0\0\x27\x0a", b"\0\0\x27\x0a" + bytes(96)),
    ".gpkg": (b"", b"SQLite format 3\0"),
    ".fgb": (b"", b"fgb\x03fgb\x01", b"fgb\x03fgb\0", b"fgb\x03fgb\x01\x40\0\0\0"),
    ".kml": (b"", b"\xef\xbb\xbf", b'<?xml version="1.0"?>'),
    ".gpx": (b"",),
    ".geojson": (b"", b"\n"),
    ".json": (b"",),
    ".kmz": (b"", b"PK\x03\x04"),
    ".zip": (b"", b"PK\x03\x04"),
}


@pytest.mark.parametrize("suffix", STARTS)
def test_nothing_that_a_file_names_is_opened(tmp_path: Path, server: str, suffix: str) -> None:
    import pyogrio  # noqa: F401  (a program that has GDAL with all its drivers is no less safe)

    secret = tmp_path / "secret.csv"
    secret.write_text(f"name,lon,lat\n{SECRET},106.65,29.03\n", encoding="utf-8")
    for start in STARTS[suffix]:
        for trap in traps(secret, server).values():
            path = tmp_path / f"a{suffix}"
            path.write_bytes(start + trap)
            (tmp_path / "a.dbf").write_bytes(trap)
            with pytest.raises(UsageError) as caught:
                read_table(path, SITES, shown=path.name)
            assert SECRET not in str(caught.value)
            assert caught.value.cure("zh")
    assert Counting.requests == 0


@pytest.mark.parametrize("beside", [".vrt", ".aux.xml", ".shp.aux.xml", ".qix", ".sbn", ".idm", ".prj"])
def test_nothing_that_lies_beside_a_file_is_followed(tmp_path: Path, server: str, beside: str) -> None:
    points = geopandas.points_from_xy([106.65], [29.03], crs=4326)
    geopandas.GeoDataFrame({"name": ["甲"]}, geometry=points).to_file(tmp_path / "a.shp", encoding="UTF-8")
    (tmp_path / f"a{beside}").write_bytes(traps(tmp_path / "s.csv", server)["vrt network"])
    if beside == ".prj":
        with pytest.raises(UsageError, match="OGRVRTDataSource"):
            read_table(tmp_path / "a.shp", SITES)
    else:
        assert list(read_table(tmp_path / "a.shp", SITES).frame["name"]) == ["甲"]
    assert Counting.requests == 0


def test_traps_among_the_members_of_a_zip(tmp_path: Path, server: str) -> None:
    found = traps(tmp_path / "secret.csv", server)
    for name in ("a.vrt", "a.kml", "a.gpkg", "a.fgb", "a.geojson", "../a.shp"):
        zipped(tmp_path / "a.zip", {name: found["vrt network"], "a.dbf": b""})
        with pytest.raises(UsageError):
            read_table(tmp_path / "a.zip", SITES)
    assert Counting.requests == 0
    assert {path.name for path in tmp_path.iterdir()} == {"a.zip"}


def test_the_ground_of_a_project_names_nothing_either(tmp_path: Path, server: str) -> None:
    project = load_project(make_region(tmp_path / "p"))
    for trap in traps(tmp_path / "secret.csv", server).values():
        (project.geo / "districts.geojson").write_bytes(trap)
        with pytest.raises(DataFaults) as caught:
            read_ground_files(project)
        assert {fault.file for fault in caught.value.faults} == {"geo/districts.geojson"}
    assert Counting.requests == 0


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ({"type": "Polygon", "coordinates": [[1, 2]]}, "ground-shape"),
        ({"type": "X"}, "ground-shape"),
        (3, "ground-shape"),
        ("[" * 900, "file-limit"),
    ],
)
def test_a_damaged_ground_is_one_sentence(tmp_path: Path, geometry: object, code: str) -> None:
    text = json.dumps(
        {"features": [{"geometry": {"type": "Point", "coordinates": [1, 2]}}, {"properties": {"a": 1}, "geometry": 0}]}
    )
    deep = geometry if isinstance(geometry, str) else json.dumps(geometry)
    (tmp_path / "land.geojson").write_text(text.replace('"geometry": 0', f'"geometry": {deep}'), encoding="utf-8")
    _, _, faults = read_features(tmp_path / "land.geojson", "geo/land.geojson")
    assert [(fault.file, fault.code) for fault in faults] == [("geo/land.geojson", code)]


def test_the_ground_is_what_geopandas_reads(repository: Path) -> None:
    names = [repository / "geo" / "areas.geojson", *sorted((repository / "geo" / "export").glob("*.geojson"))]
    assert len(names) > 5
    for path in names:
        features, _, _ = read_features(path, path.name)
        expected, found = geopandas.read_file(path), frames_of(GroundFiles({path.stem: features}))[path.stem]
        assert (found.dtypes == expected.dtypes).all()
        assert found.crs == expected.crs
        assert found.geometry.isna().equals(expected.geometry.isna())
        assert found.geometry.dropna().geom_equals_exact(expected.geometry.dropna(), 0).all()
        assert found.drop(columns="geometry").equals(expected.drop(columns="geometry"))


@pytest.mark.slow
def test_a_build_needs_no_gdal(region: Path, tmp_path: Path) -> None:
    code = (
        f"import sys\nfrom qjmap.cli.main import main\ntry:\n    main(['build', {str(region)!r}, '--out', {str(tmp_path / 'maps')!r}])\n"
        "except SystemExit as stop:\n    assert not stop.code, stop.code\nassert 'pyogrio' not in sys.modules and 'fiona' not in sys.modules"
    )
    import subprocess

    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in members.items():
            bundle.writestr(name, data)
    return path


def geojson(name: str) -> bytes:
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [106.65, 29.03]},
        "properties": {"name": name},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False).encode()


def kml(*names: str) -> bytes:
    folders = "".join(
        f"<Folder><name>{name}</name><Placemark><name>{name}厂</name><Point><coordinates>106.6{at},29.03</coordinates></Point></Placemark></Folder>"
        for at, name in enumerate(names)
    )
    return f"<kml><Document>{folders}</Document></kml>".encode()


def tables() -> dict[str, bytes]:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["name", "lon", "lat"])
    book.active.append(["甲厂", 106.65, 29.03])
    book.save(out)
    csv = "name,lon,lat\n甲厂,106.65,29.03\n"
    return {
        "a.geojson": geojson("甲厂"), "a.kml": kml("甲"), "b/a.csv": csv.encode("gb18030"), "数据/a.xlsx": out.getvalue(),
        "a.gpx": '<gpx><wpt lat="29.03" lon="106.65"><name>甲厂</name></wpt></gpx>'.encode(),
    }  # fmt: skip


@pytest.mark.parametrize("name", tables())
def test_a_zip_of_one_table_is_that_table(tmp_path: Path, name: str) -> None:
    path = zipped(
        tmp_path / "a.zip", {name: tables()[name], "说明.pdf": b"%PDF", "__MACOSX/._a.csv": b"x", ".DS_Store": b"x"}
    )
    frame = read_table(path, SITES).frame
    assert (list(frame["name"]), frame["lat"][0]) == (["甲厂"], "29.03")


def test_a_geojson_file_in_a_zip_is_chosen_by_its_name(tmp_path: Path) -> None:
    members = {"企业.geojson": geojson("企业甲"), "学校.geojson": geojson("学校乙")}
    path = zipped(tmp_path / "a.zip", members)
    with pytest.raises(UsageError) as caught:
        read_table(path, SITES)
    assert (caught.value.code, caught.value.params["layers"]) == ("layer-choose", list(members))
    for word in ("学校", "学校.geojson"):
        assert list(read_table(path, SITES, sheet=word).frame["name"]) == ["学校乙"]
    with pytest.raises(UsageError) as caught:
        read_table(path, SITES, sheet="医院")
    assert caught.value.code == "layer-missing"
    assert list(read_table(zipped(path, {**members, "sites.geojson": geojson("丙")}), SITES).frame["name"]) == ["丙"]


@pytest.mark.parametrize(
    ("members", "code"),
    [({}, "zip-nothing"), ({"a.doc": b"x", "b.zip": b"PK"}, "zip-nothing"), ({"a.geojson": b""}, "kind-misnamed")],
)
def test_a_zip_without_a_table(tmp_path: Path, members: dict[str, bytes], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_table(zipped(tmp_path / "a.zip", members), SITES)
    assert caught.value.code == code


@pytest.mark.slow
def test_a_zip_that_swells_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "a.zip", {"a.geojson": bytes(120_000_000)})
    with pytest.raises(UsageError) as caught:
        read_table(path, SITES)
    assert (caught.value.code, caught.value.params["variable"]) == ("file-limit", "QJMAP_MAX_RATIO")
    monkeypatch.setenv("QJMAP_MAX_EXPANDED_MB", "100")
    with pytest.raises(UsageError) as caught:
        read_table(path, SITES)
    assert caught.value.params["variable"] == "QJMAP_MAX_EXPANDED_MB"


def test_a_locked_zip_is_told(tmp_path: Path) -> None:
    raw = bytearray(zipped(tmp_path / "a.zip", {"a.geojson": geojson("甲")}).read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(raw)
    with pytest.raises(UsageError) as caught:
        read_table(tmp_path / "a.zip", SITES)
    assert caught.value.code == "zip-locked"


@pytest.mark.slow
def test_check_add_and_locate_read_every_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    region = make_region(tmp_path / "p")
    file = tmp_path / "a.kml"
    file.write_bytes(kml("甲", "乙", "丙"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "no-datum" in [fault.code for fault in check_file(file)]
        report = add(load_project(region), file)
    assert len(report.added) == 3
    assert "no-datum" in [fault.code for fault in report.faults]
    assert len(check(load_project(region))[0]["sites"].frame.query("name in ('甲厂', '乙厂', '丙厂')")) == 3
    out = tmp_path / "out.csv"
    with pytest.raises(SystemExit):
        main(["locate", "--file", str(file), "-o", str(out), "--project", str(region)])
    assert [name in out.read_text(encoding="utf-8-sig") for name in ("甲厂", "乙厂", "丙厂")] == [True] * 3
    assert "Warning" not in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("form", ["gpkg", "fgb", "kml", "parquet"])
def test_our_own_files_come_back_without_a_reminder(repository: Path, tmp_path: Path, form: str) -> None:
    folder = tmp_path / "p"
    shutil.copytree(repository / "data", folder / "data", ignore=shutil.ignore_patterns(".qjmap"))
    file = tmp_path / f"sites.{form}"
    with pytest.raises(SystemExit) as done:
        main(["export", str(folder), "--layer", "sites", "--format", form, "-o", str(file)])
    assert not done.value.code
    before = (folder / "data/sites.csv").read_bytes()
    full = check(load_project(folder))[0]["sites"].frame
    report = add(load_project(folder), file)
    assert (report.added, report.updated, report.refused, report.new_columns) == ([], [], [], [])
    assert (folder / "data/sites.csv").read_bytes() == before
    result = parse(read_table(file, SITES))
    placed = full["lon"].notna().to_numpy()
    again = result.frame.set_index("id").loc[full["id"]]
    assert (again["lon"].notna().to_numpy() == placed).all()
    assert list(again["datum"]) == list(full["datum"])
    assert "no-datum" not in codes(result)


def test_sqlite_is_told_to_be_safe(tmp_path: Path) -> None:
    """A database with triggers, views and a virtual table that is no GeoPackage: nothing of it runs."""
    with sqlite3.connect(tmp_path / "a.gpkg") as book:
        book.execute("CREATE TABLE t (name TEXT)")
        book.execute("CREATE VIEW gpkg_contents AS SELECT load_extension('x') AS table_name, 'features' AS data_type")
    book.close()
    with pytest.raises(UsageError) as caught:
        read_table(tmp_path / "a.gpkg", SITES)
    assert caught.value.code == "vector-unreadable"
