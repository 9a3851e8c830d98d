"""Shapes and colours of rows on maps and in styled files: of sites by category, partnerships by status, corridors by mode."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from qjmap.vocabulary import BUILT_IN, OTHER, Vocabularies, Word

STATUS_COLORS: Mapping[str, str] = MappingProxyType(
    {
        "operating": "#96400F", "under-construction": "#B8651F", "signed": "#C24E00", "planned": "#D08A4E",
        "proposed": "#D8A878", "ended": "#8B8F92", OTHER: "#A8744A",
    }
)  # fmt: skip
"""Status -> colour of partnerships in files: warm, like the page's arcs. Operating ones are the darkest, planned and proposed ones pale."""
MODE_COLORS: Mapping[str, str] = MappingProxyType(
    {
        "rail": "#2F4B66", "road": "#5B6F80", "river": "#2B7A9B", "sea": "#1B5A78", "air": "#6A6F9E",
        "multimodal": "#3C7F7A", "economic": "#8496A3", OTHER: "#7A848B",
    }
)  # fmt: skip
"""Mode -> colour of corridors in files: cool, like those of the page."""
PLACE_COLOR = "#545C63"
"""Colour of places in files."""
UNSURE_STATUSES = ("planned", "proposed")
"""Statuses that are drawn dashed."""


def symbols(vocabularies: Vocabularies = BUILT_IN) -> dict[str, Any]:
    """Return category -> symbol, in the order of the legend: the built-in categories, those that a project adds, ``other`` at last.

    A symbol is a dict with ``family`` (a value of the vocabulary ``category_family``), ``shape`` (as `Word.symbol`), ``color``,
    ``color_dark`` (on the dark map), and ``outline``, the vertices of the shape in units of its radius (None for circles).
    """
    built_in: dict[str, dict[str, str]] = _asset("symbols.json")
    other = built_in.pop(OTHER)
    own = {
        word.value: symbol_of(word, built_in.get(word.value) or built_in.get(word.like) or other)
        for word in vocabularies.added
        if word.vocabulary == "category"
    }
    shapes = _asset("shapes.json")
    return {
        category: {**symbol, "outline": shapes.get(symbol["shape"].partition("+")[0])}
        for category, symbol in {**built_in, **own, OTHER: own.get(OTHER, other)}.items()
    }


def symbol_of(word: Word, base: Mapping[str, str]) -> dict[str, str]:
    """Return the symbol of a category of a project: its own shape and colours, else those of `base`, the symbol of a built-in category.

    For a word with a colour but without one for the dark map, that is a lighter shade.
    """
    dark = word.color_dark or (_lighter(word.color) if word.color else base["color_dark"])
    shape, color = word.symbol or base["shape"], word.color or base["color"]
    return {"family": base["family"], "shape": shape, "color": color, "color_dark": dark}


def _lighter(color: str) -> str:
    """Return a colour `#rrggbb` for the dark map: the mean of the given one and white."""
    return "#" + "".join(f"{(int(color[at : at + 2], 16) + 255) // 2:02X}" for at in (1, 3, 5))


def _asset(name: str) -> Any:
    return json.loads(files("qjmap").joinpath("assets", name).read_text(encoding="utf-8"))
