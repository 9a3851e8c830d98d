"""At every size of the window no control lies under another one, in either language, whatever is open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Opened

SIZES = (
    (320, 480), (320, 568), (360, 640), (375, 667), (390, 844), (412, 915), (480, 320), (568, 320), (640, 360), (667, 375),
    (719, 900), (720, 450), (720, 900), (744, 1133), (768, 1024), (800, 600), (812, 375), (820, 1180), (844, 390), (900, 700),
    (915, 412), (960, 540), (1024, 600), (1024, 768), (1059, 800), (1060, 800), (1100, 600), (1180, 820), (1199, 640), (1200, 640),
    (1280, 720), (1280, 1024), (1366, 768), (1440, 900), (1536, 864), (1600, 900), (1680, 1050), (1920, 1080), (2199, 1200), (2560, 1440),
)  # fmt: skip
STATES = {
    "closed": "",
    "panel": "window.qjmap.select('zigong')",
    "story": "document.querySelector('#qj-panel-close').click(); document.querySelector('#qj-story-button').click()",
    "time": "document.querySelector('.qj-story-close').click(); document.querySelector('#qj-time-button').click()",
}
AFTER = "document.querySelector('#qj-time-button').click()"
COVERED = """() => {
  const named = (node) => (node ? node.id || String(node.className.baseVal ?? node.className) || node.tagName : "nothing");
  const scrolledAway = (node, x, y) => {
    for (let up = node.parentElement; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up), box = up.getBoundingClientRect();
      if (/auto|scroll/.test(style.overflowX + style.overflowY) && (x < box.left || x > box.right || y < box.top || y > box.bottom)) return true;
    }
    return false;
  };
  const covered = [];
  for (const node of document.querySelectorAll("button, a[href], input, select, summary, [tabindex='0']")) {
    const box = node.getBoundingClientRect(), style = getComputedStyle(node);
    if (box.width < 2 || box.height < 2 || style.visibility === "hidden" || node.matches(".leaflet-container, .qj-skip, .qj-hidden")) continue;
    if (node.closest("#qj-arcs, [inert]")) continue;
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    if (scrolledAway(node, x, y)) continue;
    const top = document.elementFromPoint(x, y);
    if (!top || !(node.contains(top) || (top.matches("label") && top.contains(node)))) covered.push(`${named(node)} under ${named(top)}`);
  }
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) covered.push("the page scrolls");
  return covered;
}"""
FRAMES = "() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))"


def test_no_control_lies_under_another(open_file: Callable[..., Opened], atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    page, found = opened.page, list[str]()
    for language in ("zh", "en"):
        for state, act in STATES.items():
            page.set_viewport_size({"width": 1440, "height": 900})
            page.evaluate(act)
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                page.evaluate(FRAMES)
                found += [f"{language} {state} {width}x{height}: {one}" for one in page.evaluate(COVERED)]
        page.evaluate(AFTER)
        page.set_viewport_size({"width": 1440, "height": 900})
        page.locator("#qj-language").click()
    assert found == []


@pytest.mark.parametrize("width", [768, 820])
def test_every_tool_is_in_sight_as_soon_as_the_page_opens(
    open_file: Callable[..., Opened], atlas_page: Path, width: int
) -> None:
    opened = open_file(atlas_page, viewport={"width": width, "height": 1100})
    opened.wait_ready()
    assert opened.page.evaluate(COVERED) == []
