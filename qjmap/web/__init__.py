"""The JavaScript of the pages: ES modules in ``src/``, and the bundles in ``dist/`` that the package contains.

``make web`` builds the bundles, and they are committed, so that nobody needs Node.js to make a map. A test rebuilds and compares them.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def bundle(name: str) -> str:
    """Return the script of a bundle.

    Parameters
    ----------
    name : "map" (the layers), "page" (the application around the map), "atlas" (chapters, time and cards of pages of atlases), "frame"
        (what pages of frames have besides), "figures" (matrix and charts of pages with partnerships), or "import-worker" (the worker
        that reads tables dropped on a page). "page" needs "map" before it in a page; "atlas", "frame" and "figures" need both.
    """
    return files("qjmap").joinpath("web", "dist", f"{name}.js").read_text(encoding="utf-8").rstrip("\n")
