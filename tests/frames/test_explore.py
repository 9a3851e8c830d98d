"""explore() shows any frame: what is odd is said, what cannot be shown is refused with its cure, no cell is lost or run."""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import inspect
import json
import re
import subprocess
import sys
import types
import zlib
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.explore import _explore

import qjmap
from qjmap.errors import UsageError
from tests.frames.odd_frames import odd_frames, points, shaped

ODD = odd_frames()


def metadata(page: str) -> Any:
    """What a page says of itself."""
    found = re.search(r'id="qjmap-meta">(.*?)</script>', page)
    assert found
    return json.loads(found[1])


def block(page: str, table: str = "t0") -> dict[str, Any]:
    """Columns of a small table of a page: JSON columns and codes as values, integers as they are stored."""
    found = re.search(rf'data-table="{table}">([^<]*)<', page)
    assert found
    data = zlib.decompress(base64.b64decode(found[1]))
    size = int.from_bytes(data[:4], "little")
    header, body = json.loads(data[4 : 4 + size]), data[4 + size :]
    columns: dict[str, Any] = {}
    for column in header["columns"]:
        raw = body[column["at"] : column["at"] + column["bytes"]]
        if column["codec"] == "json":
            columns[column["name"]] = json.loads(raw)
        elif column["codec"] == "dict":
            codes = np.frombuffer(raw, dtype=f"<u{column['width']}")
            columns[column["name"]] = [column["values"][code] for code in codes]
        else:
            columns[column["name"]] = column
    return columns


def cells(frame: Any, name: str, **options: Any) -> list[Any]:
    """Cells of a column as the page has them."""
    page = qjmap.explore(frame, ground=False, **options).to_html()
    described = next(one for one in metadata(page)["own"]["t0"] if one["label"]["zh"] == name)
    values: list[Any] = block(page)[described["name"]]
    return values


@pytest.mark.parametrize("name", ODD)
def test_an_odd_frame_is_shown(name: str) -> None:
    page = qjmap.explore(ODD[name], ground=False).to_html()
    described = metadata(page)
    data = ODD[name]
    frames = list(data.values()) if name == "layers" else data if isinstance(data, list) else [data]
    assert len(described["tables"]) == len(frames)
    if not isinstance(data, dict):
        for table, frame in zip(described["tables"], frames, strict=True):
            assert page.count(f'data-table="{table["name"]}"') == 1
            if len(frame) < 4096:
                assert len(block(page, table["name"])["id"]) == len(frame)
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    "name",
    [
        "integers",
        "floats",
        "extremes",
        "bools",
        "dates",
        "categories",
        "objects",
        "nested",
        "texts",
        "one_value",
        "zoned",
        "spans",
    ],
)
def test_any_column_colours_the_rows(name: str) -> None:
    frame = ODD[name]
    for column in frame.columns.drop("geometry"):
        page = qjmap.explore(frame, column=column, ground=False).to_html()
        assert len(block(page)["colour"]) == 3


def test_no_value_changes_on_its_way() -> None:
    frame = points(
        big=[2**53 + 1, -(2**63), 5], part=[decimal.Decimal("1.10"), None, decimal.Decimal("2")], yes=[True, None, False],
        text=["", None, "x"], day=pd.to_datetime(["2020-01-01", None, "2021-02-03"]), items=[["a|b", "c"], None, []],
        nested=[{"k": [1, None]}, None, {}],
    )  # fmt: skip
    assert cells(frame, "big") == ["9007199254740993", "-9223372036854775808", "5"]
    assert cells(frame, "part") == ["1.10", "", "2"]
    assert cells(frame, "yes") == [True, None, False]
    assert cells(frame, "text") == ["\u001a", "", "x"]
    assert cells(frame, "day") == ["2020-01-01", "", "2021-02-03"]
    assert cells(frame, "items") == [["a|b", "c"], [], ["\u001a"]]
    assert cells(frame, "nested") == ['{"k": [1, null]}', "", "{}"]


def test_categories_keep_their_order() -> None:
    described = metadata(qjmap.explore(ODD["categories"], column="a", ground=False).to_html())
    assert described["own"]["t0"][0]["order"] == ["low", "high"]
    assert described["facets"]["t0"][0]["order"] == ["low", "high"]


@pytest.mark.parametrize(("frame", "why"), [
    (shaped(None, shapely.Point(106, 29)), "no geometry"),
    (shaped(shapely.Point(), shapely.Point(106, 29)), "empty geometry"),
    (shaped(shapely.Point(np.inf, 1), shapely.Point(106, 29)), "no finite numbers"),
    (shaped(shapely.Point(29, 106), shapely.Point(106, 29)), "beyond longitude and latitude"),
])  # fmt: skip
def test_what_cannot_be_drawn_is_listed_with_its_reason(frame: gpd.GeoDataFrame, why: str) -> None:
    page = qjmap.explore(frame, ground=False).to_html()
    columns = block(page)
    assert len(columns["id"]) == 2
    assert why in columns["why"][0]
    assert columns["why"][1] == ""


def test_metres_without_a_reference_system_are_refused_with_the_cure() -> None:
    metres = points().to_crs(3857)
    with pytest.raises(UsageError, match="set_crs"):
        qjmap.explore(metres.set_crs(None, allow_override=True))


def test_a_system_that_is_nowhere_on_earth_is_refused() -> None:
    local = points().set_crs('LOCAL_CS["site", UNIT["metre", 1]]', allow_override=True)
    with pytest.raises(UsageError, match="EPSG"):
        qjmap.explore(local)


@pytest.mark.parametrize("crs", ["EPSG:4610", "EPSG:2360", "EPSG:4214", "EPSG:2432"])
def test_older_systems_of_china_are_refused_as_add_refuses_them(crs: str) -> None:
    with pytest.raises(UsageError, match="towgs84"):
        qjmap.explore(points(crs, a=[1, 2, 3]))


def test_parameters_of_an_older_system_are_used() -> None:
    m = qjmap.explore(ODD["with_parameters"], ground=False, language="en")
    assert "transformed" in m.notes[0]


def test_longitudes_from_0_to_360_are_turned_back() -> None:
    (_, west), (_, east) = metadata(qjmap.explore(ODD["from_0_to_360"], ground=False).to_html())["view"]
    assert (west, east) == (-160, 10)


def test_coordinates_in_a_table_are_read_as_those_of_a_file() -> None:
    columns = block(qjmap.explore(ODD["angles"], ground=False, language="en").to_html())
    assert [bool(why) for why in columns["why"]] == [False, False, True, True]
    assert "cannot be read" in columns["why"][2]


def test_measures_that_are_left_out_are_said() -> None:
    assert qjmap.explore(ODD["measures"], ground=False, language="en").notes == [
        "M values of the geometry are not in the page."
    ]
    assert qjmap.explore(ODD["heights"], ground=False).notes == []


def test_the_system_of_a_second_geometry_is_said() -> None:
    m = qjmap.explore(ODD["second_geometry"], ground=False, language="en")
    assert m.notes == ["The geometry in column “outline” is written as WKT, in WGS 84 / Pseudo-Mercator (EPSG:3857)."]


@pytest.mark.parametrize("name", ["second_geometry", "nested", "times_of_day", "bools"])
def test_a_row_is_not_called_by_a_value_that_is_no_name(name: str) -> None:
    assert block(qjmap.explore(ODD[name], ground=False).to_html())["name"] == ["1", "2", "3"]


def test_shapes_alone_are_shown() -> None:
    assert (
        len(block(qjmap.explore([shapely.Point(106, 29), shapely.Point(107, 29)], ground=False).to_html())["id"]) == 2
    )


def test_degrees_without_a_reference_system_are_taken_and_said() -> None:
    m = qjmap.explore(ODD["no_crs_degrees"], ground=False, language="en")
    assert m.notes == [
        "The data name no coordinate reference system; their coordinates are taken as WGS 84 longitude and latitude."
    ]


def test_a_projected_frame_is_reprojected_and_said() -> None:
    m = qjmap.explore(ODD["gauss_kruger"], ground=False, language="en")
    assert "EPSG:4544" in m.notes[0]
    view = metadata(m.to_html())["view"]
    assert view[0] == pytest.approx([29.0, 106.6], abs=1e-6)


def test_cgcs2000_is_taken_as_it_is() -> None:
    assert qjmap.explore(ODD["cgcs2000"], ground=False).notes == []


def test_coordinates_of_a_datum_are_converted() -> None:
    frame = pd.DataFrame({"lon": [106.653746], "lat": [29.026819]})
    south, west = metadata(qjmap.explore(frame, datum="gcj02", ground=False).to_html())["view"][0]
    assert (south + 0.002, west + 0.002) == pytest.approx((29.03, 106.65), abs=3e-5)


def test_a_layer_around_the_antimeridian_is_one_group() -> None:
    (_, west), (_, east) = metadata(qjmap.explore(ODD["antimeridian"], ground=False).to_html())["view"]
    assert east - west == pytest.approx(4)


@pytest.mark.parametrize(("arguments", "named"), [
    ({"marker_kwds": {"icon": 1}}, "marker_kwds"), ({"style_kwds": {"dashArray": "1"}}, "dashArray"), ({"marker_type": "star"}, "marker_type"),
    ({"nonsense": 1}, "nonsense"), ({"column": "b"}, "b"), ({"cmap": "no such", "column": "a"}, "no such"),
    ({"scheme": "FisherJenks", "column": "a"}, "mapclassify"),
    ({"color": "url(x)"}, "url"), ({"precision": 0.001}, "precision"), ({"datum": "mars"}, "datum"), ({"attr": "x"}, "attr"),
    ({"label": "b"}, "label"),
    ({"time": "a"}, "a"), ({"column": [1, 2]}, "column"), ({"map_kwds": {"crs": "Simple"}}, "crs"), ({"language": "fr"}, "fr"),
    ({"legend_kwds": {"labels": ["x"]}, "column": "a", "categorical": True}, "labels"),
])  # fmt: skip
def test_what_cannot_be_kept_is_refused_by_name(arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(UsageError, match=re.escape(named)):
        qjmap.explore(points(a=[1, 2, 3]), ground=False, **arguments)


def test_the_names_of_geopandas_are_all_there() -> None:
    theirs = {*inspect.signature(_explore).parameters} - {"df"}
    assert theirs <= {*inspect.signature(qjmap.explore).parameters}


@pytest.mark.parametrize("data", [3, "x", pd.Series([1, 2])])
def test_what_is_no_frame_is_a_type_error(data: Any) -> None:
    with pytest.raises((TypeError, UsageError)):
        qjmap.explore(data)


def test_a_table_without_positions_names_its_columns() -> None:
    with pytest.raises(UsageError, match="lon"):
        qjmap.explore(pd.DataFrame({"a": [1]}))


@pytest.mark.parametrize("frame", [
    pd.DataFrame({"区县": ["綦江区", "江津", "没有这里"], "gdp": [1.0, 2.0, 3.0]}),
    pd.DataFrame({"省": ["辽宁省", "吉林省", ""], "区县": ["朝阳县", "朝阳区", "无"], "n": [1, 2, 3]}),
    pd.DataFrame({"code": [500110, 500116, 999999], "n": [1, 2, 3]}),
    pd.DataFrame({"place": ["重庆市", "四川省", "Atlantis"], "n": [1, 2, 3]}),
])  # fmt: skip
def test_a_table_of_units_is_drawn_as_their_outlines(frame: pd.DataFrame) -> None:
    page = qjmap.explore(frame, column=frame.columns[-1], ground=False, language="en").to_html()
    columns = block(page)
    assert [bool(why) for why in columns["why"]] == [False, False, True]
    assert "unknown or ambiguous" in columns["why"][2]


def test_a_page_is_the_same_each_time() -> None:
    first, second = (qjmap.explore(ODD["mixture"], column="n").to_html() for _ in range(2))
    assert first == second


def test_layers_are_added_to_a_page(tmp_path: Path) -> None:
    m = qjmap.explore(points(a=[1, 2, 3]), name="wells", ground=False)
    assert qjmap.explore(ODD["line"], m=m, name="roads") is m
    described = metadata(m.to_html())
    assert [described["texts"][f"table.{one['name']}"]["en"] for one in described["tables"]] == ["wells", "roads"]
    m.save(tmp_path / "map.html")
    assert (tmp_path / "map.html").read_text(encoding="utf-8") == m.to_html()


def test_a_layer_alone_is_added_to_any_map() -> None:
    m = folium.Map(tiles=None)
    group = folium.FeatureGroup().add_to(m)
    assert qjmap.explore(points(a=[1, 2, 3]), m=group) is group
    assert "QJMap.layers.features" in m.get_root().render()


def test_a_notebook_shows_the_page_or_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    m = qjmap.explore(points(a=[1, 2, 3]), ground=False, language="en")
    assert m._repr_html_().startswith("<iframe srcdoc=")
    monkeypatch.setattr("qjmap.page.page_map.MOST_IN_NOTEBOOK", 1000)
    said = m._repr_html_()
    found = re.search(r"saved as (\S+):", said)
    assert found
    assert Path(found[1]).read_text(encoding="utf-8") == m.to_html()


def test_a_class_below_the_least_value_stays_and_is_open() -> None:
    options: dict[str, Any] = {"scheme": "UserDefined", "classification_kwds": {"bins": [-10, 2, 3]}, "ground": False}
    page = qjmap.explore(points(a=[1, 2, 3]), "a", **options).to_html()
    assert metadata(page)["facets"]["t0"][0]["order"] == ["/-10", "-10/2", "2/3"]
    assert block(page)["colour"] == [1, 1, 2]


def test_a_scheme_of_mapclassify_is_used_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def classify(values: Any, scheme: str, k: int, **options: Any) -> Any:
        assert (sorted(values), scheme, k, options) == ([1, 2, 3], "FisherJenks", 4, {"initial": 5})
        return types.SimpleNamespace(bins=[np.random.random() + 1, 3.0])

    monkeypatch.setitem(sys.modules, "mapclassify", types.SimpleNamespace(classify=classify))
    options: dict[str, Any] = {"scheme": "FisherJenks", "k": 4, "classification_kwds": {"initial": 5}, "ground": False}
    first, second = (qjmap.explore(points(a=[1, 2, 3]), "a", **options).to_html() for _ in range(2))
    assert block(first)["colour"] == [0, 1, 1]
    assert first == second


def test_the_time_bar_knows_its_columns_and_years() -> None:
    frame = points(
        a=[1, 2, 3], end=[dt.date(2021, 1, 1), None, None], start=pd.to_datetime(["1999-05-01", None, "2003-01-01"])
    )
    described = metadata(qjmap.explore(frame, time=("start", "end"), ground=False).to_html())
    keys = {column["label"]["en"]: column["name"] for column in described["own"]["t0"]}
    assert described["time"] == {
        "dated": 2,
        "first": 1999,
        "last": 2021,
        "columns": {"t0": [keys["start"], keys["end"]]},
    }
    assert "time" not in metadata(qjmap.explore(frame, ground=False).to_html())


def test_a_style_function_becomes_codes() -> None:
    def style(feature: Any) -> dict[str, Any]:
        return {"fillColor": "red" if feature["properties"]["a"] > 1 else "blue"}

    page = qjmap.explore(points(a=[1, 2, 3]), style_kwds={"style_function": style}, ground=False).to_html()
    assert block(page)["colour"] == [0, 1, 1]


def test_the_accessor_takes_what_explore_takes() -> None:
    assert points(a=[1, 2, 3]).qjmap.explore("a", ground=False).drawn
    assert gpd.GeoSeries([shapely.Point(106, 29)], crs=4326).qjmap.explore(ground=False).drawn


@pytest.mark.slow
@pytest.mark.parametrize(
    "order",
    [
        "import pandas, qjmap",
        "import qjmap, pandas",
        "import qjmap, geopandas as pandas",
        "import qjmap\nfrom importlib.util import find_spec\nfind_spec('pandas')\nimport pandas",
    ],
)
def test_the_accessor_is_there_whichever_is_imported_first(order: str) -> None:
    code = f"{order}\nprint(hasattr(pandas.GeoDataFrame if hasattr(pandas, 'GeoDataFrame') else pandas.DataFrame, 'qjmap'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_importing_qjmap_loads_no_library() -> None:
    code = "import sys, qjmap\nprint(sorted({'pandas', 'numpy', 'folium', 'shapely', 'click'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
