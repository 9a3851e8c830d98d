"""The page of a new project: a map of the district before anybody has written a row, and one to play with."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from qjmap.pipeline.build import build
from qjmap.project import load_project
from qjmap.scaffold import new_project
from tests.browser.conftest import DESKTOP, PHONE, Opened
from tests.browser.waiting import wait_until_still

Open = Callable[..., Opened]


def page_of(folder: Path, *, example: bool) -> Path:
    return build(load_project(new_project("义乌市", folder, example=example).folder)).page


@pytest.mark.parametrize(("example", "counts"), [(False, [10, 0, 0, 0]), (True, [11, 8, 6, 2])])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_a_new_project_shows_its_district(
    tmp_path: Path, open_file: Open, viewport: dict[str, int], example: bool, counts: list[int]
) -> None:
    opened = open_file(page_of(tmp_path / "p", example=example), viewport=viewport)
    opened.wait_ready()
    wait_until_still(opened.page)
    found = opened.page.evaluate("window.qjmap.counts()")
    assert [found[layer] for layer in ("places", "sites", "partnerships", "corridors")] == counts
    screen = Image.open(io.BytesIO(opened.page.screenshot())).convert("RGB")
    width, height = screen.size
    middle = screen.crop((width // 5, height * 2 // 5, width * 3 // 5, height * 3 // 4))  # no panel covers it
    large = [count for count, _ in middle.getcolors(1 << 24) or [] if count > 0.05 * middle.width * middle.height]
    assert len(large) >= 2, "the home stands out from the land around it"


def test_a_title_in_one_language_stands_once(tmp_path: Path, open_file: Open) -> None:
    opened = open_file(page_of(tmp_path / "p", example=True))
    opened.wait_ready()
    assert opened.page.locator("#qj-title").text_content() == "义乌市合作地图（虚构示例）"
    assert opened.page.locator("#qj-subtitle").text_content() == ""
    opened.page.locator("#qj-language").click()
    assert opened.page.locator("#qj-title").text_content() == "义乌市合作地图（虚构示例）"
    assert opened.page.evaluate("window.qjmap.select('geonames-2934691') || window.qjmap.select('duyisibao')") is True
