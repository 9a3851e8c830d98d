"""Pages of other tools in the browser, with their scripts at hand: when the first marker is there, and how smoothly it moves.

Their pages link to scripts on other hosts. Leaflet comes from the package that qjmap has it from, the other scripts from npm
(`npm pack`, pinned); other styles are answered empty, tiles and fonts with nothing at all, so that no page waits for a
network: all of that is in the other tool's favour.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route
from playwright.sync_api import Error as BrowserError

from qjmap.page.offline_page import leaflet_css, leaflet_js

PACKAGES = {
    "leaflet.markercluster@1.5.3": (
        "dist/leaflet.markercluster.js",
        "dist/MarkerCluster.css",
        "dist/MarkerCluster.Default.css",
    ),
    "leaflet.awesome-markers@2.0.5": ("dist/leaflet.awesome-markers.js", "dist/leaflet.awesome-markers.css"),
    "jquery@3.7.1": ("dist/jquery.min.js",),
    "bootstrap@5.2.2": ("dist/js/bootstrap.bundle.min.js",),
}
"""Files of packages, as folium's pages name them but for their version numbers."""
SEEN = ("explore", "marker", "marker-cluster", "fast-marker-cluster", "geojson-canvas")
"""Tools whose markers can be seen without a network; the maps of pyecharts, kepler.gl and lonboard need scripts and data of theirs."""

_WATCH = """
  window.firstMarker = null;
  const seen = () => { if (window.firstMarker === null) window.firstMarker = performance.now(); };
  const arc = CanvasRenderingContext2D.prototype.arc;
  CanvasRenderingContext2D.prototype.arc = function (...given) { seen(); return arc.apply(this, given); };
  const marker = ".leaflet-marker-icon, path.leaflet-interactive";
  new MutationObserver((changes) => {
    if (window.firstMarker !== null) return;
    for (const { addedNodes } of changes) for (const node of addedNodes) {
      if (node.matches && (node.matches(marker) || node.querySelector(marker))) seen();
    }
  }).observe(document, { childList: true, subtree: true });
"""


@cache
def _scripts(folder: Path) -> dict[str, str]:
    """Name of the file, without the version in it -> text."""
    folder.mkdir(parents=True, exist_ok=True)
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("npm is needed for the scripts of other tools' pages")
    found = {"leaflet.js": leaflet_js(), "leaflet.css": leaflet_css()}
    for package, files in PACKAGES.items():
        told = subprocess.run(
            [npm, "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
        )
        with tarfile.open(folder / told.stdout.strip().splitlines()[-1]) as archive:
            for name in files:
                member = archive.extractfile(f"package/{name}")
                if member is None:
                    raise RuntimeError(f"{package} holds no {name}")
                found[_plain(name)] = member.read().decode("utf-8")
    return found


def _plain(address: str) -> str:
    """The last part of an address without the version number that some hosts write into it."""
    return re.sub(r"-[\d.]+\d", "", address.split("?")[0].rsplit("/", 1)[-1])


def first_marker(browser: Browser, path: Path, assets: Path, *, seconds: float = 180) -> tuple[Page, float | None]:
    """The page, and milliseconds from navigation to its first marker; None where there was none in time."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    scripts = _scripts(assets)

    def answer(route: Route) -> None:
        name = _plain(route.request.url)
        body = scripts.get(name, "")
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        if route.request.resource_type in ("image", "font"):
            route.abort()
        else:
            route.fulfill(status=200, content_type=kind, body=body)

    context.route(lambda url: not url.startswith("file:"), answer)
    page = context.new_page()
    page.add_init_script(_WATCH)
    try:
        page.goto(path.as_uri(), wait_until="commit")
        found: Any = page.wait_for_function("() => window.firstMarker", timeout=seconds * 1000)
        return page, float(found.json_value())
    except BrowserError:
        return page, None
