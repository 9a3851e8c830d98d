"""Open pages of other tools in a browser without a network, and measure the time until the first marker.

Their pages link to scripts on other hosts. Requests for Leaflet are answered from the package that qjmap uses, those for other scripts from
npm packages (`npm pack`, pinned), those for other styles with an empty file; tiles and fonts are refused. No page waits for a network,
which is in favour of the other tools.
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
"""npm package -> its files that folium's pages link to."""
SEEN = ("explore", "marker", "marker-cluster", "fast-marker-cluster", "geojson-canvas")
"""Tools whose markers appear without a network. The maps of pyecharts, kepler.gl and lonboard need scripts and data from their hosts."""

_WATCH = """
  window.firstMarker = null;
  const seen = () => { if (window.firstMarker === null) window.firstMarker = performance.now(); };
  const arc = CanvasRenderingContext2D.prototype.arc;
  CanvasRenderingContext2D.prototype.arc = function (...given) { seen(); return arc.apply(this, given); };
  const stroke = CanvasRenderingContext2D.prototype.stroke;
  CanvasRenderingContext2D.prototype.stroke = function (...given) { seen(); return stroke.apply(this, given); };
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
    """Download the packages into a folder, and return name of a file without its version (`_plain`) -> text."""
    folder.mkdir(parents=True, exist_ok=True)
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("npm is needed for the scripts of other tools' pages")
    found = {"leaflet.js": leaflet_js(), "leaflet.css": leaflet_css()}
    for package, files in PACKAGES.items():
        done = subprocess.run(
            [npm, "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
        )
        with tarfile.open(folder / done.stdout.strip().splitlines()[-1]) as archive:
            for name in files:
                member = archive.extractfile(f"package/{name}")
                if member is None:
                    raise RuntimeError(f"{package} holds no {name}")
                found[_plain(name)] = member.read().decode("utf-8")
    return found


def _plain(address: str) -> str:
    """Return the last part of an address, without the version number that some hosts write into it."""
    return re.sub(r"-[\d.]+\d", "", address.split("?")[0].rsplit("/", 1)[-1])


def first_marker(browser: Browser, path: Path, assets: Path, *, seconds: float = 180) -> tuple[Page, float | None]:
    """Open a page file; return the page and the milliseconds from navigation to its first marker, None if there is none in time.

    Parameters
    ----------
    assets : folder for the scripts of other hosts.
    seconds : time after which no marker is waited for.
    """
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
