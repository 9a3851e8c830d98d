"""Rivers of the ground pass the cities that they are known to pass, flow into each other, and do not jump."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.ground import water

WORLD = (-180.0, -58.0, 180.0, 84.0)
LINES = {river.name: river.geometry for river in water.rivers(WORLD, WORLD) if river.name}
NATIONAL = load_china_gazetteer()


def seat(name: str) -> tuple[float, float]:
    (row,) = [row for row in range(len(NATIONAL.ids)) if NATIONAL.name(row) == name and NATIONAL.point(row)]
    point = NATIONAL.point(row)
    assert point is not None
    return point[0], point[1]


def kilometres(line: shapely.Geometry, lon: float, lat: float) -> float:
    """Distance of a point from a line, on the plane that touches at the point."""
    squeeze = np.cos(np.radians(lat))
    flat = shapely.transform(line, lambda xy: (xy - [lon, lat]) * [squeeze * 111.32, 110.9])
    return float(flat.distance(shapely.Point(0, 0)))


@pytest.mark.parametrize(
    ("river", "places"),
    [
        ("长江", "宜宾市 泸州市 江津区 涪陵区 忠县 宜昌市 武汉市"),
        ("黄河", "玛曲县 兰州市 中卫市 吴堡县 孟津区 利津县"),
        ("金沙江", "攀枝花市 宜宾市"),
        ("岷江", "眉山市 乐山市 宜宾市"),
        ("嘉陵江", "广元市 南充市 合川区 北碚区"),
        ("乌江", "沿河土家族自治县 彭水苗族土家族自治县 涪陵区"),
        ("沱江", "资阳市 内江市 泸州市"),
        ("涪江", "绵阳市 遂宁市 合川区"),
        ("渠江", "广安市 合川区"),
        ("赤水河", "合江县"),
        ("大渡河", "泸定县 乐山市"),
        ("西江", "梧州市 桂平市"),
        ("柳江", "柳州市"),
        ("湘江", "衡阳市 长沙市"),
        ("赣江", "赣州市 吉安市 南昌市"),
        ("雅鲁藏布江", "贡嘎县 加查县"),
        ("松花江", "哈尔滨市 佳木斯市"),
        ("黑龙江", "黑河市 抚远市"),
        ("淮河", "淮滨县 蚌埠市"),
        ("渭河", "宝鸡市 咸阳市"),
    ],
)
def test_a_river_passes_its_cities(river: str, places: str) -> None:
    far = {name: round(kilometres(LINES[river], *seat(name)), 1) for name in places.split()}
    assert all(distance < 7.5 for distance in far.values()), far


@pytest.mark.parametrize(
    ("river", "into"),
    [
        ("金沙江", "长江"), ("岷江", "长江"), ("沱江", "长江"), ("赤水河", "长江"), ("嘉陵江", "长江"), ("乌江", "长江"),
        ("涪江", "嘉陵江"), ("渠江", "嘉陵江"), ("大渡河", "岷江"), ("雅砻江", "金沙江"), ("北盘江", "红水河"), ("红水河", "西江"),
    ],
)  # fmt: skip
def test_a_river_flows_into_another(river: str, into: str) -> None:
    assert LINES[into].distance(shapely.get_point(LINES[river], -1)) < 0.03


def test_no_river_jumps() -> None:
    for name, line in LINES.items():
        assert np.hypot(*np.diff(shapely.get_coordinates(line), axis=0).T).max() < 0.5, name
