"""Taking along: data, pictures and paper made in the page, with no network."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pypdfium2
import pytest
from geojson_validator import validate_structure
from PIL import Image, ImageChops
from playwright.sync_api import Page
from shapely.geometry import shape

from qjmap.edit import add
from qjmap.pipeline.export import geojson_texts
from qjmap.pipeline.load import load_atlas
from qjmap.project import load_project
from tests.browser.conftest import PHONE, Opened

Open = Callable[..., Opened]


def taken(page: Page, act: str, *choices: str) -> bytes:
    """What the reader gets for a button of the card, after choosing the radio buttons of these values."""
    if page.locator("#qj-take").is_hidden():
        page.locator("#qj-take-button").click()
    for choice in choices:
        page.locator(f'#qj-take input[value="{choice}"]').check()
    with page.expect_download() as waiting:
        page.locator(f'[data-act="{act}"]').click()
    return Path(waiting.value.path()).read_bytes()


@pytest.fixture
def region_texts(region: Path) -> dict[str, str]:
    return geojson_texts(load_atlas(load_project(region))[0])


@pytest.mark.parametrize("layer", ["places", "sites", "partnerships", "corridors"])
def test_the_pages_geojson_says_what_the_programs_says(
    open_file: Open, region_page: Path, region_texts: dict[str, str], layer: str
) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    text = taken(opened.page, "save_data", layer, "geojson").decode("utf-8")
    theirs, ours = json.loads(text), json.loads(region_texts[layer])
    assert validate_structure(theirs) == {}
    assert [one["properties"] for one in by_id(theirs)] == [one["properties"] for one in by_id(ours)]
    for here, there in zip(by_id(theirs), by_id(ours), strict=True):
        assert (here["geometry"] is None) == (there["geometry"] is None), here["id"]
        if layer in ("places", "sites"):
            assert here["geometry"] == there["geometry"]
        if layer == "partnerships" and here["geometry"]:
            assert shape(here["geometry"]).equals_exact(shape(there["geometry"]), 2e-6), here["id"]
    assert len(text.splitlines()) == len(ours["features"]) + 2


def by_id(collection: dict) -> list[dict]:
    return sorted(collection["features"], key=lambda one: one["id"])


def test_the_pages_csv_opens_in_excel_and_runs_no_formula(
    open_file: Open, region_page: Path, region_texts: dict[str, str]
) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    data = taken(opened.page, "save_data", "sites", "csv")
    assert data.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert sorted(row["编号"] for row in rows) == sorted(
        one["id"] for one in json.loads(region_texts["sites"])["features"]
    )
    assert not [cell for row in rows for cell in row.values() if cell and cell[0] in "=@\t"]
    works = next(row for row in rows if row["编号"] == "works")
    there = next(one for one in json.loads(region_texts["sites"])["features"] if one["id"] == "works")
    assert [float(works["经度"]), float(works["纬度"])] == there["geometry"]["coordinates"]
    assert not {"enterprise", "operating", "site"} & set(works.values())


def test_the_pages_csv_is_in_words_that_add_takes(
    open_file: Open, atlas_page: Path, repository: Path, tmp_path: Path
) -> None:
    """In Chinese; in English it has the names and values of the tables."""
    opened = open_file(atlas_page)
    opened.wait_ready()
    shutil.copytree(repository / "data", tmp_path / "data")
    shutil.copytree(repository / "geo", tmp_path / "geo")
    project = load_project(tmp_path)
    for table in ("sites", "partnerships"):
        data = taken(opened.page, "save_data", table, "csv")
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        assert max(len(cell) for row in rows for cell in row.values()) < 400  # no lines as WKT
        (tmp_path / f"{table}.csv").write_bytes(data)
        report = add(project, tmp_path / f"{table}.csv", table=table, update=True)
        assert report.refused == [], [fault.code for fault in report.faults]
    one = next(row for row in rows if row["编号"] == "qijiang-zigong-agreement")
    assert (one["类型"], one["合作方"], one["状态"]) == ("合作协议", "綦江区|自贡市", "已签约")
    opened.page.locator("#qj-language").click()
    rows = list(
        csv.DictReader(io.StringIO(taken(opened.page, "save_data", "sites", "csv").decode("utf-8-sig"), newline=""))
    )
    assert {row["category"] for row in rows} >= {"enterprise", "dry-port"}


def test_the_pages_kml_is_well_formed_and_whole(
    open_file: Open, region_page: Path, region_texts: dict[str, str]
) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    root = ElementTree.fromstring(taken(opened.page, "save_data", "sites", "kml"))
    names = [one.text for one in root.iterfind(".//{*}Placemark/{*}name")]
    assert sorted(map(str, names)) == sorted(
        one["properties"]["name"] for one in json.loads(region_texts["sites"])["features"]
    )


def test_layers_that_are_off_are_not_offered_for_export(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    opened.page.evaluate("document.querySelector('#qj-layers').hidden = false")
    opened.page.locator("#qj-layers input[data-group=sites]:not([data-value])").uncheck()
    opened.page.locator("#qj-take-button").click()
    assert opened.page.locator('#qj-take input[value="sites"]').count() == 0


def test_the_png_shows_the_same_as_the_screen(open_file: Open, atlas_page: Path, tmp_path: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    opened.page.screenshot(path=tmp_path / "screen.png")
    one = Image.open(io.BytesIO(taken(opened.page, "save_png", "1"))).convert("RGB")
    # The middle of the map, where nothing of the page lies over it: the map stands 24 px from the picture's left.
    screen = Image.open(tmp_path / "screen.png").convert("RGB").crop((400, 150, 1000, 780))
    top = next(
        y
        for y in range(20, 200)
        if one.getpixel((600, y)) != one.getpixel((600, y + 1)) and sum(one.getpixel((600, y + 1))) < 500
    )
    picture = one.crop((400 + 24, 150 + top + 1, 1000 + 24, 780 + top + 1))
    differing = ImageChops.difference(screen, picture).convert("L").point(lambda value: 255 if value > 40 else 0)
    share = differing.histogram()[255] / (600 * 630)
    assert share < 0.002, share
    double = Image.open(io.BytesIO(taken(opened.page, "save_png", "2")))
    assert double.size == (one.width * 2, one.height * 2)


def test_the_svg_holds_names_title_legend_and_sources_as_text(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    root = ElementTree.fromstring(taken(opened.page, "save_svg"))
    words = " ".join("".join(one.itertext()) for one in root.iterfind(".//{*}text"))
    for word in ("綦江区产业合作地图", "自贡市", "企业", "现状截至2021年4月", "示意图", "来源", "km", "N"):
        assert word in words, word
    assert len(root.findall(".//{*}path")) > 100
    assert not root.findall(".//{*}image")


@pytest.mark.parametrize(
    ("paper", "size"),
    [
        ("a4-landscape", (842, 595)),
        ("a4-portrait", (595, 842)),
        ("a3-landscape", (1191, 842)),
        ("a3-portrait", (842, 1191)),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_prints_on_the_chosen_paper(
    open_file: Open, atlas_page: Path, tmp_path: Path, language: str, paper: str, size: tuple[int, int]
) -> None:
    """One sheet in either language; words in English take more room."""
    opened = open_file(atlas_page)
    opened.wait_ready()
    if language == "en":
        opened.page.locator("#qj-language").click()
    opened.page.evaluate("window.print = () => {}")
    opened.page.locator("#qj-take-button").click()
    opened.page.locator(f'#qj-take input[value="{paper}"]').check()
    opened.page.locator('[data-act="print"]').click()
    opened.page.pdf(path=tmp_path / "map.pdf", prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(tmp_path / "map.pdf")
    assert len(document) == 1
    assert [round(side) for side in document[0].get_size()] == list(size)
    text = document[0].get_textpage().get_text_range()
    words = {
        "zh": ("綦江区产业合作地图", "企业", "km", "来源", "现状截至"),
        "en": ("Qijiang Industrial Cooperation Map", "enterprise", "km", "Sources", "As of"),
    }
    for word in words[language]:
        assert word in text, word


def test_the_card_fits_a_phone_and_escape_closes_it(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page, viewport=PHONE)
    opened.wait_ready()
    opened.page.locator("#qj-take-button").click()
    box = opened.page.locator("#qj-take").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    opened.page.keyboard.press("Escape")
    assert opened.page.locator("#qj-take").is_hidden()


def test_pictures_are_light_whole_and_point_to_what_is_far(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page, color_scheme="dark", fragment="#lang=en")
    opened.wait_ready()
    one = Image.open(io.BytesIO(taken(opened.page, "save_png", "1"))).convert("RGB")
    assert one.getpixel((2, 2)) == (251, 249, 244)
    texts = [
        node.text or ""
        for node in ElementTree.fromstring(taken(opened.page, "save_svg", "1")).iter()
        if node.tag.endswith("text")
    ]
    assert not [text for text in texts if text.endswith("…")]
    assert any(text.startswith("Singapore") and text.endswith("km") for text in texts)
    assert "N" in texts
    assert any("Made on" in text for text in texts)
    assert opened.page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_slide_is_wide_and_leaves_the_screen_as_it_was(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    before = opened.page.url
    slide = Image.open(io.BytesIO(taken(opened.page, "save_slide", "1")))
    assert slide.size == (1920, 1080)
    assert opened.page.url == before
    assert opened.page.evaluate("document.querySelector('.leaflet-container').style.width") == ""


def test_paper_has_north_and_date_and_ended_is_drawn_as_ticks(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    round_caps = """[...document.querySelectorAll('#qj-legend .qj-symbol path[stroke]')]
        .filter((path) => getComputedStyle(path).strokeLinecap !== path.getAttribute('stroke-linecap')).length"""
    assert page.evaluate(round_caps) == 0
    assert page.locator("#qj-north").is_hidden()
    page.emulate_media(media="print")
    assert page.locator("#qj-north").is_visible()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert "制图日期" in page.locator("#qj-made").inner_text()
