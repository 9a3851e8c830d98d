"""A damaged or foreign file in geo/ is named in one line, whatever is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.system_errors.helpers import everything, run
from tests.region import make_region

pytestmark = pytest.mark.slow

SHAPES = [
    '{"type":"Point","coordinates":["a","b"]}',
    '{"type":"Polygon","coordinates":[[[1,2],[3,4]]]}',
    '{"type":"Nothing"}',
    "3",
]
BODIES = [b"{", b"", b"\xff\xfe\x00", b"PK\x03\x04", b'{"type":"Topology"}', b"[" * 100_000, "名称".encode("gb18030")] + [
    f'{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{}},"geometry":{one}}}]}}'.encode() for one in SHAPES
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[:12] + body[-12:]))
def test_a_file_that_cannot_be_drawn(tmp_path: Path, body: bytes) -> None:
    region = make_region(tmp_path / "region")
    (region / "geo" / "districts.geojson").write_bytes(body)
    before = everything(region)
    for command in ("build", "check"):
        done = run(command, cwd=region)
        said = done.stdout + done.stderr
        assert done.returncode == 1 and "geo/districts.geojson" in said, said
        assert "Traceback" not in said and "object" not in said, said
    assert everything(region) == before


def test_every_file_that_is_not_drawn_is_named(tmp_path: Path) -> None:
    region = make_region(tmp_path / "region")
    for name in ("river.geojson", "roads.geojson", "borders.shp"):
        (region / "geo" / name).write_bytes(b"{}")
    (region / "geo" / "README.md").write_text("notes", encoding="utf-8")
    assert run("build", cwd=region).returncode == 0
    done = run("check", cwd=region)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert all(f"geo/{name}" in said for name in ("river.geojson", "roads.geojson", "borders.shp")), said
    assert "rivers.geojson" in said and "README" not in said
    assert run("build", "--strict", cwd=region).returncode == 1


def test_metres_of_a_projection_and_shifted_degrees_are_no_degrees(tmp_path: Path) -> None:
    region = make_region(tmp_path / "region")
    far = SHAPES[1].replace("[[[1,2],[3,4]]]", "[[[1e6,2e6],[1e6,3e6],[2e6,3e6],[1e6,2e6]]]")
    feature = f'{{"type":"Feature","properties":{{}},"geometry":{far}}}'
    collection = '{{"type":"FeatureCollection",{}"features":[{}]}}'
    (region / "geo" / "areas.geojson").write_text(collection.format("", feature), encoding="utf-8")
    crs = '"crs":{"type":"name","properties":{"name":"GCJ-02"}},'
    (region / "geo" / "rivers.geojson").write_text(collection.format(crs, feature), encoding="utf-8")
    done = run("check", cwd=region)
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "geo/areas.geojson, row 1" in said and "geo/rivers.geojson" in said and "GCJ-02" in said, said
