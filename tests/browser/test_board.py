"""The board of a place: the sites that share a coarse point can be read, chosen, saved and printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from qjmap.pipeline.build import build
from qjmap.project import load_project
from qjmap.schema import TABLES
from tests.browser.conftest import DESKTOP, PHONE, Opened
from tests.region import ROWS, make_region, write_table

Open = Callable[..., Opened]
CROWD = 30
WITHIN = 3  # park, works and line of the region, which lie in its home too
SITES = CROWD + WITHIN
WIDTHS = [DESKTOP, {"width": 768, "height": 1024}, PHONE, {"width": 320, "height": 480}, {"width": 844, "height": 390}]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented region with sites that are known to its home only: ten parts of a works, the others by themselves."""
    root = make_region(tmp_path_factory.mktemp("crowded") / "region")
    home = load_project(root).settings.home
    rows = [
        {
            "id": f"crowd-{k}",
            "name": f"分厂{k}号" if 0 < k < 11 else f"厂{k}号",
            "name_en": f"Works {k}",
            "category": "enterprise" if k % 3 else "hotel",
            "status": "operating" if k % 2 else "planned",
            "place": home,
            "part_of": "crowd-0" if 0 < k < 11 else "",
        }
        for k in range(CROWD)
    ]
    write_table(root / "data" / "sites.csv", TABLES["sites"].names, [*ROWS["sites"], *rows])
    return build(load_project(root)).page


def show(opened: Opened) -> Page:
    opened.wait_ready()
    opened.page.locator("#qj-board-button").click()
    expect(opened.page.locator("#qj-board")).to_be_visible()
    return opened.page


def names(page: Page) -> list[str]:
    return [str(link.get_attribute("aria-label")).split(" · ")[0] for link in page.locator(".qj-board-page a").all()]


@pytest.mark.parametrize("viewport", WIDTHS, ids=str)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_site_stands_on_it_once_inside_the_window(
    open_file: Open, crowded: Path, viewport: dict[str, int], lang: str
) -> None:
    opened = open_file(crowded, viewport=viewport, fragment=f"#b=harbour&lang={lang}")
    opened.wait_ready()
    page = opened.page
    expect(page.locator("#qj-board")).to_be_visible()
    found = names(page)
    assert len(found) == len(set(found)) == SITES
    widest = page.evaluate(
        "Math.max(...[...document.querySelectorAll('.qj-board-page svg text')].map((text) => text.getBoundingClientRect().right))"
    )
    assert widest <= viewport["width"]
    small = "[...document.querySelectorAll('.qj-board-page a')].filter((link) => link.offsetHeight < 24).length"
    assert page.evaluate(small) == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_is_reached_by_the_mark_on_the_map_the_link_and_the_keyboard(open_file: Open, crowded: Path) -> None:
    opened = open_file(crowded)
    opened.wait_ready()
    page = opened.page
    page.evaluate("""() => {
      const map = Object.values(window).find((one) => one && one.getCenter && one.eachLayer);
      map.eachLayer((layer) => {
        if (layer.layerName !== "sites") return;
        const group = layer.groups(layer.view()).sort((a, b) => b.count - a.count)[0];
        const off = group.kind === "block" ? [12, 10] : [0, 0];
        window.mark = map.layerPointToContainerPoint([group.x + off[0], group.y + off[1]]);
      });
    }""")
    box = page.locator(".leaflet-container").bounding_box()
    mark = page.evaluate("[mark.x, mark.y]")
    assert box
    page.mouse.click(box["x"] + mark[0], box["y"] + mark[1])
    expect(page.locator("#qj-board")).to_be_visible()
    assert "b=" in page.url
    page.keyboard.press("Escape")
    expect(page.locator("#qj-board")).to_be_hidden()
    assert "b=" not in page.url
    page.locator("#qj-board-button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#qj-board-title")).to_be_focused()
    page.go_back()
    expect(page.locator("#qj-board")).to_be_hidden()


def test_a_name_opens_its_panel_beside_the_board(open_file: Open, crowded: Path) -> None:
    page = show(open_file(crowded))
    page.get_by_label("厂20号", exact=False).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#qj-panel-title")).to_have_text("厂20号")
    expect(page.locator('.qj-board-page a[aria-current="true"]')).to_have_count(1)
    board, panel = page.locator("#qj-board").bounding_box(), page.locator("#qj-panel").bounding_box()
    assert board
    assert panel
    assert panel["x"] + panel["width"] <= board["x"]
    page.locator("#qj-panel-close").click()
    expect(page.locator("#qj-board")).to_be_visible()
    assert str(page.evaluate("document.activeElement.getAttribute('aria-label')")).startswith("厂20号")


def test_it_follows_the_filter(open_file: Open, crowded: Path) -> None:
    page = show(open_file(crowded, fragment="#f=status:planned"))
    assert len(names(page)) == CROWD // 2


def test_files_hold_every_name(open_file: Open, crowded: Path, tmp_path: Path) -> None:
    page = show(open_file(crowded, color_scheme="dark"))
    with page.expect_download() as saved:
        page.locator(".qj-board-tools button").nth(1).click()
    saved.value.save_as(tmp_path / "board.svg")
    drawn = ElementTree.parse(tmp_path / "board.svg").getroot()
    texts = "".join(drawn.itertext())
    assert all(name in texts for name in names(page))
    assert "制图日期" in texts
    paper = next(node for node in drawn.iter() if node.get("fill"))
    assert paper.get("fill") == "#fbf9f4"  # light, whatever the screen
    with page.expect_download() as saved:
        page.locator(".qj-board-tools button").nth(0).click()
    saved.value.save_as(tmp_path / "board.png")
    assert (tmp_path / "board.png").read_bytes().startswith(b"\x89PNG")


def test_it_is_printed_by_itself_and_whole(open_file: Open, crowded: Path, tmp_path: Path) -> None:
    page = show(open_file(crowded))
    page.pdf(path=tmp_path / "board.pdf", prefer_css_page_size=True)
    with pypdfium2.PdfDocument(tmp_path / "board.pdf") as document:
        assert len(document) == 1
        text = document[0].get_textpage().get_text_range()
    assert all(name in text for name in names(page))
    assert "图例" not in text


def test_a_map_without_such_a_place_has_no_board(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page, fragment="#b=nowhere")
    opened.wait_ready()
    assert opened.page.locator("#qj-board-button").count() == 0
    assert opened.page.locator("#qj-board").count() == 0


def test_the_opening_of_the_first_atlas_leads_to_its_board(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page, greeted=False)
    opened.wait_ready()
    page = opened.page
    page.locator('#qj-story [data-act="board"]').click()
    expect(page.locator("#qj-board")).to_be_visible()
    assert len(names(page)) > 40
    bottom = page.evaluate(
        "Math.max(...[...document.querySelectorAll('.qj-board-page')].map((one) => one.getBoundingClientRect().bottom))"
    )
    assert bottom <= DESKTOP["height"]  # read without scrolling
