"""A damaged or foreign file in geo/ is named in one line, whatever is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.system_errors.helpers import everything, run, told
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
    told(run("build", cwd=region), "geo/districts.geojson")
    assert everything(region) == before
