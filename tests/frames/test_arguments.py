"""Arguments that explore() shares with `GeoDataFrame.explore` mean what they mean there; what means nothing is refused by name."""

from __future__ import annotations

import datetime as dt
import sys
import types
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import qjmap
from qjmap.errors import UsageError


def squares(**columns: Any) -> gpd.GeoDataFrame:
    """A row of squares with the given columns of three values."""
    cells = [shapely.box(106 + 0.3 * number, 29, 106.2 + 0.3 * number, 29.2) for number in range(3)]
    return gpd.GeoDataFrame(columns or {"v": [1, 2, 3]}, geometry=cells, crs=4326)


def drawing(frame: gpd.GeoDataFrame, *given: Any, **options: Any) -> dict[str, Any]:
    made: dict[str, Any] = qjmap.explore(frame, *given, ground=False, **options).drawn[0].element.drawing
    return made


def classes(frame: gpd.GeoDataFrame, *given: Any, **options: Any) -> tuple[list[str], list[int]]:
    """Names of the classes, and the class of each row."""
    view = qjmap.explore(frame, *given, ground=False, **options).drawn[0].view
    assert view.classes is not None
    _, names, codes = view.classes
    return list(names), codes.tolist()


@pytest.mark.parametrize(
    ("style", "fill"),
    [({"fillColor": "red"}, "red"), ({"color": "red"}, "red"), ({"color": "red", "fillColor": "blue"}, "blue")],
)
def test_a_fill_colour_of_the_style_fills_every_row(style: dict[str, str], fill: str) -> None:
    for options in ({}, {"column": "v"} if "fillColor" in style else {}):
        drawn = drawing(squares(), style_kwds=style, **options)
        assert {({**drawn["style"], **own})["fillColor"] for own in drawn["styles"]} == {fill}


@pytest.mark.parametrize(
    ("values", "categories"),
    [
        ([1.0, 2.5, 3.0], [3.0, 2.5, 1.0]),
        ([1, 2, 3], [3.0, 2.0, 1.0]),
        (pd.array([1, 2, None], dtype="Int64"), [2, 1]),
        (pd.to_datetime(["2020-01-01", "2021-05-06", "2022-07-08"]), None),
        (pd.to_datetime(["2020-01-01 08:00", "2021-05-06 09:30", "2022-07-08 00:00"]), None),
        ([dt.date(2020, 1, 1), dt.date(2021, 1, 1), dt.date(2022, 1, 1)], None),
        ([True, False, True], [True, False]),
        ([["a"], ["b", "c"], ["a"]], [["b", "c"], ["a"]]),
        ([np.inf, 1.0, -np.inf], [-np.inf, 1.0, np.inf]),
        (["x", "y", "z"], ["z", "y", "x"]),
    ],
    ids=str,
)
def test_categories_are_found_among_the_cells(values: Any, categories: Any) -> None:
    frame = squares(v=values)
    order = list(reversed(frame["v"].unique().tolist())) if categories is None else categories
    given = list(reversed(frame["v"].unique())) if categories is None else categories
    names, codes = classes(frame, "v", categories=given)
    assert len(names) == len(order)
    expected = [
        len(order) if pd.api.types.is_scalar(one) and pd.isna(one) else order.index(one) for one in frame["v"].tolist()
    ]
    assert codes == expected


def test_a_series_is_aligned_by_its_index_as_an_assignment_is() -> None:
    frame = squares().set_index(pd.Index(["p", "q", "r"]))
    turned = frame["v"].sort_values(ascending=False)
    assert classes(frame, turned, categorical=True) == classes(frame, "v", categorical=True)
    drawn = qjmap.explore(frame, color=pd.Series({"r": "blue", "q": "green", "p": "red"}), ground=False).drawn[0]
    assert [drawn.element.drawing["styles"][0]["fillColor"], len(drawn.element.drawing["styles"])] == ["red", 3]
    assert classes(frame, turned.to_numpy(), categorical=True)[1] == [2, 1, 0]
    for other in (pd.Series([1, 2, 3]), pd.Series([1, 2, 3], index=["p", "p", "q"])):
        with pytest.raises(UsageError) as caught:
            qjmap.explore(frame, other, ground=False)
        assert caught.value.code == "frame-index"
        assert "to_numpy()" in caught.value.line("en")


def test_labels_of_a_tooltip_belong_to_the_columns_of_the_frame() -> None:
    frame = squares(name=["Hall", "Mill", "Yard"], people=[1, 2, 3], gdp=[7, 8, 9])
    assert drawing(frame, tooltip_kwds={"aliases": ["Name", "People", "GDP"]})["aliases"] == ["People", "GDP"]
    assert drawing(frame, tooltip=["gdp"], tooltip_kwds={"aliases": ["GDP"]})["aliases"] == ["GDP"]
    with pytest.raises(UsageError, match="aliases"):
        drawing(frame, tooltip_kwds={"aliases": ["Name"]})


@pytest.mark.parametrize("scheme", ["Quantiles", "EqualInterval"])
def test_the_number_of_classes_among_the_keywords_counts(scheme: str) -> None:
    frame = squares(v=[1.0, 5.0, 9.0])
    assert len(classes(frame, "v", scheme=scheme, classification_kwds={"k": 2})[0]) == 2
    texts = [one["text"] for one in drawing(frame, "v", scheme=scheme, k=2, legend_kwds={"fmt": "{:.2f}"})["legend"]]
    assert texts == ["1.00 – 5.00", "5.00 – 9.00"]


def test_mapclassify_gets_the_number_of_classes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def classify(values: Any, scheme: str, k: int = 5) -> Any:
        return types.SimpleNamespace(bins=np.linspace(values.min(), values.max(), k + 1)[1:])

    monkeypatch.setitem(sys.modules, "mapclassify", types.SimpleNamespace(classify=classify))
    assert len(classes(squares(v=[1.0, 5.0, 9.0]), "v", scheme="FisherJenks", classification_kwds={"k": 3})[0]) == 3


def test_a_style_function_gets_features_as_geopandas_makes_them() -> None:
    seen: list[Any] = []
    frame = squares().set_index(pd.Index(["p", "q", "r"], name="code"))
    qjmap.explore(
        frame, style_kwds={"style_function": lambda one: seen.append(one) or {"fillColor": "red"}}, ground=False
    )
    assert [one["id"] for one in seen] == ["p", "q", "r"]
    assert seen[0]["properties"] == {"code": "p", "v": 1}
    for function, named in (("red", "style_function"), (lambda _: {"dashArray": "5"}, "dashArray")):
        with pytest.raises(UsageError, match=named):
            qjmap.explore(frame, style_kwds={"style_function": function}, ground=False)


@pytest.mark.parametrize(("options", "low"), [({"vmin": 10}, True), ({"vmax": -10}, False)])
def test_values_beyond_a_scale_have_the_colour_of_its_end(options: dict[str, float], low: bool) -> None:
    drawn = drawing(squares(), "v", **options)
    assert drawn["legend"]
    names, codes = classes(squares(), "v", **options)
    assert all(0 <= code < len(names) for code in codes)
    plain = drawing(squares(v=[0.0, 50.0, 100.0]), "v")["styles"]
    assert drawn["styles"][0 if low else -2]["fillColor"] == plain[0 if low else -2]["fillColor"]


def test_tiny_values_have_classes_of_their_own() -> None:
    names, codes = classes(squares(v=[1e-14, 2e-14, 9e-14]), "v")
    assert len(set(names)) == len(names)
    assert len(set(codes)) == 3


def test_one_name_of_a_column_and_the_usual_tiles_are_taken() -> None:
    frame = squares(name=["Hall", "Mill", "Yard"], kind=["a", "b", "a"])
    view = qjmap.explore(frame, search="name", ground=False).drawn[0].view
    assert [column.label for column in view.columns if column.is_searched] == ["name"]
    assert "tile.openstreetmap.org" in qjmap.explore(frame, tiles="OpenStreetMap", ground=False).to_html()
