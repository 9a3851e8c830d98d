"""One table, saved in every way, added to a fresh copy of the region and built: always the same bytes come out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.edit.test_round_trip import run
from tests.region import make_region
from tests.tables.table_files import WAYS

pytestmark = pytest.mark.slow

ROWS = [  # characters that GB 2312 and Big5 both have
    ["名稱", "category", "地址", "經度", "緯度", "坐标系", "来源", "人口"],
    ["山人工坊", "企業", "", "100.51", "30.525", "WGS84", "survey", "120"],
    ["海心中心, 分部", "", "山城市人民路2", "", "", "", "survey", ""],
    ["上川西站", "platform", "", "101.0625", "29.75", "WGS84", "survey", "7.5"],
]


def rows_for(way: str) -> list[list[str]]:
    plain = {"名稱": "名称", "經度": "经度", "緯度": "纬度", "企業": "企业"}
    if way == "big5":
        simple = {"厂": "廠", "坐标系": "座標系", "来源": "來源"}
        return [[simple.get(cell, cell) for cell in row] for row in ROWS]
    return [[plain.get(cell, cell) for cell in row] for row in ROWS]


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    return {}


@pytest.mark.parametrize("way", WAYS)
def test_one_table_gives_one_map(way: str, tmp_path: Path, exports: dict[str, dict[str, bytes]]) -> None:
    region = make_region(tmp_path / "湾区 bay")
    name, make = WAYS[way]
    (tmp_path / name).write_bytes(make(rows_for(way)))
    assert run("add", tmp_path / name, "--project", region, "--datum", "wgs84") == 0  # GeoJSON has no column for it
    assert run("build", region) == 0
    made = {path.name: path.read_bytes() for path in sorted((region / "geo" / "export").iterdir())}
    made["page"] = (region / "maps" / "bay.html").read_bytes()
    assert made == exports.setdefault("first", made)
    assert "上川西站" in made["sites.geojson"].decode()
