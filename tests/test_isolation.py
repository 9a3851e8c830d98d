"""`check`, `add`, `build` and `export` touch no network and no file outside the project, whatever they are given.

Held by traced system calls: what a native library opens is seen as well. `/etc/passwd` alone is among the system's files
that Python itself reads (the user's home), so the secrets here are files of their own.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import geopandas as gpd
import pytest
import shapely

from tests.region import make_region
from tests.tracing import Trace, outside, trace

pytestmark = pytest.mark.slow

PACKAGE = Path(__file__).parents[1]


class _Visits(ThreadingHTTPServer):
    """A server that answers with a table and remembers what it was asked for."""

    visits: list[str]


@pytest.fixture
def server() -> Iterator[_Visits]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.visits.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"name,lon,lat\nstolen,1,2\n")

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = _Visits(("127.0.0.1", 0), Handler)
    server.visits = []
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file outside of every project, and its folder's other contents."""
    path = tmp_path / "private" / "secret.csv"
    path.parent.mkdir()
    path.write_text("name,lon,lat\nSECRET-WORD,100.5,30.5\n")
    return path


def vrt(source: str, layer: str = "secret") -> bytes:
    """A virtual layer of GDAL over another source."""
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="{layer}"><SrcDataSource>{source}</SrcDataSource>'
        '<GeometryType>wkbPoint</GeometryType><GeometryField encoding="PointFromColumns" x="lon" y="lat"/>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


KML = '<?xml version="1.0"?>{top}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'
PLACEMARK = "<Placemark><name>{name}</name><Point><coordinates>100.5,30.5</coordinates></Point></Placemark>"


def hostile_files(folder: Path, secret: Path, address: str) -> list[Path]:
    """Files that ask for other files and for the network, in every way that a reader of their kind might follow."""
    made: list[Path] = []

    def write(name: str, data: bytes) -> None:
        (folder / name).write_bytes(data)
        made.append(folder / name)

    curl = f"/vsicurl/{address}/x.csv"
    for suffix in (
        "kml",
        "gpkg",
        "shp",
        "fgb",
        "geojson",
        "json",
        "csv",
        "xlsx",
        "gpx",
        "kmz",
        "parquet",
        "vrt",
        "xls",
        "ods",
    ):
        write(f"virtual-file.{suffix}", vrt(str(secret)))
        write(f"virtual-net.{suffix}", vrt(curl))
    write(
        "entity.kml",
        KML.format(
            top=f'<!DOCTYPE kml [<!ENTITY x SYSTEM "file://{secret}">]>', body=PLACEMARK.format(name="&x;")
        ).encode(),
    )
    write(
        "entity-net.kml",
        KML.format(top=f'<!DOCTYPE kml SYSTEM "{address}/kml.dtd">', body=PLACEMARK.format(name="甲")).encode(),
    )
    link = f"<NetworkLink><Link><href>{address}/more.kml</href></Link></NetworkLink>"
    icon = f"<Style id='s'><IconStyle><Icon><href>{address}/i.png</href></Icon></IconStyle></Style>"
    write("link.kml", KML.format(top="", body=link + icon + PLACEMARK.format(name="甲点")).encode())
    for name, members in {
        "linked.kmz": {"doc.kml": KML.format(top="", body=link).encode()},
        "virtual.zip": {"a.vrt": vrt(curl), "a.shp": vrt(str(secret))},
        "named.zip": {"a.kml": vrt(curl), "../../../private/secret.csv": b"x"},
        "entity.xlsx": {
            "[Content_Types].xml": f'<!DOCTYPE x SYSTEM "{address}/dtd"><Types/>'.encode(),
            "xl/workbook.xml": f'<!DOCTYPE x [<!ENTITY y SYSTEM "file://{secret}">]><workbook>&y;</workbook>'.encode(),
        },
    }.items():
        with zipfile.ZipFile(folder / name, "w") as archive:
            for member, data in members.items():
                archive.writestr(member, data)
        made.append(folder / name)
    write(
        "web.xls",
        f'<html><link href="{address}/a.css"><img src="{address}/b.png"><table><tr><td>名称</td></tr>'
        f"<tr><td>甲</td></tr></table></html>".encode(),
    )
    frame = gpd.GeoDataFrame({"name": ["甲点"]}, geometry=[shapely.Point(100.5, 30.5)], crs=4326)
    frame.to_file(folder / "tricked.gpkg", layer="sites")
    with sqlite3.connect(folder / "tricked.gpkg") as base:
        base.execute(f"CREATE TABLE evil (sql TEXT DEFAULT '{secret}')")
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('evil', 'attributes', 'evil')"
        )
    base.close()
    made.append(folder / "tricked.gpkg")
    frame.to_file(folder / "beside.shp")
    (folder / "beside.vrt").write_bytes(vrt(curl))
    (folder / "beside.shp.aux.xml").write_bytes(vrt(curl))
    made.append(folder / "beside.shp")
    write("formulas.csv", f'名称,网址,备注\n甲,{address}/page,"=WEBSERVICE(""{address}"")"\n'.encode())
    (folder / "pointer.csv").symlink_to(folder / "formulas.csv")
    made.append(folder / "pointer.csv")
    return made


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Trace]:
    """Run qjmap under trace in a folder, with a home and a place for temporary files of its own."""
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    temporary.mkdir()
    environ = {
        "PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(temporary), "PYTHONPATH": str(PACKAGE),
        "PYTHONDONTWRITEBYTECODE": "1", "QJMAP_LANG": "en", "LANG": "C.UTF-8",
    }  # fmt: skip

    def traced(folder: Path, *arguments: str) -> Trace:
        return trace([sys.executable, "-m", "qjmap", *arguments], folder, environ)

    return traced


def assert_kept_in(found: Trace, tmp_path: Path, *folders: Path) -> None:
    assert "Traceback" not in found.output, found.output
    assert found.network == (), found.output
    assert outside(found.opened, [*folders, tmp_path / "temporary", tmp_path / "home"]) == []
    assert "SECRET-WORD" not in found.output
    assert list((tmp_path / "home").iterdir()) == []


def test_the_trace_sees_what_a_process_opens_and_whom_it_calls(tmp_path: Path, secret: Path, server: _Visits) -> None:
    code = f"open({str(secret)!r}).read(); import urllib.request as u; u.urlopen('http://127.0.0.1:{server.server_port}/x')"
    found = trace([sys.executable, "-c", code], tmp_path, {"PATH": os.environ["PATH"]})
    assert str(secret) in outside(found.opened, [])
    assert found.network
    assert server.visits == ["/x"]


def test_a_hostile_file_reaches_nothing_but_itself(
    tmp_path: Path, secret: Path, server: _Visits, run: Callable[..., Trace]
) -> None:
    """Each file alone is checked and added for real; then the project is built and exported with whatever came in."""
    project, inbox = make_region(tmp_path / "湾区"), tmp_path / "inbox"
    inbox.mkdir()
    files = hostile_files(inbox, secret, f"http://127.0.0.1:{server.server_port}")
    script = "\n".join(
        [
            "import sys",
            "from qjmap.cli.main import main",
            "for arguments in "
            + repr([[*command, str(file)] for file in files for command in (["check"], ["add"])])
            + ":",
            "    try:",
            "        main(arguments)",
            "    except SystemExit:",
            "        pass",
        ]
    )
    environ = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "temporary"),
        "PYTHONPATH": str(PACKAGE), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8",
    }  # fmt: skip
    found = trace([sys.executable, "-c", script], project, environ)
    assert found.code == 0, found.output
    assert_kept_in(found, tmp_path, project, inbox)
    for arguments in (["check"], ["build"], ["export", "--layer", "sites", "-o", "geo/out.geojson"]):
        assert_kept_in(run(project, *arguments), tmp_path, project)
    assert server.visits == []
    everything = b"".join(path.read_bytes() for path in project.rglob("*") if path.is_file())
    assert b"SECRET-WORD" not in everything
    assert b"stolen" not in everything


@pytest.mark.parametrize("name", ["districts", "land", "names", "corridor_legs"])
def test_a_project_from_somebody_else_reaches_nothing_outside(
    tmp_path: Path, secret: Path, server: _Visits, run: Callable[..., Trace], name: str
) -> None:
    project = make_region(tmp_path / "湾区")
    for source in (str(secret), f"/vsicurl/http://127.0.0.1:{server.server_port}/x.csv"):
        (project / "geo" / f"{name}.geojson").write_bytes(vrt(source, name))
        for arguments in (["check"], ["build"], ["export", "--layer", "sites", "-o", "o.geojson"]):
            found = run(project, *arguments)
            assert_kept_in(found, tmp_path, project)
        assert found.code in (0, 1, 2)
    assert server.visits == []


def test_everything_works_in_a_network_namespace_without_a_network(tmp_path: Path) -> None:
    project = make_region(tmp_path / "湾区")
    new = tmp_path / "new.csv"
    new.write_text("名称,经度,纬度,坐标系\n断网厂,100.51,30.51,WGS84\n", encoding="utf-8")
    unshare = [shutil.which("unshare") or "unshare", "-rn", sys.executable, "-m", "qjmap"]
    for arguments in (
        ["check", str(new)],
        ["add", str(new)],
        ["check"],
        ["build"],
        ["export", "--layer", "sites", "-o", "o.geojson"],
    ):
        done = subprocess.run(
            [*unshare, *arguments], cwd=project, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": str(PACKAGE)},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
    assert "断网厂" in (project / "o.geojson").read_text(encoding="utf-8")
