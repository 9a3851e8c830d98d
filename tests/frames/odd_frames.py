"""Invented frames with unusual columns, geometry or reference systems, by what is unusual about them."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

POINTS = shapely.points([[106.6, 29.0], [106.7, 29.1], [106.8, 29.2]])
SCRIPT = "<img src=x onerror='window.BOOM=1'></script><script>window.BOOM=2</script>${window.BOOM=3}`"


def points(crs: Any = "EPSG:4326", **columns: Any) -> gpd.GeoDataFrame:
    """Three points with columns."""
    return gpd.GeoDataFrame(columns, geometry=list(POINTS), crs=crs)


def shaped(*shapes: Any, crs: Any = "EPSG:4326") -> gpd.GeoDataFrame:
    """Rows of shapes, numbered."""
    return gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=list(shapes), crs=crs)


def odd_frames() -> dict[str, Any]:
    """Name -> frame that explore() shows."""
    square = shapely.box(106.6, 29.0, 106.7, 29.1)
    donut = shapely.Polygon(square.exterior.coords, [shapely.box(106.63, 29.03, 106.66, 29.06).exterior.coords])
    line = shapely.LineString([[106.6, 29.0], [106.7, 29.1], [106.65, 29.2]])
    mixed_index = points(a=[1, 2, 3])
    mixed_index.index = ["x", "x", "y"]
    several_index = points(a=[1, 2, 3]).set_index(
        pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)], names=["k", None])
    )
    doubled = points(a=[1, 2, 3], b=["x", "y", "z"])
    doubled.columns = ["a", "a", "geometry"]
    second = points(a=[1, 2, 3])
    second["outline"] = gpd.GeoSeries([square, None, donut], crs="EPSG:3857")
    doubly_shaped = points(a=[1, 2, 3])
    doubly_shaped["b"] = doubly_shaped.geometry
    doubly_shaped.columns = ["a", "geometry", "geometry"]
    arrow = {
        "list": pd.Series([[1], None, [2, 3]], dtype=pd.ArrowDtype(pa.list_(pa.int64()))),
        "struct": pd.Series([{"a": 1}, None, {"a": 2}], dtype=pd.ArrowDtype(pa.struct([("a", pa.int64())]))),
        "decimal": pd.Series(
            [decimal.Decimal("1.10"), None, decimal.Decimal("2.25")], dtype=pd.ArrowDtype(pa.decimal128(5, 2))
        ),
        "moment": pd.Series(
            [dt.datetime(2020, 1, 1, 12), None, dt.datetime(2021, 1, 1)], dtype=pd.ArrowDtype(pa.timestamp("us", "UTC"))
        ),
        "word": pd.Series(["a", None, "b"], dtype=pd.ArrowDtype(pa.string())),
    }
    return {
        "point": points(a=[1, 2, 3]),
        "line": shaped(line),
        "polygon": shaped(square, donut),
        "multipoint": shaped(shapely.MultiPoint(POINTS)),
        "multiline": shaped(shapely.MultiLineString([line, [[107, 29], [107.1, 29]]])),
        "multipolygon": shaped(shapely.MultiPolygon([square, shapely.box(107, 29, 107.1, 29.1)])),
        "collection": shaped(shapely.GeometryCollection([POINTS[0], line, donut, shapely.GeometryCollection([square])])),
        "linearring": shaped(shapely.LinearRing(square.exterior.coords)),
        "mixture": shaped(POINTS[0], line, donut, None, shapely.Point(), shapely.MultiPolygon()),
        "all_none": shaped(None, None),
        "pole": gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(0, 0)], crs="EPSG:3031"),
        "nothing": gpd.GeoDataFrame(geometry=[]),
        "no_rows": points(a=[1, 2, 3]).iloc[:0],
        "heights": shaped(shapely.Point(106.6, 29, 250), shapely.LineString([[106, 29, 1], [107, 29, np.nan]])),
        "nan_inf_coordinates": shaped(shapely.Point(np.nan, 29), shapely.Point(np.inf, 1), POINTS[1]),
        "bow_tie": shaped(shapely.Polygon([[106, 29], [107, 30], [107, 29], [106, 30]])),
        "antimeridian": shaped(shapely.LineString([[179, 0], [-179, 1]]), shapely.box(178, 0, 179, 1), shapely.box(-179, 0, -178, 1)),
        "world": shaped(shapely.box(-180, -90, 180, 90)),
        "tiny": shaped(shapely.box(106.6, 29, 106.6 + 1e-9, 29 + 1e-9)),
        "web_mercator": points(a=[1, 2, 3]).to_crs(3857),
        "gauss_kruger": points(a=[1, 2, 3]).to_crs(4544),
        "cgcs2000": points("EPSG:4490", a=[1, 2, 3]),
        "no_crs_degrees": points(None, a=[1, 2, 3]),
        "swapped_axes": gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(29, 106.6)], crs="EPSG:4326"),
        "integers": points(big=[2**53 + 1, -(2**63), 5], small=np.array([1, 2, 3], "int8"), missing=pd.array([1, None, 2**60], "Int64")),
        "unsigned": points(u=np.array([2**64 - 1, 0, 1], dtype="uint64")),
        "floats": points(f=[0.1, np.nan, np.inf], g=np.array([0.1, 1e30, -0.0], "f4"), h=[1e-300, 1e300, 0]),
        "bools": points(a=[True, False, True], b=pd.array([True, None, False], "boolean"), c=[True, None, np.bool_(False)]),
        "dates": points(a=[dt.date(2020, 1, 1), None, dt.date(1, 1, 1)], b=pd.to_datetime(["2020-01-01", None, "2262-04-11"])),
        "zoned": points(a=pd.to_datetime(["2020-01-01 10:00", None, "2020-07-01 00:00"]).tz_localize("Europe/Berlin"),
                        b=[pd.Timestamp("2020-01-01", tz="UTC"), pd.NaT, dt.datetime(2020, 1, 1)]),
        "spans": points(a=pd.to_timedelta([1, None, 3], "h"), b=pd.period_range("2020", periods=3, freq="Q"), c=pd.interval_range(0, 3)),
        "categories": points(a=pd.Categorical(["low", "high", None], categories=["low", "middle", "high"], ordered=True),
                             b=pd.Categorical([3, 1, 2], categories=[3, 2, 1])),
        "objects": points(a=[decimal.Decimal("1.10"), None, decimal.Decimal("NaN")], b=[b"\xff", b"a", None], c=[uuid.UUID(int=1), 1 + 2j, object]),
        "nested": points(a=[[1, 2], [], None], b=[{"k": [1, None]}, {}, None], c=[np.array([1, 2]), {3, 1}, ("x",)]),
        "texts": points(a=["", None, "x"], b=["a|b", "c,d", "\u001f"], c=["https://example.org", "http://a.b", None]),
        "html_cells": points(a=[SCRIPT, "&lt;b&gt;", "</title>"], name=[SCRIPT, SCRIPT, "x"]),
        "control_characters": points(a=pd.Series(["\x00\x1a\u2028", "a\ud800b", "\ufeff"], dtype=object)),
        "scripts_of_all_kinds": points(**{"名称": ["綦江", "Łódź", "القاهرة"], "значение": [1, 2, 3], "🏠": ["a", "b", "c"]}),
        "odd_columns": gpd.GeoDataFrame({7: [1], "": [2], None: [3], ("a", 1): [4], "id": ["x"], "status": ["y"]}, geometry=[POINTS[0]], crs=4326),
        "duplicate_columns": doubled,
        "duplicate_index": mixed_index,
        "several_index": several_index,
        "second_geometry": second,
        "doubly_shaped": doubly_shaped,
        "shapes_in_a_table": pd.DataFrame({"a": [1, 2, 3], "where": list(POINTS)}),
        "extremes": points(a=[1e308, -1e308, 0.0], b=[10**30, -1, None], c=[5e-324, 0, 1]),
        "wide": points(**{f"c{number}": [number, number + 1, None] for number in range(200)}),
        "one_value": points(a=[1, 1, 1], b=["x", "x", "x"], c=[None, None, None]),
        "sparse": points(a=pd.arrays.SparseArray([0, 1, 0])),
        "arrow_types": points(**arrow),
        "many_words": gpd.GeoDataFrame({"w": [f"word {number}" for number in range(5000)]},
                                       geometry=shapely.points(106 + np.arange(5000) / 5000, np.full(5000, 29.0)), crs=4326),
        "series": gpd.GeoSeries(list(POINTS), crs=4326, name="wells"),
        "plain_lonlat": pd.DataFrame({"经度": [106.6, None], "lat": [29.0, 29.1], "n": [1, 2]}),
        "layers": {"a": points(a=[1, 2, 3]), "b": shaped(line)},
        "list_of_frames": [points(a=[1, 2, 3]), shaped(square)],
        "features": points(a=[1, 2, 3]).__geo_interface__,
        "huge_integers": points(a=[10**40, -(10**40), None], b=np.array([2**64 - 1, 2**63, 0], "u8")),
        "complex": points(a=[1 + 2j, None, complex("nan")]),
        "mixed_zones": points(a=[pd.Timestamp("2020-01-01 10:00", tz="Asia/Shanghai"), pd.Timestamp("2020-01-01", tz="UTC"), pd.NaT]),
        "nanoseconds": points(a=pd.Series(["2020-01-01 00:00:00.000000001", None, "2021-01-01"]).astype("datetime64[ns]")),
        "times_of_day": points(a=[dt.time(1, 2, 3), dt.time(0), None]),
        "categories_of_dates": points(a=pd.Categorical(pd.to_datetime(["2020-01-01", "2019-01-01", None])), b=pd.cut([1, 5, 9], [0, 3, 10])),
        "names_of_the_program": points(**{name: [1, 2, 3] for name in (
            "id", "name", "colour", "why", "parts", "kinds", "sizes", "x", "y", "z", "c0", "t0", "__proto__", "constructor", "toString")}),
        "names_that_are_html": points(**{SCRIPT: [1, 2, 3], "<b>x</b>": ["a", "b", "c"]}),
        "columns_of_two_levels": pd.DataFrame({("a", "x"): [1, 2], ("lon", ""): [106.0, 106.1], ("lat", ""): [29.0, 29.1]}),
        "columns_of_many_types": gpd.GeoDataFrame({0: [1, 2, 3], 1.5: list("abc"), True: list("tuv")}, geometry=list(POINTS), crs=4326),
        "index_of_dates": points(a=[1, 2, 3]).set_index(pd.date_range("2020", periods=3, tz="UTC", name="when")),
        "long_texts": points(a=["长 long " * 2000, "|", "a|b"], b=["a\nb\r\nc", "\t", "  lead"]),
        "odd_links": points(u=["https://example.org/<b>", "javascript:alert(1)", "https://例子.中国/a b"]),
        "arrow_maps": points(m=pd.Series([[("k", 1)], None, []], dtype=pd.ArrowDtype(pa.map_(pa.string(), pa.int64()))),
                             i=pd.Series([2**60, None, 1], dtype=pd.ArrowDtype(pa.int64()))),
        "measures": shaped(shapely.from_wkt("LINESTRING ZM (106 29 1 2, 107 29 3 4)"), shapely.from_wkt("POINT M (106 29 7)")),
        "deep_collection": shaped(shapely.GeometryCollection([shapely.GeometryCollection([POINTS[0], shapely.GeometryCollection()]), square])),
        "poles": shaped(shapely.box(-180, 60, 180, 90), shapely.Point(0, 90), shapely.Point(0, -90), shapely.LineString([[0, 85], [180, 89.9]])),
        "no_length": shaped(shapely.LineString([[106, 29], [106, 29]]), shapely.Polygon([[106, 29], [107, 29], [106, 29]])),
        "around_the_world": shaped(shapely.Point(-122, 37), shapely.Point(151, -33), shapely.Point(2, 48)),
        "from_0_to_360": shaped(shapely.Point(200, 10), shapely.Point(350, 20), shapely.box(359, 0, 361, 1), shapely.Point(10, 5)),
        "one_place": shaped(*[shapely.Point(106.65, 29.03)] * 5),
        "crs84": points("OGC:CRS84", a=[1, 2, 3]),
        "compound": points("EPSG:4326+5773", a=[1, 2, 3]),
        "geocentric": gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(-1598000, 5349000, 3075000)], crs=4978),
        "polar_projection": gpd.GeoDataFrame({"a": [1, 2]}, geometry=[shapely.Point(0, 0), shapely.Point(5e5, -9e5)], crs=3995),
        "with_parameters": points("+proj=longlat +ellps=IAU76 +towgs84=1,2,3,0,0,0,0 +no_defs", a=[1, 2, 3]),
        "angles": pd.DataFrame({"经度": ["106.6", "106°39′", "?", None], "纬度": ["29.0", "29°1′", "29", "29"]}),
    }  # fmt: skip
