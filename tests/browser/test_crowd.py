"""A page of 20,000 invented sites: counted, seen, chosen, pointed at and filtered as a small one is, little of it unpacked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import folium
import geopandas as gpd
import pytest
import shapely

from qjmap.layers import Sites
from qjmap.page import offline_html
from qjmap.pipeline.load import load_atlas
from qjmap.pipeline.map import page_bytes
from qjmap.project import load_project
from tests.browser.conftest import Opened
from tests.browser.waiting import wait_for, wait_until_still
from tests.crowd import invented_sites
from tests.region import make_region

Open = Callable[..., Opened]
COUNT = 20_000

_LAYER = """(() => {
  const map = Object.values(window).find((one) => one instanceof L.Map);
  let found = null;
  map.eachLayer((one) => { if (one.layerName === "sites") found = one; });
  return { map, layer: found };
})()"""

_COUNT = f"""(() => {{
  const {{ index: crowd }} = {_LAYER}.layer, out = new Float64Array(crowd.count + 2);
  crowd.add(3, 17001, out);
  return [out.slice(0, crowd.count), crowd.mask.slice(3, 17001)].map((all) => all.reduce((a, b) => a + b, 0));
}})()"""

_GREATEST = f"""(() => {{
  const {{ map, layer }} = {_LAYER}, {{ x: w, y: h }} = map.getSize(), at = (one) => map.layerPointToContainerPoint([one.x, one.y]);
  const free = ({{ x, y }}) => x > 420 && x < w - 420 && y > 150 && y < h - 150;
  const groups = layer.groups(layer.view()).filter((one) => free(at(one))).sort((a, b) => b.count - a.count);
  const box = map.getContainer().getBoundingClientRect(), {{ x, y }} = at(groups[0]);
  return [x + box.left, y + box.top, groups[0].count];
}})()"""


@pytest.fixture(scope="module")
def sites() -> gpd.GeoDataFrame:
    frame = invented_sites(COUNT)
    frame.loc[[5, 77], "geometry"] = None
    frame.loc[1000:1599, "geometry"] = shapely.Point(101.5, 30.25)  # known to their town only
    return frame


@pytest.fixture(scope="module")
def crowd_page(tmp_path_factory: pytest.TempPathFactory, sites: gpd.GeoDataFrame) -> Path:
    folder = tmp_path_factory.mktemp("crowd")
    atlas, _ = load_atlas(load_project(make_region(folder / "region")))
    path = folder / "crowd.html"
    path.write_bytes(b"".join(page_bytes(replace(atlas, site_rows=sites))))
    return path


def test_sites_are_painted_before_the_document_has_been_read(open_file: Open, crowd_page: Path) -> None:
    opened = open_file(crowd_page)
    opened.wait_ready()
    marks = opened.page.evaluate("performance.getEntriesByType('mark').map((one) => one.name)")
    assert marks == ["qjmap-first", "qjmap-ready"]
    text = crowd_page.read_text(encoding="utf-8")
    assert text.index("QJMap.page.openPage(") < text.index('data-table="sites">') < text.index(" data-texts>")


def test_margins_are_made_one_a_frame(open_file: Open, crowd_page: Path) -> None:
    opened = open_file(crowd_page)
    opened.wait_ready()
    frames = opened.page.evaluate(
        """async () => {
          const made = QJMap.CanvasLayer.prototype._now, frames = [];
          let frame = 0, counting = true;
          const count = () => { frame++; if (counting) requestAnimationFrame(count); };
          requestAnimationFrame(count);
          QJMap.CanvasLayer.prototype._now = function (wide) {
            if (wide) frames.push([this.layerName, frame]);
            return made.call(this, wide);
          };
          const map = Object.values(window).find((one) => one instanceof L.Map);
          map.setZoom(map.getZoom() + 1, { animate: false });
          await new Promise((done) => setTimeout(done, 2500));
          counting = false;
          QJMap.CanvasLayer.prototype._now = made;
          return frames;
        }"""
    )
    assert {"background", "labels", "sites"} <= {name for name, _ in frames}
    assert len({frame for _, frame in frames}) == len(frames)


def test_every_column_is_carried_once(crowd_page: Path, sites: gpd.GeoDataFrame) -> None:
    text = crowd_page.read_text(encoding="utf-8")
    assert len(re.findall('data-table="sites"', text)) == 1
    assert "qjmap-table-sites" not in text


def test_counts_and_what_is_seen_are_true(open_file: Open, crowd_page: Path) -> None:
    opened = open_file(crowd_page)
    opened.wait_ready()
    assert opened.page.evaluate("qjmap.counts().sites") == COUNT
    opened.page.evaluate(f"{_LAYER}.map.setView([30.25, 101.25], 7, {{ animate: false }})")
    seen = wait_for(
        opened.page, lambda: opened.page.evaluate("qjmap.visible().sites"), lambda ids: len(ids) == COUNT - 2
    )
    assert len(seen) == len(set(seen)) == COUNT - 2
    assert (
        opened.page.evaluate(f"{_LAYER}.layer.groups({_LAYER}.layer.view()).reduce((sum, one) => sum + one.count, 0)")
        == COUNT - 2
    )


def test_opening_does_not_unpack_everything_and_nothing_is_unpacked_twice(
    open_file: Open, crowd_page: Path, sites: gpd.GeoDataFrame
) -> None:
    opened = open_file(crowd_page)
    opened.wait_ready()
    chunks = opened.page.evaluate(f"Array.from({_LAYER}.layer.block.spans()).length")
    columns = opened.page.evaluate(f"{_LAYER}.layer.block.texts.size")
    before = opened.page.evaluate(f"{_LAYER}.layer.block.unpacked")
    assert before < chunks * columns
    assert opened.page.evaluate("qjmap.select('s-0012345')")
    opened.page.wait_for_selector("#qj-panel-title")
    row = sites.iloc[12345]
    panel = opened.page.inner_text("#qj-panel")
    assert row["name"] in panel
    assert row["address"] in panel
    assert row["description"] in panel
    assert opened.page.evaluate(f"{_LAYER}.layer.block.unpacked") <= chunks * columns, "nothing is unpacked twice"


def test_a_link_to_a_site_opens_it(open_file: Open, crowd_page: Path, sites: gpd.GeoDataFrame) -> None:
    opened = open_file(crowd_page, fragment="#id=s-0019999")
    opened.wait_ready()
    opened.page.wait_for_selector("#qj-panel-title")
    assert opened.page.inner_text("#qj-panel-title") == sites.iloc[19999]["name"]
    assert not opened.page.evaluate("qjmap.select('s-0020000')")


def test_a_filter_counts_only_what_it_lets_through(open_file: Open, crowd_page: Path, sites: gpd.GeoDataFrame) -> None:
    opened = open_file(crowd_page)
    opened.wait_ready()
    page = opened.page
    page.evaluate(f"{_LAYER}.map.setView([30.25, 101.25], 7, {{ animate: false }})")
    page.locator("#qj-filters-button").click()
    page.locator("section[data-facet=category] > .qj-facet-head").click()
    page.locator("input[data-facet=category][data-value=enterprise]").check()
    left = set(sites[(sites["category"] == "enterprise") & sites.geometry.notna()]["id"])
    assert wait_for(page, lambda: set(page.evaluate("qjmap.visible().sites")), left.__eq__) == left
    wait_until_still(page)
    counted, there = page.evaluate(_COUNT)
    assert counted == there > 0


def test_a_great_gathering_is_gone_into_and_one_point_is_listed(open_file: Open, crowd_page: Path) -> None:
    opened = open_file(crowd_page)
    opened.wait_ready()
    page = opened.page
    page.evaluate(f"{_LAYER}.map.setView([30.25, 101.5], 6, {{ animate: false }})")
    wait_until_still(page)
    x, y, count = page.evaluate(_GREATEST)
    assert count > 400
    page.mouse.move(x, y)
    assert wait_for(page, lambda: page.evaluate(f"{_LAYER}.map.getContainer().style.cursor == 'pointer'"))
    page.mouse.click(x, y)
    # Leaflet ignores a new view while it animates a zoom.
    assert wait_for(page, lambda: page.evaluate(f"{_LAYER}.map.getZoom() > 6 && !{_LAYER}.map._animatingZoom"))
    wait_until_still(page)
    page.evaluate(f"{_LAYER}.map.setView([30.25, 101.5], 14, {{ animate: false }})")
    wait_until_still(page)
    x, y, count = page.evaluate(_GREATEST)
    assert count >= 600
    page.mouse.click(x, y)
    page.wait_for_selector(".qj-pick")
    assert page.locator(".qj-pick li").count() == 400
    assert str(count) in page.inner_text("#qj-panel-title")


def test_a_crowd_works_alone_on_a_plain_map(open_file: Open, sites: gpd.GeoDataFrame, tmp_path: Path) -> None:
    m = folium.Map(tiles=None, location=[30.25, 101.5], zoom_start=8)
    Sites(sites).add_to(m)
    (tmp_path / "alone.html").write_text(offline_html(m), encoding="utf-8")
    opened = open_file(tmp_path / "alone.html")
    opened.page.locator("canvas").first.wait_for(state="attached")
    wait_until_still(opened.page)
    assert opened.page.evaluate(f"{_LAYER}.layer.count()") == COUNT
    assert opened.page.evaluate(f"{_LAYER}.layer.block.has('description')") is False
