"""Partnerships on the map of an invented region: what is one thing, how wide, how one gets to it, and what pointing does."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from benchmarks.arcs import make_project
from qjmap.pipeline.build import build
from qjmap.project import load_project
from qjmap.schema import TABLES
from tests.browser.conftest import Opened
from tests.browser.waiting import wait_for
from tests.region import write_table

Open = Callable[..., Opened]

SETTINGS = """\
id = "arcs"
title = "三地合作"
language = "zh"
home = "jia"
region = [-180.0, -40.0, 180.0, 60.0]
opening = {opening}
"""
_POINT = {"datum": "wgs84", "precision": "town", "source": "survey"}
PLACES = [
    {"id": "jia", "name": "甲区", "kind": "district", "lon": "106.6", "lat": "29.0", **_POINT},
    {"id": "yi", "name": "乙市", "kind": "city", "lon": "104.8", "lat": "29.3", **_POINT},
    {"id": "bing", "name": "丙市", "kind": "city", "lon": "101.7", "lat": "26.6", **_POINT},
    {"id": "near", "name": "近邻", "kind": "town", "lon": "106.75", "lat": "28.95", **_POINT},
    {"id": "isle", "name": "东岛", "kind": "city", "lon": "-178.0", "lat": "-17.0", **_POINT},
    {"id": "cape", "name": "西角", "kind": "city", "lon": "178.0", "lat": "-18.0", **_POINT},
]
SOURCES = [{"id": "survey", "title": "三地调查"}]


def deal(identifier: str, parties: str, direction: str, **more: str) -> dict[str, str]:
    return {
        "id": identifier, "name": f"事项{identifier}", "kind": "agreement", "status": "signed", "parties": parties,
        "direction": direction, "source": "survey", **more,
    }  # fmt: skip


THREE_THINGS = [
    deal("out-1", "jia|yi", "forward"),
    deal("out-2", "jia|yi", "forward"),
    deal("out-3", "jia|yi", "forward"),
    deal("back", "yi|jia", "forward"),
    deal("both", "jia|bing", "mutual"),
]


@pytest.fixture
def page_of(tmp_path: Path) -> Callable[..., Path]:
    """Builds the page of these partnerships (and sites) in a project of the places above."""

    def make(
        deals: list[dict[str, str]], sites: list[dict[str, str]] = (), opening: tuple[str, ...] = ("jia", "yi", "bing")
    ) -> Path:  # type: ignore[assignment]
        data = tmp_path / "data"
        data.mkdir()
        (data / "project.toml").write_text(SETTINGS.format(opening=json.dumps(list(opening))), encoding="utf-8")
        rows: dict[str, list[dict[str, str]]] = {
            "places": PLACES,
            "partnerships": deals,
            "sites": list(sites),
            "sources": SOURCES,
        }
        for name, table in TABLES.items():
            write_table(data / f"{name}.csv", table.names, rows.get(name, []))
        return build(load_project(tmp_path)).page

    return make


LAYER = 'Object.values(window).find((one) => one && one.layerName === "partnerships")'
PIXELS = """(canvas) => {
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  const ctx = copy.getContext("2d", { willReadFrequently: true });
  ctx.drawImage(canvas, 0, 0);
  return ctx.getImageData(0, 0, copy.width, copy.height).data;
}"""
MAP = "Object.values(window).find((one) => one instanceof L.Map)"


def at(page: Page, identifier: str, share: float = 0.3) -> list[float]:
    """A point of the line that shows a row, in the window, and the direction of the line there."""
    return page.evaluate(  # type: ignore[no-any-return]
        f"""([id, share]) => {{
          const layer = {LAYER}, map = {MAP}, view = layer.view(), bundle = layer.bundleOf.get(layer.block.row(id));
          const line = layer.scene(view.size).lines.find((one) => one.bundle === bundle), k = Math.floor(share * (line.x.length - 1));
          const put = (i) => map.layerPointToContainerPoint([view.px(line.x[i]), view.py(line.y[i])]);
          const box = map.getContainer().getBoundingClientRect(), a = put(k), b = put(k + 1);
          return [a.x + box.left, a.y + box.top, Math.atan2(b.y - a.y, b.x - a.x)];
        }}""",
        [identifier, share],
    )


def ink(page: Page, identifier: str, share: float = 0.3) -> float:
    """How much colour lies across the line that shows a row, in pixels: its width as it is really painted."""
    return page.evaluate(  # type: ignore[no-any-return]
        f"""([id, share, angle]) => {{
          const layer = {LAYER}, view = layer.view(), bundle = layer.bundleOf.get(layer.block.row(id));
          const line = layer.scene(view.size).lines.find((one) => one.bundle === bundle), k = Math.floor(share * (line.x.length - 1));
          const canvas = layer._container, ratio = layer._ratio, {{ min }} = layer._bounds;
          const x = (view.px(line.x[k]) - min.x) * ratio, y = (view.py(line.y[k]) - min.y) * ratio;
          const data = ({PIXELS})(canvas);
          let sum = 0;
          for (let step = -7 * ratio; step <= 7 * ratio; step += 0.25) {{
            const px = Math.round(x - step * Math.sin(angle)), py = Math.round(y + step * Math.cos(angle)), i = (py * canvas.width + px) * 4;
            const light = (data[i] + data[i + 1] + data[i + 2]) / 3;
            sum += ((255 - light) / 255) * (data[i + 3] / 255) * 0.25;
          }}
          return sum / ratio;
        }}""",
        [identifier, share, at(page, identifier, share)[2]],
    )


def entries(page: Page) -> list[str]:
    """What the keyboard's list holds, line by line."""
    page.locator("#qj-arcs-list").focus()
    return [one.replace("\n", " ") for one in page.locator("#qj-arcs-list [role=option]").all_inner_texts()]


def test_three_there_one_back_and_one_mutual_are_three_things_of_ordered_widths(
    open_file: Open, page_of: Callable[..., Path]
) -> None:
    opened = open_file(page_of(THREE_THINGS), device_scale_factor=2)
    opened.wait_ready()
    page = opened.page
    assert set(entries(page)) == {"甲区 ↔ 丙市 事项both", "乙市 → 甲区 事项back", "甲区 → 乙市 3 项：合作协议"}
    page.evaluate("document.activeElement.blur()")
    assert ink(page, "out-1") > 1.2 * ink(page, "back") > 0.3
    assert ink(page, "back") == pytest.approx(ink(page, "both"), rel=0.3)
    page.mouse.click(*at(page, "out-1")[:2])
    expect(page.locator("#qj-panel-title")).to_have_text("甲区 ↔ 乙市")
    page.mouse.click(*at(page, "back")[:2])
    expect(page.locator("#qj-panel-title")).to_have_text("事项back")
    page.mouse.click(*at(page, "both")[:2])
    expect(page.locator("#qj-panel-title")).to_have_text("事项both")


def test_width_says_how_many_there_are_and_how_far_they_got_not_how_much_money(
    open_file: Open, page_of: Callable[..., Path]
) -> None:
    """One intended of 10 billion is thinner than one that runs, and that than three that run."""
    given = [
        deal("a", "jia|yi", "forward", status="planned", value_cny="10000000000", value_kind="forecast"),
        deal("b", "yi|jia", "forward", status="operating", value_cny="5000000"),
        *(deal(f"c{n}", "jia|bing", "forward", status=status) for n, status in enumerate(["operating", "signed"])),
        *(deal(f"d{n}", "bing|jia", "forward", status="operating") for n in range(3)),
    ]
    opened = open_file(page_of(given), device_scale_factor=2)
    opened.wait_ready()
    widths = [ink(opened.page, one, 0.6) for one in ("a", "b", "c0", "d0")]
    assert widths == sorted(set(widths))
    legend = opened.page.locator("#qj-legend-body").inner_text()
    assert "意向1、签约2、在建3、实施4" in legend
    assert {"1–2", "3–5", "6–11", "12以上"} <= set(opened.page.locator("#qj-legend-body li").all_inner_texts())


def test_tab_and_enter_lead_from_the_search_to_the_source(open_file: Open, page_of: Callable[..., Path]) -> None:
    opened = open_file(page_of(THREE_THINGS))
    opened.wait_ready()
    page = opened.page
    focused = "document.activeElement.id"

    def tab_until(text: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate(
                f"document.activeElement.id === {json.dumps(text)} || document.activeElement.textContent.trim() === {json.dumps(text)}"
            ):
                return
        raise AssertionError(f"no Tab leads to {text}")

    page.locator("#qj-search").focus()
    tab_until("qj-arcs-list")
    page.keyboard.press("End")
    page.keyboard.press("Home")
    names = page.locator("#qj-arcs-list [role=option]").all_inner_texts()
    for _ in range(next(k for k, name in enumerate(names) if "3 项" in name)):
        page.keyboard.press("ArrowDown")
    assert "3 项" in page.locator("#qj-arcs-list [aria-selected=true]").inner_text()
    page.keyboard.press("Enter")
    assert page.evaluate(focused) == "qj-panel-title"
    tab_until("事项out-2")
    page.keyboard.press("Enter")
    expect(page.locator("#qj-panel-title")).to_have_text("事项out-2")
    tab_until("三地调查")
    page.keyboard.press("Enter")
    expect(page.locator("#qj-panel-title")).to_have_text("三地调查")


def test_the_switch_of_the_layer_hides_all_of_it(open_file: Open, page_of: Callable[..., Path]) -> None:
    opened = open_file(page_of([*THREE_THINGS, deal("three", "jia|yi|bing", "mutual"), deal("own", "jia", "")]))
    opened.wait_ready()
    page = opened.page
    assert len(page.evaluate("qjmap.visible().partnerships")) == 7
    page.evaluate("qjmap.select('both')")
    page.locator('#qj-layers input[data-group="partnerships"]:not([data-value])').uncheck()
    assert page.evaluate("qjmap.visible().partnerships") == []
    assert (
        page.locator(".leaflet-qjmap-partnerships-pane canvas, .leaflet-qjmap-partnerships-lift-pane canvas").count()
        == 0
    )
    assert page.locator("#qj-arcs").is_hidden()


def test_three_parties_are_one_thing_wherever_it_is_hit(open_file: Open, page_of: Callable[..., Path]) -> None:
    opened = open_file(
        page_of([deal("three", "jia|yi|bing", "mutual"), deal("again", "bing|jia|yi", "mutual", kind="platform")])
    )
    opened.wait_ready()
    page = opened.page
    assert entries(page) == ["丙市 · 甲区 · 乙市 2 项：合作平台、合作协议"]
    legs = page.evaluate(
        f"""() => {{
          const layer = {LAYER}, map = {MAP}, view = layer.view(), box = map.getContainer().getBoundingClientRect(), scene = layer.scene(view.size);
          const put = (x, y) => {{ const p = map.layerPointToContainerPoint([view.px(x), view.py(y)]); return [p.x + box.left, p.y + box.top]; }};
          return [...scene.lines.map(({{ x, y }}) => put(x[x.length >> 1], y[y.length >> 1])), ...scene.marks.map(({{ x, y }}) => put(x, y))];
        }}"""
    )
    assert len(legs) == 3 * 2 + 1  # two strands to each party, one junction
    for x, y in legs:
        page.mouse.click(x, y)
        expect(page.locator("#qj-panel-title")).to_have_text("甲区 ↔ 丙市 ↔ 乙市")
        page.keyboard.press("Escape")


def test_pointing_at_one_lifts_it_and_quiets_the_others(open_file: Open, page_of: Callable[..., Path]) -> None:
    opened = open_file(page_of(THREE_THINGS))
    opened.wait_ready()
    page = opened.page
    faded = f"Number({LAYER}._container.style.opacity || 1)"
    lifted = f"""() => {{
      const canvas = {LAYER}.lift._container;
      return Boolean(canvas) && ({PIXELS})(canvas).some((one) => one > 0);
    }}"""
    assert (page.evaluate(faded), page.evaluate(lifted)) == (1, False)
    page.mouse.move(*at(page, "both")[:2])
    assert wait_for(page, lambda: page.evaluate(faded), lambda opacity: opacity < 0.4) < 0.4
    assert wait_for(page, lambda: page.evaluate(lifted))
    page.mouse.move(700, 120)
    assert wait_for(page, lambda: (page.evaluate(faded), page.evaluate(lifted)), (1, False).__eq__) == (1, False)


def test_neighbours_are_a_small_arc_when_near_and_a_badge_from_afar(
    open_file: Open, page_of: Callable[..., Path]
) -> None:
    opened = open_file(page_of([deal("next", "jia|near", "mutual"), deal("far", "jia|bing", "mutual")]))
    opened.wait_ready()
    page = opened.page
    drawn = f"""(zoom) => {{
      const layer = {LAYER}, map = {MAP};
      map.setView([29, 106.6], zoom, {{ animate: false }});
      const view = layer.view(), scene = layer.scene(view.size), bundle = layer.bundleOf.get(layer.block.row("next"));
      const line = scene.lines.find((one) => one.bundle === bundle);
      return [line ? (line.box[3] - line.box[1]) * view.size : 0, layer.badgesIn(view).length, layer.visibleIds().includes("next")];
    }}"""
    rise, badges, visible = page.evaluate(drawn, 7)
    assert rise > 6
    assert (badges, visible) == (0, True)
    rise, badges, visible = page.evaluate(drawn, 5.5)
    assert (rise, badges, visible) == (0, 1, True)


def test_a_project_is_tied_to_its_site_on_the_ground(open_file: Open, page_of: Callable[..., Path]) -> None:
    site = {
        "id": "works",
        "name": "共建厂",
        "category": "enterprise",
        "part_of": "plant",
        "lon": "105.6",
        "lat": "28.6",
        **_POINT,
    }
    opened = open_file(page_of([deal("plant", "jia|yi", "mutual", kind="joint-project")], [site]))
    opened.wait_ready()
    coloured = f"""(lift) => {{
      const layer = {LAYER}, canvas = (lift ? layer.lift : layer)._container, view = layer.view(), {{ min }} = layer._bounds, ratio = layer._ratio;
      const line = layer.scene(view.size).lines[0], k = line.x.length >> 1;
      const ax = view.px(line.x[k]), ay = view.py(line.y[k]), bx = view.px(QJMap.worldX(105.6)), by = view.py(QJMap.worldY(28.6));
      const data = ({PIXELS})(canvas);
      let found = 0;
      for (let t = 0.3; t < 0.9; t += 0.02) {{
        const x = Math.round((ax + (bx - ax) * t - min.x) * ratio), y = Math.round((ay + (by - ay) * t - min.y) * ratio);
        found += [-2, -1, 0, 1, 2].some((dx) => [-2, -1, 0, 1, 2].some((dy) => data[((y + dy) * canvas.width + x + dx) * 4 + 3] > 0));
      }}
      return found;
    }}"""
    assert opened.page.evaluate(coloured, False) == 0
    opened.page.mouse.move(*at(opened.page, "plant")[:2])
    assert wait_for(opened.page, lambda: opened.page.evaluate(coloured, True) > 10)


def test_a_line_across_the_antimeridian_takes_the_short_way_and_shows_at_both_edges(
    open_file: Open, page_of: Callable[..., Path]
) -> None:
    path = page_of(
        [deal("sea", "cape|isle", "forward"), deal("ring", "jia|cape|isle", "mutual")], opening=("jia", "cape")
    )
    opened = open_file(path)
    opened.wait_ready()
    boxes = opened.page.evaluate(
        f"""() => {{
          const layer = {LAYER}, bundle = layer.bundleOf.get(layer.block.row("sea"));
          return layer.scene(layer.view().size * 8).lines.filter((one) => one.bundle === bundle)
            .map(({{ box }}) => [box[0] * 360 - 180, box[2] * 360 - 180]);
        }}"""
    )
    assert sorted(round(east - west) for west, east in boxes) == [4, 4]
    assert any(east > 180 for _, east in boxes)
    assert any(west < -180 for west, _ in boxes)
    exported = json.loads((path.parent.parent / "geo" / "export" / "partnerships.geojson").read_text("utf-8"))
    for feature in exported["features"]:
        parts = feature["geometry"]["coordinates"]
        assert feature["geometry"]["type"] == "MultiLineString"
        longitudes = [[point[0] for point in part] for part in parts]
        assert all(-180 <= lon <= 180 for part in longitudes for lon in part)
        assert all(abs(a - b) < 90 for part in longitudes for a, b in itertools.pairwise(part))


CONTRAST = """(theme) => {
  const c = QJMap.palettes[theme];
  const light = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16) / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  return ["warm", "warmPlain", "warmLight", "warmLift"]
    .flatMap((line) => ["land", "sea"].map((ground) => [theme, line, ground, ratio(c[line], c[ground])]));
}"""


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_lines_stand_out_from_the_ground(open_file: Open, page_of: Callable[..., Path], theme: str) -> None:
    opened = open_file(page_of(THREE_THINGS))
    opened.wait_ready()
    weak: list[Any] = [one for one in opened.page.evaluate(CONTRAST, theme) if one[3] < 3]
    assert weak == []


def test_hundreds_of_arcs_stand_anew_after_a_zoom_and_a_long_way(open_file: Open, tmp_path: Path) -> None:
    opened = open_file(build(load_project(make_project(tmp_path / "many", 500))).page)
    opened.wait_ready()
    page = opened.page
    assert page.evaluate(f"{LAYER}.big()"), "too few for a picture made in slices"
    for step in ("setZoom(map.getZoom() + 1, { animate: false })", "panBy([900, 500], { animate: false })"):
        seen = page.evaluate(
            f"""() => new Promise((done) => {{
              const layer = {LAYER}, map = {MAP};
              map.{step};
              const look = (left) => (layer.isPainted() || !left ? done(layer.isPainted()) : requestAnimationFrame(() => look(left - 1)));
              requestAnimationFrame(() => look(600));
            }})"""
        )
        assert seen, step
        held = page.evaluate(
            f"""() => {{
              const {{ x, y }} = {MAP}.containerPointToLayerPoint([0, 0]), {{ min, max }} = {LAYER}._drawn.bounds, size = {MAP}.getSize();
              return [min.x <= x, min.y <= y, max.x >= x + size.x, max.y >= y + size.y];
            }}"""
        )
        assert all(held), step
