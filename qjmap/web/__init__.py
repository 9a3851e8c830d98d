"""JavaScript of the pages: ES modules in ``src/``, and the bundles in ``dist/`` that the package contains.

``dist/`` is built by ``make web`` and committed, so that making a map needs no Node.js; a test rebuilds it and compares.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def bundle(name: str) -> str:
    """The script of a bundle.

    Parameters
    ----------
    name : "map" (the layers and what they stand on), "page" (what stands around the map), "atlas" and "frame" (what pages of
        atlases and of frames have besides); these need "map" before them; or
        "import-worker" (reads tables that are dropped on a page)
    """
    return files("qjmap").joinpath("web", "dist", f"{name}.js").read_text(encoding="utf-8").rstrip("\n")
