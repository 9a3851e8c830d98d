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
    name : "map" (the layers), "page" (the application around the map), "frame" (what pages of frames have besides), or "import-worker"
        (the worker that reads tables dropped on a page). "page" and "frame" need "map" before them in a page.
    """
    return files("qjmap").joinpath("web", "dist", f"{name}.js").read_text(encoding="utf-8").rstrip("\n")
