"""Any folium map of the classes we vouch for becomes one closed, repeatable file; any other is refused by name."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import folium
import geopandas as gpd
import pytest
import shapely

from qjmap.errors import UsageError
from qjmap.layers import Sites
from qjmap.page import offline_html
from qjmap.page.offline import leaflet_css, leaflet_js, lean
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
    assert not [one for one in ids if one in text]


def test_nothing_in_the_page_points_anywhere_else() -> None:
    text = offline_html(a_map())
    assert re.findall(r"""(?:src|href)\s*=\s*["']?(?!data:|#)[^\s>"']+""", re.sub(r"<script.*?</script>", "", text, flags=re.S)) == []
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
        assert [f"'sha256-{one}'" for one in hashes] == re.search(rf"{directive} ([^;]*);", csp)[1].split()  # type: ignore[index]
    for directive in ("img-src data: blob:", "worker-src blob:", "base-uri 'none'", "form-action 'none'"):
        assert directive in csp


def test_text_of_cells_stands_nowhere_in_the_document() -> None:
    text = offline_html(a_map())
    assert "window.HIT" not in text
    assert "{{ 7*7 }}" not in text


@pytest.mark.parametrize(
    "element",
    [
        folium.Marker([30, 100]),
        folium.Popup("x"),
        folium.GeoJson({"type": "FeatureCollection", "features": []}),
        folium.LayerControl(),
    ],
    ids=lambda one: type(one).__name__,
)
def test_other_folium_classes_are_refused_by_name(element: folium.Element) -> None:
    m = a_map()
    element.add_to(m)
    with pytest.raises(UsageError, match=type(element).__name__):
        offline_html(m)


def test_leaflet_comes_from_its_package_whole() -> None:
    assert "1.9.3" in leaflet_js()[:200]
    assert "images/" not in leaflet_css()
    assert leaflet_css().count("url(data:image/png;base64,") == 3


def test_scripts_lose_comments_and_indentation_and_nothing_else() -> None:
    script = "/* What\n * it is. */\n'use strict';\n  // why\n  const a = `/* b */ // c`; // d\n\n  /* e */ f();\n"
    assert lean(script) == "'use strict';\nconst a = `/* b */ // c`; // d\nf();"


def test_no_text_in_a_script_runs_over_several_lines(repository: Path) -> None:
    """`lean` works line by line: a text over several lines would lose its indentation."""
    assets = repository / "qjmap" / "assets"
    for path in (one for folder in ("runtime", "layers", "page") for one in (assets / folder).rglob("*.js")):
        for number, line in enumerate(lean(path.read_text(encoding="utf-8")).splitlines()):
            code = re.sub(r"\\.", "", line)  # signs that a backslash protects
            assert code.count("`") % 2 == 0, f"{path}: {number}: {line}"
            assert not line.endswith("\\"), f"{path}: {number}: {line}"
