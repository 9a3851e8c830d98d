"""Offline pages of folium maps: allowed classes give a self-contained, reproducible file, others are refused by name."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable

import folium
import folium.plugins
import geopandas as gpd
import pytest
import shapely
from branca.element import MacroElement
from folium.template import Template
from folium.utilities import JsCode

from qjmap.errors import UsageError
from qjmap.layers import Sites
from qjmap.layers.raw_elements import Raw, asset
from qjmap.page import Document, offline_html
from qjmap.page.offline_page import leaflet_css, leaflet_js
from tests.region import HOSTILE


def sites() -> gpd.GeoDataFrame:
    names = list(HOSTILE)
    return gpd.GeoDataFrame(
        {"id": [f"s{n}" for n in range(len(names))], "name": names, "category": ["other"] * len(names)},
        geometry=[shapely.Point(100 + n / 100, 30) for n in range(len(names))],
        crs="EPSG:4326",
    )


def a_map() -> folium.Map:
    m = folium.Map(tiles=None, location=[30, 100], zoom_start=9)
    group = folium.FeatureGroup(name="g").add_to(m)
    folium.PolyLine([[30, 100], [31, 101]]).add_to(group)
    folium.CircleMarker([30, 100]).add_to(m)
    Sites(sites()).add_to(m)
    return m


def test_the_same_map_made_twice_gives_the_same_text() -> None:
    assert offline_html(a_map()) == offline_html(a_map())


def test_rendering_a_map_twice_changes_nothing() -> None:
    m = a_map()
    assert offline_html(m) == offline_html(m)


def test_no_random_id_is_left() -> None:
    m = a_map()
    text = offline_html(m)
    ids = [m._id, *(child._id for child in m._children.values())]
    assert not [item for item in ids if item in text]


def test_nothing_in_the_page_points_anywhere_else() -> None:
    text = offline_html(a_map())
    assert (
        re.findall(
            r"""(?:src|href)\s*=\s*["']?(?!data:|#)[^\s>"']+""", re.sub(r"<script.*?</script>", "", text, flags=re.S)
        )
        == []
    )
    assert "sourceMappingURL" not in text
    assert not re.findall(r"url\((?!data:|['\"]?data:|#)", "".join(re.findall(r"<style>(.*?)</style>", text, re.S)))


def test_the_policy_names_the_hash_of_every_script_and_style_and_nothing_more() -> None:
    text = offline_html(a_map())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    csp = policy[1].replace("&#39;", "'")
    assert csp.startswith("default-src 'none'; ")
    assert "unsafe" not in csp
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        bodies = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S)
        hashes = [base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in bodies]
        assert [f"'sha256-{item}'" for item in hashes] == re.search(rf"{directive} ([^;]*);", csp)[1].split()  # type: ignore[index]
    for directive in ("img-src data: blob:", "worker-src blob:", "base-uri 'none'", "form-action 'none'"):
        assert directive in csp


def test_text_of_cells_stands_nowhere_in_the_document() -> None:
    text = offline_html(a_map())
    assert "window.HIT" not in text
    assert "{{ 7*7 }}" not in text


class CircleMarker(folium.CircleMarker):
    """Has the name of a class that is admitted, and descends from it."""


class Element(folium.Marker):
    """Has the name of what folium's own elements are made of."""


def refusal(m: folium.Map) -> str:
    with pytest.raises(UsageError) as caught:
        offline_html(m)
    assert caught.value.exit_code == 2
    return caught.value.line("en")


def legend() -> MacroElement:
    result = MacroElement()
    result._template = Template("{% macro script(this, kwargs) %}window.ran = 1;{% endmacro %}")
    return result


@pytest.mark.parametrize(
    "element",
    [
        folium.Marker([30, 100]),
        folium.Popup("x"),
        folium.GeoJson({"type": "FeatureCollection", "features": []}),
        folium.LayerControl(),
        folium.Element("<b>text</b>"),
        folium.DivIcon("<b>text</b>"),
        folium.plugins.MiniMap(),
        folium.elements.EventHandler("click", JsCode("alert")),
        folium.elements.ElementAddToElement("alert(1);x", "y"),
        legend(),
        CircleMarker([30, 100]),
        Element([30, 100]),
        Raw("alert(1)"),
    ],
    ids=lambda item: type(item).__name__,
)
@pytest.mark.parametrize("within", ["map", "group", "figure"])
def test_other_classes_are_refused_by_name_wherever_they_stand(element: folium.Element, within: str) -> None:
    m = a_map()
    group = next(item for item in m._children.values() if isinstance(item, folium.FeatureGroup))
    before = offline_html(m)
    parent: folium.Element = {"map": m, "group": group, "figure": m.get_root()}[within]
    parent.add_child(element, name="another")
    said = refusal(m)
    assert type(element).__name__ in said
    assert {"map": "(Map)", "group": "(Map > FeatureGroup “g”)", "figure": "(figure)"}[within] in said
    del parent._children["another"]
    assert offline_html(m) == before


@pytest.mark.parametrize("part", ["header", "html", "script"])
@pytest.mark.parametrize(
    "text", [folium.Element("window.ran = 1"), Raw("window.ran = 1"), folium.JavascriptLink("https://example.org/x.js")]
)
def test_text_put_into_the_figure_by_hand_is_refused(part: str, text: folium.Element) -> None:
    m = a_map()
    getattr(m.get_root(), part).add_child(text)
    assert f"{type(text).__name__} (figure.{part})" in refusal(m)


def with_crs(m: folium.Map) -> str:
    m.crs = "EPSG3857, x: alert(1)"
    return "crs"


def with_name(m: folium.Map) -> str:
    m._name = "x;alert(1)//"
    return "_name"


def with_template(m: folium.Map) -> str:
    m._template = Template("{% macro script(this, kwargs) %}window.ran = 1;{% endmacro %}")
    return "_template"


def with_method(m: folium.Map) -> str:
    m.render = lambda: "text"  # type: ignore[method-assign]
    return "render"


def with_key(m: folium.Map) -> str:
    folium.FeatureGroup(**{'a": alert(1), "b': 1}).add_to(m)
    return "options"


def with_code_in_depth(m: folium.Map) -> str:
    folium.FeatureGroup(some={"depth": [1, JsCode("alert(1)")]}).add_to(m)
    return "JsCode"


def with_front(m: folium.Map) -> str:
    m.keep_in_front(next(iter(m._children.values())))
    return "keep_in_front()"


def with_tiles(m: folium.Map) -> str:
    folium.TileLayer("https://{s}.example.org/{z}/{x}/{y}.png", attr="x").add_to(m)
    return "TileLayer: https://a.example.org"


def with_tiles_beside_the_page(m: folium.Map) -> str:
    folium.TileLayer("tiles/{z}/{x}/{y}.png", attr="x").add_to(m)
    return "TileLayer: tiles/{z}/{x}/{y}.png"


@pytest.mark.parametrize(
    "put",
    [
        with_crs,
        with_name,
        with_template,
        with_method,
        with_key,
        with_code_in_depth,
        with_front,
        with_tiles,
        with_tiles_beside_the_page,
    ],
    ids=lambda item: item.__name__,
)
def test_settings_that_would_run_or_be_blocked_are_refused(put: Callable[[folium.Map], str]) -> None:
    m = a_map()
    wanted = put(m)
    assert wanted in refusal(m)


def test_what_a_class_includes_and_links_to_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    m = a_map()
    monkeypatch.setitem(
        folium.FeatureGroup._includes, folium.FeatureGroup, {"onAdd": JsCode("function () { window.ran = 1; }")}
    )
    monkeypatch.setattr(folium.Map, "default_js", [*folium.Map.default_js, ("mine", "https://example.org/mine.js")])
    said = refusal(m)
    assert "FeatureGroup: include() (Map)" in said
    assert "Map: link mine (figure)" in said


def test_all_that_is_refused_is_said_at_once() -> None:
    m = a_map()
    for n in range(24):
        folium.Marker([30, 100 + n]).add_to(m)
    folium.PolyLine([[30, 100], [31, 101]], popup="<b>x</b>").add_to(m)
    m.get_root().script.add_child(folium.Element("window.ran = 1"))
    said = refusal(m)
    for part in ("24 Marker (Map)", "Popup (Map > PolyLine)", "Element (figure.script)"):
        assert part in said


def test_tiles_are_admitted_from_origins_that_are_named_and_from_the_page_itself() -> None:
    m = a_map()
    folium.TileLayer("https://{s}.example.org/{z}/{x}/{y}.png", attr="x").add_to(m)
    assert "img-src data: blob: https://*.example.org;" in offline_html(
        m, Document(image_origins=("https://*.example.org",))
    )
    own = a_map()
    folium.TileLayer("data:image/gif;base64,R0lGODlhAQABAAAAACw=", attr="x").add_to(own)
    assert "R0lGODlhAQABAAAAACw=" in offline_html(own)


def test_a_map_that_was_shown_before_gives_the_same_page() -> None:
    m = a_map()
    before = offline_html(m)
    m._repr_html_()
    m.get_root().render()
    assert offline_html(m) == before


def test_the_page_has_the_title_of_the_figure() -> None:
    m = a_map()
    assert "<title>qjmap</title>" in offline_html(m)
    m.get_root().title = "<b>Sites</b>"
    assert "<title>&lt;b&gt;Sites&lt;/b&gt;</title>" in offline_html(m)


def test_leaflet_comes_from_its_package_whole() -> None:
    assert "1.9.3" in leaflet_js()[:200]
    assert "images/" not in leaflet_css()
    assert leaflet_css().count("url(data:image/png;base64,") == 3


def test_the_page_carries_the_licence_of_leaflet() -> None:
    """The names in it are those of the script."""
    text = offline_html(folium.Map(tiles=None))
    licence = asset("page/leaflet-LICENSE.txt")
    assert licence in text
    for holder in re.findall(r"\(c\) (\S+ [\w ]+)", leaflet_js()[:300]):
        assert f"Copyright (c) {holder}" in re.sub(r"(\d), ", r"\1 ", licence).replace(",", "")
