"""axe-core finds nothing to object to, in either language, light and dark, wide and narrow, whatever is open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import DESKTOP, PHONE, Opened

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
_STATES = {
    "closed": "",
    "cover": "document.querySelector('#qj-story-button').click()",
    "chapter": "document.querySelector('#qj-story .qj-action').click()",
    "panel": "document.querySelector('.qj-story-close').click(); window.qjmap.select('zigong')",
    "figures": "window.qjmap.select('gear-cutting-centre')",
    "time": "document.querySelector('#qj-time').hidden && document.querySelector('#qj-time-button').click()",
    "legend": "document.querySelector('#qj-legend-button').click()",
    "filters": "if (document.querySelector('#qj-layers').hidden) document.querySelector('#qj-layers-button').click();"
    "document.querySelectorAll('#qj-filters-button[aria-expanded=false], .qj-facet-head[aria-expanded=false]').forEach(one => one.click());"
    "document.querySelector('[data-value=service-centre]').click()",
    "list": "document.querySelector('#qj-list-button').click()",
    "charts": "document.querySelector('#qj-figures-button').click(), document.querySelector('.qj-figures-table button').click()",
    "matrix": "document.querySelector('#qj-figures .qj-figures-tools button').click(), document.querySelector('#qj-matrix td button').click()",
    "board": "document.querySelector('#qj-board-button').click(); seen('.qj-board-page')",
    "site on the board": "document.querySelector('.qj-board-page a').click()",
    "editor": "document.querySelector('#qj-editor-button').click(); seen('.qj-editor-row')",
    "form": "document.querySelector('.qj-editor-row').click(); seen('#qj-edit-name')",
    "faults": "document.querySelector('#qj-edit-name').value = '';"
    "document.querySelector('#qj-editor [data-act=keep]').click(); seen('#qj-editor .qj-fault')",
    "grid": "document.querySelector('#qj-editor [data-act=cancel]').click(); document.querySelector('#qj-editor [data-act=grid]').click();"
    "seen('#qj-grid td input')",
    "grid faults": "const field = document.querySelector('#qj-grid .qj-grid-field');"
    "const press = key => field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));"
    "press('ArrowRight'); press('Delete'); seen('#qj-grid [data-told=fault]')",
}
_SEEN = """window.seen = async (selector) => {
    for (let left = 1200; !document.querySelector(selector); left--) {
        if (!left) throw new Error(`${selector} does not come`);
        await new Promise((resolve) => requestAnimationFrame(resolve));
    }
};
null"""
RUN = """axe.run(document).then(found => found.violations.map(one =>
    `${one.id}: ${one.help}: ${one.nodes.map(node => node.target.join(' ')).slice(0, 5).join(', ')}`))"""


# Each two of language, scheme and size of the window meet in one of the four runs.
@pytest.mark.parametrize(
    ("language", "scheme", "viewport"),
    [("zh", "light", DESKTOP), ("en", "dark", DESKTOP), ("en", "light", PHONE), ("zh", "dark", PHONE)],
    ids=["zh-light-desktop", "en-dark-desktop", "en-light-phone", "zh-dark-phone"],
)
def test_axe_reports_nothing(
    open_file: Callable[..., Opened], atlas_page: Path, language: str, scheme: str, viewport: dict[str, int]
) -> None:
    opened = open_file(atlas_page, viewport=viewport, color_scheme=scheme)
    opened.wait_ready()
    opened.page.evaluate(AXE.read_text(encoding="utf-8"))
    opened.page.evaluate(_SEEN)
    if language == "en":
        opened.page.locator("#qj-language").click()
    objections: list[str] = []
    for name, act in _STATES.items():
        if act:
            opened.page.evaluate(act)
        objections += [f"{name}: {one}" for one in opened.page.evaluate(RUN)]
    # Matrix, list, filters and panel lie over one another: Escape closes the top one, and the page is as it was.
    for _ in _STATES:
        opened.page.keyboard.press("Escape")
    objections += [f"closed again: {one}" for one in opened.page.evaluate(RUN)]
    assert objections == []
